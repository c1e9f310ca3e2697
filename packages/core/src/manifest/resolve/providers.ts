import { didYouMean } from '../../did-you-mean.ts'
import { LimnError } from '../../errors.ts'
import { hostsOfKey, isAtHost } from '../../models/consent.ts'
import {
  ANY_MODEL,
  DEFAULT_OPENAI_MODEL,
  resolveModel,
  LOCAL_MODEL,
  type OwnModels,
} from '../../models/models.ts'
import { imagesPerMinuteByTier, type Quirks, type Server, servers } from '../../models/servers.ts'
import type { LimitsFile, ManifestFile, ProviderFile, QuirksFile } from '../manifest-file.ts'
import type { Limits, ProviderSettings } from '../manifest.ts'

/** Default number of requests at the same time: no limit is published, and this one works well. */
const IN_FLIGHT = 4
/** Default number of requests at the same time to a program: it may need the whole graphics card. */
const COMMANDS_IN_FLIGHT = 1
/** Default time limit of a request, s. */
const TIMEOUT_S = 600

/** Providers that need no entry. */
export const builtInProviders = ['local', 'openai'] as const

/** Returns the names of the providers as the manifest lists them. */
export function namesOf({ provider = 'local' }: Pick<ManifestFile, 'provider'>): string[] {
  if (typeof provider === 'string') return [provider]
  return 'balance' in provider ? provider.balance : provider
}

/** Whether the providers of a manifest share the work. */
export function isBalanced({ provider }: Pick<ManifestFile, 'provider'>): boolean {
  return typeof provider === 'object' && 'balance' in provider
}

/**
 * Returns the providers in the order of failover. Leaves out names without an entry, which a rule
 * reports.
 *
 * @throws LimnError `provider/unknown` if `override` has no entry
 */
export function resolveProviders(
  file: Pick<ManifestFile, 'provider' | 'providers' | 'limits'>,
  override: string | undefined,
): ProviderSettings[] {
  const names = override === undefined ? namesOf(file) : [override]
  return names.flatMap((name) => {
    if (
      name === override &&
      !builtInProviders.some((known) => known === name) &&
      !Object.hasOwn(file.providers ?? {}, name)
    ) {
      const known = [...new Set([...builtInProviders, ...Object.keys(file.providers ?? {})])]
      throw new LimnError('provider/unknown', `There is no provider "${name}".`, {
        hint: didYouMean(name, known) ?? `Name one of ${known.join(', ')}.`,
      })
    }
    const entry = Object.hasOwn(file.providers ?? {}, name) ? file.providers![name] : undefined
    if (entry === undefined && name !== 'openai') return name === 'local' ? [localSettings] : []
    return [resolveProvider(name, entry ?? {}, file.limits)]
  })
}

function resolveProvider(
  name: string,
  entry: ProviderFile,
  limits: LimitsFile | undefined,
): ProviderSettings {
  const {
    server = 'openai',
    baseURL,
    key,
    apiVersion,
    headers = {},
    timeout = TIMEOUT_S,
    body = {},
    quirks = {},
    models = {},
    safetyIdentifier,
    command,
    env = [],
  } = entry
  const known: Server = servers[server]
  return {
    name,
    server,
    baseURL: baseURL ?? known.baseURL,
    key: key ?? defaultKey(name, baseURL, known),
    isKeyOptional: known.isKeyOptional,
    apiVersion: apiVersion ?? null,
    headers,
    timeoutMs: timeout * 1000,
    body,
    quirks: resolveQuirks(known.quirks, quirks),
    names: Object.fromEntries(
      Object.entries(models).flatMap(([id, { as }]) => (as === undefined ? [] : [[id, as]])),
    ),
    limits: resolveLimits(
      entry.limits ?? limits,
      server === 'command' ? COMMANDS_IN_FLIGHT : IN_FLIGHT,
    ),
    safetyIdentifier: safetyIdentifier ?? null,
    ...(server === 'command'
      ? { command: { line: command ?? [], variables: [...new Set(env)].sort() } }
      : {}),
  }
}

