import { LimnError } from '../errors.ts'
import type { Pixels } from './pixels.ts'
import { readApart } from './read-apart.ts'

/** Longest time to render one SVG, ms: the heaviest ones of models take a second. */
const TIME_LIMIT = 20_000

/**
 * Renders an SVG in a process of its own.
 *
 * @param order.density in dpi. Default 72
 * @param timeLimit in ms
 * @throws LimnError `picture/unreadable`
 */
export async function renderApart(
  { bytes, density }: { bytes: Uint8Array; density: number | undefined },
  timeLimit: number = TIME_LIMIT,
): Promise<Pixels> {
  return readApart(bytes, { density }, { timeLimit, tooSlow: () => tooSlow(timeLimit) })
}

function tooSlow(timeLimit: number): LimnError {
  return new LimnError(
    'picture/unreadable',
    `The picture can't be read: rendering the SVG takes more than ${timeLimit / 1000} s.`,
    { hint: 'Simplify its filters and patterns, or generate it again.' },
  )
}
