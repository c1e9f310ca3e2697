import { randomUUID } from 'node:crypto'
import { createDebug, elapsed } from '../debug.ts'
import type { OnEvent } from '../events.ts'
import type { ImageRequest } from '../identity/request.ts'
import type { LimitWait, Need } from '../limits/rate-limiter.ts'
import { withRetry } from '../limits/retry.ts'
import type { ProviderSettings } from '../manifest/manifest.ts'
import { actualUsd, addUsd } from '../models/cost.ts'
import { findModel, type OwnModels } from '../models/models.ts'
import { findUnsupported } from '../models/servers.ts'
import { withFailover } from '../providers/failover.ts'
import {
  type GenerateOptions,
  type LinkedAnswer,
  mayBeBilled,
  type ProviderAnswer,
  ProviderError,
  type RateFacts,
} from '../providers/provider.ts'
import { codeOf } from './failures.ts'
import type { ProviderAccess } from './provider-access.ts'
import type { Outcome } from './run-history.ts'
import type { StopSignals } from './stop-signals.ts'
import type { RequestTelemetry } from './telemetry.ts'

const debug = createDebug('request')

/** One request for pictures of an asset. */
export type PictureRequest = {
  asset: string
  request: ImageRequest
  options: Pick<GenerateOptions, 'inputs' | 'partials' | 'onPartial'> & { count: number }
  /** The same for all attempts. Default: one of its own. */
  idempotencyKey?: string | undefined
  /**
   * Called before each attempt, once the rate limits admit it. Nothing is sent if it throws.
   * Returns the worst-case cost, USD; `null` if the price is unknown.
   */
  beforeAttempt: () => Promise<number | null>
  /** Called with an answer whose pictures are behind links, before Limn fetches them. */
  onLinks: (reply: LinkedReply) => Promise<void>
  /** Stores the response of a failed attempt. Returns the error to report. */
  keepResponse: (error: ProviderError) => Promise<ProviderError>
  /** Called with the cost of each failed attempt, USD. */
  onFailed: (usd: number | null) => void
}

/** The answer to a request, and its cost. */
export type Reply = {
  answer: ProviderAnswer
  /** USD; `null` if the price is unknown. */
  usd: number | null
  /** Whether `usd` is the worst-case cost, as the server did not report the actual one. */
  isEstimate: boolean
  /** Records the outcome in the history. Call it once the pictures are in the journal. */
  recordOutcome: () => Promise<void>
}

/** A request whose turn has come. `usd` is its worst-case cost; `null` if the price is unknown. */
type Attempt = PictureRequest & { usd: number | null }

/** An answer whose pictures are behind links, and its cost as in `Reply`. */
export type LinkedReply = Pick<Reply, 'usd' | 'isEstimate'> & { answer: LinkedAnswer }

type SendOptions = {
  access: ProviderAccess
  models: OwnModels
  signals: StopSignals
  onEvent: OnEvent
}

/**
 * Sends a request when the rate limits admit it, and retries it. Every attempt is recorded in the
 * history.
 *
 * @throws ProviderError, LimnError
 */
export async function sendRequest(sent: PictureRequest, options: SendOptions): Promise<Reply> {
  const { access, signals, onEvent } = options
  const { provider, limiters, clock } = access
  const need: Need = {
    images: sent.options.count,
    inputImages: sent.options.inputs?.filter(({ role }) => role !== 'mask').length ?? 0,
  }
  let waitingSince = performance.now()
  const telemetry = startTelemetry(sent, access)
  const onRetry = (wait: { attempt: number; ms: number; error: ProviderError }): void => {
    waitingSince = performance.now()
    telemetry.retrying({ ...wait, code: wait.error.code })
    onEvent({ type: 'retrying', asset: sent.asset, ...wait })
  }
  const onLimit = (wait: LimitWait): void => {
    telemetry.limited(wait)
    onEvent({ type: 'limited', asset: sent.asset, ...wait })
  }
  let retries = 0
  const { idempotencyKey = randomUUID() } = sent
  const attempt = async (
    { name: to }: ProviderSettings,
    onRate: (rate: RateFacts) => void,
  ): Promise<Reply> => {
    const usd = await sent.beforeAttempt()
    if (debug.enabled) logAttempt(sent, { to, number: retries + 1, waitingSince })
    return sendOnce(
      { ...sent, usd, onFailed: telemetry.onFailed },
      { ...options, to, retries: retries++, idempotencyKey, onRate, telemetry },
    )
  }
  const supports = ({ quirks }: ProviderSettings): boolean =>
    findUnsupported(quirks, sent.request).length === 0
  const sendToOne = (): Promise<Reply> => {
    const { provider: to, limiter } = limiters.choose(need, supports)
    const call = (onRate: (rate: RateFacts) => void): Promise<Reply> => attempt(to, onRate)
    return withRetry(() => limiter.schedule(need, call, { onRefused: onRetry, onLimit }), {
      clock,
      signal: signals.stop,
      retryUncertain:
        access.retryUncertain || to.limits.retryUncertain || to.quirks.idempotencyKeys,
      onRetry,
    })
  }
  return telemetry.follow(() => withFailover(provider!, sendToOne))
}

/** The telemetry of a request that sums up what its attempts cost. */
type SentTelemetry = RequestTelemetry & {
  onFailed: PictureRequest['onFailed']
  /** Follows the work to its end. */
  follow: (work: () => Promise<Reply>) => Promise<Reply>
}

