import sharp from 'sharp'
import { onTestFinished } from 'vitest'
import { type ImageServer, startImageServer } from '../../../../fixtures/openai-server/index.ts'
import { resolveText } from '../manifest/testing.ts'
import { createJudge, type Judge } from './judge.ts'

/** The key of `openJudge`. */
export const KEY = 'sk-test-0123456789abcdefghijklmnop'

/**
 * Starts a server, and creates the judge of a manifest that asks it. The test closes the server.
 *
 * @param provider further keys of the provider, in YAML; it has the address already
 * @param judge further keys of `judge`, in YAML
 */
export async function openJudge({
  provider = '',
  judge = '',
  key = KEY,
}: { provider?: string; judge?: string; key?: string } = {}): Promise<{
  server: ImageServer
  judge: Judge
}> {
  const server = await startImageServer({ apiKey: KEY })
  onTestFinished(() => server.close())
  const entry = `baseURL: ${server.baseURL}, key: OWN_API_KEY${provider}`
  const { manifest, diagnostics } = resolveText(
    `version: 1\nproviders: { own: { ${entry} } }\njudge: { provider: own${judge} }\nassets: { a: { prompt: A } }\n`,
  )
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (manifest === undefined || errors.length > 0) throw new Error(JSON.stringify(errors))
  const access = { env: { OWN_API_KEY: key }, requireConsent: async () => {} }
  return { server, judge: createJudge(manifest.judge, { access, root: '/nowhere' }) }
}

/** Creates a picture of one colour. */
export async function plainPicture(
  width: number,
  height: number,
  background: string = '#336699',
): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer()
}
