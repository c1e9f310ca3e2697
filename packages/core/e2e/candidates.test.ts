import { dirname } from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import type { ImageServer } from '../../../fixtures/openai-server/index.ts'
import { sha256 } from '../src/digest.ts'
import { createTestProject } from './test-project.ts'

const manifest = (candidates: number, model = 'gpt-image-2'): string => `version: 1
provider: openai
defaults: { model: ${model}, quality: ${model === 'dall-e-3' ? 'standard' : 'low'} }
assets:
  logo: { prompt: A mark for a roastery, alt: x, candidates: ${candidates}, outputs: [{ name: s, width: 64, height: 64, formats: [png] }] }
`

const colours = ['#c03020', '#20a040', '#2040c0', '#c0a020']
const pictures = await Promise.all(
  colours.map((background) =>
    sharp({ create: { width: 256, height: 256, channels: 3, background } })
      .png()
      .toBuffer(),
  ),
)

/** Each request returns another picture, as a model does. */
function answerAnew(server: ImageServer): void {
  let requested = 0
  server.answer(() => ({ kind: 'image', bytes: pictures[requested++ % pictures.length]! }))
}

test('requests all candidates at once, and keeps them until one is picked', async () => {
  const { generate, server, list, cli, bytes, lock, plan, expectUpToDate } =
    await createTestProject({ files: { 'images.yaml': manifest(4) }, server: true })
  const price = (await plan()).usd
  expect(await generate()).toMatchObject({ generated: 1, failed: [] })
  expect(server.requests.map(({ body }) => body['n'])).toEqual([4])
  expect(lock().assets['logo']!.made).toMatchObject({ candidates: 4, picked: 1 })
  expect(lock().assets['logo']!.made['usd']).toBeLessThanOrEqual(price)
  const candidates = list('.limn/candidates')
  expect(candidates).toHaveLength(4)
  expect(new Set(candidates.map((path) => sha256(bytes(path)))).size).toBe(4)
  expect(sha256(bytes('images/logo.png'))).toBe(sha256(bytes(candidates[0]!)))

  expect(await cli(['pick', 'logo', '3'])).toMatchObject({ code: 0 })
  expect(sha256(bytes('images/logo.png'))).toBe(sha256(bytes(candidates[2]!)))
  expect(lock().assets['logo']!.made).toMatchObject({ candidates: 4, picked: 3 })
  expect(await generate()).toMatchObject({ generated: 0, derived: 1 })
  expect(list('.limn/candidates')).toEqual(candidates)
  expect(server.requests).toHaveLength(1)
  await expectUpToDate()
})

test('requests candidates one by one from a model that returns one at a time', async () => {
  const { generate, server, list } = await createTestProject({
    files: { 'images.yaml': manifest(3, 'dall-e-3') },
    server: true,
  })
  answerAnew(server)
  expect(await generate()).toMatchObject({ generated: 1, failed: [] })
  expect(server.requests.map(({ body, status }) => [body['n'], status])).toEqual([
    [1, 200],
    [1, 200],
    [1, 200],
  ])
  expect(list('.limn/candidates')).toHaveLength(3)
})

test('stays within the budget if a server returns fewer pictures than it bills', async () => {
  const files = {
    'images.yaml': manifest(3, 'art').replace(
      'provider: openai\n',
      'provider: openai\nproviders: { openai: { models: { art: { qualities: [low], sizes: [256x256], maxImages: 4, price: 0.1 } } } }\n',
    ),
  }
  const { project, server, lock } = await createTestProject({ files, server: { models: ['art'] } })
  let requested = 0
  server.answer(() => ({
    kind: 'body',
    status: 200,
    contentType: 'application/json',
    text: JSON.stringify({ data: [{ b64_json: pictures[requested++ % 4]!.toString('base64') }] }),
  }))
  const limited = await project.generate({ maxUsd: 0.3 })
  expect(limited).toMatchObject({ generated: 1, failed: [] })
  expect(limited.usd).toBeCloseTo(0.3)
  expect(server.requests.map(({ body }) => body['n'])).toEqual([3])
  expect(lock().assets['logo']!.made).toMatchObject({ estimated: true })

  // With a higher budget, the run continues until all are complete.
  expect(await project.generate({ maxUsd: 0.65, names: ['logo'], force: true })).toMatchObject({
    generated: 1,
    failed: [],
  })
  expect(server.requests.slice(1).map(({ body }) => body['n'])).toEqual([3, 1, 1])
})

test('requests no more pictures at once than the server returns', async () => {
  const files = {
    'images.yaml': manifest(3).replace(
      'provider: openai\n',
      'provider: openai\nproviders: { openai: { quirks: { maxImages: 2 } } }\n',
    ),
  }
  const { generate, plan, server, lock } = await createTestProject({ files, server: true })
  const { usd } = await plan()
  expect(await generate()).toMatchObject({ generated: 1, failed: [] })
  expect(server.requests.map(({ body }) => body['n'])).toEqual([2, 1])
  expect(lock().assets['logo']!.made['usd']).toBeLessThanOrEqual(usd)
})

test('names the existing candidates for an unknown number', async () => {
  const { generate, cli } = await createTestProject({
    files: { 'images.yaml': manifest(2) },
    server: true,
  })
  await generate()
  expect((await cli(['pick', 'logo', '7'])).stderr).toMatch(
    /"logo" has no candidate 7\.\n {2}→ Choose one of 1, 2\./,
  )
  expect((await cli(['pick', 'logo', 'x'])).stderr).toContain('requires the number of a candidate')
  expect((await cli(['pick', 'lgoo', '1'])).stderr).toContain('Did you mean "logo"?')
})

