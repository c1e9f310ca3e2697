import { isStable, type Stamps } from '../../disk/stamps.ts'
import { tryWriteFile } from '../../disk/write-atomic.ts'
import type { ProjectPaths } from '../../store/paths.ts'
import { type Memory, memoryFiles } from './memory.ts'

/**
 * Returns whether these stamps can be stored: no change after `time`, ms since 1970, can leave one
 * of them the same, and every path fits on a line.
 */
export function areCertain(stamps: Stamps, time: number): boolean {
  return [...stamps].every(([path, stamp]) => isStable(stamp, time) && !path.includes('\n'))
}

/** Writes a plan to the cache. A cache that cannot be written is ignored. */
export function writeMemory(paths: ProjectPaths, memory: Memory): void {
  tryWriteFile(paths.root, memoryFiles(paths).plan, JSON.stringify(memory))
}
