import type { OnEvent } from '../events.ts'
import type { ImageRequest } from '../identity/request.ts'
import type { MasterRecord } from '../lock/lock.ts'
import type { Asset, Manifest } from '../manifest/manifest.ts'
import { addUsd, USD_TOLERANCE } from '../models/cost.ts'
import { findModel } from '../models/models.ts'
import type { InputPicture } from '../pictures/input-picture.ts'
import { priceOfAsset } from '../plan/price.ts'
import { canStream, maxPictures } from '../providers/openai/images-call.ts'
import { addAnswer } from './master-record.ts'
import type { ProviderAccess } from './provider-access.ts'
import type { RequestGate } from './request-gate.ts'
import { type Reservation, reserve } from './reservation.ts'
import { type PictureRequest, sendRequest } from './send-request.ts'
import { isStopped, type StopSignals } from './stop-signals.ts'

/** The pictures to request for one asset. */
export type PictureOrder = {
  asset: Asset
  request: ImageRequest
  inputs: readonly InputPicture[]
  /** The number of pictures. */
  images: number
  /** The worst-case cost in the plan, USD; `null` if the price is unknown. */
  usd: number | null
  gate: RequestGate
  /** Stores the response of a failed request. Returns the error to report. */
  keepResponse: PictureRequest['keepResponse']
  /**
   * Idempotency key of the order, the same whichever process sends it. Default: one of its own for
   * each request.
   */
  idempotencyKey?: string | undefined
  /** Called with the links of an answer before Limn fetches them, and how it was made. */
  onLinks: (links: readonly string[], made: MasterRecord) => Promise<void>
}

/** The pictures of one answer. */
type PictureAnswer = {
  pictures: readonly Uint8Array[]
  /** Links of this answer that could not be fetched. */
  missingLinks: readonly string[]
  /** How the pictures of this answer and of those before it were made. */
  made: MasterRecord
  /** Records the outcome in the history. Call it once the pictures are in the journal. */
  recordOutcome: () => Promise<void>
}

type RequestOptions = {
  manifest: Manifest
  access: ProviderAccess
  /** The number of partials to request, 0 to 3, whatever the manifest says. */
  partials: number | undefined
  signals: StopSignals
  onEvent: OnEvent
}

/**
 * Requests the pictures of an asset, in several requests if the model returns fewer at a time.
 * Until the caller has processed the last answer, the budget counts them at their worst-case cost.
 *
 * @throws ProviderError; LimnError `budget/exceeded`, `aborted`, `store/…`
 */
export async function* requestPictures(
  order: PictureOrder,
  options: RequestOptions,
): AsyncGenerator<PictureAnswer, void> {
  const { manifest, access, signals, onEvent } = options
  const { asset, request, images, gate } = order
  const partials = partialsOf(asset, options)
  const usd = priceOf(order, partials, manifest)
  const { estimates } = access
  const reservation = await reserve(access.budget, estimates.of(request.model, usd))
  try {
    let received = 0
    let made: MasterRecord = { provider: manifest.providers[0]!.name, at: '' }
    while (received < images) {
      if (received > 0 && isStopped(signals)) return
      const count = Math.min(images - received, maxPerRequest(request, partials, options))
      const plannedUsd = usd === null ? null : (usd * count) / images
      const worstUsd = (): number | null => estimates.of(request.model, plannedUsd)
      const isPlanned = isWithinPlan(reservation.spent, worstUsd(), { usd, access })
      if (received > 0 && !(isPlanned && reservation.cover(worstUsd()))) {
        onEvent({ type: 'fewer', asset: asset.name, asked: images, got: received })
        return
      }
      const key = order.idempotencyKey
      const idempotencyKey = key === undefined ? undefined : `${key}-${received}`
      const part = { count, partials, made, reservation, worstUsd, idempotencyKey, onEvent }
      const sent = toSend(order, part)
      const reply = await sendRequest(sent, { access, models: manifest.models, signals, onEvent })
      reservation.spend(reply.usd)
      estimates.learn(request.model, plannedUsd, reply.usd)
      made = addAnswer(made, reply, reservation.spent)
      const { images: pictures, missingLinks = [] } = reply.answer
      // A link that is down is paid for as well: a later run fetches its picture.
      received += pictures.length + missingLinks.length
      if (pictures.length + missingLinks.length < count) {
        access.modelsWithOne.add(keyOf(request, access))
      }
      yield { pictures, missingLinks, made, recordOutcome: reply.recordOutcome }
    }
  } finally {
    reservation.settle()
    gate.close()
  }
}

