import { z } from 'zod'
import { count } from '../../../count.ts'
import { formatUsd } from '../../../models/cost.ts'
import { explainStep } from '../../../plan/describe-step.ts'
import { priceOfStep } from '../../../plan/steps.ts'
import { pageInput, pageOutput, takePage } from '../paging.ts'
import { moneyOf, moneyOutput, nameInput, roundUsd } from '../schemas.ts'
import { defineTool, type McpTool } from '../tool.ts'

/** Shows what a run would do, why, and at what price. */
export const planTool: McpTool = defineTool({
  name: 'plan',
  title: 'Plan, with prices',
  description:
    'Shows what `generate` would do, why, and at what price at most. Free: it sends no request. Call it before `generate`, and report the price to the person.',
  isReadOnly: true,
  input: z.strictObject({
    names: z.array(nameInput).max(100).optional().describe('Only these assets. Default: all.'),
    again: z.boolean().default(false).describe('Price a new picture even if it is up to date.'),
    ...pageInput,
  }),
  output: z.object({
    steps: z.array(
      z.object({
        name: z.string(),
        step: z.string().describe('generate costs money; derive, recover and move are free.'),
        why: z.string(),
        pictures: z.int(),
        usd: z.number().nullable().describe('Price at most, USD; null if it is unknown.'),
      }),
    ),
    usd: z.number().describe('Price of all steps whose price is known, at most, USD.'),
    unknownPrices: z.int().describe('Number of assets whose price is unknown.'),
    warnings: z.int(),
    ...moneyOutput,
    ...pageOutput,
  }),
  async run({ names = [], again, ...selection }, { project, spending }) {
    const { plan, warnings } = await project.plan({ names, force: again && names.length > 0 })
    const { page, ...rest } = takePage(
      plan.steps.filter(({ kind }) => kind !== 'prune'),
      selection,
    )
    const steps = page.map((step) => ({
      name: step.asset,
      step: step.kind,
      why: explainStep(step),
      pictures: step.kind === 'generate' ? step.images : 0,
      usd: priceOfStep(step),
    }))
    const unknown =
      plan.unknownPrices === 0
        ? ''
        : ` The price of ${count(plan.unknownPrices, 'asset')} is unknown.`
    return {
      summary: `${count(rest.total, 'step')}, at most ${formatUsd(plan.usd)}.${unknown} This server may still spend ${formatUsd(spending.leftUsd)}.`,
      data: {
        steps,
        usd: roundUsd(plan.usd),
        unknownPrices: plan.unknownPrices,
        warnings: warnings.length,
        ...moneyOf(spending),
        ...rest,
      },
    }
  },
})
