import { LimnError } from '../../errors.ts'
import type { ProviderSettings } from '../../manifest/manifest.ts'
import type { ProviderEnvironment } from '../environment.ts'

/** Hint for a key that cannot be sent. */
export const MALFORMED_KEY_HINT = 'Copy the key again, without any surrounding characters.'

/** Returns the hint for a key that is not set. @param key name of its environment variable */
export function hintForMissingKey(key: string): string {
  return `Set ${key}, or add it to .env next to the manifest; to generate offline and for free, use \`provider: local\`.`
}

/**
 * Checks that a provider has a key that can be sent.
 *
 * @throws LimnError `provider/no-key` for a missing or malformed key
 */
export function requireKey(
  { name, key, isKeyOptional }: Pick<ProviderSettings, 'name' | 'key' | 'isKeyOptional'>,
  apiKey: string,
): void {
  if (apiKey === '' && !isKeyOptional) {
    throw new LimnError(
      'provider/no-key',
      `The provider "${name}" requires a key, but ${key} is not set.`,
      { hint: hintForMissingKey(key) },
    )
  }
  const problem = findKeyProblem(apiKey)
  if (problem !== undefined) {
    throw new LimnError('provider/no-key', `${key} ${problem}.`, { hint: MALFORMED_KEY_HINT })
  }
}

/** Whether no key of a provider is sent by Limn itself. */
function isKeyless({ server }: Pick<ProviderSettings, 'server'>): boolean {
  return server === 'local' || server === 'ai-sdk' || server === 'command'
}

/** Returns why a provider's key in the environment cannot be used; `undefined` if it can. */
export function findKeyFailure(
  settings: Pick<ProviderSettings, 'name' | 'server' | 'key' | 'isKeyOptional'>,
  env: ProviderEnvironment,
): LimnError | undefined {
  if (isKeyless(settings)) return undefined
  try {
    requireKey(settings, env[settings.key] ?? '')
    return undefined
  } catch (error) {
    if (error instanceof LimnError) return error
    throw error
  }
}

/** Finds why a text cannot be sent as a key, as the predicate of a sentence; `undefined` if it can. */
export function findKeyProblem(apiKey: string): string | undefined {
  return /^[\x21-\x7e]*$/.test(apiKey)
    ? undefined
    : 'contains a space, a line break or a non-ASCII character'
}
