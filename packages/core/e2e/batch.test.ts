import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { sha256 } from '../src/digest.ts'
import { createTestProject, KEY, smallManifest, stepsOf, type TestProject } from './test-project.ts'

const head = 'provider: openai'
const three = { boat: 'A red boat', hill: 'A green hill', lamp: 'A brass lamp' }

function recordsOf({
  root,
}: TestProject): {
  file: string
  uuid: string
  id: string | null
  lines: { asset: string; id: string }[]
}[] {
  const folder = join(root, '.limn', 'batches')
  const files = existsSync(folder) ? readdirSync(folder) : []
  return files.map((name) => ({
    file: join(folder, name),
    ...(JSON.parse(readFileSync(join(folder, name), 'utf8')) as {
      uuid: string
      id: string | null
      lines: { asset: string; id: string }[]
    }),
  }))
}

function historyOf({ text }: TestProject): Record<string, unknown>[] {
  const lines = text('.limn/history.jsonl')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  return lines.filter(({ kind }) => kind === 'request')
}

test('sends the requests of a run in one batch at half the price, and collects it in a later run', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(three, head) },
    server: true,
  })
  const { server, generate, plan, lock, expectUpToDate, list } = project
  const full = await plan()
  const half = await plan({ batch: true })
  expect(half.usd).toBeCloseTo(full.usd / 2, 10)

  const sent = await generate({ batch: true })
  expect(sent).toMatchObject({
    generated: 0,
    failed: [],
    requested: [],
    sent: [{ assets: ['boat', 'hill', 'lamp'] }],
  })
  expect(sent.usd).toBeCloseTo(half.usd, 10)
  expect(server.batches.calls).toEqual([
    'POST /v1/files',
    'POST /v1/batches',
    expect.stringMatching(/^GET \/v1\/batches\/batch_/),
  ])
  expect(server.batches.created).toMatchObject([
    {
      endpoint: '/v1/images/generations',
      completion_window: '24h',
      status: 'in_progress',
      metadata: { limn: recordsOf(project)[0]!.uuid },
    },
  ])
  expect(
    server.batches.lines().map(({ body }) => [body['prompt'], body['model'], body['n']]),
  ).toEqual([
    ['A red boat', 'gpt-image-2.5-flare', 1],
    ['A green hill', 'gpt-image-2.5-flare', 1],
    ['A brass lamp', 'gpt-image-2.5-flare', 1],
  ])
  expect(stepsOf(await plan())).toEqual(['keep boat', 'keep hill', 'keep lamp'])
  expect((await plan()).steps.map(({ reasons: [reason] }) => reason!.code)).toEqual([
    'in-batch',
    'in-batch',
    'in-batch',
  ])

  await server.batches.finish()
  const collected = await generate()
  expect(collected).toMatchObject({ generated: 0, recovered: 3, failed: [], requested: [], usd: 0 })
  const [id] = server.batches.created.map((batch) => batch.id)
  for (const asset of Object.keys(three)) {
    const { usage, usd, requestId, batch, provider } = lock().assets[asset]!.made as {
      usage: { inputTextTokens: number; outputTokens: number }
      usd: number
      requestId: string
      batch: string
      provider: string
    }
    expect(usd).toBeCloseTo((usage.inputTextTokens * 5 + usage.outputTokens * 30) / 2e6, 10)
    expect([requestId, batch, provider]).toEqual([expect.stringMatching(/^req_/), id, 'openai'])
  }
  expect(server.requests).toHaveLength(0)
  expect(recordsOf(project)).toEqual([])
  expect(list('.limn/journal')).toEqual([])
  // The history has an entry for each request when it is sent and when it arrives, under one name.
  const history = historyOf(project)
  expect(history.map(({ outcome, batch }) => [outcome, batch])).toEqual([
    ...Array.from({ length: 3 }, () => ['sent', true]),
    ...Array.from({ length: 3 }, () => ['ok', true]),
  ])
  expect(new Set(history.map(({ id: name }) => name)).size).toBe(3)
  await expectUpToDate()
})

test('assigns each asset its own picture if the answers arrive in another order', async () => {
  const colours = { a: 'A red square', b: 'A blue square' }
  const live = await createTestProject({
    files: { 'images.yaml': smallManifest(colours, head) },
    server: true,
  })
  await live.generate()
  const batched = await createTestProject({
    files: { 'images.yaml': smallManifest(colours, head) },
    server: true,
  })
  await batched.generate({ batch: true })
  await batched.server.batches.finish()
  await batched.generate()
  for (const name of ['a', 'b']) {
    expect(sha256(batched.bytes(`images/${name}.png`))).toBe(
      sha256(live.bytes(`images/${name}.png`)),
    )
  }
})

