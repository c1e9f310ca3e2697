import { count } from '../../count.ts'
import type { Currency } from '../../models/cost.ts'
import { formatUsd } from '../../models/cost.ts'
import type { CommandContext } from '../command.ts'
import { confirmCost } from '../confirm-cost.ts'
import { openProjectFor } from '../open-project.ts'
import { printProgress } from '../progress.ts'
import { textOption } from '../project-options.ts'
import { parseMaxCost } from '../text.ts'

/**
 * Runs `limn examine`: examines pictures again, whatever is known about them. Fails if one is not
 * what the manifest expects, or can't be examined.
 */
export async function run(context: CommandContext): Promise<number> {
  const { output, options, args, signal, quit } = context
  const { print, finish } = printProgress(output, textOption(options, 'profile'))
  const passedByAsset = new Map<string, boolean>()
  let currency: Currency | null = null
  const result = await openProjectFor(context)
    .generate({
      names: args,
      examine: true,
      examineOnly: true,
      maxUsd: parseMaxCost(options['max-cost']),
      async approve(plan, manifest) {
        await confirmCost(plan, manifest, context)
      },
      onEvent(event) {
        if (event.type === 'planned') ({ currency } = event)
        if (event.type === 'examined') {
          const isPassed = event.verdicts.every(({ passed }) => passed)
          passedByAsset.set(event.asset, isPassed)
        }
        print(event)
      },
      signal,
      quit,
    })
    .finally(finish)
  const passed = [...passedByAsset.values()].filter(Boolean).length
  const notPassed = passedByAsset.size - passed
  const failed = result.failed.length
  output.event({ type: 'done', passed, notPassed, failed, usd: result.usd })
  output.line()
  const cost = result.usd > 0 ? ` (${formatUsd(result.usd, currency)})` : ''
  output.line(
    passedByAsset.size === 0
      ? 'No picture was examined.'
      : `${count(passedByAsset.size, 'picture')} examined${cost}: ${passed} passed, ${notPassed} not.`,
  )
  return notPassed > 0 || failed > 0 ? 1 : 0
}
