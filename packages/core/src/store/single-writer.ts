import { randomUUID } from 'node:crypto'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createDebug, elapsed } from '../debug.ts'
import {
  currentProcess,
  isAlive,
  machine,
  parseProcess,
  type ProcessIdentity,
} from '../disk/process.ts'
import {
  makeFolder,
  removeFolder,
  removeInside,
  removeTree,
  renameInside,
  touch,
  writeNewFile,
} from '../disk/project-files.ts'
import {
  existsInside,
  listInside,
  maxBytes,
  readTextInside,
  statInside,
} from '../disk/read-inside.ts'
import { temporaryPath } from '../disk/temporary-files.ts'
import { writeFileAtomic } from '../disk/write-atomic.ts'
import { toWriteError } from '../disk/write-errors.ts'
import { guardWrites, unguarded } from '../disk/write-guard.ts'
import { isErrno, LimnError } from '../errors.ts'
import type { ProjectPaths } from './paths.ts'
import { ensureStateFolder } from './state-folder.ts'

/*
 * The writer lock is the folder `.limn/writer.lock`. It contains one file that identifies the owner,
 * named by the owner's random token. A folder can only be renamed to a missing or an empty one, so
 * that exactly one of several processes acquires the lock. A dead owner's file is removed by its own
 * name, so that a process never removes a lock that another one has acquired in the meantime.
 *
 * A process can be paused at any moment, and another machine then takes over. The token is therefore
 * a fencing token too: the guard of `disk/write-guard.ts` compares it before each request and each
 * write, so that no code that writes has to. The file
 * `.limn/writer.token` keeps the token of the last owner, so that a process that resumes after
 * another one has come and gone is not mistaken for one whose lock was deleted.
 */

const debug = createDebug('store')

/** How long one process waits for another, ms: a run over many pictures takes long. */
const MAX_WAIT = 60 * 60_000
/** Interval at which a waiting process checks the lock, ms. */
const POLL_INTERVAL = 100
/** Interval at which the owner updates its file's modification time, ms. */
const HEARTBEAT_INTERVAL = 1000
/**
 * Time without a heartbeat after which an owner on another machine counts as dead, ms. An owner on
 * this machine counts as dead only when its process has ended.
 */
const STALE_AFTER = 15_000

/** What the single writer of a project needs to know. */
export type WriterSession = {
  /** Whether a previous writer crashed, and `markCleanedUp` has not been called since. */
  isAfterCrash: boolean
  /** Records that everything the crashed writer left behind was cleaned up. */
  markCleanedUp(): Promise<void>
  /** Aborts if another process acquires the lock, after `.limn` was deleted or this machine slept. */
  lost: AbortSignal
}

type StatePaths = Pick<ProjectPaths, 'state'>

/** The writer lock as one process uses it. Absolute paths. */
type WriterLock = {
  /** The folder that contains the state folder. */
  root: string
  state: string
  folder: string
  /** A crashed owner's file is moved here, and stays until the crash is cleaned up. */
  crashMark: string
  token: string
  /** This process's file in `folder`. */
  file: string
  /** Contains the token of the last owner. It stays when the lock is released. */
  tokenFile: string
}

/** The owner of a lock; `heartbeat` changes with each sign of life. */
type Holder = { file: string; owner: ProcessIdentity | undefined; heartbeat: string }

/** Returns whether the last writer of a project crashed, and no writer has cleaned up since. */
export async function hasWriterCrashed({ state }: StatePaths): Promise<boolean> {
  if (existsInside(dirname(state), crashMarkIn(state))) return true
  const owner = (await readHolder(dirname(state), lockFolderIn(state)))?.owner
  return owner?.machine === machine() && !isAlive(owner)
}

/**
 * Returns the process that is writing to a project; `undefined` if there is none. A writer on
 * another machine counts as running, as that can't be checked.
 */
export async function currentWriter({
  state,
}: StatePaths): Promise<{ pid: number; isHere: boolean } | undefined> {
  const owner = (await readHolder(dirname(state), lockFolderIn(state)))?.owner
  if (owner === undefined) return undefined
  const isHere = owner.machine === machine()
  return isHere && !isAlive(owner) ? undefined : { pid: owner.pid, isHere }
}