/** One of the requests for an order. */
type OrderPart = {
  /** The number of pictures to request. */
  count: number
  partials: number | undefined
  /** How the pictures of the answers before it were made. */
  made: MasterRecord
  reservation: Reservation
  /** Returns the worst-case cost of an attempt, USD, by what answers have cost so far. */
  worstUsd: () => number | null
  idempotencyKey: string | undefined
  onEvent: OnEvent
}

function toSend(
  { asset, request, inputs, gate, onLinks, keepResponse }: PictureOrder,
  { count, partials, made, reservation, worstUsd, idempotencyKey, onEvent }: OrderPart,
): PictureRequest {
  return {
    asset: asset.name,
    request,
    idempotencyKey,
    options: { inputs, count, partials, onPartial: partialReporter(asset, onEvent) },
    async beforeAttempt() {
      await gate.open()
      const worst = worstUsd()
      reservation.send(worst)
      return worst
    },
    onLinks(linked) {
      const usd = addUsd(reservation.spent, linked.usd)
      return onLinks(linked.answer.links, addAnswer(made, linked, usd))
    },
    keepResponse,
    onFailed: reservation.spend,
  }
}

/** Returns the worst-case cost of an order, USD; `null` if the price is unknown. */
function priceOf(
  { asset, request, usd }: PictureOrder,
  partials: number | undefined,
  { models }: Manifest,
): number | null {
  // The plan's price does not include partials that the manifest does not ask for.
  return partials === undefined
    ? usd
    : priceOfAsset({ ...asset, size: request.size }, models, { partials })
}

/** Returns the number of partials to request; `undefined` if the answer is not streamed. */
function partialsOf(
  { partials, model, format }: Asset,
  { manifest, partials: override }: Pick<RequestOptions, 'manifest' | 'partials'>,
): number | undefined {
  const row = findModel(model, manifest.models)
  return row !== undefined && canStream({ format }, row)
    ? (override ?? partials ?? undefined)
    : undefined
}

/** Returns the most pictures that one request may ask for. */
function maxPerRequest(
  request: ImageRequest,
  partials: number | undefined,
  { manifest, access }: Pick<RequestOptions, 'manifest' | 'access'>,
): number {
  if (access.modelsWithOne.has(keyOf(request, access))) return 1
  const { limiters } = access
  const { model } = request
  const row = findModel(model, manifest.models)
  const byModel = row === undefined ? 1 : maxPictures(request, row, partials !== undefined)
  const byServer = limiters.provider.quirks.maxImages ?? byModel
  return Math.min(byModel, byServer, limiters.current.maxPictures)
}

/** Whether one more request keeps an asset within its price in the plan. */
function isWithinPlan(
  spent: number | null,
  worstUsd: number | null,
  { usd, access: { planFactor } }: { usd: number | null; access: ProviderAccess },
): boolean {
  if (spent === null || worstUsd === null || usd === null || planFactor === Infinity) return true
  return spent + worstUsd <= usd * planFactor + USD_TOLERANCE
}

function keyOf({ model }: ImageRequest, { limiters }: ProviderAccess): string {
  return `${limiters.provider.name}/${model}`
}

function partialReporter(
  { name }: Asset,
  onEvent: OnEvent,
): (picture: Uint8Array, index: number) => void {
  return (picture, index) => onEvent({ type: 'partial', asset: name, index, picture })
}
