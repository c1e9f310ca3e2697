/** A rectangle to pack, px. */
export type Box = { width: number; height: number }

/** Where the boxes are, in their order, and the size of what holds them, px. */
export type Packed = Box & { places: { x: number; y: number }[] }

/** Longest edge of an atlas, px: that of the textures that every device supports. */
export const MAX_ATLAS_EDGE = 8192

/** A part of the upper edge of what is packed. */
type Step = { x: number; y: number; width: number }

/**
 * Packs boxes into the smallest area, the squarest of equal ones. The same boxes give the same
 * places.
 *
 * @param options.padding space around each box, px
 * @returns `undefined` if they do not fit into `MAX_ATLAS_EDGE`
 */
export function packBoxes(
  boxes: readonly Box[],
  { padding, powerOfTwo }: { padding: number; powerOfTwo: boolean },
): Packed | undefined {
  const padded = boxes.map(({ width, height }) => ({
    width: width + padding,
    height: height + padding,
  }))
  let best: Packed | undefined
  for (const width of widthsFor(padded, powerOfTwo)) {
    const packed = packInto(width - padding, padded)
    if (packed === undefined) continue
    const used = packed.height + padding
    const height = powerOfTwo ? nextPower(used) : used
    if (height > MAX_ATLAS_EDGE) continue
    const places = packed.places.map(({ x, y }) => ({ x: x + padding, y: y + padding }))
    const found = { width: powerOfTwo ? width : packed.width + padding, height, places }
    if (best === undefined || isBetter(found, best)) best = found
  }
  return best
}

function isBetter(a: Box, b: Box): boolean {
  const [first, second] = [a.width * a.height, b.width * b.height]
  return (
    first < second ||
    (first === second && Math.max(a.width, a.height) < Math.max(b.width, b.height))
  )
}

function widthsFor(boxes: readonly Box[], powerOfTwo: boolean): number[] {
  if (powerOfTwo) return Array.from({ length: 14 }, (_, power) => 2 ** power)
  const area = boxes.reduce((sum, { width, height }) => sum + width * height, 0)
  const widest = Math.max(1, ...boxes.map(({ width }) => width))
  const ideal = Math.sqrt(area)
  const widths = [0.8, 0.9, 1, 1.05, 1.1, 1.2, 1.3, 1.5, 2].map((factor) =>
    Math.min(MAX_ATLAS_EDGE, Math.max(widest * 2, Math.ceil(ideal * factor))),
  )
  return [...new Set([...widths, Math.min(MAX_ATLAS_EDGE, widest * 2)])]
}

function nextPower(length: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, length)))
}

/** Packs boxes below a width, the highest first, each as far up and to the left as it fits. */
function packInto(width: number, boxes: readonly Box[]): Packed | undefined {
  const order = [...boxes.keys()].sort(
    (a, b) => boxes[b]!.height - boxes[a]!.height || boxes[b]!.width - boxes[a]!.width || a - b,
  )
  const places: { x: number; y: number }[] = []
  let skyline: Step[] = [{ x: 0, y: 0, width }]
  let [right, bottom] = [0, 0]
  for (const index of order) {
    const box = boxes[index]!
    const place = findPlace(skyline, box, width)
    if (place === undefined) return undefined
    places[index] = place
    skyline = raise(skyline, { ...place, ...box })
    right = Math.max(right, place.x + box.width)
    bottom = Math.max(bottom, place.y + box.height)
  }
  return { width: right, height: bottom, places }
}

function findPlace(
  skyline: readonly Step[],
  box: Box,
  width: number,
): { x: number; y: number } | undefined {
  let best: { x: number; y: number } | undefined
  for (const { x } of skyline) {
    if (x + box.width > width) break
    const y = Math.max(
      ...skyline
        .filter((step) => step.x < x + box.width && step.x + step.width > x)
        .map((step) => step.y),
    )
    if (best === undefined || y < best.y) best = { x, y }
  }
  return best
}

function raise(skyline: readonly Step[], box: Box & { x: number; y: number }): Step[] {
  const end = box.x + box.width
  const left = skyline.flatMap((step) =>
    step.x < box.x ? [{ ...step, width: Math.min(step.width, box.x - step.x) }] : [],
  )
  const rest = skyline.flatMap((step) => {
    const from = Math.max(step.x, end)
    const to = step.x + step.width
    return to > from ? [{ ...step, x: from, width: to - from }] : []
  })
  return [...left, { x: box.x, y: box.y + box.height, width: box.width }, ...rest]
}
