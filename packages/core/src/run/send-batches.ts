import { randomUUID } from 'node:crypto'
import { LimnError } from '../errors.ts'
import { hashRequest } from '../identity/request.ts'
import type { Step } from '../plan/plan.ts'
import {
  type BatchClient,
  type BatchEndpoint,
  mayBeCreated,
} from '../providers/openai/batch-client.ts'
import type { BatchState } from '../providers/openai/batch-state.ts'
import {
  type BatchLine,
  type BatchRecord,
  removeBatchRecord,
  writeBatchRecord,
} from '../store/batch-records.ts'
import { entryOfLine } from './batch-entry.ts'
import { completeRequest } from './complete-request.ts'
import type { RunContext } from './context.ts'

/** Requests that go together: of one model, to one endpoint. */
type Parcel = {
  model: string
  endpoint: BatchEndpoint
  lines: BatchLine[]
  file: Buffer[]
  bytes: number
}

/** The largest input file, bytes: half of what OpenAI takes. */
const MAX_BYTES = 100_000_000
/**
 * Most pictures that one batch asks for: each comes back as a text of some megabytes, and the
 * answers are one file.
 */
const MAX_PICTURES = 100

type BatchedStep = Extract<Step, { kind: 'generate' }>

/**
 * Sends what is to be asked in batches, and leaves: a later run fetches the pictures. What fails is
 * told and stops nothing else.
 */
export async function sendBatches(
  steps: readonly BatchedStep[],
  client: BatchClient,
  context: RunContext,
): Promise<void> {
  const open = new Map<string, Parcel>()
  for (const [index, step] of steps.entries()) {
    try {
      const { line, endpoint, buffer } = await prepare(step, index, client, context)
      const key = `${step.request.model} ${endpoint}`
      const before = open.get(key)
      const isFull =
        before !== undefined &&
        (before.bytes + buffer.length > MAX_BYTES ||
          before.lines.reduce((sum, { images }) => sum + images, line.images) > MAX_PICTURES)
      if (isFull) await sendParcel(before, client, context)
      const parcel: Parcel =
        before === undefined || isFull
          ? { model: step.request.model, endpoint, lines: [], file: [], bytes: 0 }
          : before
      parcel.lines.push(line)
      parcel.file.push(buffer)
      parcel.bytes += buffer.length
      open.set(key, parcel)
    } catch (error) {
      context.progress.generate.done++
      context.fail(step.asset, error)
    }
  }
  for (const parcel of open.values()) await sendParcel(parcel, client, context)
}

/** The line of a request, with its money set aside. */
async function prepare(
  { asset, request: planned, images, usd }: BatchedStep,
  index: number,
  client: BatchClient,
  context: RunContext,
): Promise<{ line: BatchLine; endpoint: BatchEndpoint; buffer: Buffer }> {
  if (context.isStopped()) throw stopped()
  const { request, inputs } = await completeRequest(asset, planned, context)
  const id = `${hashRequest(request).slice(0, 16)}-${index + 1}`
  const { endpoint, line: buffer } = client.formatLine({ id, request, inputs, count: images })
  context.budget.reserveNow(usd)
  return { line: { id, asset, request, images, usd }, endpoint, buffer }
}

/** Sends one batch, or tells each of its assets why not. */
async function sendParcel(
  { model, endpoint, lines, file }: Parcel,
  client: BatchClient,
  context: RunContext,
): Promise<void> {
  const { paths, budget, progress, result, manifest, onEvent } = context
  const { run, profile } = context.record
  const record: BatchRecord = {
    version: 1,
    uuid: randomUUID(),
    id: null,
    provider: manifest.providers[0]!.name,
    host: client.host,
    model,
    at: new Date().toISOString(),
    run,
    ...(profile === undefined ? {} : { profile }),
    lines,
  }
  let isAsked = false
  let isPaid = false
  try {
    if (context.isStopped()) throw stopped()
    const input = await client.upload(file, context.signal)
    if (context.isStopped()) throw stopped()
    await writeBatchRecord(paths.batches, record)
    isAsked = true
    const state = await create(record, { file: input, endpoint }, client, context)
    isPaid = true
    await writeBatchRecord(paths.batches, { ...record, id: state.id })
    const usd = lines.some((line) => line.usd === null)
      ? null
      : lines.reduce((sum, line) => sum + line.usd!, 0)
    const assets = lines.map(({ asset }) => asset)
    result.sent.push({ batch: state.id, assets, usd })
    onEvent({ type: 'batch-sent', batch: state.id, model, assets, usd })
  } catch (error) {
    isPaid ||= isAsked && mayBeCreated(error)
    // Without the record it would be asked for again.
    if (!isPaid) await removeBatchRecord(paths.batches, record.uuid)
    for (const { asset } of lines) context.fail(asset, error)
  } finally {
    for (const { usd } of lines) budget.settle(usd, isPaid ? usd : 0)
    progress.generate.done += lines.length
    progress.usd = budget.spent
    context.report()
  }
}

/** Makes the batch; where no answer came, looks whether it was made all the same. */
async function create(
  record: BatchRecord,
  input: { file: string; endpoint: BatchEndpoint },
  client: BatchClient,
  context: RunContext,
): Promise<BatchState> {
  // Noted at its worst case, so that it counts whatever becomes of this process.
  for (const line of record.lines) {
    await context.record.note(
      entryOfLine(record, line, { outcome: 'sent', usd: line.usd, estimated: true }),
    )
  }
  try {
    return await client.create({ ...input, uuid: record.uuid }, context.quit)
  } catch (error) {
    if (mayBeCreated(error)) {
      const found = await client
        .find(record.uuid, Date.parse(record.at), context.quit)
        .catch(() => undefined)
      if (found !== undefined) return found
    } else {
      for (const line of record.lines) {
        await context.record.note(entryOfLine(record, line, { outcome: codeOf(error), usd: 0 }))
      }
    }
    throw error
  }
}

function codeOf(error: unknown): string {
  return error instanceof LimnError ? error.code : 'bug'
}

function stopped(): LimnError {
  return new LimnError('aborted', 'Stopped before it was asked for.')
}
