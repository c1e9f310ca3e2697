import type { LimnEvent } from '../../events.ts'
import type { Currency } from '../../models/cost.ts'
import type { GenerateOptions, GenerateResult } from '../../project/generate.ts'
import { hasWork } from '../../project/plan-steps.ts'
import type { Project } from '../../project/project.ts'
import { watchManifest } from '../../project/watch.ts'
import type { CommandContext } from '../command.ts'
import { limitHeap } from '../limit-heap.ts'
import { openProjectFor } from '../open-project.ts'
import { printProgress, type RunPrinter } from '../progress.ts'
import { isRetryUncertain, textOption } from '../project-options.ts'
import { reportError } from '../report-error.ts'
import { summarizeRun } from '../run-summary.ts'
import { parseMaxCost } from '../text.ts'
import { createWatchSpending, isNotAgreed, type WatchSpending } from '../watch-spending.ts'

type Follow = Parameters<Parameters<typeof watchManifest>[1]>[0]

/** What a watch remembers from one run to the next. */
type Session = {
  readonly project: Project
  readonly context: CommandContext
  readonly printer: RunPrinter
  readonly spending: WatchSpending
  currency: Currency | null
  isFirstRun: boolean
  /** Whether the last run failed as a whole, as for a mistake in the manifest. */
  hasFailed: boolean
}

/**
 * Runs `limn watch` until it is interrupted. A mistake in the manifest is reported, and the next
 * change runs again.
 */
export async function run(context: CommandContext): Promise<number> {
  const { output, options, signal, setIdle } = context
  limitHeap()
  const project = openProjectFor(context)
  const session: Session = {
    project,
    context,
    printer: printProgress(output, textOption(options, 'profile')),
    spending: createWatchSpending(context, parseMaxCost(options['max-cost'])),
    currency: null,
    isFirstRun: true,
    hasFailed: false,
  }
  setIdle(true)
  await watchManifest(project.paths, (follow) => runOnce(session, follow), signal)
  output.line()
  output.line('Stopped watching.')
  return 0
}

/** Generates after a change, and prints what came of it. */
async function runOnce(session: Session, follow: Follow): Promise<void> {
  const { project, context } = session
  // A run with nothing to do is printed at the start and once a mistake is fixed. After that it is
  // mostly caused by the lockfile that the previous run wrote.
  const printsEmptyPlan = session.isFirstRun || session.hasFailed
  const { hasPrinted } = await generate(session, { follow, printsEmptyPlan })
  follow(project.followed)
  session.isFirstRun = false
  context.setIdle(true)
  if (hasPrinted && !context.signal.aborted) printWatching(session)
}

async function generate(
  session: Session,
  { follow, printsEmptyPlan }: { follow: Follow; printsEmptyPlan: boolean },
): Promise<{ hasPrinted: boolean }> {
  const { context, spending } = session
  const { output, options, signal, quit } = context
  const spentBefore = spending.usd
  let hasPrinted = true
  session.hasFailed = false
  try {
    const result = await generateAllowed(session, {
      retryUncertain: isRetryUncertain(options),
      onEvent(event) {
        const isEmptyPlan = event.type === 'planned' && !hasWork(event.plan)
        trackRun(event, session, { spentBefore, follow })
        if (!isEmptyPlan || printsEmptyPlan) session.printer.print(event)
        else hasPrinted = false
      },
      signal,
      quit,
    })
    session.printer.finish()
    spending.usd = spentBefore + result.usd
    const done = summarizeRun(result, session.currency)
    if (done !== '') {
      output.line()
      output.line(`Done: ${done}.`)
    }
  } catch (error) {
    session.hasFailed = true
    session.printer.finish()
    reportError(error, output)
  }
  return { hasPrinted }
}

/** Generates what the spending of the session allows: everything, or only what is free. */
async function generateAllowed(
  { project, spending }: Session,
  options: GenerateOptions,
): Promise<GenerateResult> {
  const { onEvent = () => {} } = options
  try {
    const { approve } = spending
    return await project.generate({ ...options, maxUsd: spending.limit(), approve })
  } catch (error) {
    if (!isNotAgreed(error)) throw error
    // The plan was printed with what is left out now: that there is nothing else says nothing new.
    const isNews = (event: LimnEvent): boolean => event.type !== 'planned' || hasWork(event.plan)
    return project.generate({
      ...options,
      freeOnly: true,
      onEvent: (event) => isNews(event) && onEvent(event),
    })
  }
}

/** Takes over what an event says about the run, even if the run fails later. */
function trackRun(
  event: LimnEvent,
  session: Session,
  { spentBefore, follow }: { spentBefore: number; follow: Follow },
): void {
  // Planning ends by itself; everything else is work that an interrupt waits for.
  const isPlanning = event.type === 'warning' || (event.type === 'planned' && !hasWork(event.plan))
  if (!isPlanning) session.context.setIdle(false)
  if (event.type === 'planned') {
    // A run may take long: changes during it count too.
    follow(session.project.followed)
    session.currency = event.currency
  }
  if (event.type === 'progress') session.spending.usd = spentBefore + event.progress.usd
}

function printWatching({ project, context: { output }, spending, currency }: Session): void {
  output.event({ type: 'watching', usd: spending.usd })
  const spent = spending.describe(currency)
  output.line(
    output.paint('dim', `Watching ${project.paths.shownManifest}${spent}. Press Ctrl-C to stop.`),
  )
}
