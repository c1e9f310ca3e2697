/** Number of cycles to report at most. */
const MAX_CYCLES = 20
/** Number of names that a formatted cycle shows at most. */
const MAX_NAMES = 12

/** A step on the path from a name: the names that it leads to and that are still to be followed. */
type PathStep = { name: string; left: string[] }

/**
 * Finds cycles among names that lead to others, each as the names along it, with the first of
 * `names` in front. Finds at least one of several cycles that share a part.
 */
export function findCycles(
  names: Iterable<string>,
  nextOf: (name: string) => readonly string[],
): string[][] {
  const cycles: string[][] = []
  const done = new Set<string>()
  for (const start of names) {
    const path: PathStep[] = []
    const onPath = new Set<string>()
    const enter = (name: string): void => {
      path.push({ name, left: nextOf(name).toReversed() })
      onPath.add(name)
    }
    if (!done.has(start)) enter(start)
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const next = step.left.pop()
      if (next === undefined) {
        path.pop()
        onPath.delete(step.name)
        done.add(step.name)
      } else if (onPath.has(next)) {
        if (cycles.length < MAX_CYCLES) cycles.push(cycleFrom(next, path))
      } else if (!done.has(next)) enter(next)
    }
  }
  return cycles
}

function cycleFrom(name: string, path: readonly PathStep[]): string[] {
  return path.slice(path.findIndex((step) => step.name === name)).map((step) => step.name)
}

/** Formats a cycle, for example `a → b → a`. */
export function formatCycle(cycle: readonly string[]): string {
  const names = cycle.length > MAX_NAMES ? [...cycle.slice(0, MAX_NAMES - 2), '…'] : cycle
  return [...names, cycle[0]].join(' → ')
}
