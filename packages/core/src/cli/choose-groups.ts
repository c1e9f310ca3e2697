import { count } from '../count.ts'
import { LimnError } from '../errors.ts'
import { formatUsd } from '../models/cost.ts'
import { groupRows } from '../project/plan-text.ts'
import { keepChosen, withoutDependants } from '../project/select-steps.ts'
import type { CostGroup, Manifest, Plan } from '../project/types.ts'
import type { CommandContext } from './command.ts'
import { describePlanCost } from './confirm-cost.ts'

/** What a person chose. */
export type Choice = {
  /** Names of the assets to request. */
  assets: ReadonlySet<string>
  /** The most that they cost, USD; `undefined` if a price is unknown. */
  maxUsd: number | undefined
}

/**
 * Lets the person choose on the terminal which groups of a plan are generated.
 *
 * @throws LimnError `budget/not-agreed` if the person quits, `usage` if there is no terminal
 */
export async function chooseGroups(
  groups: readonly CostGroup[],
  { plan, manifest }: { plan: Plan; manifest: Pick<Manifest, 'currency'> },
  { output, signal }: Pick<CommandContext, 'output' | 'signal'>,
): Promise<Choice> {
  const { currency } = manifest
  const selected = new Set(groups.keys())
  let problem: string | undefined
  for (;;) {
    const assets = assetsOf(groups, selected)
    const kept = withoutDependants(plan, assets)
    const chosen = keepChosen(plan, kept)
    const rows = groupRows(groups, { plan, columns: columnsOf(output.columns), currency })
    const lines = rows.map(
      (row, index) => `  ${selected.has(index) ? '[x]' : '[ ]'} ${index + 1}. ${row}`,
    )
    const dropped = assets.size - kept.size
    const note =
      dropped === 0
        ? []
        : [`${count(dropped, 'asset')} left out: made from pictures that are left out.`]
    const cost = chosen.steps.some(({ kind }) => kind === 'generate')
      ? `up to ${describePlanCost(chosen, currency)}`
      : formatUsd(0, currency)
    const keys = `Toggle 1${groups.length > 1 ? `-${groups.length}` : ''}, a = all, n = none, Enter = generate (${cost}), q = quit:`
    const answer = await output.ask(
      [...lines, ...note, ...(problem ? [problem] : []), keys],
      signal,
    )
    if (answer === undefined) throw noTerminal()
    if (answer === '') {
      return { assets: kept, maxUsd: chosen.unknownPrices > 0 ? undefined : chosen.usd }
    }
    if (/^q(uit)?$/i.test(answer)) throw new LimnError('budget/not-agreed', 'Nothing was done.')
    problem = apply(answer, selected, groups.length)
  }
}

/** A terminal's width without the boxes and numbers before each row. */
function columnsOf(columns: number | undefined): number | undefined {
  return columns === undefined ? undefined : columns - 9
}

function assetsOf(
  groups: readonly CostGroup[],
  selected: ReadonlySet<number>,
): ReadonlySet<string> {
  return new Set(groups.flatMap(({ assets }, index) => (selected.has(index) ? assets : [])))
}

/** Changes the selection as an answer says. @returns what is wrong with the answer */
function apply(answer: string, selected: Set<number>, size: number): string | undefined {
  if (/^a(ll)?$/i.test(answer)) {
    for (let index = 0; index < size; index++) selected.add(index)
    return undefined
  }
  if (/^n(one)?$/i.test(answer)) {
    selected.clear()
    return undefined
  }
  const numbers = answer.split(/[\s,]+/).map(Number)
  if (!numbers.every((number) => Number.isInteger(number) && number >= 1 && number <= size)) {
    return `There is no group "${answer}".`
  }
  for (const number of new Set(numbers)) {
    if (!selected.delete(number - 1)) selected.add(number - 1)
  }
  return undefined
}

/** The error of `--interactive` where nobody can be asked. */
function noTerminal(): LimnError {
  return new LimnError('usage', '--interactive requires a terminal, but there is none to ask on.', {
    hint: 'Name the assets instead: `limn generate NAME…`.',
  })
}
