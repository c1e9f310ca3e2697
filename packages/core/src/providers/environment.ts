import type { ProviderEnvironment } from './providers.ts'

/**
 * Variables of `.env` files and of the process as one; the process's own win. A base URL of
 * a file goes only with a key of a file: else who clones a repo would send their own key to
 * whatever server the repo names.
 *
 * @returns `warning`, one line, where that left a base URL out
 */
export function joinEnvironments(files: ProviderEnvironment, own: ProviderEnvironment): { env: ProviderEnvironment; warning?: string } {
  const { OPENAI_BASE_URL: baseURL, ...rest } = files
  if (baseURL === undefined || own['OPENAI_BASE_URL'] !== undefined || own['OPENAI_API_KEY'] === undefined) return { env: { ...files, ...own } }
  return {
    env: { ...rest, ...own },
    warning: 'OPENAI_BASE_URL of .env is left out, as OPENAI_API_KEY is not from there: a repo must not choose the server that your key goes to. To use that server, set OPENAI_BASE_URL where the key is set.',
  }
}
