import { onTestFinished } from 'vitest'
import { type ImageServer, startImageServer } from '../../../../../fixtures/openai-server/index.ts'
import type { ImageRequest } from '../../identity/request.ts'
import type { ImageProvider } from '../provider.ts'
import { createOpenAIProvider, type OpenAIOptions } from './openai.ts'

/** The key of `createPair`'s provider. */
export const KEY = 'sk-test-0123456789abcdefghijklmnop'

/** A request that every server accepts. */
export const request: ImageRequest = {
  operation: 'generate',
  prompt: 'A lighthouse',
  model: 'gpt-image-2.5-flare',
  size: '816x816',
  quality: 'low',
  background: 'auto',
  format: 'png',
}

/** Starts a server, and creates a provider that sends to it. The test closes the server. */
export async function createPair(
  options: Partial<OpenAIOptions> = {},
  serverOptions: Parameters<typeof startImageServer>[0] = {},
): Promise<{ server: ImageServer; provider: ImageProvider }> {
  const server = await startImageServer(serverOptions)
  onTestFinished(() => server.close())
  return {
    server,
    provider: await createOpenAIProvider({ apiKey: KEY, baseURL: server.baseURL, ...options }),
  }
}
