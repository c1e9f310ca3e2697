import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { build, type LogLevel } from 'vite'
import { expect, test } from 'vitest'
import { type ErrorFault, errors, type Fault } from '../../../../fixtures/openai-server/index.ts'
import { limn } from '../../../vite-plugin/src/index.ts'
import { createTestProject, KEY, smallManifest, type TestProject } from '../test-project.ts'

/**
 * What must never be written: the key, the password of a base URL, and, except in the record of a
 * link that is still to be fetched, the token of a signed link.
 */
const PASSWORD = 'hunter2-in-the-base-url'
const TOKEN = 'signed-link-token-0123456789'

/**
 * Returns the files below a folder (except those of the test itself) and the texts that contain a
 * secret, each with the text around it.
 */
function leaks(root: string, texts: Readonly<Record<string, string>>): string[] {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name !== '.env',
  )
  const contents: [string, string][] = files.map((entry) => [
    join(entry.parentPath, entry.name).slice(root.length + 1),
    readFileSync(join(entry.parentPath, entry.name), 'latin1'),
  ])
  const base64 = (secret: string): string =>
    Buffer.from(secret).toString('base64').replace(/=+$/, '')
  const forms = (secret: string): string[] => [
    secret,
    base64(secret),
    base64(`user:${secret}`),
    encodeURIComponent(secret),
  ]
  return [...contents, ...Object.entries(texts)].flatMap(([name, content]) => {
    // A link to a paid picture is recorded with its signature until the picture is fetched. Git
    // ignores these files.
    const isLinkRecord = /^\.limn\/(journal|rejected)\/[^/]+\.links$/.test(name)
    // A response that may have been billed is stored with the links of the server.
    const isResponse = /^\.limn\/rejected\/[^/]+\.response$/.test(name)
    const secrets = [
      KEY,
      ...(isResponse ? [] : [PASSWORD]),
      ...(isResponse || isLinkRecord ? [] : [TOKEN]),
    ].flatMap(forms)
    const at = secrets.map((secret) => content.indexOf(secret)).find((index) => index >= 0)
    return at === undefined ? [] : [`${name}: …${content.slice(Math.max(0, at - 80), at + 40)}…`]
  })
}

/** The server repeats what it received in every answer. */
const says = `Incorrect key ${KEY} (Authorization: Bearer ${KEY}) at https://user:${PASSWORD}@relay.example/v1?sig=${TOKEN}`
const spoken = (fault: ErrorFault): ErrorFault => ({
  ...fault,
  message: fault.message.includes('KEY') ? says : `${fault.message} Key: ${KEY}`,
})

/** Starts a server that fails in every known way, and repeats the key in every text. */
function hostile({ server }: TestProject): Record<string, Fault> {
  const link = (path: string): Fault => ({
    kind: 'body',
    status: 200,
    contentType: 'application/json',
    text: JSON.stringify({
      data: [{ url: `${server.baseURL.replace('/v1', '')}/${path}?sig=${TOKEN}` }],
    }),
  })
  const answers: Record<string, Fault> = Object.fromEntries(
    Object.entries(errors).flatMap(([name, fault]) =>
      fault.kind === 'error'
        ? [[name, { ...spoken(fault), headers: { 'retry-after-ms': '10' } }]]
        : [],
    ),
  )
  return {
    ...answers,
    code: { kind: 'error', status: 400, type: KEY, code: KEY, message: says, param: KEY },
    page: {
      kind: 'body',
      status: 502,
      contentType: 'text/html',
      text: `<html><title>${KEY}</title><body>${says}</body></html>`,
    },
    pageIn200: { kind: 'body', status: 200, contentType: 'text/html', text: says },
    errorIn200: { kind: 'errorIn200', code: KEY, message: `Upstream said ${KEY}` },
    detail: {
      kind: 'error',
      status: 422,
      type: null,
      code: null,
      message: '',
      body: { detail: [{ loc: ['header', 'authorization'], msg: KEY }] },
    },
    link: link('files/gone.png'),
    linkElsewhere: {
      kind: 'body',
      status: 200,
      contentType: 'application/json',
      text: JSON.stringify({
        data: [{ url: `ftp://user:${PASSWORD}@files.example/x.png?sig=${TOKEN}` }],
      }),
    },
    noPicture: { kind: 'image', bytes: Buffer.from('no picture') },
    base64: { kind: 'base64', text: `${KEY}***` },
    cut: { kind: 'cut', afterBytes: 100 },
    empty: { kind: 'emptyData' },
  }
}

