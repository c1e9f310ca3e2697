import { sha256 } from '../digest.ts'
import type { ProviderSettings } from '../manifest/manifest.ts'
import { type KeyAccess, openServer } from '../providers/key-access.ts'

/**
 * Identifies the account that a provider uses: the same on all machines that use the same key of
 * the same server. It reveals neither.
 *
 * @returns `undefined` for a provider without an account
 * @throws LimnError `provider/no-key`, `provider/no-consent`
 */
export async function accountOf(
  settings: ProviderSettings,
  access: KeyAccess,
): Promise<string | undefined> {
  if (settings.server === 'local') return undefined
  if (settings.server === 'command') return undefined
  if (settings.server === 'ai-sdk') return fingerprint(['ai-sdk', settings.name])
  const { apiKey, baseURL } = await openServer(settings, access)
  return fingerprint([settings.server, baseURL ?? '', apiKey])
}

function fingerprint(parts: readonly string[]): string {
  return sha256(`limn account\n${parts.map((part) => sha256(part)).join('\n')}`).slice(0, 32)
}
