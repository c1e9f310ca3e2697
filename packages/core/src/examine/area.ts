import type { Area } from '../manifest/expectations.ts'

/** A part of a picture, px: from `left` and `top` up to, not including, `right` and `bottom`. */
export interface Rectangle {
  left: number
  top: number
  right: number
  bottom: number
}

/** Returns the pixels of an area: a third along each named side, at least one pixel. */
export function areaOf(area: Area, width: number, height: number): Rectangle {
  const words = area.split('-')
  const isCenter = area === 'center'
  const [left, right] = thirdOf(width, words.includes('left'), words.includes('right'), isCenter)
  const [top, bottom] = thirdOf(height, words.includes('top'), words.includes('bottom'), isCenter)
  return { left, right, top, bottom }
}

/** Returns the first, last or middle third of a length, or all of it. */
function thirdOf(
  length: number,
  isFirst: boolean,
  isLast: boolean,
  isMiddle: boolean,
): [from: number, to: number] {
  const third = Math.max(1, Math.round(length / 3))
  if (isFirst) return [0, third]
  if (isLast) return [length - third, length]
  if (!isMiddle) return [0, length]
  const from = Math.floor((length - third) / 2)
  return [from, from + third]
}

/** Names an area in a sentence. */
export function areaName(area: Area): string {
  return area === 'center' ? 'the center' : `the ${area} third`
}
