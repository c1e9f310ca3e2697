import { setTimeout as sleep } from 'node:timers/promises'
import type { GenerateOptions, GenerateResult, Project } from '../project/project.ts'
import { ProviderError } from '../providers/provider.ts'
import type { Output } from './output.ts'

/** Between two looks at most, ms; it begins with the shortest. */
const SHORTEST = 2000
const LONGEST = 60_000

/**
 * Runs again whenever the batches that are waited for are done, until there are none: what is made
 * from pictures of a batch is asked for then.
 *
 * @returns what all runs came to, `first` among them
 */
export async function goOnWithBatches(
  first: GenerateResult,
  { project, options, output }: { project: Project; options: GenerateOptions; output: Output },
): Promise<GenerateResult> {
  const { maxUsd, signal, names = [] } = options
  let sum = first
  for (;;) {
    if (!(await waitForBatches(project, output, signal))) return sum
    const next = await project.generate({
      ...options,
      plan: undefined,
      // What was forced by name has been asked for.
      force: options.force === true && names.length === 0,
      maxUsd: maxUsd === undefined ? undefined : maxUsd - sum.usd,
    })
    sum = add(sum, next)
  }
}

/**
 * Waits until every batch is done, or can't be learnt of. @returns whether there is anything to
 * fetch
 */
async function waitForBatches(
  project: Project,
  output: Output,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  for (let ms = SHORTEST; ; ms = Math.min(ms * 1.5, LONGEST)) {
    if (signal?.aborted === true) return false
    const waited = await project.batches(signal)
    const open = waited.filter(
      ({ isFinished, problem }) => !isFinished && (problem === undefined || mayPass(problem)),
    )
    if (open.length === 0) return waited.some(({ isFinished }) => isFinished)
    const done = open.reduce((count, { counts }) => count + counts.completed + counts.failed, 0)
    const total = open.reduce((count, { counts }) => count + counts.total, 0)
    output.status(
      `  waiting for ${open.length === 1 ? 'a batch' : `${open.length} batches`}: ${done}/${total} done`,
    )
    await sleep(ms, undefined, signal === undefined ? {} : { signal }).catch(() => {})
  }
}

function mayPass(problem: Error): boolean {
  return (
    problem instanceof ProviderError &&
    ['provider/network', 'provider/timeout', 'provider/server', 'provider/rate-limit'].includes(
      problem.code,
    )
  )
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
  }
}
