import { expect, test } from 'vitest'
import { errors, type Fault } from '../../../fixtures/openai-server/index.ts'
import { LimnError } from '../src/index.ts'
import { errorTable } from '../src/providers/testing.ts'
import { createTestProject, smallManifest } from './test-project.ts'

/** Shortens the wait of a fault, for a fast test. */
function hurried(fault: Fault): Fault {
  return fault.kind === 'error' && fault.headers === undefined
    ? { ...fault, headers: { 'retry-after-ms': '5' } }
    : fault
}

const promptOf = (index: number): string => `Prompt of row ${index}`

test('explains every failure with its location, and retries only if that can help', async () => {
  const manifest = smallManifest(
    Object.fromEntries(errorTable.map((_, index) => [`row-${index}`, promptOf(index)])),
    'provider: openai\nlimits: { inFlight: 8 }',
  )
  const project = await createTestProject({ files: { 'images.yaml': manifest }, server: true })
  const left = new Map(
    errorTable.map(({ fault, retry }, index) => [
      promptOf(index),
      [retry === true ? hurried(fault) : fault],
    ]),
  )
  project.server.answer(({ body }) => left.get(String(body['prompt']))?.shift())
  const { failed, events, generated } = await project.generate()

  const lines = manifest.split('\n')
  for (const [index, { name, code, message, hint, retry }] of errorTable.entries()) {
    const asset = `row-${index}`
    const waits = events
      .filter((event) => event.type === 'retrying')
      .filter((event) => event.asset === asset)
    const failure = failed.find((each) => each.asset === asset)
    const error = retry === false ? failure?.error : waits[0]?.error
    expect(error, name).toBeInstanceOf(LimnError)
    expect(error, name).toMatchObject({
      code,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    })
    if (retry === false) {
      expect(failure!.error, name).toMatchObject({
        location: `images.yaml:${lines.indexOf(`  ${asset}:`) + 1}:3`,
      })
    } else expect(failure, name).toBeUndefined()
    expect(waits, name).toHaveLength(retry === false ? 0 : 1)
    expect(
      project.server.requests.filter(({ body }) => body['prompt'] === promptOf(index)),
      name,
    ).toHaveLength(retry === false ? 1 : 2)
  }
  const passing = errorTable.filter(({ retry }) => retry !== false).length
  expect([generated, failed.length]).toEqual([passing, errorTable.length - passing])
  project.expectNoKey(failed, events)
})

test('gives up on a failing server after four attempts', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A lighthouse' }) },
    server: true,
  })
  project.server.answer(() => hurried(errors.serverError))
  const { failed } = await project.generate()
  expect(failed).toMatchObject([{ asset: 'hero', error: { code: 'provider/server' } }])
  expect(project.server.requests).toHaveLength(4)
})

test('does not retry after a timeout, and counts it as billed', async () => {
  const manifest = smallManifest(
    { hero: 'A lighthouse' },
    'provider: openai\nproviders: { openai: { timeout: 1 } }',
  )
  const project = await createTestProject({ files: { 'images.yaml': manifest }, server: true })
  project.server.next({ kind: 'hang' })
  const { failed, usd } = await project.generate()
  expect(failed).toMatchObject([
    {
      error: { code: 'provider/timeout', message: expect.stringContaining('may have been billed') },
    },
  ])
  expect(project.server.requests).toHaveLength(1)
  expect(usd).toBeGreaterThan(0)
})

test('counts a broken stream as billed, keeps no picture of it, and does not retry', async () => {
  const manifest = smallManifest({ hero: 'A lighthouse' }).replace(
    'defaults: {',
    'defaults: { partials: 2,',
  )
  const project = await createTestProject({ files: { 'images.yaml': manifest }, server: true })
  project.server.next({ kind: 'endStream', afterFrames: 2 })
  const { failed, usd, events } = await project.generate()
  expect(failed).toMatchObject([
    {
      error: {
        code: 'provider/network',
        message: expect.stringMatching(/^The stream ended before the picture was complete/),
      },
    },
  ])
  expect(events.flatMap((event) => (event.type === 'partial' ? [event.index] : []))).toEqual([0, 1])
  expect(project.server.requests).toHaveLength(1)
  expect(usd).toBeGreaterThan(0)
  expect([project.has('images.lock'), project.list('images')]).toEqual([false, []])
})

test('prints the location of a refused picture in the manifest, as text and as JSON', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ fine: 'A lighthouse', bad: 'Something else' }) },
    server: true,
  })
  project.server.answer(({ body }) =>
    body['prompt'] === 'Something else' ? errors.moderationBlocked : undefined,
  )
  const said = await project.cli(['generate'])
  expect(said.stderr).toContain(
    '  ✗ bad: Moderation rejected the prompt: sexual.\n      → Reword the prompt; the same request fails again.\n      images.yaml:8:3\n',
  )
  const events = (await project.cli(['generate', '--json'])).stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(events.find(({ type }) => type === 'failed')).toMatchObject({
    asset: 'bad',
    error: { code: 'provider/moderation', location: 'images.yaml:8:3' },
  })
  expect(project.server.requests).toHaveLength(3)
})
