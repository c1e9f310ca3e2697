import { dirname } from 'node:path'
import { decodeText } from '../disk/decode-text.ts'
import { util } from '../disk/node-builtins.ts'
import { describeReadError } from '../disk/read-errors.ts'
import { maxBytes, readInside, statInside } from '../disk/read-inside.ts'
import type { ProviderSettings } from '../manifest/manifest.ts'

/** Environment variables by name, with the keys and base URLs of providers. */
export type ProviderEnvironment = Readonly<Record<string, string | undefined>>

/**
 * Whether Limn reads a variable: its own, OpenAI's, and those that a manifest can name as the key
 * of a provider.
 */
function isRead(name: string): boolean {
  return /^(OPENAI|LIMN)_|_API_(KEY|TOKEN)$/.test(name)
}

/** Whether a variable names a proxy, or the hosts that are reached without one. */
export function isProxyVariable(name: string): boolean {
  return /^(HTTPS?|ALL|NO)_PROXY$/.test(name.toUpperCase())
}

/**
 * Whether a variable says where the user's state is stored, names a proxy, or asks for prompts in
 * telemetry. No file may set it.
 */
function isOfUser(name: string): boolean {
  return (
    name === 'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT' ||
    name === 'HOME' ||
    name === 'XDG_STATE_HOME' ||
    name === 'LOCALAPPDATA' ||
    isProxyVariable(name)
  )
}

/** Whether a variable grants trust, or changes who pays for requests to OpenAI. No file may set it. */
function isOnlyOfProcess(name: string): boolean {
  return /^(LIMN_TRUST|OPENAI_(ORG_ID|PROJECT_ID|CUSTOM_HEADERS))$/.test(name)
}

/**
 * Merges the variables of `.env` files and of the process, and keeps only those that Limn reads.
 * The process overrides files, and only the process says where the user's state is stored and which
 * proxies apply. A base URL from a file applies only to a key from a file: otherwise a cloned
 * repository could send the user's own key to any server. LIMN_TRUST, and what identifies the
 * account at OpenAI, do not apply from a file at all.
 *
 * @returns `warning`, one line, if a base URL was ignored
 */
export function joinEnvironments(
  allOfFiles: ProviderEnvironment,
  allOfProcess: ProviderEnvironment,
): { env: ProviderEnvironment; warning?: string } {
  const ofFiles = only((name) => isRead(name) && !isOnlyOfProcess(name), allOfFiles)
  const ofProcess = only((name) => isRead(name) || isOfUser(name), allOfProcess)
  const { OPENAI_BASE_URL: baseURL, ...others } = ofFiles
  if (
    baseURL === undefined ||
    ofProcess['OPENAI_BASE_URL'] !== undefined ||
    ofProcess['OPENAI_API_KEY'] === undefined
  ) {
    return { env: { ...ofFiles, ...ofProcess } }
  }
  return {
    env: { ...others, ...ofProcess },
    warning:
      'Limn ignores OPENAI_BASE_URL from .env because OPENAI_API_KEY is not set there: a repository must not choose the server that receives your key. To use that server, set OPENAI_BASE_URL where the key is set.',
  }
}

/** The variables of a `.env` file; none if it is missing or can't be read. */
type EnvFile = {
  variables: ProviderEnvironment
  /** Why it can't be read, as the end of a sentence. */
  problem?: string
}

/** Reads a `.env` file. A link to another folder is not followed: it may lead to any file. */
export function readEnvFile(path: string): EnvFile {
  // A failed read is about 100 times slower than this check.
  const stat = statInside(dirname(path), path)
  // Some tools use a folder of this name.
  if (stat === undefined || stat.isDirectory()) return { variables: {} }
  try {
    const text = decodeText(readInside(dirname(path), path, maxBytes.text))
    return { variables: util.parseEnv(text) }
  } catch (error) {
    return { variables: {}, problem: describeReadError(error) }
  }
}

/** The variables that say who receives keys, prompts and pictures. */
const ADDRESSES = ['OPENAI_BASE_URL', 'LIMN_REMOTE']