test('requests nothing that is in a batch, unless it is forced by name', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(three, head) },
    server: true,
  })
  const { generate, server, edit, list, cli } = project
  await generate({ batch: true })
  expect(await generate({ batch: true })).toMatchObject({ sent: [], requested: [] })
  expect(await generate({ force: true })).toMatchObject({ generated: 0, requested: [] })
  edit('A brass lamp', 'A copper lamp')
  expect(await generate()).toMatchObject({ generated: 1, requested: ['A copper lamp'] })

  expect(await generate({ names: ['boat'], force: true })).toMatchObject({
    generated: 1,
    requested: ['A red boat'],
  })
  const forced = sha256(project.bytes('images/boat.png'))
  await server.batches.finish()
  expect(await generate()).toMatchObject({ recovered: 1, requested: [] })
  // The forced picture stays, and the one that arrives later can be picked.
  expect(sha256(project.bytes('images/boat.png'))).toBe(forced)
  expect(list('.limn/candidates').filter((path) => path.includes('/boat/'))).toHaveLength(1)
  expect(await cli(['pick', 'boat', '1'])).toMatchObject({ code: 0 })
  // The lamp of the old prompt is paid for: it is recovered when its prompt is restored.
  edit('A copper lamp', 'A brass lamp')
  expect(await generate()).toMatchObject({ generated: 0, recovered: 1, requested: [] })
})

test('sends one batch per model, and directly requests what the Batch API does not support', async () => {
  const manifest = `version: 1
provider: openai
defaults: { outputs: [{ name: s, width: 64, height: 64, formats: [webp] }], quality: low }
assets:
  a: { prompt: One, alt: x, model: gpt-image-2 }
  b: { prompt: Two, alt: x, model: gpt-image-2.5-flare }
  c: { prompt: Three, alt: x, model: gpt-image-2 }
  new: { prompt: Four, alt: x, model: gpt-image-2.6-flare }
  streamed: { prompt: Five, alt: x, model: gpt-image-2, partials: 1 }
`
  const { generate, server, cli, plan } = await createTestProject({
    files: { 'images.yaml': manifest },
    server: true,
  })
  expect((await plan({ batch: true })).notes.map(({ asset, text }) => `${asset}: ${text}`)).toEqual(
    [
      'new: full price, not in a batch: the Batch API does not accept gpt-image-2.6-flare',
      'streamed: full price, not in a batch: its partial pictures are streamed',
    ],
  )
  const { stdout, code } = await cli(['generate', '--batch'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/Plan: 5 to generate \(up to \$[\d.]+, 3 in a batch at a lower price\)/)
  expect(stdout).toContain('the Batch API does not accept gpt-image-2.6-flare')
  expect(stdout).toMatch(/2 generated \(\$[\d.]+\), 3 sent in a batch \(up to \$[\d.]+\)/)
  expect(stdout).toContain('`limn generate` collects the batch once it is finished')
  expect(server.requests.map(({ body }) => body['prompt']).sort()).toEqual(['Five', 'Four'])
  expect(
    server.batches.created.map(({ id }) =>
      server.batches.lines(id).map(({ body }) => body['prompt']),
    ),
  ).toEqual([['One', 'Three'], ['Two']])
  await server.batches.finish()
  expect(await generate()).toMatchObject({ recovered: 3, failed: [], requested: [] })
})

test('generates directly with the local provider', async () => {
  const { generate, plan } = await createTestProject({
    files: { 'images.yaml': smallManifest(three, 'provider: local') },
  })
  expect((await plan({ batch: true })).notes).toEqual([])
  expect(await generate({ batch: true })).toMatchObject({ generated: 3, sent: [] })
})

test.each(['upload', 'before-create', 'after-create'] as const)(
  'pays for nothing twice if it is killed: %s',
  async (where) => {
    const project = await createTestProject({
      files: { 'images.yaml': smallManifest(three, head) },
      server: true,
    })
    const { server, generate, cli } = project
    server.batches.hang(where)
    const run = project.start(['generate', '--batch'])
    await expect
      .poll(
        () =>
          server.batches.calls.filter(
            (call) => call === (where === 'upload' ? 'POST /v1/files' : 'POST /v1/batches'),
          ).length,
        { timeout: 30_000 },
      )
      .toBe(1)
    await expect.poll(() => server.batches.created.length).toBe(where === 'after-create' ? 1 : 0)
    run.kill('SIGKILL')
    await run.done
    expect(recordsOf(project).map(({ id }) => id)).toEqual(where === 'upload' ? [] : [null])

    server.batches.hang('nowhere')
    const { stdout } = await cli(['generate', '--batch'])
    expect(stdout.includes('never reached the server')).toBe(where === 'before-create')
    expect(server.batches.created).toHaveLength(1)
    expect(recordsOf(project).map(({ id }) => id)).toEqual([server.batches.created[0]!.id])
    await server.batches.finish()
    expect(await generate()).toMatchObject({ recovered: 3, requested: [] })
    expect(server.requests).toHaveLength(0)
  },
)

test('checks whether a batch was created after a server error', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(three, head) },
    server: true,
  })
  const { server, generate } = project
  server.batches.failAfterCreate()
  expect(await generate({ batch: true })).toMatchObject({
    failed: [],
    sent: [{ assets: Object.keys(three) }],
  })
  expect(recordsOf(project)[0]!.id).toBe(server.batches.created[0]!.id)
})

