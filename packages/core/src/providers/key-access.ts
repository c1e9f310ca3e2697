import type { ProviderSettings } from '../manifest/manifest.ts'
import type { CommandUse, ConfigUse, KeyUse, RemoteUse } from '../models/consent.ts'
import { OPENAI_URL } from '../models/servers.ts'
import { baseURLOf, type ProviderEnvironment } from './environment.ts'

/** A use that may require the user's consent, and what names it. */
export type NamedUse =
  /** The provider that sends the key; `namedBy` is what names its host. */
  | (KeyUse & { provider: string; namedBy: 'manifest' | 'OPENAI_BASE_URL' })
  /** The token of the remote store. */
  | (KeyUse & { provider: null; namedBy: RemoteNamedBy })
  | (RemoteUse & { namedBy: RemoteNamedBy })
  /** The name of the file to run. */
  | (ConfigUse & { file: string })
  | NamedCommand

/** A command that a provider runs. */
export type NamedCommand = CommandUse & {
  provider: string
  /** The program and its arguments, as the manifest has them. */
  line: readonly string[]
  /** Names of the variables that it receives. */
  variables: readonly string[]
}

/** What names a remote store: the key `remote` of the manifest, or the variable. */
export type RemoteNamedBy = 'remote' | 'LIMN_REMOTE'

/** The keys of a project, and the guard that every use of one passes. */
export type KeyAccess = {
  env: ProviderEnvironment
  /**
   * Resolves if the user has agreed, on this machine, to send this key to this host, or to run this
   * program; asks first if the caller of the project can.
   *
   * @throws LimnError `provider/no-consent`, `config/not-trusted`, `command/not-trusted`
   */
  requireConsent: (use: NamedUse) => Promise<void>
}

/**
 * Asks for what using a provider requires: its key at its host, the program of the project, or its
 * command.
 *
 * @param context.root folder of the manifest, absolute
 * @throws LimnError `provider/no-consent`, `config/not-trusted`, `config/not-found`,
 *   `command/not-trusted`, `command/not-found`
 */
export async function requireProviderConsent(
  settings: ProviderSettings,
  { access, root }: { access: KeyAccess; root: string },
): Promise<void> {
  if (settings.server === 'local') return
  if (settings.server === 'command') {
    const { findCommand } = await import('./command/find-command.ts')
    await access.requireConsent(findCommand(settings, root).use)
    return
  }
  if (settings.server !== 'ai-sdk') {
    await openServer(settings, access)
    return
  }
  const { findConfig } = await import('./ai-sdk/load-config.ts')
  await access.requireConsent({ kind: 'config', file: findConfig(root).name })
}

/** What a provider's requests are sent with. */
export type OpenedServer = {
  /** Empty if its variable is not set. */
  apiKey: string
  /** `undefined` for OpenAI's own. */
  baseURL: string | undefined
}

/**
 * Returns the key of a provider and its server. The only place that takes a key from the
 * environment, so that no key is sent where its owner did not agree.
 *
 * @throws LimnError `provider/no-consent`
 */
export async function openServer(
  settings: Pick<ProviderSettings, 'name' | 'server' | 'baseURL' | 'key'>,
  { env, requireConsent }: KeyAccess,
): Promise<OpenedServer> {
  const { name: provider, key: variable } = settings
  const apiKey = env[variable] ?? ''
  const baseURL = baseURLOf(settings, env)
  const url = baseURL ?? OPENAI_URL
  // The client rejects an invalid URL before it sends anything.
  if (apiKey !== '' && URL.canParse(url)) {
    const isFromEnvironment = settings.baseURL === null && baseURL !== undefined
    const namedBy = isFromEnvironment ? 'OPENAI_BASE_URL' : 'manifest'
    await requireConsent({ kind: 'key', variable, url, provider, namedBy })
  }
  return { apiKey, baseURL }
}