/**
 * Finds the file of each variable that another program read from `.env` files. That program may
 * insert other variables into a value (`$NAME`), even those of the process: such a key belongs to
 * no file, and no key belongs to the file of such a base URL. An address always belongs to its
 * file.
 *
 * @param paths absolute, in the order in which later ones override earlier ones
 * @param read the variables as that program read them
 */
export function findEnvFiles(
  paths: readonly string[],
  read: ProviderEnvironment,
  ofProcess: ProviderEnvironment,
): Record<string, string> {
  const found: Record<string, string> = {}
  const changed = new Set<string>()
  for (const path of paths) {
    for (const [name, value] of Object.entries(only(isRead, readEnvFile(path).variables))) {
      if (ofProcess[name] !== undefined) continue
      found[name] = path
      if (value === read[name]) changed.delete(name)
      else changed.add(name)
    }
  }
  // An address that Limn reads in no file, but that program did, comes from a file nevertheless.
  const [first] = paths
  for (const name of ADDRESSES) {
    const isOfFile = read[name] !== undefined && ofProcess[name] === undefined
    if (!isOfFile || first === undefined || found[name] !== undefined) continue
    found[name] = first
    changed.add(name)
  }
  const hasChangedURL = changed.has('OPENAI_BASE_URL')
  return Object.fromEntries(
    Object.entries(found).filter(
      ([name]) => ADDRESSES.includes(name) || !(hasChangedURL || changed.has(name)),
    ),
  )
}

/**
 * Returns the path of the file with a user's grants, in the user's config folder; `undefined` if
 * there is none.
 *
 * @param ofProcess all variables of the process, never those of a file
 */
export function trustFileOf(ofProcess: ProviderEnvironment): string | undefined {
  const { XDG_CONFIG_HOME: config = '', APPDATA: appData = '', HOME: home = '' } = ofProcess
  // By the specification of XDG, a relative path is ignored.
  if (config.startsWith('/')) return `${config}/limn/trust.json`
  if (appData !== '') return `${appData}/limn/trust.json`
  return home === '' ? undefined : `${home}/.config/limn/trust.json`
}

function only(
  isWanted: (name: string) => boolean,
  variables: ProviderEnvironment,
): ProviderEnvironment {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => isWanted(name)))
}

/** Whether OPENAI_BASE_URL names a server other than OpenAI's own. */
export function hasCustomBaseURL({ OPENAI_BASE_URL: url }: ProviderEnvironment): boolean {
  return url !== undefined && URL.canParse(url) && !isOpenAI(url)
}

/**
 * Resolves the base URL of a provider; `undefined` for OpenAI's own. OPENAI_BASE_URL applies only
 * to the built-in provider `openai`.
 */
export function baseURLOf(
  { name, server, baseURL }: Pick<ProviderSettings, 'name' | 'server' | 'baseURL'>,
  env: ProviderEnvironment,
): string | undefined {
  return baseURL ?? (name === 'openai' && server === 'openai' ? env['OPENAI_BASE_URL'] : undefined)
}

/** Hint for an invalid base URL. */
export const BASE_URL_HINT =
  'Write it as https://images.example.com/v1, and store the key in the variable that `key` names.'

/** Finds why a base URL is invalid, as the predicate of a sentence; `undefined` if it is valid. */
export function findBaseURLProblem(baseURL: string): string | undefined {
  if (!URL.canParse(baseURL)) return 'is not a URL'
  const { protocol, username, password, search, hash } = new URL(baseURL)
  if (protocol !== 'http:' && protocol !== 'https:') {
    return 'does not start with https:// or http://'
  }
  if (username !== '' || password !== '') return 'contains a user name or a password'
  return search !== '' || hash !== '' ? 'contains a query (?) or a fragment (#)' : undefined
}

/** Whether a base URL is OpenAI's own. */
export function isOpenAI(baseURL: string): boolean {
  return URL.canParse(baseURL) && /(^|\.)openai\.com$/.test(new URL(baseURL).hostname)
}