test('sends nothing and keeps no record if the upload fails', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(three, head) },
    server: true,
  })
  const { server, generate } = project
  server.batches.next({
    kind: 'error',
    status: 500,
    type: 'server_error',
    code: null,
    message: 'Try later',
  })
  expect(await generate({ batch: true })).toMatchObject({
    usd: 0,
    sent: [],
    failed: [{ error: { code: 'provider/server' } }, {}, {}],
  })
  expect(recordsOf(project)).toEqual([])
  expect(await generate({ batch: true })).toMatchObject({ failed: [], sent: [{}] })
  expect(server.batches.created).toHaveLength(1)
})

test('collects a batch again after the process died while collecting it', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(three, head) },
    server: true,
  })
  const { server, generate, list } = project
  await generate({ batch: true })
  const [record] = recordsOf(project)
  const text = readFileSync(record!.file, 'utf8')
  await server.batches.finish()
  // The state after the pictures reached the journal and before the record was removed.
  await project.project.generate({ names: ['boat'] })
  expect(list('.limn/journal').filter((path) => path.endsWith('.picture'))).toHaveLength(2)
  writeFileSync(record!.file, text)
  expect(await generate()).toMatchObject({ failed: [], requested: [] })
  expect(Object.keys(project.lock().assets)).toEqual(Object.keys(three))
  expect(list('.limn/candidates')).toEqual([])
})

test('reports the cause of a failure in a batch, and requests it again only in the next run', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(three, head) },
    server: true,
  })
  const { server, generate, cli, plan } = project
  await generate({ batch: true })
  server.answer(({ body }) =>
    body['prompt'] === 'A green hill'
      ? {
          kind: 'error',
          status: 400,
          code: 'moderation_blocked',
          type: 'image_generation_user_error',
          message: 'no',
          details: { moderation_details: { moderation_stage: 'input', categories: ['violence'] } },
        }
      : undefined,
  )
  await server.batches.finish()
  const { code, stdout, stderr } = await cli(['generate'])
  expect(code).toBe(1)
  expect(stderr).toMatch(
    /✗ hill: Moderation rejected the prompt: violence[\s\S]* images\.yaml:\d+:\d+/,
  )
  expect(stdout).toContain('completed, 2 pictures')
  expect(stdout).toContain('its picture has not arrived')
  expect(server.requests).toHaveLength(0)
  expect(Object.keys(project.lock().assets)).toEqual(['boat', 'lamp'])
  expect(
    historyOf(project).find(({ asset, outcome }) => asset === 'hill' && outcome !== 'sent'),
  ).toMatchObject({ outcome: 'provider/moderation', usd: 0 })
  expect(stepsOf(await plan())).toEqual(['generate hill'])
})

