import { count } from '../../count.ts'
import { didYouMean } from '../../did-you-mean.ts'
import { LimnError } from '../../errors.ts'
import { formatBytes } from '../byte-text.ts'
import { type Comparison, type RegressionCode, regressionCodes } from './comparison.ts'
import { describePage } from './describe.ts'
import { pageGrowth } from './pages.ts'

/** What a comparison may not exceed. */
export type Policies = {
  /**
   * Most bytes that the branch may add to each page, or over all output files if no pages are
   * declared; `undefined` for no limit.
   */
  maxBytes: number | undefined
  /** Regressions that fail. */
  failOn: readonly RegressionCode[]
}

/** Lists the policies that a comparison breaks, one sentence each. */
export function listFailures(comparison: Comparison, { maxBytes, failOn }: Policies): string[] {
  const failing = comparison.regressions.filter(({ code }) => failOn.includes(code)).length
  return [
    ...(maxBytes === undefined ? [] : listGrown(comparison, maxBytes)),
    ...(failing > 0 ? [`--fail-on found ${count(failing, 'regression')}.`] : []),
  ]
}

/** Pages that are listed one by one. */
const MAX_PAGES = 20

function listGrown({ pages, totals }: Comparison, maxBytes: number): string[] {
  const describe = (what: string, growth: number): string =>
    `${what} by ${formatBytes(growth)}; --max-bytes allows ${formatBytes(maxBytes)}.`
  if (pages === null) {
    const growth = totals.bytesAfter - totals.bytesBefore
    return growth > maxBytes ? [describe('The files of all pictures grow', growth)] : []
  }
  const grown = pages.filter((page) => pageGrowth(page) > maxBytes)
  const left = grown.length - MAX_PAGES
  return [
    ...grown
      .slice(0, MAX_PAGES)
      .map((page) => describe(`${describePage(page)} grows`, pageGrowth(page))),
    ...(left > 0
      ? [`${count(left, 'more page')} ${left === 1 ? 'grows' : 'grow'} by more than that.`]
      : []),
  ]
}

/**
 * Parses the value of `--fail-on`: `regression` for every kind, or kinds with commas: `alt,mark`.
 *
 * @throws LimnError `usage`
 */
export function parseFailOn(value: string): RegressionCode[] {
  return value.split(',').flatMap((part) => {
    const code = part.trim()
    if (code === 'regression') return [...regressionCodes]
    if (isCode(code)) return [code]
    const known = ['regression', ...regressionCodes]
    throw new LimnError('usage', `--fail-on does not know "${code}".`, {
      hint: didYouMean(code, known) ?? `Write one or more of ${known.join(', ')}.`,
    })
  })
}

function isCode(code: string): code is RegressionCode {
  return (regressionCodes as readonly string[]).includes(code)
}
