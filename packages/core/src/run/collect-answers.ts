import { join } from 'node:path'
import { sha256 } from '../digest.ts'
import { LimnError } from '../errors.ts'
import { hashRequest } from '../identity/request.ts'
import { addUsd } from '../models/cost.ts'
import type { BatchAnswer, BatchState, DamagedLine } from '../providers/batch-client.ts'
import { explainUnanswered } from '../providers/explain-unanswered.ts'
import { mayBeBilled, ProviderError } from '../providers/provider.ts'
import type { BatchLine, BatchRecord } from '../store/batch-records.ts'
import type {
  BatchFailure,
  CollectOptions,
  FinishedBatch,
  IndexedLine,
  RecordedLine,
} from './batch-collection.ts'
import { damagedAnswer, keepDamaged } from './damaged-answers.ts'
import { codeOf, createFailureReporter } from './failures.ts'
import { keepBatchAnswer, recordBatchOutcome } from './keep-batch-answer.ts'
import { keepResponse } from './keep-response.ts'

/** What the files of a finished batch contain. */
type Collected = {
  failures: BatchFailure[]
  /** The ids of the lines whose answer the server has, but could not be read. */
  open: Set<string>
  /** Digest of the damaged lines; `undefined` if there are none. */
  damaged: string | undefined
  pictures: number
  usd: number | null
}

/** Writes the pictures of all answers to the journal, and reports the requests without a picture. */
export async function collectAnswers(
  batch: FinishedBatch,
  options: CollectOptions,
): Promise<Collected> {
  const { record, state } = batch
  const damaged: Uint8Array[] = []
  let damagedCompleted = 0
  const open = new Set<string>()
  let completed = 0
  let isRecognized = false
  const failures: BatchFailure[] = []
  const sums = { pictures: 0, usd: 0 as number | null }
  const missing = new Map(
    record.lines.map((line, index): [string, IndexedLine] => [line.id, { line, index }]),
  )
  const keepOpen = (line: BatchLine, error: LimnError): void => {
    open.add(line.id)
    reportOpen({ line, error, failures }, options)
  }
  const fail = async (line: BatchLine, cause: unknown): Promise<void> => {
    const { paths } = options
    const error =
      cause instanceof ProviderError ? await keepResponse(cause, { ...line, paths }) : cause
    failures.push({ asset: line.asset, request: hashRequest(line.request), error })
    await reportFailed({ record, line }, error, options)
  }
  for await (const { answered, kind } of readAnswers(batch, options)) {
    if ('damaged' in answered) {
      damaged.push(answered.damaged)
      // A line of a failed request is no picture.
      if (kind === 'completed') damagedCompleted++
      isRecognized ||= namesLine(answered.damaged, record)
      continue
    }
    const found = missing.get(answered.id)
    if (found === undefined) continue
    isRecognized = true
    missing.delete(answered.id)
    if (answered.isCompleted) completed++
    if (found.line.isDone === true) continue
    if ('error' in answered && isLinkDown(answered.error)) {
      keepOpen(found.line, answered.error)
    } else if ('error' in answered) {
      await fail(found.line, answered.error)
    } else {
      const usd = await keepBatchAnswer(
        answered.answer,
        { record, ...found, batch: state.id },
        options,
      )
      sums.pictures += answered.answer.images.length
      sums.usd = addUsd(sums.usd, usd)
    }
  }
  const lines = record.lines.length
  const isAccounted = hasAllAnswers(state, { lines, completed })
  const isDamaged =
    isRecognized && hasAllAnswers(state, { lines, completed: completed + damagedCompleted })
  const digest = damaged.length === 0 ? undefined : sha256(Buffer.concat(damaged))
  for (const { line } of missing.values()) {
    if (line.isDone === true) continue
    if (isAccounted) await fail(line, explainUnanswered(state))
    else if (isDamaged && digest === record.damaged) await fail(line, damagedAnswer(line, damaged))
    else if (isDamaged) keepOpen(line, await keepDamaged(line, damaged, options))
    else keepOpen(line, resultMissing(record, options))
  }
  return { failures, open, damaged: digest, ...sums }
}

/**
 * Whether the files of a finished batch have every answer that the server has. A file may be
 * truncated, or be there later than the status.
 */
function hasAllAnswers(
  { status, counts }: BatchState,
  read: { lines: number; completed: number },
): boolean {
  // The server rejected the whole batch, and processed nothing.
  if (status === 'failed' && counts.completed === 0) return true
  return counts.total >= read.lines && read.completed >= counts.completed
}

/** Whether a damaged line names a request of the batch. A file without any may be another one. */
function namesLine(damaged: Uint8Array, { lines }: BatchRecord): boolean {
  const text = Buffer.from(damaged)
  return lines.some(({ id }) => text.includes(id))
}

function isLinkDown(error: unknown): error is ProviderError {
  return error instanceof ProviderError && error.link === 'down'
}

function resultMissing({ uuid }: BatchRecord, { paths }: CollectOptions): LimnError {
  return new LimnError(
    'batch/failed',
    'The results of the batch lack the answer to this request, although the server may have it.',
    {
      hint: `Run the command again later: Limn reads the results again. To give up on them, delete ${join(paths.batches, `${uuid}.json`)}.`,
    },
  )
}

/** Reports a request whose answer is still expected, which the history counts already. */
function reportOpen(
  { line, error, failures }: { line: BatchLine; error: LimnError; failures: BatchFailure[] },
  { manifest, onEvent }: CollectOptions,
): void {
  failures.push({ asset: line.asset, request: hashRequest(line.request), error })
  createFailureReporter(manifest, onEvent)(line.asset, error)
}

/** A line of a file, and which file that is. */
type ReadAnswer = { answered: BatchAnswer | DamagedLine; kind: BatchState['files'][number]['kind'] }

async function* readAnswers(
  { record, state, client }: FinishedBatch,
  { signal }: CollectOptions,
): AsyncGenerator<ReadAnswer, void> {
  const { model, lines } = record
  const pictures = {
    all: lines.reduce((sum, { images }) => sum + images, 0),
    each: Math.max(...lines.map(({ images }) => images)),
  }
  for (const { id, kind } of state.files) {
    for await (const answered of client.answers(id, { model, pictures, signal })) {
      yield { answered, kind }
    }
  }
}

async function reportFailed(
  { record, line }: RecordedLine,
  error: unknown,
  options: CollectOptions,
): Promise<void> {
  const { manifest, onEvent } = options
  createFailureReporter(manifest, onEvent)(line.asset, error)
  const isBilled = error instanceof ProviderError && mayBeBilled(error)
  const cost = isBilled ? { usd: line.usd, estimated: true as const } : { usd: 0 }
  await recordBatchOutcome({ record, line }, { outcome: codeOf(error), ...cost }, options)
}