/**
 * Runs `work` as the single writer of a project. Waits for another process that is writing, unless
 * that process crashed. Readers need no lock. Each write and each request of `work` first checks
 * that this process still is the writer, and fails with `store/busy` otherwise.
 *
 * @param options.onWait called once, before this process waits for another one
 * @throws LimnError `store/busy` after an hour, or if the lock was lost; `aborted` if the signal
 *   aborts the wait; other `store/…` if the lock can't be written
 */
export async function runAsSingleWriter<T>(
  {
    paths: { state },
    onWait = () => {},
    signal,
  }: { paths: StatePaths; onWait?: () => void; signal?: AbortSignal | undefined },
  work: (session: WriterSession) => Promise<T>,
): Promise<T> {
  const lock = createLock(state)
  const lost = new AbortController()
  await acquire(lock, { onWait, signal })
  const heartbeat = startHeartbeat(lock, lost)
  let isOver = false
  const guard = async (): Promise<void> => {
    if (isOver) throw lostLock()
    await unguarded(() => requireWriter(lock, { lost, heartbeat }))
  }
  try {
    const result = await guardWrites(guard, () =>
      work({
        isAfterCrash: existsInside(lock.root, lock.crashMark),
        markCleanedUp: () => removeInside(lock.root, lock.crashMark).catch(() => {}),
        lost: lost.signal,
      }),
    )
    lost.signal.throwIfAborted()
    return result
  } finally {
    isOver = true
    await heartbeat.stop()
    await release(lock)
    debug('writer lock: released')
  }
}

async function release({ root, file, folder }: WriterLock): Promise<void> {
  await removeInside(root, file).catch(() => {})
  await removeFolder(root, folder).catch(() => {})
}

function createLock(state: string): WriterLock {
  const token = randomUUID()
  const folder = lockFolderIn(state)
  return {
    root: dirname(state),
    state,
    folder,
    crashMark: crashMarkIn(state),
    token,
    file: join(folder, token),
    tokenFile: join(state, 'writer.token'),
  }
}

function lockFolderIn(state: string): string {
  return join(state, 'writer.lock')
}

function crashMarkIn(state: string): string {
  return join(state, 'writer.died')
}

/** Throws unless this process has the lock. Acquires the lock again if it was deleted. */
async function requireWriter(
  { root, file }: WriterLock,
  { lost, heartbeat }: { lost: AbortController; heartbeat: Heartbeat },
): Promise<void> {
  if (!existsInside(root, file)) await heartbeat.beat()
  lost.signal.throwIfAborted()
}

type Heartbeat = {
  /** Beats now, after the running beat. */
  beat(): Promise<void>
  /** Stops the heartbeat, and waits for the running beat. */
  stop(): Promise<void>
}

