import { z } from 'zod'
import { count } from '../../../count.ts'
import { LimnError } from '../../../errors.ts'
import type { Manifest } from '../../../manifest/manifest.ts'
import { formatUsd, USD_TOLERANCE } from '../../../models/cost.ts'
import type { Plan } from '../../../plan/plan.ts'
import type { GenerateResult } from '../../generate.ts'
import type { GenerateOptions } from '../../options.ts'
import { createProgressReport } from '../run-progress.ts'
import { moneyOf, moneyOutput, nameInput, roundUsd } from '../schemas.ts'
import type { SpendingRoom } from '../spending.ts'
import { defineTool, type McpTool, type ToolAnswer, type ToolContext } from '../tool.ts'

/** Most failures in one reply. */
const MAX_FAILURES = 20

const output = z.object({
  generated: z.int().describe('Assets that have a new picture.'),
  recovered: z.int().describe('Assets whose picture was already paid for.'),
  derived: z.int().describe('Files that were derived.'),
  usd: z.number().describe('What this call has cost, USD.'),
  ...moneyOutput,
  pictures: z.array(z.object({ name: z.string(), path: z.string(), usd: z.number().nullable() })),
  failed: z.array(z.object({ name: z.string(), message: z.string() })),
  moreFailed: z.int().describe('Number of failures that are left out.'),
})

const input = z.strictObject({
  names: z
    .array(nameInput)
    .min(1)
    .max(100)
    .describe('The assets to generate, or a folder of them: product.'),
  maxUsd: z
    .number()
    .min(0)
    .max(1_000_000)
    .optional()
    .describe('Most that this call may cost, USD. The limit of the server holds in any case.'),
  again: z
    .boolean()
    .default(false)
    .describe('Request a new picture even if the current one is up to date.'),
})
type Input = z.output<typeof input>

/** Executes the plan of some assets, within what the person allowed. */
export const generateTool: McpTool = defineTool({
  name: 'generate',
  title: 'Generate pictures',
  description:
    'Generates the pictures of the named assets and derives their files. May cost money: it never exceeds the limit that the person set with --max-cost when this server started, and spends nothing without it. Call `plan` first. A repeated call continues where the last one stopped and pays for nothing twice.',
  isReadOnly: false,
  input,
  output,
  async run(given, context) {
    const { project, spending, signal, quit } = context
    const progress = createProgressReport(context.progress)
    try {
      return await spending
        .spend(async (room) => {
          if (signal.aborted) {
            throw new LimnError('aborted', 'The call was cancelled before it started.')
          }
          await requireFree(given, context)
          const pictures: z.input<typeof output>['pictures'] = []
          const result = await project.generate({
            ...optionsOf(given, room, context),
            onEvent(event) {
              room.onEvent(event)
              progress.onEvent(event)
              if (event.type === 'generated') {
                pictures.push({ name: event.asset, path: event.path, usd: event.usd })
              }
            },
            signal,
            quit,
          })
          return { result, pictures, usd: result.usd }
        })
        .then(({ result, pictures }) => answer(result, pictures, context))
    } finally {
      progress.end()
    }
  },
})

function optionsOf(
  { names, again, maxUsd = Infinity }: Input,
  room: SpendingRoom,
  context: ToolContext,
): GenerateOptions {
  const limit = Math.min(maxUsd, room.maxUsd)
  return {
    names,
    force: again,
    maxUsd: limit,
    // An attempt after a request that may have been billed could be billed too.
    retryUncertain: false,
    freeOnly: context.spending.capUsd === null,
    async approve(plan, manifest) {
      if (again) await requireNotKept(plan, context)
      approve(plan, manifest, { limit, ...context })
    },
  }
}

/**
 * Reports what a server without a limit would leave out.
 *
 * @throws LimnError `budget/not-agreed` if the plan is not free
 */
async function requireFree({ names, again }: Input, context: ToolContext): Promise<void> {
  if (context.spending.capUsd !== null) return
  const { plan, snapshot } = await context.project.planWithSnapshot({ names, force: again })
  const isLocal = snapshot.manifest.providers.every(({ server }) => server === 'local')
  if (isLocal || !plan.steps.some(({ kind }) => kind === 'generate')) return
  throw new LimnError(
    'budget/not-agreed',
    `The pictures may cost ${formatUsd(plan.usd)}, and this server may spend nothing.`,
    { hint: 'Ask the person to start `limn mcp` again with `--max-cost USD`.' },
  )
}

/**
 * Keeps what a person decided to keep.
 *
 * @throws LimnError `budget/not-agreed` if the plan replaces an adopted or pinned picture
 */
async function requireNotKept({ steps }: Plan, { project }: ToolContext): Promise<void> {
  const { lock } = await project.snapshot()
  const kept = steps.find(({ kind, asset }) => {
    const state = lock.assets.get(asset)?.master.state
    return kind === 'generate' && state !== undefined && state !== 'generated'
  })
  if (kept === undefined) return
  throw new LimnError(
    'budget/not-agreed',
    `A person adopted or pinned the picture of "${kept.asset}", so this server does not replace it.`,
    { hint: `Ask the person to run \`limn generate ${kept.asset} --force\`.` },
  )
}

/**
 * Rejects a plan that is not agreed to.
 *
 * @throws LimnError `budget/exceeded`, `budget/not-agreed`
 */
function approve(
  plan: Plan,
  manifest: Manifest,
  { limit, agreed, spending }: ToolContext & { limit: number },
): void {
  agreed.require(plan, manifest)
  if (spending.capUsd !== null && plan.unknownPrices > 0) {
    throw new LimnError(
      'budget/exceeded',
      `The price of ${count(plan.unknownPrices, 'asset')} is unknown, so the run might exceed the limit.`,
      {
        hint: 'Ask the person to describe the price of the model in `models`, or to run `limn generate` in a terminal.',
      },
    )
  }
  if (plan.usd <= limit + USD_TOLERANCE) return
  throw new LimnError(
    'budget/exceeded',
    `It may cost ${formatUsd(plan.usd)}, but this call may spend ${formatUsd(limit)}.`,
    {
      hint:
        limit < spending.leftUsd
          ? 'Name fewer assets, or raise `maxUsd` if the person agrees.'
          : 'Name fewer assets, or ask the person to start `limn mcp` again with a higher --max-cost.',
    },
  )
}

function answer(
  { generated, recovered, derived, failed, usd }: GenerateResult,
  pictures: z.input<typeof output>['pictures'],
  { spending }: ToolContext,
): ToolAnswer<z.input<typeof output>> {
  const shown = failed.slice(0, MAX_FAILURES)
  return {
    summary: [
      `${count(generated, 'picture')} generated, ${recovered} recovered, ${count(derived, 'file')} derived${failed.length === 0 ? '' : `, ${failed.length} failed`}.`,
      `This call cost ${formatUsd(usd)}; ${formatUsd(spending.leftUsd)} is left of what this server may spend.`,
    ].join(' '),
    data: {
      generated,
      recovered,
      derived,
      usd: roundUsd(usd),
      ...moneyOf(spending),
      pictures: pictures.slice(0, 100),
      failed: shown.map(({ asset, error }) => ({ name: asset, message: messageOf(error) })),
      moreFailed: failed.length - shown.length,
    },
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof LimnError)) return 'Limn failed. Its standard error has the details.'
  return error.hint === undefined ? error.message : `${error.message} ${error.hint}`
}
