import { count } from '../../count.ts'
import { didYouMean } from '../../did-you-mean.ts'
import { LimnError } from '../../errors.ts'
import { formatBytes, formatGrowth } from '../byte-text.ts'
import { type Comparison, type RegressionCode, regressionCodes } from './comparison.ts'

/** What a comparison may not exceed. */
export type Policies = {
  /** Most bytes that the branch may add over all output files; `undefined` for no limit. */
  maxBytes: number | undefined
  /** Regressions that fail. */
  failOn: readonly RegressionCode[]
}

/** Lists the policies that a comparison breaks, one sentence each. */
export function listFailures(
  { totals: { bytesBefore, bytesAfter }, regressions }: Comparison,
  { maxBytes, failOn }: Policies,
): string[] {
  const growth = bytesAfter - bytesBefore
  const failing = regressions.filter(({ code }) => failOn.includes(code)).length
  return [
    ...(maxBytes !== undefined && growth > maxBytes
      ? [
          `The files of all pictures grow by ${formatGrowth(growth).slice(1)}; --max-bytes allows ${formatBytes(maxBytes)}.`,
        ]
      : []),
    ...(failing > 0 ? [`--fail-on found ${count(failing, 'regression')}.`] : []),
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
