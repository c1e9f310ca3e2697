import type { OnEvent } from '../../events.ts'
import { type Currency, formatUsd } from '../../models/cost.ts'
import { hasWork } from '../../plan/steps.ts'
import { watchManifest } from '../../project/watch.ts'
import type { CommandContext } from '../command.ts'
import { keepYoungHeapSmall } from '../limit-heap.ts'
import { openFrom } from '../open-project.ts'
import { printEvents } from '../progress.ts'
import { text } from '../project-options.ts'
import { reportError } from '../report-error.ts'
import { usdFrom } from '../usd.ts'
import { summarizeRun } from './generate.ts'

/**
 * `limn watch`: until it is interrupted. Mistakes in the manifest are told, and waited for to be
 * mended.
 */
export async function run(context: CommandContext): Promise<number> {
  const { output, options, signal, quit, setIdle } = context
  keepYoungHeapSmall()
  const project = openFrom(context)
  const limit = usdFrom(options['max-cost'])
  let spent = 0
  let currency: Currency | null = null
  const print = printEvents(output, text(options['profile']))
  let isFirst = true
  let wasBroken = false
  setIdle(true)
  await watchManifest(project.paths, signal, async (follow) => {
    let isQuiet = false
    let spentNow = 0
    const isMended = wasBroken
    wasBroken = false
    try {
      // The lock that this process wrote is a change too; nothing comes of it, and nothing is said.
      const onEvent: OnEvent = (event) => {
        // Looking whether there is anything to do ends by itself.
        if (event.type !== 'warning' && (event.type !== 'planned' || hasWork(event.plan))) {
          setIdle(false)
        }
        // A run may take its time: changes during it count too.
        if (event.type === 'planned') {
          follow(project.followed)
          currency = event.currency
        }
        // What was spent is spent, also where the run fails after it.
        if (event.type === 'progress') spentNow = event.progress.usd
        if (event.type !== 'planned' || isFirst || isMended || hasWork(event.plan)) print(event)
        if (event.type === 'planned' && !hasWork(event.plan) && !isFirst && !isMended) {
          isQuiet = true
        }
      }
      const result = await project.generate({
        maxUsd: limit === undefined ? undefined : limit - spent,
        onEvent,
        signal,
        quit,
      })
      spentNow = result.usd
      const said = summarizeRun(result, currency)
      if (said !== '') {
        output.line()
        output.line(`Done: ${said}.`)
      }
    } catch (error) {
      wasBroken = true
      reportError(error, output)
    }
    spent += spentNow
    follow(project.followed)
    isFirst = false
    setIdle(true)
    if (isQuiet || signal.aborted) return
    output.event({ type: 'watching', usd: spent })
    output.line(
      output.paint(
        'dim',
        `Watching ${project.paths.shownManifest}${spent > 0 ? `, ${formatUsd(spent, currency)} spent` : ''}. Ctrl-C stops.`,
      ),
    )
  })
  output.line()
  output.line('Stopped watching.')
  return 0
}
