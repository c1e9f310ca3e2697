import type { OnEvent } from '../events.ts'
import type { ProviderSettings } from '../manifest/manifest.ts'
import type { OwnModels } from '../models/models.ts'
import { createFailover } from './failover.ts'
import { createAzureClient, isV1Route } from './openai/azure.ts'
import { createOpenAIProvider } from './openai/openai.ts'
import type { ImageProvider } from './provider.ts'

/** What a provider may need of the surroundings: keys and base URLs by the name of their variable. */
export type ProviderEnvironment = Readonly<Record<string, string | undefined>>

export type ProviderContext = {
  env: ProviderEnvironment
  /** Rows of models that the manifest brings. */
  models: OwnModels
  /** Folder of the manifest, where `limn.config.ts` stands too. Absolute. */
  root: string
  /** Told where another provider takes over. */
  onEvent: OnEvent
}

/**
 * Makes the providers of a manifest ready, in the order of failover.
 *
 * @throws LimnError `provider/no-key`; `usage` where a base URL is none; `config/not-found`,
 *   `config/invalid` where limn.config.ts is needed
 */
export async function createProvider(
  settings: readonly ProviderSettings[],
  context: ProviderContext,
): Promise<ImageProvider> {
  const [first, ...others] = settings
  if (first === undefined || first.server === 'local') {
    return (await import('./local/local.ts')).createLocalProvider()
  }
  const create = (each: ProviderSettings): Promise<ImageProvider> => createOne(each, context)
  return others.length === 0
    ? create(first)
    : createFailover({ settings, create, onEvent: context.onEvent })
}

async function createOne(
  settings: ProviderSettings,
  { env, models, root }: ProviderContext,
): Promise<ImageProvider> {
  if (settings.server === 'ai-sdk') {
    return (await import('./ai-sdk/ai-sdk.ts')).createAiSdkProvider(settings, root)
  }
  const { name, server, key, isKeyOptional, timeoutMs, headers, safetyIdentifier, apiVersion } =
    settings
  const baseURL = baseURLOf(settings, env)
  return createOpenAIProvider({
    apiKey: env[key],
    keyName: key,
    isKeyOptional,
    name,
    baseURL,
    timeoutMs,
    headers,
    safetyIdentifier,
    models,
    manner: settings,
    ...(server === 'azure' && baseURL !== undefined && !isV1Route(baseURL)
      ? { makeClient: (sdk, options) => createAzureClient(sdk, options, { baseURL, apiVersion }) }
      : {}),
  })
}

/** A URL as it may be shown: without name and password. What is no URL is left as it is. */
export function withoutPassword(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || (url.username === '' && url.password === '')) return text
  url.username = ''
  url.password = ''
  return url.href
}

/**
 * Where a provider is asked; `undefined` for OpenAI's own URL. OPENAI_BASE_URL speaks only for the
 * plain `openai`.
 */
export function baseURLOf(
  { name, server, baseURL }: Pick<ProviderSettings, 'name' | 'server' | 'baseURL'>,
  env: ProviderEnvironment,
): string | undefined {
  return baseURL ?? (name === 'openai' && server === 'openai' ? env['OPENAI_BASE_URL'] : undefined)
}