test('does not make an asset stale if only its number of candidates changes', async () => {
  const { generate, edit, plan } = await createTestProject({
    files: { 'images.yaml': manifest(2) },
    server: true,
  })
  await generate()
  edit('candidates: 2', 'candidates: 5')
  expect((await plan()).steps).toEqual([])
})

test('recovers every candidate that arrived before the process died', async () => {
  const { server, start, generate, list, lock } = await createTestProject({
    files: { 'images.yaml': manifest(3, 'dall-e-3') },
    server: { latencyMs: 300 },
  })
  answerAnew(server)
  const child = start(['generate'])
  await expect
    .poll(() => list('.limn').filter((path) => path.endsWith('.picture')).length, {
      timeout: 20_000,
    })
    .toBeGreaterThanOrEqual(2)
  child.kill('SIGKILL')
  await child.done
  const requested = server.requests.length
  expect(await generate()).toMatchObject({ recovered: 1, generated: 0 })
  expect(server.requests).toHaveLength(requested)
  expect(list('.limn/journal')).toEqual([])
  expect(lock().assets['logo']!.made['candidates']).toBeGreaterThanOrEqual(2)
})

test('waits for pictures in flight at the first interrupt', async () => {
  const many = `version: 1\nprovider: openai\nlimits: { inFlight: 4 }\nassets:\n${Array.from({ length: 8 }, (_, i) => `  p${i}: { prompt: Hill ${i}, alt: x, outputs: [{ name: s, width: 64, height: 64, formats: [png] }] }\n`).join('')}`
  const { start, server, lock, list } = await createTestProject({
    files: { 'images.yaml': many },
    server: { latencyMs: 1500 },
  })
  const child = start(['generate'])
  await expect.poll(() => server.inFlight, { timeout: 20_000 }).toBe(4)
  child.kill('SIGINT')
  const { code, stderr } = await child.done
  expect(code).toBe(130)
  expect(stderr).toContain('Stopping')
  expect(server.requests).toHaveLength(4)
  expect(Object.keys(lock().assets)).toHaveLength(4)
  expect(list('.limn/journal')).toEqual([])
})

test('lists the files of all candidates in generate and show, and marks the picked one', async () => {
  const { cli, list } = await createTestProject({
    files: { 'images.yaml': manifest(3) },
    server: true,
  })
  const run = await cli(['generate'])
  const files = list('.limn/candidates')
  expect(files).toHaveLength(3)
  expect(run.stdout).toContain(`✓ images/logo.png`)
  expect(run.stdout).toContain(
    `      3 candidates in ${dirname(files[0]!)}: 1.png, 2.png, 3.png\n      \`limn pick logo K\` picks another\n`,
  )
  await cli(['pick', 'logo', '2'])
  expect((await cli(['show', 'logo'])).stdout).toContain(
    `  candidates  ${files[0]}\n              ${files[1]}  (the master)\n              ${files[2]}\n`,
  )
  const [shown] = (await cli(['show', 'logo', '--json'])).stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(shown).toMatchObject({ type: 'asset', candidates: files })
})

test('gives a picked candidate as the reason, not changed presets', async () => {
  const { cli, generate, lock, plan } = await createTestProject({
    files: { 'images.yaml': manifest(3) },
    server: true,
  })
  await generate()
  await cli(['pick', 'logo', '3'])
  expect((await plan()).steps).toMatchObject([
    { kind: 'derive', asset: 'logo', reasons: [{ code: 'picked', candidate: 3 }] },
  ])
  expect((await cli(['plan'])).stdout).toContain('logo  outputs: candidate 3 picked')
  expect(await generate()).toMatchObject({ generated: 0, derived: 1 })
  expect(JSON.stringify(lock().assets['logo']!.outputs)).toMatch(/"recipe":"[0-9a-f]{64}"/)
})

test('keeps the candidates of a draft separate, and shows how to pick one', async () => {
  const { cli, bytes, has, list } = await createTestProject({
    files: { 'images.yaml': manifest(3) },
    server: true,
  })
  const draft = await cli(['generate', '--profile', 'draft'])
  expect(draft).toMatchObject({ code: 0, stderr: '' })
  expect(draft.stdout).toContain('`limn pick logo K --profile draft` picks another')
  expect(draft.stdout).toContain(
    'Drafts are stored in .limn/drafts; images.lock and images/ are unchanged.',
  )
  expect((await cli(['pick', 'logo', '2'])).stderr).toMatch(
    /"logo" has no candidates\.\n {2}→ Run `limn generate logo`, .* add --profile draft to both commands for candidates of a draft\./,
  )
  expect((await cli(['pick', 'logo', '2', '--profile', 'draft'])).stdout).toBe(
    'Candidate 2 is now .limn/drafts/images/logo.png. `limn generate --profile draft` derives its files.\n',
  )
  expect(sha256(bytes('.limn/drafts/images/logo.png'))).toBe(
    sha256(bytes(list('.limn/candidates')[1]!)),
  )
  expect((await cli(['plan', '--profile', 'draft'])).stdout).toContain('candidate 2 picked')
  expect([has('images.lock'), has('images/logo.png')]).toEqual([false, false])
})