test('collects the finished pictures of an expired and of a cancelled batch', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(three, head) },
    server: true,
  })
  const { server, generate, cli } = project
  await generate({ batch: true })
  await server.batches.finish({ done: 1, as: 'expired' })
  const expired = await generate()
  expect(expired).toMatchObject({ recovered: 1, requested: [] })
  expect(
    expired.failed.map(({ asset, error }) => [asset, (error as { code: string }).code]).sort(),
  ).toEqual([
    ['hill', 'batch/expired'],
    ['lamp', 'batch/expired'],
  ])

  await generate({ batch: true })
  const second = server.batches.created[1]!
  const listed = await cli(['batch'])
  expect(listed.stdout).toMatch(
    new RegExp(
      `${second.id}  in progress 0/2  gpt-image-2.5-flare  2 pictures  \\$[\\d.]+  since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC`,
    ),
  )
  expect(await cli(['batch', 'cancel', 'batch_nothing'])).toMatchObject({ code: 1 })
  expect((await cli(['batch', 'cancel', second.id])).stdout).toContain(
    `${second.id} is cancelling.`,
  )
  expect(await generate()).toMatchObject({ recovered: 0, requested: [], failed: [] })
  await server.batches.finish({ done: 1 })
  expect(second.status).toBe('cancelled')
  const cancelled = await generate()
  expect(cancelled).toMatchObject({ recovered: 1, requested: [] })
  expect(cancelled.failed).toMatchObject([{ error: { code: 'batch/cancelled' } }])
  expect((await cli(['batch'])).stdout).toContain('There are no open batches.')
})

test('reports why the server rejected a batch, and a missing answer', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(three, head) },
    server: true,
  })
  const { server, generate } = project
  await generate({ batch: true })
  await server.batches.finish({ leaveOut: (id) => id === recordsOf(project)[0]!.lines[0]!.id })
  expect((await generate()).failed).toMatchObject([
    {
      asset: 'boat',
      error: { code: 'batch/failed', message: 'The batch contains no answer to this request.' },
    },
  ])
  await generate({ batch: true })
  server.batches.reject('The organization has too many batches enqueued.')
  expect((await generate()).failed).toMatchObject([
    {
      asset: 'boat',
      error: {
        code: 'batch/failed',
        message:
          'The server rejected the batch: The organization has too many batches enqueued. Nothing was billed.',
      },
    },
  ])
})

test('sends edits as JSON, and requests what depends on them once they have arrived', async () => {
  const manifest = `version: 1
provider: openai
defaults: { model: gpt-image-2, quality: low, outputs: [{ name: s, width: 64, height: 64, formats: [webp] }] }
assets:
  shop: { edit: { image: ./shop.png, mask: ./mask.png }, prompt: A sunlit lounge, alt: x }
  night: { edit: { image: shop }, prompt: The same at night, alt: x }
`
  const picture = (fill: string): Promise<Buffer> =>
    sharp({ create: { width: 640, height: 320, channels: 3, background: fill } })
      .png()
      .toBuffer()
  const files = {
    'images.yaml': manifest,
    'shop.png': await picture('blue'),
    'mask.png': await picture('white'),
  }
  const { generate, server, plan, cli, lock } = await createTestProject({ files, server: true })
  expect(await generate({ batch: true })).toMatchObject({
    generated: 0,
    failed: [],
    sent: [{ assets: ['shop'] }],
  })
  expect((await plan()).steps.map(({ asset, reasons }) => [asset, reasons])).toEqual([
    ['night', [{ code: 'waits-for-batch', inputs: ['shop'] }]],
    ['shop', [{ code: 'in-batch', since: expect.any(String) }]],
  ])
  const [line] = server.batches.lines()
  expect(line).toMatchObject({
    url: '/v1/images/edits',
    body: {
      prompt: 'A sunlit lounge',
      images: [{ image_url: expect.stringMatching(/^data:image\/png;base64,/) }],
      mask: { image_url: expect.stringMatching(/^data:image\/png;base64,/) },
    },
  })
  await server.batches.finish()

  // The next level is sent and collected while the command waits, and everything is complete.
  const run = cli(['generate', '--batch', '--wait'])
  await expect.poll(() => server.batches.created.length, { timeout: 30_000 }).toBe(2)
  await server.batches.finish()
  const { code, stdout } = await run
  expect(code).toBe(0)
  expect(stdout).toContain('from a batch')
  expect(Object.keys(lock().assets)).toEqual(['night', 'shop'])
  expect(server.requests).toHaveLength(0)
})