function startHeartbeat(lock: WriterLock, lost: AbortController): Heartbeat {
  let running = Promise.resolve()
  let last = 0
  const next = (): Promise<void> => {
    running = running.then(() => {
      // Other machines compare the times: each differs, even if the clock stops or is set back.
      last = Math.max(Date.now(), last + HEARTBEAT_INTERVAL)
      return beat(lock, lost, new Date(last))
    })
    return running
  }
  const timer = setInterval(() => void next(), HEARTBEAT_INTERVAL)
  timer.unref()
  return {
    beat: next,
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}

/** Updates the owner's file. Acquires the lock again if it was deleted, or aborts `lost`. */
async function beat(lock: WriterLock, lost: AbortController, at: Date): Promise<void> {
  if (lost.signal.aborted) return
  try {
    await touch(lock.root, lock.file, at)
  } catch (error) {
    // Other errors may be temporary: the next heartbeat tries again.
    if (!isErrno(error, 'ENOENT')) return
    const isOwner = !wasTakenOver(lock) && (await tryAcquire(lock).catch(() => true))
    debug(isOwner ? 'writer lock: acquired again, it was deleted' : 'writer lock: lost')
    if (!isOwner) {
      lost.abort(lostLock())
    }
  }
}

function lostLock(): LimnError {
  return new LimnError('store/busy', 'Another Limn process took over writing to this project.', {
    hint: 'Run the command again: Limn recovers the pictures received so far from the journal.',
  })
}

/** Returns whether another process has acquired the lock since, and may have released it again. */
function wasTakenOver({ root, tokenFile, token }: WriterLock): boolean {
  try {
    return readTextInside(root, tokenFile, maxBytes.text) !== token
  } catch {
    return false
  }
}

/** Waits until this process has the lock. */
async function acquire(
  lock: WriterLock,
  { onWait, signal }: { onWait: () => void; signal: AbortSignal | undefined },
): Promise<void> {
  const started = performance.now()
  let last = { heartbeat: '', at: started }
  for (let isWaiting = false; ;) {
    // The clock is read first: if this process is suspended while it reads the lock, the owner must
    // not seem to be dead.
    const now = performance.now()
    const holder = await readHolder(lock.root, lock.folder)
    if (holder === undefined && (await tryAcquire(lock))) {
      if (debug.enabled) debug('writer lock: acquired after %s', elapsed(started))
      return
    }
    if (holder !== undefined) {
      if (holder.heartbeat !== last.heartbeat) last = { heartbeat: holder.heartbeat, at: now }
      if (isDead(holder, now - last.at) && (await removeHolder(holder, lock))) {
        debug('writer lock: taken over from process %s, which is dead', pidOf(holder))
        continue
      }
    }
    if (now - started > MAX_WAIT) throw busy(lock)
    if (!isWaiting) {
      debug('writer lock: waiting for process %s', pidOf(holder))
      onWait()
    }
    isWaiting = true
    await sleepUntilPoll(signal)
  }
}

function pidOf(holder: Holder | undefined): number | 'unknown' {
  return holder?.owner?.pid ?? 'unknown'
}

function isDead({ owner }: Holder, msSinceHeartbeat: number): boolean {
  return owner?.machine === machine() ? !isAlive(owner) : msSinceHeartbeat > STALE_AFTER
}

/** Removes a dead owner from the lock. @returns whether that succeeded */
async function removeHolder({ file }: Holder, { root, crashMark }: WriterLock): Promise<boolean> {
  return renameInside(root, file, crashMark).then(
    () => true,
    () => false,
  )
}

async function sleepUntilPoll(signal: AbortSignal | undefined): Promise<void> {
  const options = signal === undefined ? {} : { signal }
  await sleep(POLL_INTERVAL, undefined, options).catch((cause: unknown) => {
    throw new LimnError(
      'aborted',
      'The command was stopped while it waited for another Limn process.',
      { cause },
    )
  })
}

function busy({ folder }: WriterLock): LimnError {
  return new LimnError(
    'store/busy',
    'Another Limn process has been writing to this project for an hour.',
    { hint: `Stop that process, or delete ${folder} if there is none.` },
  )
}

/** Acquires the lock if it is free. @returns whether it was free */
async function tryAcquire(lock: WriterLock): Promise<boolean> {
  const { root, state, folder, token, tokenFile } = lock
  const prepared = temporaryPath(folder)
  try {
    await ensureStateFolder(state)
    await makeFolder(root, prepared)
    await writeNewFile(root, join(prepared, token), JSON.stringify(currentProcess()))
    // Windows can't rename a folder to an existing empty one. This keeps a folder that is not empty.
    await removeFolder(root, folder).catch(() => {})
    await renameInside(root, prepared, folder)
  } catch (error) {
    await removeTree(root, prepared).catch(() => {})
    if (
      isErrno(error, 'ENOTEMPTY', 'EEXIST') ||
      (isErrno(error, 'EPERM', 'EACCES') && error.syscall === 'rename')
    ) {
      return false
    }
    throw toWriteError(error, folder)
  }
  await writeFileAtomic(root, tokenFile, token, { synced: false }).catch(async (error: unknown) => {
    await release(lock)
    throw error
  })
  return true
}

/** Reads the owner of a lock; `undefined` if the lock is free. */
async function readHolder(root: string, folder: string): Promise<Holder | undefined> {
  try {
    // Files that an operating system adds to a folder start with a dot, which sorts first.
    const name = listInside(root, folder)
      .map((entry) => entry.name)
      .sort()
      .at(-1)
    if (name === undefined) return undefined
    const file = join(folder, name)
    const text = readTextInside(root, file, maxBytes.text)
    const stat = statInside(root, file)
    if (stat === undefined) return undefined
    return { file, owner: parseProcess(text), heartbeat: `${file} ${stat.mtimeMs}` }
  } catch {
    // If the file is gone or unreadable, `tryAcquire` decides whether the lock is free.
    return undefined
  }
}
