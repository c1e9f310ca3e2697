import type { ProviderSettings } from '../manifest/manifest.ts'
import { type ImageProvider, ProviderError } from '../providers/provider.ts'
import type { SharedLimits } from './shared-limits.ts'

/** Wait after a refusal whose server names none, ms. */
const PAUSE_MS = 1000

type SharedOptions = {
  limits: SharedLimits
  /** `undefined`: the provider has no account, and nothing limits it. */
  account: string | undefined
  /** Ends waiting for the limit. */
  stop: AbortSignal | undefined
  /** Called right before a request is sent, with its idempotency key. Nothing is sent if it throws. */
  beforeSend: (idempotencyKey: string) => Promise<void>
}

/** Limits a provider together with all other workers that use the same account. */
export function shareLimits(
  provider: ImageProvider,
  { limits: { imagesPerMinute: perMinute } }: Pick<ProviderSettings, 'limits'>,
  { limits, account, stop: signal, beforeSend }: SharedOptions,
): ImageProvider {
  return {
    ...provider,
    async generate(request, options) {
      const { count: pictures = 1, idempotencyKey = '' } = options
      if (account !== undefined) await limits.take(account, { pictures, perMinute, signal })
      await beforeSend(idempotencyKey)
      try {
        return await provider.generate(request, options)
      } catch (error) {
        if (account !== undefined && error instanceof ProviderError) {
          const isRefused = error.code === 'provider/rate-limit' && error.retry !== undefined
          if (isRefused) await limits.pause(account, error.retry?.afterMs ?? PAUSE_MS)
        }
        throw error
      }
    },
  }
}