test('requests all candidates in one request and keeps them', async () => {
  const manifest = smallManifest({ logo: 'A mark for a roastery' }, head).replace(
    'alt: logo',
    'alt: logo\n    candidates: 3',
  )
  const { generate, server, list, lock, cli } = await createTestProject({
    files: { 'images.yaml': manifest },
    server: true,
  })
  await generate({ batch: true })
  expect(server.batches.lines().map(({ body }) => body['n'])).toEqual([3])
  await server.batches.finish()
  expect(await generate()).toMatchObject({ recovered: 1, failed: [] })
  expect(list('.limn/candidates')).toHaveLength(3)
  expect(lock().assets['logo']!.made).toMatchObject({ candidates: 3, picked: 1 })
  expect(await cli(['pick', 'logo', '3'])).toMatchObject({ code: 0 })
})

test('waits for both of two assets with the same request', async () => {
  const { generate, server, lock } = await createTestProject({
    files: { 'images.yaml': smallManifest({ a: 'A boat', b: 'A boat' }, head) },
    server: true,
  })
  expect(await generate({ batch: true })).toMatchObject({ sent: [{ assets: ['a', 'b'] }] })
  expect(await generate()).toMatchObject({ requested: [] })
  await server.batches.finish()
  expect(await generate()).toMatchObject({ recovered: 2, requested: [] })
  expect(Object.keys(lock().assets)).toEqual(['a', 'b'])
})

test('applies the budget to the half price', async () => {
  const { generate, server, plan } = await createTestProject({
    files: { 'images.yaml': smallManifest(three, head) },
    server: true,
  })
  const { usd } = await plan({ batch: true })
  const { failed, sent } = await generate({ batch: true, maxUsd: usd * 0.7 })
  expect(sent).toMatchObject([{ assets: ['boat', 'hill'] }])
  expect(failed).toMatchObject([{ asset: 'lamp', error: { code: 'budget/exceeded' } }])
  expect(server.batches.lines()).toHaveLength(2)
})

test('requests at most 100 pictures per batch', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 101 }, (_, index) => [`p${index}`, `Boat number ${index}`]),
  )
  const { generate, server } = await createTestProject({
    files: { 'images.yaml': smallManifest(many, head) },
    server: true,
  })
  const { sent, failed } = await generate({ batch: true })
  expect(failed).toEqual([])
  expect(sent.map(({ assets }) => assets.length)).toEqual([100, 1])
  expect(server.batches.created.map(({ request_counts: { total } }) => total)).toEqual([100, 1])
})

test('collects complete answers if another answer is damaged', async () => {
  const { generate, server, lock } = await createTestProject({
    files: { 'images.yaml': smallManifest(three, head) },
    server: true,
  })
  await generate({ batch: true })
  server.answer(({ body }) =>
    body['prompt'] === 'A green hill'
      ? { kind: 'base64', text: '***' }
      : body['prompt'] === 'A brass lamp'
        ? { kind: 'emptyData' }
        : undefined,
  )
  await server.batches.finish()
  const { failed, recovered } = await generate()
  expect(recovered).toBe(1)
  expect(
    failed.map(({ asset, error }) => [asset, (error as { code: string }).code]).sort(),
  ).toEqual([
    ['hill', 'provider/bad-answer'],
    ['lamp', 'provider/bad-answer'],
  ])
  expect(Object.keys(lock().assets)).toEqual(['boat'])
})

test('stores an answer that it cannot use, and imports its picture by the command it names', async () => {
  const prompts = { words: 'Words', link: 'Link', hex: 'Hex', good: 'Good' }
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(prompts, head) },
    server: true,
  })
  const picture = await sharp({
    create: { width: 64, height: 64, channels: 3, background: 'teal' },
  })
    .png()
    .toBuffer()
  await project.generate({ batch: true })
  const answers: Readonly<Record<string, object>> = {
    Words: { revised_prompt: `I draw no people. ${KEY}` },
    Link: { url: 'ftp://files.example/a.png?sig=%2f' },
    Hex: { hex: picture.toString('hex') },
  }
  project.server.answer(({ body }) => {
    const answer = answers[String(body['prompt'])]
    const text = JSON.stringify({ data: [answer] })
    return answer && { kind: 'body', status: 200, contentType: 'application/json', text }
  })
  await project.server.batches.finish()
  const run = await project.cli(['generate', '--yes'])
  expect(run.code).toBe(1)
  const commands = [...run.stderr.matchAll(/`limn (adopt (\w+) \.limn\/rejected\/\S+\.response)`/g)]
  expect(commands.map(([, , name]) => name).sort()).toEqual(['hex', 'link', 'words'])
  expect(run.stderr.match(/may have been billed\./g)).toHaveLength(3)
  const stored = project.list('.limn/rejected').map((path) => project.text(path))
  for (const part of ['I draw no people.', 'a.png?sig=%2f', picture.toString('hex')]) {
    expect(stored.join('\n')).toContain(part)
  }
  project.expectNoKey(run)
  const link = commands.find((command) => command[2] === 'link')![1]!
  expect((await project.cli(link.split(' '))).stderr).toContain('ftp://files.example/a.png?sig=%2f')
  expect(Object.keys(project.lock().assets)).toEqual(['good'])
})

