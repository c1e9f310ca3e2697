import type { Verdict } from '../lock/verdict.ts'
import { borderOf, type BorderPixel } from './border.ts'
import type { Examined } from './examined-pixels.ts'
import { findTouches } from './opaque-border.ts'

/** Alpha up to which a pixel is background, and from which on it is the subject, not its shadow. */
const ALPHA = { background: 25, subject: 128 }
/** Share of the border that is transparent in a picture with a cut-out subject. */
const LEAST_TRANSPARENT = 0.2
/** Share of an edge that a subject must touch, and the least length, px. */
const TOUCH = { share: 0.005, pixels: 2 }

/**
 * Tests that no edge of a picture cuts its subject off. A subject that only touches an edge counts
 * as cut: nobody can tell whether it goes on. Soft shadows may touch it.
 */
export function testWhole(picture: Examined): Verdict {
  const border = borderOf(picture)
  const transparent = border.filter(({ at }) => picture.data[at + 3]! <= ALPHA.background).length
  if (transparent >= LEAST_TRANSPARENT * border.length) return byAlpha(picture, border)
  const found = findTouches(picture)
  if (found === undefined) {
    return {
      test: 'whole',
      passed: true,
      reason: 'The border shows no even background, so nothing was measured.',
    }
  }
  return verdictOf(found)
}

function byAlpha({ data, width, height }: Examined, border: readonly BorderPixel[]): Verdict {
  const touched = (['top', 'right', 'bottom', 'left'] as const).filter((edge) => {
    const length = edge === 'top' || edge === 'bottom' ? width : height
    const count = border.filter(
      (pixel) => pixel.edge === edge && data[pixel.at + 3]! >= ALPHA.subject,
    ).length
    return count >= Math.max(Math.min(TOUCH.pixels, length), length * TOUCH.share)
  })
  return verdictOf(touched)
}

function verdictOf(edges: readonly string[]): Verdict {
  return {
    test: 'whole',
    passed: edges.length === 0,
    reason:
      edges.length === 0
        ? 'The subject touches no edge.'
        : `The subject touches the ${edges.join(' and the ')} edge.`,
  }
}
