import { type Currency, formatUsd, roundUsd } from '../models/cost.ts'
import { pad, shortenMiddle, widest } from './columns.ts'
import type { CostExplanation, CostLine, CostTotal } from './explain-cost.ts'

type FormatOptions = { columns: number | undefined; currency: Currency | null }

/** Widest name of a total that a terminal shows, cells. */
const MAX_NAME = 48

/** Formats the cost of a plan: each asset, then the sums by cause, model and folder. */
export function formatCosts(costs: CostExplanation, options: FormatOptions): string[] {
  if (costs.lines.length === 0) return ['The plan requests no pictures, so it costs nothing.']
  const shown = new Map(
    costs.lines.map(({ asset, usd }) => [asset, roundUsd(usd ?? 0, options.currency)]),
  )
  return [
    'Cost at most, per asset:',
    ...costs.lines.flatMap((line) => formatLine(line, options)),
    '',
    ...formatTotals('By cause', withShownSums(costs.byCause, shown), options),
    ...formatTotals('By model', withShownSums(costs.byModel, shown), options),
    ...formatTotals('By folder', withShownSums(costs.byFolder, shown), options),
    ...formatSum(costs, options),
  ]
}

/** Sums up prices as the lines show them, so that they add up. */
function withShownSums(
  totals: readonly CostTotal[],
  shown: ReadonlyMap<string, number>,
): CostTotal[] {
  return totals.map((total) => {
    const usd = total.assets.reduce((sum, asset) => sum + shown.get(asset)!, 0)
    return usd > 0 ? { ...total, usd } : total
  })
}

function formatLine(line: CostLine, { columns, currency }: FormatOptions): string[] {
  const { asset, model, size, quality, pictures, usd, each } = line
  const head = `  ${asset}: ${usd === 0 ? 'free' : formatUsd(usd, currency)}`
  const number = pictures === 1 ? '1 picture' : `${pictures} pictures`
  const priced =
    each.quality !== null && each.quality !== quality ? ` (priced as ${each.quality})` : ''
  return [
    shortenLine(head, columns),
    ...wrap([number, model, size, `quality ${quality}${priced}`], columns),
    ...wrap(formulaOf(line, currency), columns),
    ...wrap(originOf(line, currency), columns),
  ]
}

/** The parts of a price: `216 text tokens in × $5 per 1M`. */
function formulaOf({ each, pictures }: CostLine, currency: Currency | null): string[] {
  const { tokens, published, batchShare } = each
  if (tokens === undefined) {
    return each.rule === 'picture' ? [`${formatUsd(each.usd, currency)} per picture`] : []
  }
  const { inputText, inputImage, output, usdPerMillion: price } = tokens
  const part = (number: number, what: string, usd: number): string[] =>
    number === 0 ? [] : [`${number} ${what} × $${usd} per 1M`]
  return [
    ...part(inputText, 'text tokens in', price.textIn),
    ...part(inputImage, 'picture tokens in', price.imageIn),
    ...part(output, 'tokens out', price.imageOut),
    ...(published === undefined ? [] : [`at least ${formatUsd(published, currency)} per picture`]),
    ...(batchShare === undefined ? [] : [`× ${batchShare} in a batch`]),
    ...(pictures === 1 ? [] : [`× ${pictures} pictures`]),
  ]
}

function originOf({ source, likelyUsd, usd }: CostLine, currency: Currency | null): string[] {
  if (source === null) return ['no price is known: set `price` for the model in the manifest']
  const date = source.date === undefined ? '' : `, ${source.date}`
  const probably = formatUsd(likelyUsd, currency)
  const likely = probably === formatUsd(usd, currency) ? [] : [`probably ${probably}`]
  return [...likely, `${usd === 0 ? '' : 'price: '}${source.name}${date}`]
}

function formatTotals(
  title: string,
  totals: readonly CostTotal[],
  { columns, currency }: FormatOptions,
): string[] {
  const pictures = totals.map(
    (total) => `${total.pictures} ${total.pictures === 1 ? 'picture' : 'pictures'}`,
  )
  const prices = totals.map((total) => priceOf(total, currency))
  const room = (columns ?? Infinity) - 6 - widest(pictures) - widest(prices)
  const width = Math.min(MAX_NAME, Math.max(12, room), widest(totals.map(({ name }) => name)))
  return [
    `${title}:`,
    ...totals.map(
      ({ name }, index) =>
        `  ${pad(shortenMiddle(name, width), width)}  ${pictures[index]!.padStart(widest(pictures))}  ${prices[index]!.padStart(widest(prices))}`,
    ),
  ]
}

function priceOf({ usd, unknownPrices }: CostTotal, currency: Currency | null): string {
  if (unknownPrices === 0) return formatUsd(usd, currency)
  const unknown = `${unknownPrices} of unknown price`
  return usd === 0 ? unknown : `${formatUsd(usd, currency)} + ${unknown}`
}

function formatSum(costs: CostExplanation, { currency }: FormatOptions): string[] {
  const usd = costs.lines.reduce((sum, line) => sum + roundUsd(line.usd ?? 0, currency), 0)
  if (usd === 0) return []
  const unknown = costs.lines.filter((line) => line.usd === null).length
  const rest = unknown === 0 ? '' : `, without ${unknown} of unknown price`
  return [
    `All: up to ${formatUsd(usd, currency)}, probably ${formatUsd(costs.likelyUsd, currency)}${rest}.`,
    'At most, each character of a prompt counts as a token, and each input picture as the largest.',
  ]
}

/** Joins parts by commas, and breaks the line between parts where a terminal is narrower. */
function wrap(parts: readonly string[], columns: number | undefined): string[] {
  const lines: string[] = []
  for (const [index, part] of parts.entries()) {
    const text = index === parts.length - 1 ? part : `${part},`
    const last = lines.at(-1)
    const joined = last === undefined ? undefined : `${last} ${text}`
    if (joined !== undefined && joined.length <= (columns ?? 100)) lines[lines.length - 1] = joined
    else lines.push(`      ${text}`)
  }
  return lines
}

function shortenLine(text: string, columns: number | undefined): string {
  return columns === undefined ? text : shortenMiddle(text, columns)
}