test('reports a server without a Batch API, and requests nothing from it', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(three, head) },
    server: true,
  })
  const { server, generate } = project
  server.batches.next({
    kind: 'error',
    status: 404,
    type: 'invalid_request_error',
    code: 'unknown_url',
    message: 'Invalid URL (POST /v1/files)',
  })
  const { failed } = await generate({ batch: true })
  expect(failed.map(({ error }) => (error as { code: string }).code)).toEqual([
    'batch/unsupported',
    'batch/unsupported',
    'batch/unsupported',
  ])
  expect(failed[0]!.error).toMatchObject({
    hint: 'Remove --batch if this server has no Batch API.',
  })
  expect(recordsOf(project)).toEqual([])
  expect(server.requests).toHaveLength(0)
})

test('keeps a batch open if its status cannot be read, and completes the rest of the run', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(three, head) },
    server: true,
  })
  const { server, generate, edit, cli } = project
  await generate({ batch: true })
  edit('A brass lamp', 'A copper lamp')
  server.batches.next({
    kind: 'error',
    status: 503,
    type: 'server_error',
    code: null,
    message: 'Overloaded',
  })
  const { events, requested } = await generate({ names: ['lamp'] })
  expect(requested).toEqual(['A copper lamp'])
  expect(events.find(({ type }) => type === 'batch-unread')).toMatchObject({
    error: { code: 'provider/server' },
  })

  // It requests the batch neither from another server nor without a key.
  const elsewhere = await cli(['generate'], { OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' })
  expect(elsewhere).toMatchObject({ code: 0 })
  expect(elsewhere.stderr).toMatch(
    /The batch was sent to 127\.0\.0\.1:\d+, but openai is now at 127\.0\.0\.1:1\./,
  )
  const keyless = await cli(['generate'], { OPENAI_API_KEY: '' })
  expect(keyless).toMatchObject({ code: 0 })
  expect(keyless.stderr).toContain('OPENAI_API_KEY is not set')

  server.batches.forget()
  expect((await cli(['generate'])).stderr).toMatch(
    /openai has no batch batch_\w+\.\n +→ Run `limn batch cancel batch_\w+` to stop waiting for it; it was sent with another key/,
  )
  expect(recordsOf(project)).toHaveLength(1)
  expect((await cli(['batch', 'cancel', 'batch_'])).stdout).toContain('Limn no longer waits for it')
  expect(recordsOf(project)).toHaveLength(0)
  expect(stepsOf(await project.plan())).toEqual(['generate boat', 'generate hill'])
})

test('fails the check while pictures are in a batch, and names the fix', async () => {
  const { generate, cli } = await createTestProject({
    files: { 'images.yaml': smallManifest(three, head) },
    server: true,
  })
  await generate({ batch: true })
  const { code, stderr } = await cli(['check'])
  expect(code).toBe(1)
  expect(stderr).toContain(
    'Run `limn generate` once the batch is finished; `limn batch` shows its progress.\nThen commit images.lock and images/.',
  )
  const { stdout } = await cli(['list'])
  expect(stdout).toMatch(/boat +in batch/)
  expect(stdout).toContain('Run `limn generate` once the batch is finished;')
})

test('collects no batch in a free-only run or with a saved plan', async () => {
  const { generate, server, plan } = await createTestProject({
    files: { 'images.yaml': smallManifest(three, head) },
    server: true,
  })
  await generate({ batch: true })
  const calls = server.batches.calls.length
  await generate({ freeOnly: true, names: ['boat'] })
  await generate({ plan: await plan({ names: ['boat'] }), names: ['boat'] })
  expect(server.batches.calls).toHaveLength(calls)
})

