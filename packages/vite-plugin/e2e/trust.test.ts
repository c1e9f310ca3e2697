import { createLogger } from 'vite'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startImageServer } from '../../../fixtures/openai-server/index.ts'
import { manifest, page, type SiteOptions, testSite } from './site.ts'

/** Starts a dev server, and returns what it logs as errors. */
async function devErrors(options: SiteOptions): Promise<string[]> {
  const errors: string[] = []
  const logger = createLogger('silent')
  logger.error = (message) => void errors.push(message)
  await testSite(options).dev({ customLogger: logger })
  return errors
}

const free = (url: string, key: string): string =>
  manifest.replace(
    'provider: local',
    `provider: mine\nproviders: { mine: { baseURL: '${url}', key: ${key}, models: { m: { price: 0, sizes: any } } } }\ndefaults: { model: m }`,
  )

test.each([
  ['in free work', {}],
  ['with a budget', { generate: 'final', maxCost: 1 }],
] as const)('sends no key that the user has not agreed to, %s', async (_, dev) => {
  const server = await startImageServer()
  onTestFinished(() => server.close())
  vi.stubEnv('SHOP_API_KEY', 'sk-test')
  vi.stubEnv('XDG_CONFIG_HOME', '/nonexistent')
  const errors = await devErrors({
    files: { 'images.yaml': free(server.baseURL, 'SHOP_API_KEY'), ...page },
    limn: { dev },
  })
  await expect.poll(() => errors.join('\n'), { timeout: 30_000 }).toContain('you have not agreed')
  expect(errors.join('\n')).toContain(`limn trust grant SHOP_API_KEY@127.0.0.1:`)
  expect(errors.join('\n')).not.toContain('sk-test')
  expect(server.requests).toEqual([])
})

test('does not let the .env of a site choose the server of a key in another file', async () => {
  const server = await startImageServer()
  onTestFinished(() => server.close())
  vi.stubEnv('OPENAI_API_KEY', undefined)
  vi.stubEnv('OPENAI_BASE_URL', undefined)
  vi.stubEnv('SHOP_API_KEY', 'sk-of-the-shop')
  vi.stubEnv('XDG_CONFIG_HOME', '/nonexistent')
  const openai = manifest.replace('provider: local', 'provider: openai')
  const limn = { dev: { generate: 'final', maxCost: 1 } } as const
  for (const files of [
    { '.env': `OPENAI_BASE_URL=${server.baseURL}\n`, '.env.local': 'OPENAI_API_KEY=sk-own\n' },
    { '.env': `OPENAI_BASE_URL=${server.baseURL}\nOPENAI_API_KEY=$SHOP_API_KEY\n` },
    { '.env': `OPENAI_BASE_URL=${server.baseURL}/$SHOP_API_KEY\nOPENAI_API_KEY=x\n` },
  ]) {
    const errors = await devErrors({ files: { 'images.yaml': openai, ...page, ...files }, limn })
    await expect.poll(() => errors.join('\n'), { timeout: 30_000 }).toContain('not agreed')
    expect(errors.join('\n')).toContain('.env:1')
  }
  expect(server.requests).toEqual([])
})
