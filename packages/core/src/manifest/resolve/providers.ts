import { didYouMean } from '../../did-you-mean.ts'
import { LimnError } from '../../errors.ts'
import {
  DEFAULT_OPENAI_MODEL,
  describeModel,
  LOCAL_MODEL,
  type OwnModels,
} from '../../models/models.ts'
import { imagesPerMinuteByTier, type Server, servers } from '../../models/servers.ts'
import type { Limits, ProviderSettings } from '../manifest.ts'
import type { LimitsFile, ProviderFile } from '../parse/providers-schema.ts'
import type { ManifestFile } from '../parse/schema.ts'

/**
 * Requests at the same time where nobody says: no limit is published, and tools get on well with
 * this.
 */
const IN_FLIGHT = 4
const TIMEOUT_S = 600

/** Names that need no entry. */
export const builtInProviders = ['local', 'openai'] as const

/**
 * Who draws, in the order of failover. Names without an entry are left out; a rule tells of them.
 *
 * @throws LimnError `provider/unknown` where `override` has no entry
 */
export function resolveProviders(
  file: Pick<ManifestFile, 'provider' | 'providers' | 'limits'>,
  override: string | undefined,
): ProviderSettings[] {
  const named = override ?? file.provider ?? 'local'
  const names = typeof named === 'string' ? [named] : named
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
  } = entry
  const known: Server = servers[server]
  const { responseFormat, ...others } = quirks
  return {
    name,
    server,
    baseURL: baseURL ?? known.baseURL,
    // A server of one's own gets a key of its own: what is meant for another never goes there by default.
    key:
      key ??
      (baseURL !== undefined && !isMeantFor(known.key, baseURL) ? variableOf(name) : known.key),
    isKeyOptional: known.isKeyOptional,
    apiVersion: apiVersion ?? null,
    headers,
    timeoutMs: timeout * 1000,
    body,
    quirks: {
      ...known.quirks,
      ...withoutUndefined(others),
      ...(responseFormat === undefined
        ? {}
        : { responseFormat: responseFormat === 'none' ? null : responseFormat }),
    },
    names: Object.fromEntries(
      Object.entries(models).flatMap(([id, { as }]) => (as === undefined ? [] : [[id, as]])),
    ),
    limits: resolveLimits(entry.limits ?? limits),
    safetyIdentifier: safetyIdentifier ?? null,
  }
}

/** Whether a key may go to a URL: those of known services go only there. */
export function isMeantFor(key: string, baseURL: string): boolean {
  const hosts = Object.values<Server>(servers).find((server) => server.key === key)?.hosts ?? null
  if (hosts === null || !URL.canParse(baseURL)) return true
  const { hostname } = new URL(baseURL)
  return hosts.some((host) => hostname === host || hostname.endsWith(`.${host}`))
}

/** `my-relay` has its key in MY_RELAY_API_KEY. */
export function variableOf(name: string): string {
  return `${name.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}_API_KEY`
}

function resolveLimits({
  tier,
  imagesPerMinute,
  inputImagesPerMinute,
  inFlight,
}: LimitsFile = {}): Limits {
  const byTier =
    tier === undefined ? null : imagesPerMinuteByTier[tier as keyof typeof imagesPerMinuteByTier]
  const images = imagesPerMinute ?? byTier
  return {
    inFlight: inFlight ?? IN_FLIGHT,
    isInFlightSaid: inFlight !== undefined,
    imagesPerMinute: images,
    inputImagesPerMinute: inputImagesPerMinute ?? images,
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
 * The rows of models that the entries describe, by id; of two entries the first in the order of
 * failover counts.
 */
export function resolveModels(
  { providers = {} }: Pick<ManifestFile, 'providers'>,
  inOrder: readonly ProviderSettings[],
): OwnModels {
  const described = inOrder
    .toReversed()
    .flatMap(({ name }) =>
      Object.entries((Object.hasOwn(providers, name) ? providers[name]!.models : undefined) ?? {}),
    )
  const rows = described.flatMap(([id, written]) => {
    const { as: _, ...override } = written
    // Another name says nothing of what it can do.
    return Object.keys(override).length === 0 ? [] : [[id, describeModel(id, override)] as const]
  })
  return Object.fromEntries(rows)
}

/**
 * The model that is asked where none is named; `undefined` where the server has none that goes
 * without saying.
 */
export function defaultModel({ server, name }: ProviderSettings): string | undefined {
  if (server === 'local') return LOCAL_MODEL
  if (server === 'ai-sdk') return name
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
