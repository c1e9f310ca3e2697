import type { OnEvent } from '../events.ts'
import type { ProviderSettings } from '../manifest/manifest.ts'
import type { OwnModels } from '../models/models.ts'
import { createFailover } from './failover.ts'
import { type KeyAccess, openServer } from './key-access.ts'
import { createAzureClient, isV1Route } from './openai/azure.ts'
import { createOpenAIProvider, type OpenAIOptions } from './openai/openai.ts'
import type { ImageProvider } from './provider.ts'

type ProviderContext = {
  access: KeyAccess
  /** Models that the manifest describes. */
  models: OwnModels
  /** Folder of the manifest and of `limn.config.ts`. Absolute. */
  root: string
  /** Whether the providers share the work. Default: each one takes over from those before it. */
  isBalanced?: boolean | undefined
  /** Receives `failover` and `passed-over`. */
  onEvent: OnEvent
  /** Adds something to each provider, such as a limit. Default: nothing. */
  extend?:
    | ((provider: ImageProvider, settings: ProviderSettings) => Promise<ImageProvider>)
    | undefined
}

type CreateOne = (
  settings: ProviderSettings,
  context: ProviderContext,
) => ImageProvider | Promise<ImageProvider>

/**
 * The factory of each kind of server. Servers that speak OpenAI's Images API share one: their
 * differences are data, see `Quirks`.
 */
const createByServer = {
  local: async (_, { root }) => (await import('./local/local.ts')).createLocalProvider(root),
  'ai-sdk': async (settings, { root, access }) =>
    (await import('./ai-sdk/ai-sdk.ts')).createAiSdkProvider(settings, { root, access }),
  command: async (settings, { root, access, models }) =>
    (await import('./command/command.ts')).createCommandProvider(settings, {
      root,
      access,
      models,
    }),
  azure: createAzureProvider,
  openai: createCompatibleProvider,
  localai: createCompatibleProvider,
  'stable-diffusion.cpp': createCompatibleProvider,
  'vllm-omni': createCompatibleProvider,
  together: createCompatibleProvider,
  xai: createCompatibleProvider,
  gemini: createCompatibleProvider,
  'new-api': createCompatibleProvider,
} satisfies Record<ProviderSettings['server'], CreateOne>

/**
 * Creates the provider of a run: the only one of the settings, or all of them, with failover in the
 * given order or sharing the work.
 *
 * @throws LimnError `provider/no-key`, `provider/no-consent`; `usage` for an invalid base URL;
 *   `config/not-found`, `config/not-trusted` and `config/invalid` for a `limn.config.ts` that a
 *   provider requires; `command/not-found` and `command/not-trusted` for a command
 */
export async function createProvider(
  settings: readonly ProviderSettings[],
  context: ProviderContext,
): Promise<ImageProvider> {
  const [first, ...others] = settings
  const { root, isBalanced, extend = async (provider) => provider } = context
  if (first === undefined || first.server === 'local') {
    const local = (await import('./local/local.ts')).createLocalProvider(root)
    return first === undefined ? local : extend(local, first)
  }
  const create = async (each: ProviderSettings): Promise<ImageProvider> =>
    extend(await createByServer[each.server](each, context), each)
  return others.length === 0
    ? create(first)
    : createFailover({ settings, create, isShared: isBalanced, onEvent: context.onEvent })
}

async function createCompatibleProvider(
  settings: ProviderSettings,
  context: ProviderContext,
): Promise<ImageProvider> {
  return createOpenAIProvider(await openAIOptions(settings, context))
}

async function createAzureProvider(
  settings: ProviderSettings,
  context: ProviderContext,
): Promise<ImageProvider> {
  const options = await openAIOptions(settings, context)
  const { baseURL } = options
  if (baseURL === undefined || isV1Route(baseURL)) return createOpenAIProvider(options)
  return createOpenAIProvider({
    ...options,
    makeClient: (sdk, clientOptions) =>
      createAzureClient(sdk, clientOptions, { baseURL, apiVersion: settings.apiVersion }),
  })
}

async function openAIOptions(
  settings: ProviderSettings,
  { access, models }: Pick<ProviderContext, 'access' | 'models'>,
): Promise<OpenAIOptions> {
  const { apiKey, baseURL } = await openServer(settings, access)
  const { name, key, isKeyOptional, timeoutMs, headers, safetyIdentifier } = settings
  return {
    apiKey,
    keyName: key,
    isKeyOptional,
    name,
    baseURL,
    timeoutMs,
    headers,
    safetyIdentifier,
    models,
    dialect: settings,
    env: access.env,
  }
}