function resolveQuirks(known: Quirks, { responseFormat, ...others }: QuirksFile): Quirks {
  return {
    ...known,
    ...withoutUndefined(others),
    ...(responseFormat === undefined
      ? {}
      : { responseFormat: responseFormat === 'none' ? null : responseFormat }),
  }
}

/**
 * Returns the variable of a provider that names none. A key that is meant for another server is
 * never sent to a custom one by default; for a host where customers of the service run code, a rule
 * requires a name.
 */
function defaultKey(name: string, baseURL: string | undefined, known: Server): string {
  if (baseURL === undefined || isMeantFor(known.key, baseURL)) return known.key
  return isAtHost(known.customerHosts ?? [], baseURL) ? known.key : variableOf(name)
}

/** Whether a key may be sent to a URL: the keys of known services are sent only to their hosts. */
export function isMeantFor(key: string, baseURL: string): boolean {
  const hosts = hostsOfKey(key)
  return hosts === null || !URL.canParse(baseURL) || isAtHost(hosts, baseURL)
}

/** Returns the default variable of a provider's key: MY_RELAY_API_KEY of `my-relay`. */
export function variableOf(name: string): string {
  return `${name.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}_API_KEY`
}

function resolveLimits(
  {
    tier,
    imagesPerMinute,
    inputImagesPerMinute,
    inFlight,
    retryUncertain = false,
  }: LimitsFile = {},
  defaultInFlight: number = IN_FLIGHT,
): Limits {
  const byTier =
    tier === undefined ? null : imagesPerMinuteByTier[tier as keyof typeof imagesPerMinuteByTier]
  const images = imagesPerMinute ?? byTier
  return {
    inFlight: inFlight ?? defaultInFlight,
    isInFlightSaid: inFlight !== undefined,
    imagesPerMinute: images,
    inputImagesPerMinute: inputImagesPerMinute ?? images,
    retryUncertain,
  }
}

const localSettings: ProviderSettings = {
  name: 'local',
  server: 'local',
  baseURL: null,
  key: '',
  isKeyOptional: true,
  apiVersion: null,
  headers: {},
  timeoutMs: TIMEOUT_S * 1000,
  body: {},
  quirks: servers.openai.quirks,
  names: {},
  limits: resolveLimits(),
  safetyIdentifier: null,
}

/**
 * Returns the models that provider entries describe, by id. Of two entries the first in the order
 * of failover wins. A picture of a program is free unless its entry states a price.
 */
export function resolveModels(
  { providers = {} }: Pick<ManifestFile, 'providers'>,
  inOrder: readonly ProviderSettings[],
): OwnModels {
  const described = inOrder.toReversed().flatMap(({ name, server }) => {
    const models = (Object.hasOwn(providers, name) ? providers[name]!.models : undefined) ?? {}
    return Object.entries(models).map(([id, written]) => {
      const { as: _, ...override } = written
      return [id, server === 'command' ? { price: 0, ...override } : override] as const
    })
  })
  const rows = described.flatMap(([id, override]) => {
    // An entry with only a name for the server describes no capabilities.
    return Object.keys(override).length === 0 ? [] : [[id, resolveModel(id, override)] as const]
  })
  const isProgram = inOrder.length > 0 && inOrder.every(({ server }) => server === 'command')
  return {
    ...(isProgram ? { [ANY_MODEL]: resolveModel(ANY_MODEL, { price: 0 }) } : {}),
    ...Object.fromEntries(rows),
  }
}

/** Returns the default model of a provider; `undefined` if it has none. */
export function defaultModel({ server, name }: ProviderSettings): string | undefined {
  if (server === 'local') return LOCAL_MODEL
  if (server === 'ai-sdk' || server === 'command') return name
  return server === 'openai' || server === 'azure' || server === 'new-api'
    ? DEFAULT_OPENAI_MODEL
    : undefined
}

function withoutUndefined<T extends object>(
  value: T,
): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}
