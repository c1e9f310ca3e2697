import { randomUUID } from 'node:crypto'
import { createDebug } from '../debug.ts'
import { LimnError } from '../errors.ts'
import type { OnEvent } from '../events.ts'
import type { RequestEntry } from '../history/entry.ts'
import { hashRequest } from '../identity/request.ts'
import type { Budget } from '../limits/budget.ts'
import { sumUsd } from '../models/cost.ts'
import {
  type BatchClient,
  type BatchState,
  type CreateBatch,
  mayBeCreated,
  type PreparedRequest,
} from '../providers/batch-client.ts'
import type { RemoteRun } from '../remote/remote-run.ts'
import {
  type BatchLine,
  type BatchRecord,
  removeBatchRecord,
  writeBatchRecord,
} from '../store/batch-records.ts'
import { completeRequest } from './complete-request.ts'
import { codeOf, type ReportFailure } from './failures.ts'
import type { LockWriter } from './lock-writer.ts'
import type { ProgressReporter } from './progress.ts'
import { batchEntry, type RunHistory } from './run-history.ts'
import type { GenerateStep } from './run-steps.ts'
import { isStopped, type StopSignals } from './stop-signals.ts'
import type { RunTelemetry } from './telemetry.ts'
import type { Workspace } from './workspace.ts'

const debug = createDebug('request')

/** Requests that are sent in one batch: all for one model and of one group. */
type OpenBatch = {
  model: string
  client: BatchClient
  lines: BatchLine[]
  requests: PreparedRequest[]
  /** The size of the requests. */
  bytes: number
}

type PreparedLine = { line: BatchLine; client: BatchClient; prepared: PreparedRequest }

type SendOptions = {
  /** The Batch API for each model. */
  clientByModel: ReadonlyMap<string, BatchClient>
  workspace: Workspace
  lockWriter: LockWriter
  budget: Budget
  history: RunHistory
  telemetry: RunTelemetry
  /** The remote store. Default: none. */
  remote?: Pick<RemoteRun, 'shareBatch' | 'forgetBatch'> | undefined
  progress: ProgressReporter
  signals: StopSignals
  reportFailure: ReportFailure
  onEvent: OnEvent
}

/** The largest input file, bytes: half of OpenAI's limit. */
const MAX_BYTES = 100_000_000
/**
 * The most pictures in one batch: each is returned as some megabytes of text, and all answers are
 * in one file.
 */
const MAX_PICTURES = 100

/**
 * Sends requests in batches and does not wait for the answers: a later run collects the pictures. A
 * request that fails is reported and stops nothing else.
 */
export async function sendBatches(
  steps: readonly GenerateStep[],
  options: SendOptions,
): Promise<void> {
  const openByKey = new Map<string, OpenBatch>()
  for (const [index, step] of steps.entries()) {
    const { model } = step.request
    try {
      const line = await prepareLine(step, index, options)
      const key = `${model} ${line.prepared.group}`
      let batch = openByKey.get(key)
      if (batch !== undefined && isFull(batch, line)) {
        await sendBatch(batch, options)
        batch = undefined
      }
      batch ??= { model, client: line.client, lines: [], requests: [], bytes: 0 }
      addLine(batch, line)
      openByKey.set(key, batch)
    } catch (error) {
      options.progress.picturesDone(1)
      options.reportFailure(step.asset, error)
    }
  }
  for (const batch of openByKey.values()) await sendBatch(batch, options)
}

function isFull({ bytes, lines, client }: OpenBatch, { prepared, line }: PreparedLine): boolean {
  return (
    bytes + prepared.line.length > MAX_BYTES ||
    lines.reduce((sum, { images }) => sum + images, line.images) >
      (client.maxPictures ?? MAX_PICTURES)
  )
}

function addLine(batch: OpenBatch, { line, prepared }: PreparedLine): void {
  batch.lines.push(line)
  batch.requests.push(prepared)
  batch.bytes += prepared.line.length
}

/** Prepares the line of a request, and reserves its cost in the budget. */
async function prepareLine(
  { asset, request: planned, images, usd }: GenerateStep,
  index: number,
  { clientByModel, workspace, lockWriter: { lock }, budget, signals }: SendOptions,
): Promise<PreparedLine> {
  requireNotStopped(signals)
  const client = clientByModel.get(planned.model)!
  const { request, inputs } = await completeRequest(asset, planned, { workspace, lock })
  const id = `${hashRequest(request).slice(0, 16)}-${index + 1}`
  const prepared = client.prepare({ id, request, inputs, count: images })
  budget.reserveNow(usd)
  return { line: { id, asset, request, images, usd }, client, prepared }
}