function startTelemetry(
  { asset, request, options: { count }, onFailed }: PictureRequest,
  { telemetry, limiters }: ProviderAccess,
): SentTelemetry {
  const { name: provider, server } = limiters.provider
  const started = telemetry.startRequest({ asset, request, count, provider, server })
  let failed: number | null = 0
  return {
    ...started,
    onFailed(usd) {
      failed = addUsd(failed, usd)
      onFailed(usd)
    },
    async follow(work) {
      try {
        const reply = await started.within(work)
        const { usage, requestId, provider: answeredBy, images } = reply.answer
        const isEstimate = reply.isEstimate || failed !== 0
        const usd = addUsd(failed, reply.usd)
        const pictures = images.length
        const facts = { usage, requestId, answeredBy }
        started.end({ outcome: 'ok', pictures, usd, isEstimate, ...facts })
        return reply
      } catch (error) {
        started.end({ outcome: codeOf(error), pictures: 0, usd: failed, isEstimate: failed !== 0 })
        throw error
      }
    },
  }
}

function logAttempt(
  { asset, request: { model, size, quality }, options: { count } }: PictureRequest,
  { to, number, waitingSince }: { to: string; number: number; waitingSince: number },
): void {
  const order = `${count} × ${size}, quality ${quality}, ${to} ${model}`
  debug('%s: attempt %d after a wait of %s: %s', asset, number, elapsed(waitingSince), order)
}

function logOutcome(
  asset: string,
  outcome: string,
  { usd, ms }: { usd: number | null; ms: number },
): void {
  debug('%s: %s after %d ms, %s USD', asset, outcome, Math.round(ms), usd ?? 'unknown')
}

/** What an attempt adds. */
type SendDetails = {
  /** Name of the provider. */
  to: string
  retries: number
  idempotencyKey: string
  onRate: (rate: RateFacts) => void
  telemetry: RequestTelemetry
}

async function sendOnce(
  sent: Attempt,
  {
    access,
    models,
    signals: { quit },
    to,
    retries,
    idempotencyKey,
    onRate,
    telemetry,
  }: SendOptions & SendDetails,
): Promise<Reply> {
  const recordOutcome = await recordSent(sent, access.history, { to, retries }).catch(
    (error: unknown) => {
      sent.onFailed(0)
      throw error
    },
  )
  const started = performance.now()
  try {
    const onLinks = (answer: LinkedAnswer): Promise<void> =>
      sent.onLinks({ answer, ...costOf({ ...answer, images: answer.links }, sent, models) })
    const details = { provider: to, signal: quit, idempotencyKey, onRate, onLinks }
    const generateOptions = { ...sent.options, ...details }
    const answer = await access.provider!.generate(sent.request, generateOptions)
    const ms = performance.now() - started
    const { usd, isEstimate } = costOf(answer, sent, models)
    const { provider } = answer
    logOutcome(sent.asset, 'ok', { usd, ms })
    telemetry.attempted({ ms, outcome: 'ok' })
    const outcome = { outcome: 'ok', usd, ms, provider, ...markEstimate(isEstimate) }
    return { answer, usd, isEstimate, recordOutcome: () => recordOutcome(outcome) }
  } catch (error) {
    // A request that may have been billed counts as billed.
    const isBilled =
      quit?.aborted === true || (error instanceof ProviderError && mayBeBilled(error))
    const usd = isBilled ? sent.usd : 0
    sent.onFailed(usd)
    const ms = performance.now() - started
    const provider = error instanceof ProviderError ? error.provider : undefined
    logOutcome(sent.asset, codeOf(error), { usd, ms })
    telemetry.attempted({ ms, outcome: codeOf(error) })
    await recordOutcome({ outcome: codeOf(error), usd, ms, provider, ...markEstimate(isBilled) })
    throw error instanceof ProviderError ? await sent.keepResponse(error) : error
  }
}

function recordSent(
  { asset, request, options, usd }: Attempt,
  history: ProviderAccess['history'],
  { to, retries }: Pick<SendDetails, 'to' | 'retries'>,
): Promise<(outcome: Outcome) => Promise<void>> {
  const { model, operation, size, quality } = request
  return history.begin({
    provider: to,
    asset,
    model,
    operation,
    size,
    quality,
    pictures: options.count,
    retries,
    usd,
  })
}

function markEstimate(isEstimate: boolean): Pick<Outcome, 'estimated'> {
  return isEstimate ? { estimated: true } : {}
}

/**
 * Returns the cost of an answer: by the tokens that the server counted, by the price per picture,
 * or else the worst case.
 */
function costOf(
  { usage, images }: Pick<ProviderAnswer, 'usage'> & { images: readonly unknown[] },
  { request, usd, options: { count } }: Attempt,
  models: OwnModels,
): { usd: number | null; isEstimate: boolean } {
  const row = findModel(request.model, models)
  const actual = actualUsd(row, usage)
  if (actual !== null) return { usd: actual, isEstimate: false }
  const isEstimatedPrice = row?.price?.kind === 'formula' || row?.price?.kind === 'table'
  // Of an answer with fewer pictures than requested, it is unknown how many are billed.
  return { usd, isEstimate: usd !== null && (isEstimatedPrice || images.length < count) }
}
