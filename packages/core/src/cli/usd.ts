import { LimnError } from '../errors.ts'

/**
 * USD from the command line: `0.50`, `$2`. @throws LimnError `usage` where it is no sum, or below
 * zero
 */
export function usdFrom(value: string | boolean | undefined): number | undefined {
  if (typeof value !== 'string') return undefined
  const usd = Number(value.replace(/^(-?)\$/, '$1'))
  const isSum = Number.isFinite(usd) && value.trim() !== ''
  if (isSum && usd >= 0) return usd
  throw new LimnError(
    'usage',
    isSum
      ? `--max-cost can't be below zero, and ${value} is.`
      : `--max-cost takes a sum in USD, and "${value}" is none.`,
    { hint: 'Write it as --max-cost 0.50.' },
  )
}
