import type { Verdict } from '../lock/verdict.ts'
import { averageCells, quantile } from './cells.ts'
import type { Examined } from './examined-pixels.ts'

/** Most cells along each edge, and their least edge, px. Grain averages out in them. */
const CELLS = { most: 64, edge: 8 }
/** How far a cell is from the usual colour when people see it, of 255. */
const VISIBLE = 8
/** Share of the cells that people must see. */
const LEAST_SHARE = 0.001
/** How far a pixel is from the usual colour when it belongs to a fine pattern, of 255. */
const STRONG = 40
/** Share of the pixels that a fine pattern has. */
const PATTERN_SHARE = 0.01

/** Tests that a picture shows something: on a white page or on a black one. */
export function testNotBlank(picture: Examined): Verdict {
  const shares = picture.faces.map((face) => visibleShare(face, picture))
  const share = Math.max(...shares)
  return {
    test: 'not-blank',
    passed: share > 0,
    reason:
      share > 0
        ? `${formatShare(share)} of the picture differs from its usual colour.`
        : `The picture has one colour: less than ${formatShare(LEAST_SHARE)} of it differs from that by ${VISIBLE} of 255 or more.`,
  }
}

/** Formats a share from 0 to 1 as a percentage. */
export function formatShare(share: number): string {
  const percent = share * 100
  return `${percent < 10 ? Number(percent.toFixed(1)) : Math.round(percent)} %`
}

/** Returns the share of a face that differs from its usual colour; 0 if too little does. */
function visibleShare(face: Uint8Array, { width, height }: Examined): number {
  const whole = { left: 0, top: 0, right: width, bottom: height }
  const { means } = averageCells(face, width, whole, {
    columns: cellsAlong(width),
    rows: cellsAlong(height),
  })
  const usual = [0, 1, 2].map((channel) =>
    quantile(
      means.filter((_, index) => index % 3 === channel),
      0.5,
    ),
  )
  const cells = means.length / 3
  const visible = countFar(means, 3, usual, VISIBLE)
  if (visible >= Math.max(1, cells * LEAST_SHARE)) return visible / cells
  const share = countFar(face, 4, usual, STRONG) / (width * height)
  return share >= PATTERN_SHARE ? share : 0
}

function cellsAlong(length: number): number {
  return Math.min(CELLS.most, Math.ceil(length / CELLS.edge))
}

/** Counts the colours, one for each `step` values, that are far from the usual one in a channel. */
function countFar(
  values: ArrayLike<number>,
  step: number,
  usual: readonly number[],
  bound: number,
): number {
  const [red, green, blue] = usual as [number, number, number]
  let count = 0
  for (let at = 0; at < values.length; at += step) {
    const isFar =
      Math.abs(values[at]! - red) >= bound ||
      Math.abs(values[at + 1]! - green) >= bound ||
      Math.abs(values[at + 2]! - blue) >= bound
    if (isFar) count++
  }
  return count
}
