import { LimnError } from '../errors.ts'
import type { ProviderId } from '../manifest/manifest.ts'
import { createOpenAIProvider } from './openai.ts'
import type { ImageProvider } from './provider.ts'

/** What a provider may need of the surroundings: keys and base URLs by the name of their variable. */
export type ProviderEnvironment = Readonly<Record<string, string | undefined>>

/** Providers by id. */
const factories = {
  local: async () => (await import('./local.ts')).createLocalProvider(),
  openai: (env) => createOpenAIProvider({ apiKey: env['OPENAI_API_KEY'], baseURL: env['OPENAI_BASE_URL'] }),
} satisfies Record<ProviderId, (env: ProviderEnvironment) => Promise<ImageProvider>>

/**
 * Makes a provider ready.
 *
 * @throws LimnError `provider/no-key`, `provider/unknown`
 */
export async function createProvider(id: ProviderId, env: ProviderEnvironment): Promise<ImageProvider> {
  if (!Object.hasOwn(factories, id)) throw new LimnError('provider/unknown', `There is no provider "${id}".`, { hint: `Name one of ${Object.keys(factories).join(', ')}.` })
  return factories[id](env)
}
