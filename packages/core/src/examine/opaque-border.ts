import { borderOf, type BorderPixel, type Edge } from './border.ts'
import { quantile } from './cells.ts'
import type { Examined } from './examined-pixels.ts'

/** Pixels that are averaged inwards: grain and the ringing of encoders disappear. */
const DEPTH = 3
/** Length over which a change of colour counts, as a share of the shorter edge, and least px. */
const WINDOW = { share: 0.015, pixels: 3 }
/** How far colours on both sides of a change are apart, of 255, and as a multiple of the grain. */
const CHANGE = { level: 16, grain: 6 }
/** How far apart the colours of one background are, of 255. */
const SAME = 24
/** Share of the border that must be background. */
const LEAST_BACKGROUND = 0.5
/** Share of each edge that must be background, of a quarter of the border. */
const LEAST_OF_EDGE = 0.15
/** Most separate touches of a subject: more are a scene or a pattern. */
const MOST_TOUCHES = 3
/** How far the ends of a floor may differ in height, as a share of the picture's edge. */
const LEVEL = 0.04
/** Least length of a touch, as a share of the shorter edge. */
const TOUCH = 0.008

/** A part of the border that changes only gradually. */
interface Segment {
  from: number
  length: number
  start: Colour
  end: Colour
}

type Colour = readonly [number, number, number]

/**
 * Finds the edges that the subject of an opaque picture touches. The background is what most of the
 * border shows, gradually changing; a floor, which reaches from one side to the other at the same
 * height, is background too.
 *
 * @returns `undefined` if the border shows no even background, or an edge none of it, or if it
 *   shows a scene or a pattern
 */
export function findTouches(picture: Examined): Edge[] | undefined {
  const { width, height } = picture
  const shorter = Math.min(width, height)
  if (shorter < 4 * WINDOW.pixels) return undefined
  const border = borderOf(picture)
  const window = Math.max(WINDOW.pixels, Math.round(shorter * WINDOW.share))
  const line = new Line(border, picture.faces[0]!, picture, window)
  const segments = segmentsOf(line, line.changes())
  const background = largestBackground(segments)
  const isBackground = (segment: Segment): boolean => background.includes(segment)
  const rest = segments.filter((segment) => !isBackground(segment))
  const floors = rest.filter((segment) => isFloor(segment, picture, border.length))
  const known = [...background, ...floors].reduce((sum, { length }) => sum + length, 0)
  if (known < LEAST_BACKGROUND * border.length) return undefined
  if (hasCoveredEdge([...background, ...floors], border)) return undefined
  const others = rest.filter((segment) => !floors.includes(segment))
  const touches = others.filter(({ length }) => length >= Math.max(2, shorter * TOUCH))
  const edges = edgesOf(touches, border)
  return isScene(segments, others, edges, floors.length > 0) ? undefined : edges
}

/** The colours along the border, averaged inwards, with sums for quick means. */
class Line {
  readonly length: number
  readonly #window: number
  readonly #sums: Float64Array

