import { readLock, readLockText, writeLock } from '../lock/file.ts'
import type { Lock, LockEntry, LockedOutput } from '../lock/lock.ts'
import { removeJournalEntry } from '../store/journal.ts'
import type { ProjectPaths } from '../store/paths.ts'

/**
 * At most so often is the lockfile written while a run goes on, ms: the journal covers what lies
 * between.
 */
const CHECKPOINT_MS = 1000
/** Of a large one the writing itself takes long: so many times as long nothing is written after it. */
const REST = 10

/** The lock of a run while it changes. */
export type Checkpoint = {
  readonly lock: Lock
  encoder(version: string): void
  /** Changes entries; the pictures at `journalKeys` leave the journal once they are on the disk. */
  set(
    changes: Iterable<readonly [string, LockEntry | undefined]>,
    journalKeys?: readonly string[],
  ): void
  setOutput(asset: string, file: string, output: LockedOutput): void
  flush(): Promise<void>
}

/** The lock while it changes: written now and then, and at the end. */
export function createCheckpoint(paths: ProjectPaths, start: Lock): Checkpoint {
  const assets = new Map(start.assets)
  const lock: Lock = { ...start, assets }
  const touched = new Set<string>()
  let known: string | undefined
  let restMs = CHECKPOINT_MS
  let encoderOfRun: string | undefined
  let settled: string[] = []
  let writing: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  const current = (): Lock => ({ ...lock, encoder: lock.encoder ?? encoderOfRun ?? null })
  const write = async (): Promise<void> => {
    const began = performance.now()
    // A checkout or a merge may have changed the lock meanwhile: what this run did not touch is theirs.
    const text = readLockText(paths.lock)
    // One that can't be read any more is not written over: this throws then.
    const onDisk =
      text !== undefined && text === known ? undefined : readLock(paths.lock, paths.masters)
    if (text !== undefined && onDisk !== undefined) {
      for (const name of new Set([...assets.keys(), ...onDisk.assets.keys()])) {
        if (touched.has(name)) continue
        const theirs = onDisk.assets.get(name)
        if (theirs === undefined) assets.delete(name)
        else assets.set(name, theirs)
      }
    }
    const written = current()
    const keys = settled
    settled = []
    try {
      known = await writeLock(paths.lock, written)
    } catch (error) {
      // They stay in the journal until a lockfile names them.
      settled.unshift(...keys)
      throw error
    }
    restMs = Math.max(CHECKPOINT_MS, REST * (performance.now() - began))
    for (const key of keys) await removeJournalEntry(paths.journal, key)
  }
  const flush = (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    // A write that failed does not keep a later one from being tried.
    writing = writing.catch(() => {}).then(write)
    return writing
  }
  const schedule = (): void => {
    // A failed write is told by the flush at the end.
    timer ??= setTimeout(() => void flush().catch(() => {}), restMs)
  }
  return {
    get lock() {
      return current()
    },
    encoder(version) {
      encoderOfRun = version
    },
    set(changes, journalKeys = []) {
      for (const [name, entry] of changes) {
        touched.add(name)
        if (entry === undefined) assets.delete(name)
        else assets.set(name, entry)
      }
      settled.push(...journalKeys)
      schedule()
    },
    setOutput(asset, file, output) {
      const entry = assets.get(asset)
      if (entry === undefined) return
      touched.add(asset)
      assets.set(asset, { ...entry, outputs: { ...entry.outputs, [file]: output } })
      schedule()
    },
    flush,
  }
}
