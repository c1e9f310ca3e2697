import { count } from '../count.ts'
import { diagnosticLines } from '../diagnostic.ts'
import type { LimnEvent, OnEvent } from '../events.ts'
import type { Currency } from '../models/cost.ts'
import { hasWork } from '../project/plan-steps.ts'
import { formatPlan, nameOfTest, widest } from '../project/plan-text.ts'
import {
  batchCollectedText,
  batchSentText,
  batchWaitingText,
  candidatesText,
  derivedText,
  eventJson,
  examinedText,
  type EventOf,
  fewerText,
  generatedText,
  mismatchText,
} from './event-text.ts'
import type { Output } from './output.ts'
import { createFailurePrinter, type FailurePrinter, withError } from './print-failures.ts'
import { createProgressLog, type ProgressLog } from './progress-log.ts'
import { queueProblem } from './queue-problem.ts'
import { remoteProblem } from './remote-problem.ts'
import { formatDuration } from './text.ts'

/** What the events of a run are printed with. */
type Printing = {
  output: Output
  /** Profile of the run. */
  profile: string | undefined
  readonly failures: FailurePrinter
  readonly log: ProgressLog
  currency: Currency | null
  /** Width of the names of the assets that are generated, cells; 0 for a single one. */
  nameWidth: number
  isCacheFailureReported: boolean
}

/** Prints what happens in one run, or in one after the other. */
export type RunPrinter = {
  print: OnEvent
  /** Ends a run: prints the failures that are left. */
  finish(): void
}

/**
 * Creates a printer of a run's events: a line per picture, and how far the run is.
 *
 * @param profile profile of the run
 */
export function printProgress(output: Output, profile?: string): RunPrinter {
  const failures = createFailurePrinter(output)
  const log = createProgressLog(output, () => failures.count)
  const printing: Printing = {
    output,
    profile,
    failures,
    log,
    currency: null,
    nameWidth: 0,
    isCacheFailureReported: false,
  }
  return {
    print(event) {
      output.event(eventJson(event))
      if (event.type === 'planned') startRun(event, printing)
      printWork(event, printing)
      printProblem(event, printing)
    },
    finish() {
      log.stop()
      failures.finish()
    },
  }
}

/** Longest name that the columns after it are aligned to, cells. */
const MAX_NAME = 32
/** What follows the path of a picture on its line, and the least that a terminal shows of the path. */
const [AFTER_PATH, MIN_PATH] = [36, 24]

function startRun({ plan, currency }: EventOf<'planned'>, printing: Printing): void {
  printing.currency = currency
  if (!hasWork(plan)) return
  const names = plan.steps.flatMap(({ kind, asset }) => (kind === 'generate' ? [asset] : []))
  printing.nameWidth = names.length > 1 ? Math.min(MAX_NAME, widest(names)) : 0
  printing.log.start(names.length, currency)
}

/** The cells that a terminal has for the path of a picture. */
function pathRoom({ columns, verbose }: Output): number {
  return columns === undefined || verbose ? Infinity : Math.max(MIN_PATH, columns - AFTER_PATH)
}

/** Prints what a run did. */
function printWork(
  event: LimnEvent,
  { output, profile, log, currency, nameWidth }: Printing,
): void {
  switch (event.type) {
    case 'waiting':
      return output.line('Another Limn process is writing to this project: waiting for it.')
    case 'planned':
      for (const line of formatPlan(event.plan, { ...output, currency })) output.line(line)
      if (hasWork(event.plan)) output.line()
      return
    case 'generated':
      output.line(
        `  ${output.paint('add', '✓')} ${generatedText(event, currency, nameWidth, pathRoom(output))}`,
      )
      for (const line of candidatesText(event, profile)) {
        output.line(output.paint('dim', `      ${line}`))
      }
      return
    case 'examined':
      if (event.verdicts.every(({ passed }) => passed)) {
        output.line(`  ${output.paint('add', '✓')} ${examinedText(event)[0]}`)
      }
      return
    case 'attempt':
      return output.line(
        `  … ${event.asset}: did not pass ${event.failed.map(nameOfTest).join(', ')}. Requesting another picture.`,
      )
    case 'moved':
      return output.line(`  ${output.paint('change', '→')} ${event.path}  from ${event.from}`)
    case 'retrying':
      return output.line(
        `  … ${event.asset}: ${event.error.message} Retrying in ${formatDuration(event.ms)}.`,
      )
    case 'batch-sent':
      return output.line(`  ${output.paint('add', '⇢')} ${batchSentText(event, currency)}`)
    case 'batch-waiting':
      return output.line(`  … ${batchWaitingText(event)}`)
    case 'batch-collected':
      return output.line(`  ${output.paint('add', '⇠')} ${batchCollectedText(event, currency)}`)
    case 'batch-unmade':
      return output.line(
        `  ! A batch of ${event.assets.length} never reached the server: Limn sends its ${count(event.assets.length, 'request')} again.`,
      )
    case 'remote-waiting':
      return output.line(
        `  … ${event.asset}: another machine is requesting this picture. Waiting for it.`,
      )
    case 'remote-uploaded':
      return output.line(
        `  ${output.paint('add', '⇡')} ${count(event.pictures, 'picture')} uploaded to ${event.store}`,
      )
    case 'emitted':
      return output.line(output.paint('dim', `  ${event.file} lists all pictures.`))
    case 'packed':
      return output.line(output.paint('dim', `  ${event.file} is packed.`))
    case 'derived':
      if (output.verbose) output.line(output.paint('dim', `    ${derivedText(event)}`))
      return
    case 'progress':
      return log.show(event.progress)
  }
}

/** Prints what went wrong in a run. */
function printProblem(event: LimnEvent, printing: Printing): void {
  const { output } = printing
  switch (event.type) {
    case 'warning':
      if (output.verbose) output.problem(diagnosticLines(event.diagnostic))
      return
    case 'fewer':
      return output.problem(`  ! ${fewerText(event)}`)
    case 'examined': {
      const [head = '', ...reasons] = examinedText(event)
      if (reasons.length > 0) output.problem([`  ! ${head}`, ...reasons])
      return
    }
    case 'attempts-ended':
      return output.problem(
        withError(`  ! ${event.asset}: the best picture so far is kept: `, event.error),
      )
    case 'mismatch':
      return output.problem(`  ! ${mismatchText(event)}`)
    case 'failover':
      return output.problem(
        `  ! Provider ${event.from} failed, so Limn falls back to ${event.to}: ${event.error.message}`,
      )
    case 'passed-over':
      return output.problem(`  ! Provider ${event.provider} is skipped: ${event.error.message}`)
    case 'batch-unread':
      return output.problem(withError(`  ! ${event.batch}: `, event.error))
    case 'replaced':
      return output.problem(
        `  ! ${event.path} had been changed by hand: Limn replaced it and kept the old file as ${event.keptIn}.`,
      )
    case 'remote-failed':
    case 'remote-unasked':
    case 'remote-damaged':
    case 'remote-unsent':
      return output.problem(remoteProblem(event, printing.currency))
    case 'remote-awaited':
    case 'queue-failed':
    case 'queue-idle':
      return output.problem(queueProblem(event))
    case 'uncached':
      if (!printing.isCacheFailureReported) {
        output.problem(
          `  ! The cache is not writable, so files are derived again in every run: ${event.error.message}`,
        )
      }
      printing.isCacheFailureReported = true
      return
    case 'failed':
      printing.failures.add(event)
  }
}
