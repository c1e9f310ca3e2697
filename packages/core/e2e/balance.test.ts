import { describe, expect, onTestFinished, test } from 'vitest'
import {
  type BillingOptions,
  type BillingServer,
  startBillingServer,
} from '../../../fixtures/billing-server.ts'
import { createTestProject, type TestProject } from './test-project.ts'

type Two = { project: TestProject; servers: BillingServer[] }

/** Creates a project with two providers that share the work. */
async function createTwo(
  options: [BillingOptions, BillingOptions],
  limits: [string, string],
  assets: number,
): Promise<Two> {
  const servers = await Promise.all(options.map((each) => startBillingServer(each)))
  onTestFinished(async () => void (await Promise.all(servers.map((server) => server.close()))))
  const entry = (name: string, index: number): string =>
    `  ${name}: { baseURL: '${servers[index]!.baseURL}', key: ${name.toUpperCase()}_API_KEY, limits: ${limits[index]!} }\n`
  const lines = Array.from({ length: assets }, (_, n) => `  p${n}: { prompt: No. ${n}, alt: x }\n`)
  const manifest = `version: 1
provider: { balance: [a, b] }
providers:
${entry('a', 0)}${entry('b', 1)}defaults: { outputs: [{ name: s, width: 32, height: 32, formats: [webp] }] }
assets:
${lines.join('')}`
  const env = { A_API_KEY: 'sk-of-a-0123456789', B_API_KEY: 'sk-of-b-0123456789' }
  const project = await createTestProject({ files: { 'images.yaml': manifest }, env })
  return { project, servers }
}

const billedBy = ({ servers }: Two): number[] => servers.map(({ billed }) => billed.size)

describe('providers that share the work', () => {
  test('answer by the requests that each may have in flight', async () => {
    const two = await createTwo(
      [{ latencyMs: 80 }, { latencyMs: 80 }],
      ['{ inFlight: 1 }', '{ inFlight: 3 }'],
      10,
    )
    expect(await two.project.generate()).toMatchObject({ generated: 10, failed: [] })
    const [a, b] = billedBy(two) as [number, number]
    expect(a + b).toBe(10)
    expect(b).toBeGreaterThan(a)
    expect(two.servers.map(({ maxInFlight }) => maxInFlight)).toEqual([1, 3])
    expect(two.project.text('images.lock')).toMatch(/"provider": "b"/)
  })

  test('stay within the limit of each', async () => {
    const two = await createTwo(
      [
        { perMinute: 60, burst: 7 },
        { perMinute: 600, burst: 52 },
      ],
      ['{ imagesPerMinute: 60, inFlight: 40 }', '{ imagesPerMinute: 600, inFlight: 40 }'],
      30,
    )
    expect(await two.project.generate()).toMatchObject({ generated: 30, failed: [] })
    expect(two.servers.flatMap(({ refused }) => [...refused.values()])).toEqual([])
    const [a, b] = billedBy(two) as [number, number]
    expect(b / a).toBeGreaterThan(2)
  })

  test('take over from one that fails, and pay once', async () => {
    const two = await createTwo([{}, {}], ['{ inFlight: 2 }', '{ inFlight: 2 }'], 6)
    await two.servers[1]!.close()
    const { generated, failed, events } = await two.project.generate()
    expect(failed).toEqual([])
    expect(generated).toBe(6)
    expect(billedBy(two)).toEqual([6, 0])
    expect(events).toContainEqual(expect.objectContaining({ type: 'failover', from: 'b', to: 'a' }))
  })
})

describe('a list of providers that share the work', () => {
  test.each([
    ['[a]', /balance/],
    ['[a, nobody]', /There is no provider "nobody"/],
    ['[a, a]', /"a" is listed twice/],
    ['[a, local]', /local provider can't share the work/],
  ])('%s is reported', async (list, message) => {
    const manifest = `version: 1\nprovider: { balance: ${list} }\nproviders: { a: {} }\nassets: { x: { prompt: X, alt: x, outputs: [og] } }\n`
    const project = await createTestProject({ files: { 'images.yaml': manifest } })
    const { code, stderr } = await project.cli(['plan'])
    expect(code).toBe(1)
    expect(stderr).toMatch(message)
    expect(stderr).toMatch(/images\.yaml:2:/)
  })
})
