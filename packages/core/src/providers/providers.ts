import type { ProviderSettings } from '../manifest/providers.ts'
import { createOpenAIProvider } from './openai.ts'
import type { ImageProvider } from './provider.ts'

/** What a provider may need of the surroundings: keys and base URLs by the name of their variable. */
export type ProviderEnvironment = Readonly<Record<string, string | undefined>>

/**
 * Makes the providers of a manifest ready, in the order of failover.
 *
 * @throws LimnError `provider/no-key`
 */
export async function createProvider([settings]: readonly ProviderSettings[], env: ProviderEnvironment): Promise<ImageProvider> {
  if (settings === undefined || settings.server === 'local') return (await import('./local.ts')).createLocalProvider()
  const official = settings.name === 'openai' ? env['OPENAI_BASE_URL'] : undefined
  return createOpenAIProvider({ apiKey: env[settings.key], baseURL: settings.baseURL ?? official, timeoutMs: settings.timeoutMs })
}
