import { expect, test } from 'vitest'
import type { Fault } from '../../../fixtures/openai-server/index.ts'
import { errors } from '../../../fixtures/openai-server/index.ts'
import { createTestProject, smallManifest } from './test-project.ts'

const text = (status: number, contentType: string, body: string): Fault => ({
  kind: 'body',
  status,
  contentType,
  text: body,
})

/** What gateways answer when they give up on a server that may have drawn the picture. */
const gateways: Readonly<Record<string, Fault>> = {
  envoy: text(504, 'text/plain', 'upstream request timeout'),
  kong: text(504, 'application/json', '{"message":"The upstream server is timing out"}'),
  litellm: text(408, 'application/json', '{"error":{"message":"Timeout.","code":"408"}}'),
  nginx: text(499, 'text/html', '<html>499</html>'),
  haproxy: text(502, 'text/html', ''),
  azure: { ...errors.serverError, status: 502 },
  cloudflare: text(520, 'text/plain', 'error code: 520'),
  tunnel: { kind: 'html', status: 522 },
  quota: { ...errors.insufficientQuota, status: 524 },
  plain: text(500, 'text/plain', 'Internal Server Error'),
}

test('sends a request once that a gateway gave up, and counts it at its maximum cost', async () => {
  const prompts = Object.fromEntries(Object.keys(gateways).map((name) => [name, `A ${name}`]))
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest(prompts) },
    server: true,
  })
  const { usd: most } = await project.plan()
  let isDown = true
  project.server.answer(({ body }) =>
    isDown ? gateways[String(body['prompt']).slice(2)] : undefined,
  )
  const { code, stderr } = await project.cli(['generate'])
  expect(code).toBe(1)
  expect(project.server.requests).toHaveLength(Object.keys(gateways).length)
  expect(stderr).toMatch(
    /^10 may have been billed \(up to \$0\.\d+, counted as spent\): check the usage page/m,
  )
  expect(stderr.match(/The picture may have been billed\./g)).toHaveLength(10)
  const history = await project.project.costs()
  expect(history.exact.costs.month.usd).toBeCloseTo(most, 6)
  // The pictures are requested again by the next run.
  isDown = false
  expect(await project.generate()).toMatchObject({ generated: 10, failed: [] })
})

test.each([
  ['the manifest', 'provider: openai\nlimits: { retryUncertain: true }', []],
  ['the flag', 'provider: openai', ['--retry-uncertain']],
])(
  'retries a request that may have been billed if %s says so, and counts both',
  async (_, head, args) => {
    const project = await createTestProject({
      files: { 'images.yaml': smallManifest({ hero: 'A lighthouse' }, head) },
      server: true,
    })
    const { usd: most } = await project.plan()
    project.server.next(gateways['envoy']!)
    const { code } = await project.cli(['generate', ...args])
    expect([code, project.server.requests.length]).toEqual([0, 2])
    expect((await project.project.costs()).exact.costs.month.usd).toBeGreaterThan(most)
  },
)

test('retries with the same key if the server accepts idempotency keys, and else sends none', async () => {
  for (const [quirk, attempts] of [
    ['true', 2],
    ['false', 1],
  ] as const) {
    const head = `provider: openai\nproviders: { openai: { quirks: { idempotencyKeys: ${quirk} } } }`
    const project = await createTestProject({
      files: { 'images.yaml': smallManifest({ hero: 'A lighthouse' }, head) },
      server: true,
    })
    project.server.next({ kind: 'cut', afterBytes: 0 })
    await project.project.generate()
    const keys = project.server.requests.map(({ headers }) => headers['idempotency-key'])
    expect(keys).toHaveLength(attempts)
    expect(new Set(keys).size).toBe(1)
    expect(keys[0] === undefined).toBe(quirk === 'false')
  }
})

test('retries no request that may have been billed beyond a limit', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A lighthouse' }) },
    server: true,
  })
  const { usd: most } = await project.plan()
  project.server.answer(() => gateways['kong'])
  const { failed, usd } = await project.project.generate({
    retryUncertain: true,
    maxUsd: most * 2.5,
  })
  expect(failed).toMatchObject([{ error: { code: 'budget/exceeded' } }])
  expect(project.server.requests).toHaveLength(2)
  expect(usd).toBeCloseTo(most * 2, 6)
})

test('retries the page of a server out of service, which did not take the request', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A lighthouse' }) },
    server: true,
  })
  project.server.next({ kind: 'html', status: 503 })
  expect(await project.generate()).toMatchObject({ generated: 1, failed: [] })
  expect(project.server.requests).toHaveLength(2)
})
