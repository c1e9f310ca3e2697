import { setTimeout as sleep } from 'node:timers/promises'
import type { ErrorCode, LimnError } from '../errors.ts'
import type { GenerateOptions, GenerateResult } from '../project/generate.ts'
import type { Project } from '../project/project.ts'
import type { Output } from './output.ts'

type Waiting = { project: Project; options: GenerateOptions; output: Output }

/** Time between two requests for the state of batches, ms: it grows from `MIN_MS` to `MAX_MS`. */
const MIN_MS = 2000
const MAX_MS = 60_000

/** Failures after which the state of a batch is requested again. */
const TRANSIENT: readonly ErrorCode[] = [
  'provider/network',
  'provider/timeout',
  'provider/server',
  'provider/rate-limit',
]

/**
 * Waits for batches and runs again whenever they are finished, until none is open: requests that
 * depend on the pictures of a batch are sent then.
 *
 * @returns the sum of all runs, `first` included
 */
export async function waitForBatches(
  first: GenerateResult,
  { project, options, output }: Waiting,
): Promise<GenerateResult> {
  const { maxUsd, signal, names = [] } = options
  let sum = first
  for (;;) {
    if (!(await waitUntilFinished(project, output, signal))) return sum
    const next = await project.generate({
      ...options,
      plan: undefined,
      // Assets that are forced by name were requested by the first run.
      force: options.force === true && names.length === 0,
      maxUsd: maxUsd === undefined ? undefined : maxUsd - sum.usd,
    })
    sum = add(sum, next)
  }
}

/**
 * Waits until every batch is finished or its state cannot be read.
 *
 * @returns whether there is anything to collect
 */
async function waitUntilFinished(
  project: Project,
  output: Output,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  for (let ms = MIN_MS; ; ms = Math.min(ms * 1.5, MAX_MS)) {
    if (signal?.aborted === true) return false
    const batches = await project.batches(signal)
    const open = batches.filter(
      ({ isFinished, problem }) => !isFinished && (problem === undefined || isTransient(problem)),
    )
    if (open.length === 0) return batches.some(({ isFinished }) => isFinished)
    const done = open.reduce((sum, { counts }) => sum + counts.completed + counts.failed, 0)
    const total = open.reduce((sum, { counts }) => sum + counts.total, 0)
    output.status(
      `  waiting for ${open.length === 1 ? 'a batch' : `${open.length} batches`}: ${done}/${total} done`,
    )
    await sleep(ms, undefined, signal === undefined ? {} : { signal }).catch(() => {})
  }
}

function isTransient({ code }: LimnError): boolean {
  return TRANSIENT.includes(code)
}

function add(a: GenerateResult, b: GenerateResult): GenerateResult {
  return {
    plan: b.plan,
    generated: a.generated + b.generated,
    recovered: a.recovered + b.recovered,
    moved: a.moved + b.moved,
    derived: a.derived + b.derived,
    usd: a.usd + b.usd,
    sent: [...a.sent, ...b.sent],
    failed: [...a.failed, ...b.failed],
    unsent: b.unsent,
  }
}
