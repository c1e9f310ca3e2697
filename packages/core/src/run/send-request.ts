import type { ImageRequest } from '../identity/request.ts'
import type { Need } from '../limits/rate-limiter.ts'
import { withRetry } from '../limits/retry.ts'
import { actualUsd } from '../models/cost.ts'
import { findModel } from '../models/models.ts'
import { withFailover } from '../providers/failover.ts'
import {
  type GenerateOptions,
  mayBeBilled,
  type ProviderAnswer,
  ProviderError,
  type RateFacts,
} from '../providers/provider.ts'
import type { RunContext } from './context.ts'

/** One request for pictures of an asset. */
export type Order = {
  asset: string
  request: ImageRequest
  options: Pick<GenerateOptions, 'inputs' | 'partials' | 'onPartial'> & { count: number }
  /** What it costs at most, USD. */
  usd: number | null
  /** Called before each try, when its turn has come. Where it throws, nothing is sent. */
  onTurn: () => Promise<void>
}

/** What an order came to. */
export type Delivery = {
  answer: ProviderAnswer
  /** USD; `null` where the price is not known. */
  usd: number | null
  /** Whether that is what it costs at most, as the server does not say what it did. */
  isEstimate: boolean
  /** Notes it in the history, once the pictures are safe. */
  note: () => Promise<void>
}

/**
 * Sends an order when its turn has come, as often as it takes; every try is noted in the history.
 *
 * @param onFailed told of each try that failed, with what it may have cost, USD
 * @throws ProviderError, LimnError
 */
export async function send(
  order: Order,
  onFailed: (usd: number | null) => void,
  context: RunContext,
): Promise<Delivery> {
  const { provider, limiters, clock, signal, quit, onEvent } = context
  const { asset, request, options } = order
  const need: Need = {
    images: options.count,
    inputImages: options.inputs?.filter(({ role }) => role !== 'mask').length ?? 0,
  }
  const onRetry = (wait: { attempt: number; ms: number; error: ProviderError }): void =>
    onEvent({ type: 'retrying', asset, ...wait })
  let tries = 0

  const attempt = async (onRate: (rate: RateFacts) => void): Promise<Delivery> => {
    await order.onTurn()
    const { model, operation, size, quality } = request
    const note = await context.record.begin({
      provider: limiters.provider.name,
      asset,
      model,
      operation,
      size,
      quality,
      pictures: options.count,
      retries: tries++,
      usd: order.usd,
    })
    const started = performance.now()
    try {
      const answer = await provider!.generate(request, { ...options, signal: quit, onRate })
      const ms = performance.now() - started
      const { usd, isEstimate } = costOf(answer, order, context)
      return {
        answer,
        usd,
        isEstimate,
        note: () =>
          note({
            outcome: 'ok',
            usd,
            ms,
            provider: answer.provider,
            ...(isEstimate ? { estimated: true } : {}),
          }),
      }
    } catch (error) {
      // What may have been billed counts as billed.
      const isBilled =
        quit?.aborted === true || (error instanceof ProviderError && mayBeBilled(error))
      const usd = isBilled ? order.usd : 0
      onFailed(usd)
      const by = error instanceof ProviderError ? error.provider : undefined
      await note({
        outcome: codeOf(error),
        usd,
        ms: performance.now() - started,
        provider: by,
        ...(isBilled ? { estimated: true } : {}),
      })
      throw error
    }
  }

  return withFailover(provider!, () =>
    withRetry(() => limiters.current.schedule(need, attempt, onRetry), { clock, signal, onRetry }),
  )
}

/**
 * What an answer cost: by the tokens that the server counted, by the picture where that is the
 * price, else what it costs at most.
 */
function costOf(
  { usage, images }: ProviderAnswer,
  { request, usd, options: { count } }: Order,
  { manifest }: RunContext,
): { usd: number | null; isEstimate: boolean } {
  const row = findModel(request.model, manifest.models)
  const actual = actualUsd(row, usage)
  if (actual !== null) return { usd: actual, isEstimate: false }
  // Where fewer came than were asked for, nobody knows how many are billed.
  return {
    usd,
    isEstimate:
      usd !== null &&
      (row?.price?.kind === 'formula' || row?.price?.kind === 'table' || images.length < count),
  }
}

function codeOf(error: unknown): string {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined
  return typeof code === 'string' ? code : 'bug'
}
