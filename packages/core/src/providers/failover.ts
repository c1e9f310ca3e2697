import { LimnError } from '../errors.ts'
import type { OnEvent } from '../events.ts'
import type { ProviderSettings } from '../manifest/manifest.ts'
import { whatServerCannot } from '../models/servers.ts'
import { type ImageProvider, mayBeBilled, ProviderError } from './provider.ts'

export type FailoverOptions = {
  /** In the order in which they take over. */
  settings: readonly ProviderSettings[]
  /** Makes one ready. @throws LimnError where it can't be, as `provider/no-key` */
  create: (settings: ProviderSettings) => Promise<ImageProvider>
  /** Told of each that takes over, and of each that can't be asked at all. */
  onEvent: OnEvent
}

/** Failures that say more of the server than of what it was asked for. */
const OF_THE_SERVER: readonly LimnError['code'][] = [
  'provider/network',
  'provider/server',
  'provider/auth',
  'provider/quota',
  'provider/rate-limit',
]

/**
 * Several providers as one: the first draws until a failure is final for it, then the next does,
 * for the rest of the run. One that can't be made ready is left out, which is told; one that can't
 * do what a request needs is passed over for that request.
 *
 * @throws LimnError what stood in the way of the first, where none can be made ready
 */
export async function createFailover({
  settings,
  create,
  onEvent,
}: FailoverOptions): Promise<ImageProvider> {
  const made: (Promise<ImageProvider | undefined> | undefined)[] = []
  const unready: LimnError[] = []
  /** Why each was given up. */
  const reasons = new Map<number, ProviderError>()
  const failedAt = new WeakMap<ProviderError, number>()
  /** Who was said to draw last. */
  let told = 0

  /** `undefined` where it can't be made ready. */
  const ready = (index: number): Promise<ImageProvider | undefined> =>
    (made[index] ??= create(settings[index]!).catch((error: unknown) => {
      if (!(error instanceof LimnError)) throw error
      unready.push(error)
      if (settings.length > 1) {
        onEvent({ type: 'passed-over', provider: settings[index]!.name, error })
      }
      return undefined
    }))

  /** The first that is still in the running, ready, and fit. */
  async function choose(
    isFit: (settings: ProviderSettings) => boolean,
  ): Promise<{ index: number; provider: ImageProvider } | undefined> {
    for (const [index, each] of settings.entries()) {
      if (reasons.has(index) || !isFit(each)) continue
      // oxlint-disable-next-line no-await-in-loop -- a later one is made ready only where those before can't be
      const provider = await ready(index)
      if (provider !== undefined) return { index, provider }
    }
    return undefined
  }

  if ((await choose(() => true)) === undefined) throw unready[0]

  return {
    async generate(request, options) {
      const chosen = await choose(({ quirks }) => whatServerCannot(quirks, request).length === 0)
      if (chosen === undefined) throw nobodyLeft([...reasons.values()].at(-1))
      const { index, provider } = chosen
      try {
        return { ...(await provider.generate(request, options)), provider: settings[index]!.name }
      } catch (error) {
        if (error instanceof ProviderError) {
          failedAt.set(error, index)
          error.provider = settings[index]!.name
        }
        throw error
      }
    },
    async passOn(error) {
      const index = failedAt.get(error)
      if (index === undefined || !OF_THE_SERVER.includes(error.code) || mayBeBilled(error)) {
        return false
      }
      const isNews = !reasons.has(index)
      reasons.set(index, reasons.get(index) ?? error)
      const next = await choose(() => true)
      if (next === undefined) return false
      if (isNews && next.index > told) {
        told = next.index
        onEvent({
          type: 'failover',
          from: settings[index]!.name,
          to: settings[next.index]!.name,
          error,
        })
      }
      return true
    },
    async close() {
      await Promise.all(made.map(async (provider) => (await provider)?.close?.()))
    },
  }
}

/** What the last of those who could have drawn it said; nobody takes over from here. */
function nobodyLeft(last: ProviderError | undefined): ProviderError {
  if (last === undefined) {
    return new ProviderError(
      'provider/refused',
      'None of the providers can do what this picture needs.',
      { hint: 'Leave out what they can not do, or name another provider.', isUnsent: true },
    )
  }
  return new ProviderError(last.code, last.message, {
    hint: last.hint ?? 'Name another provider.',
    isUnsent: true,
  })
}

/** Calls until it succeeds, or until nobody is left to take over. @throws what the last call threw */
export async function withFailover<T>(provider: ImageProvider, call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call()
    } catch (error) {
      if (!(error instanceof ProviderError) || (await provider.passOn?.(error)) !== true) {
        throw error
      }
    }
  }
}
