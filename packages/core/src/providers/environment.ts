import type { ProviderEnvironment } from './create-provider.ts'

/**
 * Whether Limn reads a variable: its own, OpenAI's, and what a manifest can name as the key of a
 * provider.
 */
function isRead(name: string): boolean {
  return /^(OPENAI|LIMN)_|_API_(KEY|TOKEN)$/.test(name)
}

/**
 * Variables of `.env` files and of the process as one, only those that Limn reads; the process's
 * own win. A base URL of a file goes only with a key of a file: else who clones a repo would send
 * their own key to whatever server the repo names.
 *
 * @returns `warning`, one line, where that left a base URL out
 */
export function joinEnvironments(
  allOfFiles: ProviderEnvironment,
  allOwn: ProviderEnvironment,
): { env: ProviderEnvironment; warning?: string } {
  const [files, own] = [allOfFiles, allOwn].map((all): ProviderEnvironment =>
    Object.fromEntries(Object.entries(all).filter(([name]) => isRead(name))),
  ) as [ProviderEnvironment, ProviderEnvironment]
  const { OPENAI_BASE_URL: baseURL, ...rest } = files
  if (
    baseURL === undefined ||
    own['OPENAI_BASE_URL'] !== undefined ||
    own['OPENAI_API_KEY'] === undefined
  ) {
    return { env: { ...files, ...own } }
  }
  return {
    env: { ...rest, ...own },
    warning:
      'OPENAI_BASE_URL of .env is left out, as OPENAI_API_KEY is not from there: a repo must not choose the server that your key goes to. To use that server, set OPENAI_BASE_URL where the key is set.',
  }
}

/** Whether OPENAI_BASE_URL names another server than OpenAI's own. */
export function isElsewhere({ OPENAI_BASE_URL: url }: ProviderEnvironment): boolean {
  return url !== undefined && URL.canParse(url) && !isOpenAI(url)
}

/** Why a server can't be asked at a base URL, as the end of a sentence; `undefined` where it can. */
export function whyNoBaseURL(baseURL: string): string | undefined {
  if (!URL.canParse(baseURL)) return 'is no URL'
  const { protocol, username, password, search, hash } = new URL(baseURL)
  if (protocol !== 'http:' && protocol !== 'https:') {
    return 'does not begin with https:// or http://'
  }
  if (username !== '' || password !== '') return 'has a name or a password in it'
  return search !== '' || hash !== '' ? 'goes on after the path, with ? or #' : undefined
}

/** Whether a base URL is OpenAI's own. */
export function isOpenAI(baseURL: string): boolean {
  return URL.canParse(baseURL) && /(^|\.)openai\.com$/.test(new URL(baseURL).hostname)
}
