/*
 * Which part of a master an output shows, computed in the page as the server derives it, so that
 * a crop follows the pointer.
 */

/** px. */
export type Size = { width: number; height: number }
/** A part of a master, px. */
export type Region = Size & { left: number; top: number }
/** Shares from the left and the top. */
export type Focus = { x: number; y: number }

/**
 * Returns the largest part of a master with an output's aspect ratio that has a focal point in its
 * middle.
 */
export function cropAround(master: Size, output: Size, focus: Focus): Region {
  const scale = Math.min(master.width / output.width, master.height / output.height)
  const width = Math.min(master.width, Math.max(1, Math.round(output.width * scale)))
  const height = Math.min(master.height, Math.max(1, Math.round(output.height * scale)))
  return {
    width,
    height,
    left: start(focus.x * master.width, width, master.width),
    top: start(focus.y * master.height, height, master.height),
  }
}

/** Returns where a part starts that has a place in its middle and stays inside. */
function start(middle: number, length: number, total: number): number {
  return Math.min(total - length, Math.max(0, Math.round(middle - length / 2)))
}

/** Focal points of positions; `undefined` for those that the server finds in the picture. */
export function focusOfPosition(position: string): Focus | undefined {
  const point = /^(\d+(?:\.\d+)?)% (\d+(?:\.\d+)?)%$/.exec(position)
  if (point !== null) return { x: Number(point[1]) / 100, y: Number(point[2]) / 100 }
  if (!/^(?:centre|top|right|bottom|left|(?:top|bottom)-(?:left|right))$/.test(position)) {
    return undefined
  }
  let [x, y] = [0.5, 0.5]
  if (position.endsWith('left')) x = 0
  if (position.endsWith('right')) x = 1
  if (position.startsWith('top')) y = 0
  if (position.startsWith('bottom')) y = 1
  return { x, y }
}

/** Rounds a focal point to what is worth writing into a manifest. */
export function roundFocus({ x, y }: Focus): Focus {
  const round = (share: number): number => Math.round(Math.min(1, Math.max(0, share)) * 100) / 100
  return { x: round(x), y: round(y) }
}
