import { type Currency, formatUsd, roundUsd } from '../models/cost.ts'
import type { GenerateStep } from './causes.ts'
import { displayWidth, pad, shortenMiddle, widest } from './columns.ts'
import type { CostGroup } from './cost-groups.ts'
import type { Plan } from './plan.ts'

/** Least width of a cause that a terminal shows, cells. */
const MIN_CAUSE = 12
/** The spaces before and between the columns. */
const MARGINS = 6

/** How groups are shown. `columns` is the width of the terminal; `undefined` for no limit. */
type GroupFormat = { plan: Plan; columns: number | undefined; currency: Currency | null }

/**
 * Formats what a plan costs by cause, one group per line; nothing if that says no more than the
 * plan itself.
 */
export function formatGroups(
  groups: readonly CostGroup[],
  { plan, columns, currency }: GroupFormat,
): string[] {
  const isTold = groups.length < 2 && groups.every(({ causes: [cause] }) => isPlain(cause?.kind))
  if (isTold || !groups.some(({ assets }) => assets.length > 1)) return []
  return ['By cause:', ...groupRows(groups, { plan, columns, currency }).map((row) => `  ${row}`)]
}

function isPlain(kind: string | undefined): boolean {
  return kind === 'new' || kind === 'forced' || kind === 'missing'
}

/** Formats groups in columns: cause, number of pictures, price. */
export function groupRows(
  groups: readonly CostGroup[],
  { plan, columns, currency }: GroupFormat,
): string[] {
  const shownUsd = shownPrices(plan, currency)
  const rows = groups.map((group) => ({
    cause: group.cause,
    pictures: count(group.pictures),
    price: formatGroupPrice(group, { shownUsd, currency }),
  }))
  const pictures = widest(rows.map((row) => row.pictures))
  const price = widest(rows.map((row) => row.price))
  const wide = widest(rows.map((row) => row.cause))
  const room = columns === undefined ? wide : columns - MARGINS - pictures - price
  const cause = Math.min(wide, Math.max(MIN_CAUSE, room))
  return rows.map((row) =>
    [
      pad(displayWidth(row.cause) > cause ? shortenMiddle(row.cause, cause) : row.cause, cause),
      row.pictures.padStart(pictures),
      row.price.padStart(price),
    ].join('  '),
  )
}

function count(pictures: number): string {
  return pictures === 1 ? '1 picture' : `${pictures} pictures`
}

/** The prices of assets as the lines of a plan show them, so that sums add up. */
function shownPrices(plan: Plan, currency: Currency | null): ReadonlyMap<string, number> {
  const steps = plan.steps.filter((step): step is GenerateStep => step.kind === 'generate')
  return new Map(steps.map(({ asset, usd }) => [asset, roundUsd(usd ?? 0, currency)]))
}

function formatGroupPrice(
  { assets, usd, unknownPrices }: CostGroup,
  { shownUsd, currency }: { shownUsd: ReadonlyMap<string, number>; currency: Currency | null },
): string {
  if (unknownPrices === assets.length) return formatUsd(null, currency)
  const shown = assets.reduce((sum, asset) => sum + (shownUsd.get(asset) ?? 0), 0)
  const unknown = unknownPrices === 0 ? '' : ` + ${unknownPrices} of unknown price`
  return `${formatUsd(shown > 0 ? shown : usd, currency)}${unknown}`
}