/** Sends one batch, or reports for each of its assets why it was not sent. */
async function sendBatch(batch: OpenBatch, options: SendOptions): Promise<void> {
  const { workspace, budget, progress, reportFailure } = options
  const { batches } = workspace.paths
  const { lines, client } = batch
  const record = createRecord(batch, options)
  const inFlight: BatchLine[] = []
  let isRequested = false
  let isBilled = false
  try {
    const create = await upload(batch, options)
    for (const line of lines) {
      budget.send(line.usd ?? 0, line.usd)
      inFlight.push(line)
    }
    await writeBatchRecord(batches, record)
    await options.remote?.shareBatch(record)
    // Recorded at its worst-case cost first, so that the batch counts even if this process dies.
    await options.history.beginBatch(sentEntries(record))
    isRequested = true
    const state = await createOrFind(record, { client, create }, options)
    isBilled = true
    await writeBatchRecord(batches, { ...record, id: state.id })
    reportSent(state, batch, options)
  } catch (error) {
    isBilled ||= isRequested && mayBeCreated(error)
    // A record that stays would keep its requests from being sent again.
    if (!isBilled) {
      await removeBatchRecord(batches, record.uuid)
      await options.remote?.forgetBatch(record)
    }
    for (const { asset } of lines) reportFailure(asset, error)
  } finally {
    for (const line of lines) {
      if (inFlight.includes(line)) budget.settleSent(line.usd, isBilled ? line.usd : 0)
      else budget.settle(line.usd, 0)
    }
    progress.picturesDone(lines.length)
    progress.report()
  }
}

function createRecord(
  { model, client, lines }: OpenBatch,
  { workspace, history: { run, profile } }: SendOptions,
): BatchRecord {
  return {
    version: 1,
    uuid: randomUUID(),
    id: null,
    provider: workspace.manifest.providers[0]!.name,
    host: client.host,
    model,
    at: new Date().toISOString(),
    run,
    ...(profile === undefined ? {} : { profile }),
    lines,
  }
}

/** Uploads the requests of a batch, which costs nothing yet. */
async function upload(
  { client, requests }: OpenBatch,
  { signals }: SendOptions,
): Promise<CreateBatch> {
  requireNotStopped(signals)
  const create = await client.upload(requests, signals.stop)
  requireNotStopped(signals)
  return create
}

/**
 * Creates the batch on the server. If no answer arrives, checks whether it was created all the
 * same.
 */
async function createOrFind(
  record: BatchRecord,
  { client, create }: { client: BatchClient; create: CreateBatch },
  { history, signals: { quit } }: SendOptions,
): Promise<BatchState> {
  try {
    return await create(record.uuid, quit)
  } catch (error) {
    if (mayBeCreated(error)) {
      const found = await client.find(record, quit).catch(() => undefined)
      if (found !== undefined) return found
    } else await history.failBatch(sentEntries(record), codeOf(error))
    throw error
  }
}

/** Returns the entries of the history for the requests of a batch when it is sent. */
function sentEntries(record: BatchRecord): RequestEntry[] {
  return record.lines.map((line) =>
    batchEntry(record, line, { outcome: 'sent', usd: line.usd, estimated: true }),
  )
}

function reportSent(
  { id }: BatchState,
  { model, lines }: OpenBatch,
  { onEvent, telemetry, workspace }: SendOptions,
): void {
  const [settings] = workspace.manifest.providers
  for (const { asset, request, images: count, usd } of lines) {
    telemetry
      .startRequest({ asset, request, count, provider: settings!.name, server: settings!.server })
      .end({ outcome: 'sent', pictures: 0, usd, isEstimate: true, batch: id })
  }
  const usd = sumUsd(lines)
  const assets = lines.map(({ asset }) => asset)
  debug('batch %s: sent with %d requests, %s, %s USD', id, lines.length, model, usd ?? 'unknown')
  onEvent({ type: 'batch-sent', batch: id, model, assets, usd })
}

function requireNotStopped(signals: StopSignals): void {
  if (isStopped(signals)) {
    throw new LimnError('aborted', 'The run was stopped before the request was sent.')
  }
}
