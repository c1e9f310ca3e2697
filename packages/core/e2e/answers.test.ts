import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import { createTestProject, KEY, smallManifest, type TestProject } from './test-project.ts'

const picture = await sharp({
  create: { width: 816, height: 816, channels: 3, background: 'teal' },
})
  .png()
  .toBuffer()
const base64 = picture.toString('base64')
const completed = { type: 'image_generation.completed', b64_json: base64 }

/** Answers each request with the text for its prompt. */
function answerByPrompt(
  { server }: TestProject,
  answers: Readonly<Record<string, { text: string; contentType?: string }>>,
): void {
  server.answer(({ body }) => {
    const { text, contentType = 'application/json' } = answers[String(body['prompt'])]!
    return { kind: 'body', status: 200, contentType, text }
  })
}

test('keeps each picture, whatever its answer is wrapped in, and pays once', async () => {
  const wrapped = {
    'lines of JSON': {
      text: `${JSON.stringify(completed)}\n`,
      contentType: 'application/x-ndjson',
    },
    'an unrequested stream': {
      text: `event: x\ndata: {broken\n\ndata: ${JSON.stringify(completed)}\n\n`,
      contentType: 'application/json',
    },
    'a data URL with parameters': {
      text: JSON.stringify({ data: [{ url: `data:image/png;a=b; base64,\n${base64}` }] }),
      contentType: 'text/plain',
    },
    'URL-safe base64': {
      text: JSON.stringify({ image: picture.toString('base64url') }),
      contentType: 'application/octet-stream',
    },
    'base64 alone': { text: base64, contentType: 'text/plain' },
    'a chat': {
      text: JSON.stringify({
        choices: [{ message: { content: `![](data:image/png;base64,${base64})` } }],
      }),
    },
  }
  const names = Object.keys(wrapped).map((prompt, index) => [`p${index}`, prompt])
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(Object.fromEntries(names), 'provider: openai') },
    server: true,
  })
  answerByPrompt(project, wrapped)
  expect(await project.generate()).toMatchObject({ generated: names.length, failed: [] })
  expect(project.server.requests).toHaveLength(names.length)
  for (const [name] of names) {
    expect(project.bytes(`images/${name}.png`).equals(picture)).toBe(true)
  }
})

test('stores a response that it cannot use, and imports its picture by the command it names', async () => {
  const project = await createTestProject({
    files: {
      'images.yaml': smallManifest(
        { words: 'Words', link: 'Link', partial: 'Partial', hex: 'Hex' },
        'provider: openai',
      ),
    },
    server: true,
  })
  const partial = {
    type: 'image_generation.partial_image',
    partial_image_index: 0,
    b64_json: base64,
  }
  answerByPrompt(project, {
    Words: { text: JSON.stringify({ data: [{ revised_prompt: 'I draw no people.' }] }) },
    Link: { text: JSON.stringify({ data: [{ url: 'ftp://files.example/a.png?sig=%2f' }] }) },
    Partial: { text: `data: ${JSON.stringify(partial)}\n\n`, contentType: 'text/event-stream' },
    Hex: { text: JSON.stringify({ data: [{ hex: picture.toString('hex') }] }) },
  })
  const run = await project.cli(['generate', '--yes'])
  expect(run.code).toBe(1)
  expect(run.stderr).toContain(
    'without a picture: I draw no people. The request may have been billed.',
  )
  expect(run.stderr.match(/may have been billed\./g)).toHaveLength(4)
  const commands = [...run.stderr.matchAll(/`limn (adopt (\w+) \.limn\/rejected\/\S+\.response)`/g)]
  expect(commands.map(([, , name]) => name).sort()).toEqual(['hex', 'link', 'partial', 'words'])
  const stored = project
    .list('.limn/rejected')
    .map((path) => project.text(path))
    .join('\n')
  for (const part of ['I draw no people.', 'a.png?sig=%2f', base64, picture.toString('hex')]) {
    expect(stored).toContain(part)
  }
  project.expectNoKey(run)

  const adopt = async (name: string): Promise<{ code: number | null; stderr: string }> =>
    project.cli(commands.find((command) => command[2] === name)![1]!.split(' '))
  expect(await adopt('partial')).toMatchObject({ code: 0 })
  expect(project.bytes('images/partial.png').equals(picture)).toBe(true)
  expect((await adopt('link')).stderr).toContain(
    'contains a link to the picture, not the picture itself: ftp://files.example/a.png?sig=%2f',
  )
  expect((await adopt('words')).stderr).toContain('contains no picture that Limn can read')
  // A person decodes what Limn does not.
  project.write('saved.png', picture)
  expect(await project.cli(['adopt', 'hex', 'saved.png'])).toMatchObject({ code: 0 })
})

const candidates = (price: string): string =>
  smallManifest(
    { a: 'Hill', b: 'Hill', c: 'Hill' },
    `provider: openai\nlimits: { inFlight: 1 }\nproviders: { openai: { models: { art: { sizes: any, maxImages: 4, price: ${price} } } } }`,
  )
    .replaceAll('    alt', '    candidates: 4\n    alt')
    .replace('defaults: {', 'defaults: { model: art,')