test('writes the key to no record, picture or message', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(three, head) },
    server: true,
  })
  const { server, cli, expectNoKey } = project
  const texts = [
    await cli(['generate', '--batch', '--json']),
    await cli(['batch', '--json']),
    await cli(['generate', '--json']),
  ]
  await server.batches.finish()
  texts.push(await cli(['generate', '--json']))
  expect(texts.map(({ code }) => code)).toEqual([0, 0, 0, 0])
  expectNoKey(texts)
})

test('rejects a damaged record rather than paying twice', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(three, head) },
    server: true,
  })
  await project.generate({ batch: true })
  writeFileSync(recordsOf(project)[0]!.file, '{')
  const { code, stderr } = await project.cli(['generate'])
  expect(code).toBe(1)
  expect(stderr).toMatch(
    /^Error: .*\.json can't be read\. It records the requests of a pending batch\.\n {2}→ /,
  )
  expect(project.server.requests).toHaveLength(0)
})

/** Finishes all batches, and lets `alter` change their results once. */
async function finishWith(
  { server }: TestProject,
  alter: (lines: string[]) => string[],
): Promise<void> {
  await server.batches.finish()
  server.batches.alterResults(alter)
}

test.each<[string, (lines: string[]) => string[]]>([
  ['is cut within a line', (lines) => [lines.join('\n').slice(0, lines[0]!.length + 500)]],
  ['lacks its last lines', (lines) => lines.slice(0, 1)],
  ['is empty', () => []],
  ['has a damaged line and lacks one', ([, line]) => [line!, '{"custom_id":']],
  ['is a web page', () => ['<html>', '<head>', '<title>Maintenance</title>', '</head>', '</html>']],
])('keeps a batch open whose results file %s, and pays for nothing again', async (_, alter) => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(three, head) },
    server: true,
  })
  const { generate, server, lock } = project
  await generate({ batch: true })
  await finishWith(project, alter)
  await generate()
  const first = await generate()
  expect(first.failed.length).toBeGreaterThan(0)
  for (const { error } of first.failed) {
    expect(error).toMatchObject({
      code: 'batch/failed',
      hint: expect.stringMatching(/again later/),
    })
  }
  expect(recordsOf(project)).toHaveLength(1)
  server.batches.alterResults((lines) => lines)
  expect((await generate()).failed).toEqual([])
  expect(Object.keys(lock().assets).sort()).toEqual(['boat', 'hill', 'lamp'])
  expect(recordsOf(project)).toEqual([])
  expect(server.requests).toHaveLength(0)
  expect(server.batches.created).toHaveLength(1)
})

/** Damages the line of one request: the first one, or the last one, which no line break ends. */
const damages: readonly [string, (line: string) => string, 'first' | 'last'][] = [
  ['a stray character', (line) => `${line.slice(0, -1)},}`, 'first'],
  ['no quotes around a name', (line) => line.replace('"custom_id"', 'custom_id'), 'first'],
  ['its second half missing', (line) => line.slice(0, line.length >> 1), 'first'],
  ['a web page in its place', () => '<html>502 Bad Gateway</html>', 'first'],
  ['its second half cut off', (line) => line.slice(0, line.length >> 1), 'last'],
  ['its last character cut off', (line) => line.slice(0, -1), 'last'],
  ['all but its start cut off', (line) => line.slice(0, 5), 'last'],
]

test.each(damages)(
  'stores a line of the results with %s, gives up on it in the next run, and counts its cost',
  async (_, damage, place) => {
    const project = await createTestProject({
      files: { 'images.yaml': smallManifest(three, head) },
      server: true,
    })
    const { generate, server, lock, list, text } = project
    const { steps } = await project.plan({ batch: true })
    await generate({ batch: true })
    let damaged = ''
    await finishWith(project, ([line, ...others]) => {
      damaged = damage(line!)
      return place === 'first' ? [damaged, ...others] : [...others, damaged]
    })
    const first = await generate()
    expect(first).toMatchObject({
      recovered: 2,
      failed: [{ error: { code: 'provider/bad-answer' } }],
    })
    // The results come in any order.
    const name = first.failed[0]!.asset as keyof typeof three
    expect(recordsOf(project)).toHaveLength(1)
    const [stored] = list('.limn/rejected')
    expect(text(stored!).trim()).toBe(damaged)

    const second = await project.cli(['generate', '--yes'])
    expect(second.stderr).toContain('damaged in the results of the batch. The request may have')
    expect(second.stderr).toContain(`limn adopt ${name} ${stored!}`)
    expect(list('.limn/rejected')).toEqual([stored])
    expect(recordsOf(project)).toEqual([])
    expect(server.requests).toHaveLength(0)
    const ended = historyOf(project).findLast(({ asset }) => asset === name)!
    expect(ended).toMatchObject({ outcome: 'provider/bad-answer', estimated: true })
    const planned = steps.find(({ asset }) => asset === name)
    expect(planned).toMatchObject({ kind: 'generate', usd: ended['usd'] })
    expect((await project.plan()).usd).toBeGreaterThan(0)
    expect((await generate()).requested).toEqual([three[name]])
    expect(Object.keys(lock().assets)).toHaveLength(3)
  },
)

