import { count } from '../../count.ts'
import { LimnError } from '../../errors.ts'
import type { LimnEvent } from '../../events.ts'
import { formatUsd } from '../../models/cost.ts'
import type { WorkerEvent } from '../../project/queue.ts'
import type { CommandContext } from '../command.ts'
import { type EventJson, eventJson } from '../event-text.ts'
import { limitHeap } from '../limit-heap.ts'
import { openProjectFor } from '../open-project.ts'
import { withError } from '../print-failures.ts'
import { isRetryUncertain, textOption } from '../project-options.ts'
import { queueProblem } from '../queue-problem.ts'
import { remoteProblem } from '../remote-problem.ts'
import { errorEvent } from '../report-error.ts'
import { formatDuration, parseMaxCost } from '../text.ts'

/** What a worker has done so far. */
type Done = { jobs: number; failed: number; usd: number }

/** Runs `limn worker` until it is interrupted: does the jobs of a queue. */
export async function run(context: CommandContext): Promise<number> {
  const { output, options, signal, quit, setIdle } = context
  limitHeap()
  const done: Done = { jobs: 0, failed: 0, usd: 0 }
  const underWay = new Set<string>()
  setIdle(true)
  await openProjectFor(context).work({
    queue: requireQueue(options),
    jobs: parseJobs(textOption(options, 'jobs')),
    maxUsd: parseMaxCost(options['max-cost']),
    retryUncertain: isRetryUncertain(options),
    onEvent(event) {
      trackSent(event, underWay)
      setIdle(underWay.size === 0)
      countDone(event, done)
      output.event(workerEventJson(event))
      printEvent(event, context)
    },
    signal,
    quit,
  })
  const failed = done.failed > 0 ? `, ${done.failed} failed` : ''
  output.event({ type: 'done', ...done })
  output.line(`Stopped after ${count(done.jobs, 'job')}${failed}, ${formatUsd(done.usd)}.`)
  return 0
}

/** Keeps the assets whose requests were sent and are not done: an interrupt waits for them. */
function trackSent(event: WorkerEvent, underWay: Set<string>): void {
  switch (event.type) {
    case 'job-started':
      underWay.add(event.asset)
      return
    case 'job-done':
    case 'job-failed':
    case 'job-returned':
      underWay.delete(event.asset ?? '')
  }
}

/** @throws LimnError `usage` without an address */
function requireQueue(options: CommandContext['options']): string {
  const queue = textOption(options, 'queue')
  if (queue !== undefined) return queue
  throw new LimnError('usage', 'limn worker requires the address of a queue.', {
    hint: 'Write it as --queue redis://host:6379.',
  })
}

function parseJobs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const jobs = Number(text)
  if (Number.isSafeInteger(jobs) && jobs >= 1 && jobs <= 1000) return jobs
  throw new LimnError('usage', `--jobs accepts a number from 1 to 1000, but received ${text}.`, {
    hint: 'Write it as --jobs 8.',
  })
}

function countDone(event: WorkerEvent, done: Done): void {
  if (event.type === 'job-done') {
    done.jobs++
    done.usd += event.usd ?? 0
  }
  if (event.type === 'job-failed') done.failed++
}

function printEvent(event: WorkerEvent, { output }: CommandContext): void {
  switch (event.type) {
    case 'worker-ready':
      return output.line(
        `Waiting for jobs of ${event.queue}, ${event.jobs} at the same time. Pictures go to ${event.store}. Press Ctrl-C to stop.`,
      )
    case 'job-done': {
      const price = event.isFound ? 'was in the store' : formatUsd(event.usd)
      const files = event.files === 0 ? '' : `, ${count(event.files, 'file')}`
      return output.line(
        `  ${output.paint('add', '✓')} ${event.asset}  ${formatDuration(event.ms)}  ${price}${files}`,
      )
    }
    case 'job-failed':
      return output.problem(withError(`  ✗ ${event.asset ?? 'A job'}: `, event.error))
    case 'job-returned':
      if (output.verbose) output.line(`  … ${event.asset}: returned to the queue`)
      return
    case 'leftovers-stored':
      return output.line(
        `  ${output.paint('add', '⇡')} ${count(event.pictures, 'picture')} of an earlier worker stored`,
      )
    default:
      printWait(event, output)
  }
}

/** Prints what a worker waits for. */
function printWait(event: WorkerEvent, output: CommandContext['output']): void {
  switch (event.type) {
    case 'retrying':
      return output.line(
        `  … ${event.asset}: ${event.error.message} Retrying in ${formatDuration(event.ms)}.`,
      )
    case 'remote-awaited':
    case 'queue-failed':
    case 'queue-idle':
      return output.problem(queueProblem(event))
    case 'remote-damaged':
      return output.problem(remoteProblem(event, null))
    case 'failover':
      return output.problem(
        `  ! Provider ${event.from} failed, so Limn falls back to ${event.to}: ${event.error.message}`,
      )
    case 'passed-over':
      return output.problem(`  ! Provider ${event.provider} is skipped: ${event.error.message}`)
  }
}

/** Returns an event for JSON: errors as code and message. */
function workerEventJson(event: WorkerEvent): EventJson<WorkerEvent> {
  if (event.type !== 'job-failed') return eventJson(event as LimnEvent)
  const { type: _, ...error } = errorEvent(event.error)
  return { ...event, error }
}
