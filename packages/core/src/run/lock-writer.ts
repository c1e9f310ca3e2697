import { readLock, readLockText, writeLock } from '../lock/file.ts'
import type { Lock, LockEntry, LockedOutput } from '../lock/lock.ts'
import { removeIntent } from '../store/intents.ts'
import { removeJournalEntry } from '../store/journal.ts'
import type { ProjectPaths } from '../store/paths.ts'

/** The shortest pause between two writes, ms. The journal covers what is not yet written. */
const MIN_PAUSE_MS = 1000
/** The pause after a write, as a multiple of its duration: a large lockfile is written less often. */
const PAUSE_FACTOR = 10

/** The pictures in the journal and the intents that cover a change until it is written. */
type Covers = { journalKeys?: readonly string[]; intents?: readonly string[] }

/** The lock of a run. Changes are written at most once a second, and by `flush` at the end. */
export type LockWriter = {
  /** The lock with all changes of this run, written or not. */
  readonly lock: Lock
  /** Sets the encoder version of a lockfile that has none. */
  setEncoder(version: string): void
  /**
   * Changes entries; `undefined` removes one. What covers the changes until then is removed once
   * the lockfile is on the disk.
   */
  update(changes: Iterable<readonly [string, LockEntry | undefined]>, covers?: Covers): void
  setOutput(asset: string, file: string, output: LockedOutput): void
  /**
   * Writes all changes now.
   *
   * @throws LimnError `lock/…` if the lockfile on the disk cannot be read, which is then not
   *   overwritten; `store/…` if it cannot be written
   */
  flush(): Promise<void>
}

/** Creates the writer of a run's lock. `start` is the lockfile as the run found it. */
export function createLockWriter(paths: ProjectPaths, start: Lock): LockWriter {
  const assets = new Map(start.assets)
  const changed = new Set<string>()
  let encoder = start.encoder ?? null
  let lastText: string | undefined
  let covers = { journalKeys: [] as string[], intents: [] as string[] }
  const current = (): Lock => ({ ...start, assets, encoder })

  /** Writes the lock. @returns what covered the changes and may be removed */
  const write = async (): Promise<Required<Covers>> => {
    const onDisk = readChangedLock(paths, lastText)
    if (onDisk !== undefined) adoptOthersChanges(assets, onDisk, changed)
    const written = covers
    covers = { journalKeys: [], intents: [] }
    try {
      lastText = await writeLock(paths.lock, current(), { mastersFolder: paths.masters })
    } catch (error) {
      // The pictures stay in the journal until a lockfile names them.
      covers.journalKeys.unshift(...written.journalKeys)
      covers.intents.unshift(...written.intents)
      throw error
    }
    return written
  }
  const { schedule, flush } = createWriteSchedule(write, async ({ journalKeys, intents }) => {
    for (const id of intents) await removeIntent(paths, id)
    for (const key of journalKeys) await removeJournalEntry(paths.journal, key)
  })

  const setEntry = (name: string, entry: LockEntry | undefined): void => {
    changed.add(name)
    if (entry === undefined) assets.delete(name)
    else assets.set(name, entry)
  }
  return {
    get lock() {
      return current()
    },
    setEncoder(version) {
      encoder = start.encoder ?? version
    },
    update(changes, { journalKeys = [], intents = [] } = {}) {
      for (const [name, entry] of changes) setEntry(name, entry)
      covers.journalKeys.push(...journalKeys)
      covers.intents.push(...intents)
      schedule()
    },
    setOutput(asset, file, output) {
      const entry = assets.get(asset)
      if (entry === undefined) return
      setEntry(asset, { ...entry, outputs: { ...entry.outputs, [file]: output } })
      schedule()
    },
    flush,
  }
}

/**
 * Reads the lockfile if it is not the one that this run wrote last: a checkout or a merge may have
 * replaced it.
 *
 * @throws LimnError `lock/…` if it cannot be read, so that it is not overwritten
 */
function readChangedLock(paths: ProjectPaths, lastText: string | undefined): Lock | undefined {
  const text = readLockText(paths.lock)
  if (text !== undefined && text === lastText) return undefined
  const onDisk = readLock(paths.lock, paths.masters)
  return text === undefined ? undefined : onDisk
}

/** Takes over the entries on disk that this run has not changed itself. */
function adoptOthersChanges(
  assets: Map<string, LockEntry>,
  onDisk: Lock,
  changed: ReadonlySet<string>,
): void {
  for (const name of new Set([...assets.keys(), ...onDisk.assets.keys()])) {
    if (changed.has(name)) continue
    const theirs = onDisk.assets.get(name)
    if (theirs === undefined) assets.delete(name)
    else assets.set(name, theirs)
  }
}

/**
 * Runs `write`, then `cleanUp` with its result, one at a time: after a pause, or at once by
 * `flush`.
 */
function createWriteSchedule<T>(
  write: () => Promise<T>,
  cleanUp: (written: T) => Promise<void>,
): { schedule: () => void; flush: () => Promise<void> } {
  let pauseMs = MIN_PAUSE_MS
  let writing: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  const run = async (): Promise<void> => {
    const started = performance.now()
    const written = await write()
    pauseMs = Math.max(MIN_PAUSE_MS, PAUSE_FACTOR * (performance.now() - started))
    await cleanUp(written)
  }
  const flush = (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    // A failed write does not prevent the next one.
    writing = writing.catch(() => {}).then(run)
    return writing
  }
  const schedule = (): void => {
    // The flush at the end of the run reports a failed write.
    timer ??= setTimeout(() => void flush().catch(() => {}), pauseMs)
  }
  return { schedule, flush }
}
