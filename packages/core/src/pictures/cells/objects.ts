import type { Background, Rgba } from './background.ts'

/** A rectangle, px; `right` and `bottom` are exclusive. */
export type Box = { left: number; top: number; right: number; bottom: number }

/** Pixels that touch one another and differ from the background. */
export type PictureObject = Box & {
  label: number
  /** px. */
  area: number
}

/** The objects of a picture. */
export type Labelled = {
  objects: PictureObject[]
  /** The label of the object at each pixel; 0 for the background. */
  labels: Int32Array
}

/** Finds the objects of a picture: pixels that touch at an edge or a corner are one object. */
export function findObjects({ width, height }: Rgba, background: Background): Labelled {
  const labels = new Int32Array(width * height)
  const parents = [0]
  for (let y = 0, index = 0; y < height; y++) {
    for (let x = 0; x < width; x++, index++) {
      if (!background.isObject(x, y, index)) continue
      const west = x > 0 ? labels[index - 1]! : 0
      const north = y > 0 ? labels[index - width]! : 0
      const northWest = x > 0 && y > 0 ? labels[index - width - 1]! : 0
      const northEast = x < width - 1 && y > 0 ? labels[index - width + 1]! : 0
      const label = north || west || northWest || northEast
      if (label === 0) parents.push((labels[index] = parents.length))
      else labels[index] = label
      // The pixel to the north touches the other three already.
      if (north === 0 && northEast !== 0) join(parents, label, northEast)
    }
  }
  return collectObjects(labels, parents, width)
}

function rootOf(parents: number[], label: number): number {
  let root = label
  while (parents[root] !== root) root = parents[root]!
  while (parents[label] !== root) [label, parents[label]] = [parents[label]!, root]
  return root
}

function join(parents: number[], a: number, b: number): void {
  const [first, second] = [rootOf(parents, a), rootOf(parents, b)]
  if (first !== second) parents[Math.max(first, second)] = Math.min(first, second)
}

function collectObjects(labels: Int32Array, parents: number[], width: number): Labelled {
  const objects: PictureObject[] = []
  const numberByRoot = new Map<number, number>()
  for (let index = 0; index < labels.length; index++) {
    if (labels[index] === 0) continue
    const root = rootOf(parents, labels[index]!)
    const [x, y] = [index % width, Math.floor(index / width)]
    let label = numberByRoot.get(root)
    if (label === undefined) {
      label = objects.length + 1
      numberByRoot.set(root, label)
      objects.push({ label, area: 0, left: x, top: y, right: x + 1, bottom: y + 1 })
    }
    labels[index] = label
    const object = objects[label - 1]!
    object.area++
    if (x < object.left) object.left = x
    if (x >= object.right) object.right = x + 1
    object.bottom = y + 1
  }
  return { objects, labels }
}