  constructor(
    border: readonly BorderPixel[],
    face: Uint8Array,
    { width, height }: Examined,
    window: number,
  ) {
    this.length = border.length
    this.#window = window
    const depth = Math.min(DEPTH, width, height)
    // Three turns of sums, so that a window may reach beyond either end.
    this.#sums = new Float64Array((3 * border.length + 1) * 3)
    for (let index = 0; index < 3 * border.length; index++) {
      const { at, inward } = border[index % border.length]!
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0
        for (let step = 0; step < depth; step++) sum += face[at + step * inward + channel]!
        this.#sums[(index + 1) * 3 + channel] = this.#sums[index * 3 + channel]! + sum / depth
      }
    }
  }

  /** The mean colour from an index on, over a number of pixels. */
  mean(from: number, count: number): Colour {
    const [start, end] = [(this.length + from) * 3, (this.length + from + count) * 3]
    const of = (channel: number): number =>
      (this.#sums[end + channel]! - this.#sums[start + channel]!) / count
    return [of(0), of(1), of(2)]
  }

  /** The mean colour at the start, or at the end, of what lies between two changes. */
  near(from: number, length: number, side: 'start' | 'end'): Colour {
    const count = Math.max(1, Math.min(this.#window, length >> 1))
    const inset = Math.min(this.#window >> 1, (length - count) >> 1)
    return this.mean(side === 'start' ? from + inset : from + length - inset - count, count)
  }

  /** The places where the colour changes within a window, in order. */
  changes(): number[] {
    const steps = Float64Array.from({ length: this.length }, (_, index) =>
      distance(this.mean(index - this.#window, this.#window), this.mean(index, this.#window)),
    )
    const least = Math.max(CHANGE.level, CHANGE.grain * quantile(steps, 0.25))
    const places: number[] = []
    for (let index = 0; index < this.length; index++) {
      if (steps[index]! < least) continue
      let isHighest = true
      for (let near = 1; near <= this.#window >> 1 && isHighest; near++) {
        const before = steps[(index - near + this.length) % this.length]!
        const after = steps[(index + near) % this.length]!
        isHighest = before < steps[index]! && after <= steps[index]!
      }
      if (isHighest) places.push(index)
    }
    return places
  }
}

function distance(a: Colour, b: Colour): number {
  return Math.max(Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1]), Math.abs(a[2] - b[2]))
}

function segmentsOf(line: Line, changes: readonly number[]): Segment[] {
  if (changes.length < 2) {
    const colour = line.mean(0, 1)
    return [{ from: 0, length: line.length, start: colour, end: colour }]
  }
  return changes.map((from, index) => {
    const next = changes[index + 1] ?? changes[0]! + line.length
    const length = next - from
    return {
      from,
      length,
      start: line.near(from, length, 'start'),
      end: line.near(from, length, 'end'),
    }
  })
}

/**
 * Returns the longest set of segments that belong together: each goes on with the colour with which
 * one before it ended, whatever interrupts them.
 */
function largestBackground(segments: readonly Segment[]): Segment[] {
  let largest: Segment[] = []
  let longest = 0
  for (let first = 0; first < segments.length; first++) {
    const chain = [segments[first]!]
    for (let index = 1; index < segments.length; index++) {
      const next = segments[(first + index) % segments.length]!
      if (distance(chain.at(-1)!.end, next.start) <= SAME) chain.push(next)
    }
    const length = chain.reduce((sum, segment) => sum + segment.length, 0)
    if (length > longest) [largest, longest] = [chain, length]
  }
  return largest
}

/** Returns whether a segment has one edge whole, and ends at the same distance on both sides of it. */
function isFloor({ from, length }: Segment, { width, height }: Examined, total: number): boolean {
  const corners = [0, width, width + height, 2 * width + height]
  return corners.some((corner, index) => {
    const isHorizontal = index % 2 === 0
    const edge = isHorizontal ? width : height
    const side = isHorizontal ? height : width
    const before = (corner - from + total) % total
    const after = length - before - edge
    return after > 0 && before > 0 && before < side && Math.abs(before - after) <= LEVEL * side + 1
  })
}

/**
 * Returns whether an edge shows no background: then the picture is a scene, such as a landscape,
 * and not a subject in front of something.
 */
function hasCoveredEdge(known: readonly Segment[], border: readonly BorderPixel[]): boolean {
  const counts = { top: 0, right: 0, bottom: 0, left: 0 }
  for (const { from, length } of known) {
    for (let index = from; index < from + length; index++) {
      counts[border[index % border.length]!.edge]++
    }
  }
  return Object.values(counts).some((count) => count < (border.length / 4) * LEAST_OF_EDGE)
}

/**
 * Returns whether what is not background belongs to a scene or a pattern, and not to a subject: it
 * touches the border in many places, or on opposite sides of a picture with a floor.
 */
function isScene(
  segments: readonly Segment[],
  touches: readonly Segment[],
  edges: readonly Edge[],
  hasFloor: boolean,
): boolean {
  const isTouch = (index: number): boolean =>
    touches.includes(segments[(index + segments.length) % segments.length]!)
  const separate = segments.filter((_, index) => isTouch(index) && !isTouch(index - 1))
  const isAcross =
    (edges.includes('left') && edges.includes('right')) ||
    (edges.includes('top') && edges.includes('bottom'))
  return separate.length > MOST_TOUCHES || (hasFloor && isAcross)
}

function edgesOf(touches: readonly Segment[], border: readonly BorderPixel[]): Edge[] {
  const middles = touches.map(
    ({ from, length }) => border[(from + (length >> 1)) % border.length]!.edge,
  )
  return (['top', 'right', 'bottom', 'left'] as const).filter((edge) => middles.includes(edge))
}