test('writes no key, password or signed URL to a file, message or bundle, however a run fails', async () => {
  const project = await createTestProject({ server: true })
  const faults = hostile(project)
  const names = Object.keys(faults)
  project.write(
    'images.yaml',
    smallManifest(
      Object.fromEntries([...names, 'fine'].map((name) => [name, `Prompt of ${name}`])),
      'provider: openai\nlimits: { inFlight: 20 }',
    ),
  )
  project.write('.env', `OPENAI_API_KEY=${KEY}\nOPENAI_BASE_URL=${project.server.baseURL}\n`)
  project.write('main.js', "import fine from 'virtual:limn/fine'\ndocument.title = fine.src")
  project.write(
    'index.html',
    '<!doctype html><title>x</title><script type="module" src="/main.js"></script>',
  )
  // Twice each: a retryable request then succeeds, and the others fail in both runs.
  const left = new Map(
    names.map((name) => [`Prompt of ${name}`, Array<Fault>(2).fill(faults[name]!)]),
  )
  const picture = await sharp({
    create: { width: 816, height: 816, channels: 3, background: 'teal' },
  })
    .png()
    .toBuffer()
  const fine: Fault = {
    kind: 'body',
    status: 200,
    contentType: 'application/json',
    text: JSON.stringify({
      data: [{ b64_json: picture.toString('base64'), revised_prompt: `A hill, asked with ${KEY}` }],
    }),
  }
  project.server.answer(({ body }) =>
    body['prompt'] === 'Prompt of fine' ? fine : left.get(String(body['prompt']))?.pop(),
  )
  const said: Record<string, string> = {}
  const say = async (...args: string[]): Promise<void> => {
    const { stdout, stderr } = await project.cliProcess(args)
    said[args.join(' ')] = stdout + stderr
  }
  await say('generate', '--verbose')
  await say('generate', '--json')
  expect(said['generate --verbose']).toMatch(/\d+ failed/)
  for (const name of names) {
    expect(said['generate --verbose'], name).toMatch(new RegExp(`[✗…] ${name}: `))
  }
  for (const args of [
    ['plan', '--json'],
    ['list', '--json'],
    ['show', 'fine'],
    ['explain', 'fine'],
    ['print'],
    ['check', '--json'],
    ['cost', '--json'],
    ['doctor', '--json'],
    ['doctor'],
  ]) {
    await say(...args)
  }

  let logged = ''
  const log = (text: string): void => void (logged += `${text}\n`)
  const customLogger = {
    info: log,
    warn: log,
    warnOnce: log,
    error: log,
    clearScreen: () => {},
    hasErrorLogged: () => false,
    hasWarned: false,
  }
  const config = {
    root: project.root,
    configFile: false as const,
    logLevel: 'warn' as LogLevel,
    customLogger,
  }
  await build({ ...config, plugins: [limn({ build: { stale: 'warn' } })] })
  await build({ ...config, plugins: [limn({ build: { stale: 'generate' } })] }).catch(
    (error: unknown) => log(String((error as Error).stack)),
  )
  expect(readdirSync(join(project.root, 'dist', 'assets')).length).toBeGreaterThan(0)
  said['vite build'] = logged
  expect(project.text('images.lock')).toContain('A hill, asked with [key]')
  expect(leaks(project.root, said)).toEqual([])
})

test('reports a base URL that contains a password without repeating it', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A hill' }) },
    server: true,
  })
  const said: Record<string, string> = {}
  for (const args of [['generate'], ['generate', '--json'], ['doctor']]) {
    const { stdout, stderr } = await project.cliProcess(args, {
      OPENAI_BASE_URL: project.server.baseURL.replace('http://', `http://user:${PASSWORD}@`),
    })
    said[args.join(' ')] = stdout + stderr
  }
  expect(said['generate']).not.toMatch(/This is a bug/)
  expect(leaks(project.root, said)).toEqual([])
})
