import { expect, test } from 'vitest'
import { createTestProject, smallManifest } from './test-project.ts'

const clouds = (count: number): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`p${index}`, `Cloud number ${index}`]),
  )

test.each([
  [1, 3],
  [3, 5],
  [4, 20],
])(
  'stops with %d in flight once a server that bills %d times the price has used up the limit',
  async (inFlight, factor) => {
    const head = `provider: openai\nlimits: { inFlight: ${inFlight} }`
    const project = await createTestProject({
      files: { 'images.yaml': smallManifest(clouds(12), head) },
      server: { latencyMs: 20 },
    })
    const each = (await project.plan()).usd / 12
    project.server.answer(() => ({ kind: 'overbill', factor }))
    const { failed, generated, usd } = await project.project.generate({ maxUsd: each * 10 })
    const sent = project.server.requests.length
    expect(generated).toBe(sent)
    expect(failed).toHaveLength(12 - sent)
    expect(failed.map(({ error }) => (error as { code: string }).code)).toEqual(
      failed.map(() => 'budget/exceeded'),
    )
    const billed = usd / sent
    // Without the requests in flight, the limit holds.
    expect(usd - inFlight * billed).toBeLessThanOrEqual(each * 10)
    expect(sent).toBeLessThan(12)
  },
)

test('raises the estimates of a model, so that one request at a time never exceeds the limit', async () => {
  const head = 'provider: openai\nlimits: { inFlight: 1 }'
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(clouds(6), head) },
    server: true,
  })
  const each = (await project.plan()).usd / 6
  project.server.answer(() => ({ kind: 'overbill', factor: 2 }))
  const { generated, usd } = await project.project.generate({ maxUsd: each * 6 })
  expect(usd).toBeLessThanOrEqual(each * 6)
  expect(generated).toBeGreaterThanOrEqual(2)
  expect(generated).toBeLessThan(4)
})

test('stops every request after budget.run is used up, however many pictures they ask for', async () => {
  const head = 'provider: openai\nlimits: { inFlight: 1 }'
  const manifest = smallManifest(clouds(5), head)
    .replaceAll('    alt', '    candidates: 2\n    alt')
    .replace('defaults: {', 'defaults: { model: gpt-image-2,')
  const project = await createTestProject({ files: { 'images.yaml': manifest }, server: true })
  const each = (await project.plan()).usd / 5
  project.edit('provider: openai', `provider: openai\nbudget: { run: ${each * 4} }`)
  project.server.answer(() => ({ kind: 'overbill', factor: 30 }))
  const { failed } = await project.project.generate()
  expect(project.server.requests).toHaveLength(1)
  expect(failed).toHaveLength(4)
})
