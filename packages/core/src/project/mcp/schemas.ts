import { z } from 'zod'
import type { McpSpending } from './spending.ts'

/** The name of an asset in an input. */
export const nameInput: z.ZodString = z
  .string()
  .min(1)
  .max(300)
  .describe('Name of an asset, as `list` returns it: hero, product/mug.')

/** What the session has spent, in an output. */
export const moneyOutput: { sessionSpentUsd: z.ZodNumber; sessionLeftUsd: z.ZodNumber } = {
  sessionSpentUsd: z.number().describe('Spent by this server so far, USD.'),
  sessionLeftUsd: z.number().describe('What this server may still spend, USD.'),
}

/** Returns what the session has spent, as `moneyOutput` describes it. */
export function moneyOf({ spentUsd, leftUsd }: McpSpending): {
  sessionSpentUsd: number
  sessionLeftUsd: number
} {
  return { sessionSpentUsd: roundUsd(spentUsd), sessionLeftUsd: roundUsd(leftUsd) }
}

/** Rounds an amount to a millionth of a dollar, so that sums have no digits of binary fractions. */
export function roundUsd(usd: number): number {
  return Math.round(usd * 1e6) / 1e6
}