/** Answers with `got` pictures, whatever number is requested. */
function answerWith({ server }: TestProject, got: number): void {
  server.answer(() => ({
    kind: 'body',
    status: 200,
    contentType: 'application/json',
    text: JSON.stringify({
      data: Array.from({ length: got }, (_, index) => ({
        // Bytes after the end of a PNG make each picture another one.
        b64_json: Buffer.concat([
          picture,
          Buffer.from(`${server.requests.length} ${index}`),
        ]).toString('base64'),
      })),
    }),
  }))
}

const counts = ({ server }: TestProject): unknown[] => server.requests.map(({ body }) => body['n'])

test('requests one picture at a time after a short answer, within the price of the plan', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': candidates('0.1') },
    server: { models: ['art'] },
  })
  answerWith(project, 1)
  const { usd: planned } = await project.plan()
  expect(planned).toBeCloseTo(1.2)
  const run = await project.cli(['generate', '--yes'])
  expect(run.code).toBe(0)
  // The first answer counts as four pictures: what the plan has for the others is left for them.
  expect(counts(project)).toEqual([4, 1, 1, 1, 1, 1, 1, 1, 1])
  expect(run.stderr).toMatch(/a: received 1 of 4 pictures/)
  expect(project.list('.limn/journal')).toEqual([])
})

test('keeps the extra pictures of an answer as candidates', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'Hill' }, 'provider: openai') },
    server: true,
  })
  answerWith(project, 3)
  expect(await project.generate()).toMatchObject({ generated: 1, failed: [] })
  expect(counts(project)).toHaveLength(1)
  expect(project.list('.limn/candidates')).toHaveLength(3)
})

test.each([
  ['a confirmed run', ['generate', '--yes']],
  ['a small run', ['generate']],
  ['a saved plan', ['generate', '--plan', 'plan.json']],
])('spends no more than the plan said in %s if the server bills more', async (_, command) => {
  const clouds = Object.fromEntries(
    Array.from({ length: 8 }, (_each, i) => [`p${i}`, `Cloud ${i}`]),
  )
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(clouds, 'provider: openai\nlimits: { inFlight: 1 }') },
    server: true,
  })
  project.server.answer(() => ({ kind: 'overbill', factor: 2.5 }))
  const { usd } = await project.plan()
  if (command.includes('--plan')) await project.cli(['plan', '--out', 'plan.json'])
  const run = await project.cli(command)
  expect(run.code).toBe(1)
  expect(run.stderr).toMatch(/of the plan is left/)
  const [done] = (await project.cli(['cost', '--json'])).stdout.split('\n')
  expect(project.server.requests.length).toBeGreaterThanOrEqual(2)
  expect(project.server.requests.length).toBeLessThan(8)
  expect(Number(/"usd":([\d.]+)/.exec(done!)![1])).toBeLessThanOrEqual(usd)
})

/** Starts a proxy that leads every tunnel and request to one port. */
async function startProxy(port: number, status = 200): Promise<{ url: string; seen: string[] }> {
  const seen: string[] = []
  const proxy = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`)
    response.writeHead(status).end()
  })
  proxy.on('connect', (request: IncomingMessage, socket: Socket) => {
    seen.push(`CONNECT ${request.url}`)
    if (status !== 200) return void socket.end(`HTTP/1.1 ${status} No\r\n\r\n`)
    const target = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      target.pipe(socket).pipe(target)
    })
    for (const each of [socket, target]) each.on('error', () => socket.destroy())
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  onTestFinished(() => {
    proxy.closeAllConnections()
    proxy.close()
  })
  return { url: `http://me:hunter2@127.0.0.1:${(proxy.address() as AddressInfo).port}`, seen }
}

test('names a proxy that refuses, in generate and doctor, and counts nothing as billed', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'Hill' }, 'provider: openai') },
    server: true,
  })
  const refusing = await startProxy(0, 407)
  const env = { HTTP_PROXY: refusing.url }
  const run = await project.cli(['generate', '--yes'], env)
  expect(run.code).toBe(1)
  expect(run.stderr).toMatch(/The proxy http:\/\/127\.0\.0\.1:\d+ \(HTTP_PROXY\) does not accept/)
  expect(run.stderr).not.toContain('billed')
  const doctor = await project.cli(['doctor'], env)
  expect(doctor.stdout).toMatch(/proxy .*\(HTTP_PROXY\) does not accept the user name/)
  for (const { stdout, stderr } of [run, doctor]) expect(stdout + stderr).not.toContain('hunter2')
  expect(project.server.requests).toEqual([])
  expect(refusing.seen.length).toBeGreaterThanOrEqual(2)

  // No file of a repository may name a proxy.
  project.write('.env', `HTTP_PROXY=${refusing.url}\n`)
  expect(await project.cli(['generate', '--yes'])).toMatchObject({ code: 0 })
  const direct = await project.cli(['doctor'], { ...env, NO_PROXY: '127.0.0.0/8' })
  expect(direct.stdout).toMatch(/proxy +none for 127\.0\.0\.1/)
  expect(direct.stdout + direct.stderr).not.toContain(KEY)
})
