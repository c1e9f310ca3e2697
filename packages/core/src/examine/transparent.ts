import type { Verdict } from '../lock/verdict.ts'
import { borderOf } from './border.ts'
import { checkerboardShare } from './checkerboard.ts'
import type { Examined } from './examined-pixels.ts'
import { findFringe } from './fringe.ts'
import { formatShare } from './not-blank.ts'

/** Alpha up to which a pixel is transparent. */
const MAX_ALPHA = 12
/** Shares of the picture and of its border that must be transparent. */
const LEAST = { picture: 0.01, border: 0.05 }
/** Share of the picture from which on a painted checkerboard counts. */
const LEAST_CHECKERBOARD = 0.01

/**
 * Tests that the background of a picture is really transparent: no opaque background, no painted
 * checkerboard, and no fringe of the old background around the subject.
 */
export function testTransparent(picture: Examined): Verdict {
  const problem = findProblem(picture)
  return {
    test: 'transparent',
    passed: problem === undefined,
    reason:
      problem ??
      `${formatShare(transparentShare(picture))} of the picture is transparent, without a painted checkerboard or a fringe.`,
  }
}

function findProblem(picture: Examined): string | undefined {
  const checkerboard = checkerboardShare(picture)
  if (checkerboard >= LEAST_CHECKERBOARD) {
    return `${formatShare(checkerboard)} of the picture is a painted checkerboard.`
  }
  if (!picture.hasAlpha) return 'The picture is opaque.'
  const share = transparentShare(picture)
  if (share < LEAST.picture) {
    return `${formatShare(share)} of the picture is transparent; at least ${formatShare(LEAST.picture)} is expected.`
  }
  const border = borderOf(picture)
  const clear = border.filter(({ at }) => picture.data[at + 3]! <= MAX_ALPHA).length / border.length
  if (clear < LEAST.border) {
    return `${formatShare(clear)} of the border is transparent; at least ${formatShare(LEAST.border)} is expected.`
  }
  return findFringe(picture)
}

function transparentShare({ data }: Examined): number {
  let count = 0
  for (let at = 3; at < data.length; at += 4) if (data[at]! <= MAX_ALPHA) count++
  return count / (data.length / 4)
}
