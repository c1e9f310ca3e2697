/** Circles told at most: one is enough to go by. */
const MOST_CIRCLES = 20

/**
 * The circles among names that lead to others, each as the names that it goes through, the first of
 * `names` in front. Of circles that share a way not all are found, and at least one.
 */
export function findCircles(
  names: Iterable<string>,
  nextOf: (name: string) => readonly string[],
): string[][] {
  const circles: string[][] = []
  const done = new Set<string>()
  for (const start of names) {
    // The way from `start`, each step with the names that are still to be followed.
    const way: { name: string; left: string[] }[] = []
    const onWay = new Set<string>()
    const enter = (name: string): void => {
      way.push({ name, left: nextOf(name).toReversed() })
      onWay.add(name)
    }
    if (!done.has(start)) enter(start)
    for (let step = way.at(-1); step !== undefined; step = way.at(-1)) {
      const next = step.left.pop()
      if (next === undefined) {
        way.pop()
        onWay.delete(step.name)
        done.add(step.name)
      } else if (onWay.has(next)) {
        if (circles.length < MOST_CIRCLES) {
          circles.push(
            way.slice(way.findIndex(({ name }) => name === next)).map(({ name }) => name),
          )
        }
      } else if (!done.has(next)) enter(next)
    }
  }
  return circles
}