test.each<[string, (line: string) => string]>([
  ['a web page', () => '<html>502 Bad Gateway</html>'],
  ['a half line', (line) => line.slice(0, line.length >> 1)],
  ['a line without its end', (line) => line.slice(0, -1)],
])('does not take %s in the file of failed requests for a picture', async (_, damage) => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(three, head) },
    server: true,
  })
  const { generate, server, lock } = project
  const refused = { kind: 'error', status: 400, type: null, code: null, message: 'No' } as const
  await generate({ batch: true })
  server.answer(({ body }) => (body['prompt'] === three.hill ? refused : undefined))
  // The file of completed requests lacks one of two pictures that are paid for.
  await finishWith(project, (lines) => (lines.length === 1 ? [damage(lines[0]!)] : [lines[0]!]))
  for (let run = 0; run < 3; run++) expect((await generate()).requested).toEqual([])
  expect(recordsOf(project)).toHaveLength(1)
  server.batches.alterResults((lines) =>
    lines.map((line) => (lines.length === 1 ? damage(line) : line)),
  )
  const { failed } = await generate()
  expect(failed.map(({ asset }) => asset)).toEqual(['hill'])
  expect(Object.keys(lock().assets).sort()).toEqual(['boat', 'lamp'])
  expect(recordsOf(project)).toEqual([])
})

test('imports the picture of a damaged line, and reads a line again that was repaired', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(three, head) },
    server: true,
  })
  const { generate, server, list } = project
  await generate({ batch: true })
  await finishWith(project, ([first, ...others]) => [`${first!.slice(0, -1)},}`, ...others])
  const name = (await generate()).failed[0]!.asset
  // Damaged in another way, the line may be whole in the next run.
  server.batches.alterResults(([first, ...others]) => [`${first!.slice(0, -1)};}`, ...others])
  await generate()
  expect(recordsOf(project)).toHaveLength(1)
  server.batches.alterResults((lines) => lines)
  const [stored] = list('.limn/rejected')
  expect(await project.cli(['adopt', name, stored!])).toMatchObject({ code: 0 })
  const { failed, requested } = await generate()
  expect({ failed, requested }).toEqual({ failed: [], requested: [] })
  expect(recordsOf(project)).toEqual([])
})

test('finds a batch whose creation was interrupted, however wrong the clocks are', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(three, head) },
    server: true,
  })
  const { generate, server } = project
  await generate({ batch: true })
  await server.batches.finish()
  const [record] = recordsOf(project)
  const { file, ...rest } = record!
  const inAYear = new Date(Date.now() + 365 * 86_400_000).toISOString()
  writeFileSync(file, JSON.stringify({ ...rest, id: null, at: inAYear }))
  expect(await generate()).toMatchObject({ recovered: 3, failed: [], requested: [] })
})

test.each([
  ['another form', 200, {}],
  ['entries that are no batches', 200, { data: [{ object: 'batch' }], has_more: false }],
])('keeps a batch whose list comes in %s', async (_, status, body) => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(three, head) },
    server: true,
  })
  const { generate, server } = project
  await generate({ batch: true })
  const { file, ...rest } = recordsOf(project)[0]!
  writeFileSync(file, JSON.stringify({ ...rest, id: null }))
  const fault = { kind: 'error', status, type: null, code: null, message: '', body } as const
  server.batches.next(fault)
  const { events, requested } = await generate()
  expect(events.find(({ type }) => type === 'batch-unread')).toBeDefined()
  expect(requested).toEqual([])
  expect(recordsOf(project)).toHaveLength(1)
})
