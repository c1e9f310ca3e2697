import { statSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

/** How often a file is looked at, ms, and how many times. */
const LOOK_MS = 10
const LOOKS = 30

/**
 * Waits until a file that was just written has content: many writers empty it first, and the
 * watcher tells of that alone.
 */
export async function whenWritten(file: string): Promise<void> {
  for (
    let looks = 0;
    looks < LOOKS && statSync(file, { throwIfNoEntry: false })?.size === 0;
    looks++
  ) {
    await wait(LOOK_MS)
  }
}
