import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import {
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  isAlive,
  machine,
  parseProcess,
  type ProcessIdentity,
  currentProcess,
} from '../disk/process.ts'
import { temporaryPath } from '../disk/temporary-files.ts'
import { toWriteError } from '../disk/write-errors.ts'
import { isErrno, LimnError } from '../errors.ts'
import type { ProjectPaths } from './paths.ts'
import { ensureStateFolder } from './state-folder.ts'

/*
 * The lock is the folder `.limn/writer.lock` with one file in it, which says who has it and
 * is named by a token of theirs. A folder can be moved only to where none stands or an empty
 * one, so that of any number of processes one gets it; and the file of an owner who died is
 * taken away by its own name, so that nobody's lock is taken away for another's.
 */

/** How long one process waits for another, ms: a run over many pictures takes its time. */
const MAX_WAIT = 60 * 60_000
/** How often an owner gives a sign of life, ms. */
const HEARTBEAT = 1000
/**
 * Without one for so long an owner on another machine counts as dead, ms. On this one only its end
 * counts.
 */
const STALE = 15_000

/** What the only writer of a project has to know. */
export type Turn = {
  /**
   * Whether a writer died: what it was writing lies about half written, until somebody says that it
   * is markCleanedUp up.
   */
  isAfterCrash: boolean
  /** Nothing lies about any more. */
  markCleanedUp(): Promise<void>
  /**
   * Fires where another process has become the writer, as `.limn` was deleted or this machine
   * slept.
   */
  lost: AbortSignal
}

/** Whether the last writer of a project died, and nobody has markCleanedUp up since. */
export async function hasWriterCrashed({ state }: Pick<ProjectPaths, 'state'>): Promise<boolean> {
  if (existsSync(markIn(state))) return true
  const owner = (await holderOf(lockIn(state)))?.owner
  return owner?.machine === machine() && !isAlive(owner)
}

/**
 * Who is writing to a project now; `undefined` where nobody is. Of another machine nobody here
 * knows whether it is alive.
 */
export async function currentWriter({
  state,
}: Pick<ProjectPaths, 'state'>): Promise<{ pid: number; isHere: boolean } | undefined> {
  const owner = (await holderOf(lockIn(state)))?.owner
  if (owner === undefined) return undefined
  const isHere = owner.machine === machine()
  return isHere && !isAlive(owner) ? undefined : { pid: owner.pid, isHere }
}

/**
 * Does some work as the only writer of a project. Another process that is writing is waited for;
 * one that died is not. Readers never wait.
 *
 * @throws LimnError `store/busy` after an hour, or where the lock was lost; `aborted` where the
 *   signal fires while it waits; `store/read-only` and the like where no lock can be made
 */
export async function runAsSingleWriter<T>(
  { state }: Pick<ProjectPaths, 'state'>,
  onWait: () => void,
  work: (turn: Turn) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const token = randomUUID()
  const folder = lockIn(state)
  const mark = markIn(state)
  const file = join(folder, token)
  const lost = new AbortController()
  await acquire({ state, folder, mark, token, onWait, signal })
  let beating = Promise.resolve()
  const timer = setInterval(() => (beating = beating.then(beat)), HEARTBEAT)
  timer.unref()
  try {
    const result = await work({
      isAfterCrash: existsSync(mark),
      markCleanedUp: () => rm(mark, { force: true }).catch(() => {}),
      lost: lost.signal,
    })
    lost.signal.throwIfAborted()
    return result
  } finally {
    clearInterval(timer)
    await beating
    await rm(file, { force: true }).catch(() => {})
    await rmdir(folder).catch(() => {})
  }

  /** A sign of life. Where somebody deleted the lock it is made again. */
  async function beat(): Promise<void> {
    if (lost.signal.aborted) return
    try {
      await utimes(file, new Date(), new Date())
    } catch (error) {
      // Whatever else it is may pass until the next one.
      if (!isErrno(error, 'ENOENT')) return
      const isMine = await take(state, folder, token).catch(() => true)
      if (!isMine) {
        lost.abort(
          new LimnError('store/busy', 'Another Limn took over writing to this project.', {
            hint: 'Run the command again: what was received is kept in the journal.',
          }),
        )
      }
    }
  }
}

function lockIn(state: string): string {
  return join(state, 'writer.lock')
}

/** What becomes of the file of an owner who died. */
function markIn(state: string): string {
  return join(state, 'writer.died')
}

/** Waits until the lock is this process's. */
async function acquire({
  state,
  folder,
  mark,
  token,
  onWait,
  signal,
}: {
  state: string
  folder: string
  mark: string
  token: string
  onWait: () => void
  signal: AbortSignal | undefined
}): Promise<void> {
  const started = performance.now()
  let seen = { sign: '', at: started }
  for (let told = false; ;) {
    // Before looking, so that a process that was itself stopped while it looked finds nobody dead.
    const now = performance.now()
    const holder = await holderOf(folder)
    if (holder === undefined && (await take(state, folder, token))) return
    if (holder !== undefined && holder.sign !== seen.sign) seen = { sign: holder.sign, at: now }
    const hasEnded =
      holder?.owner?.machine === machine() ? !isAlive(holder.owner) : now - seen.at > STALE
    if (
      holder !== undefined &&
      hasEnded &&
      (await rename(holder.file, mark).then(
        () => true,
        () => false,
      ))
    ) {
      continue
    }
    if (now - started > MAX_WAIT) {
      throw new LimnError(
        'store/busy',
        'Another Limn has been writing to this project for an hour.',
        { hint: `Stop it. If there is none, delete ${folder}.` },
      )
    }
    if (!told) onWait()
    told = true
    await sleep(100, undefined, signal === undefined ? {} : { signal }).catch((cause: unknown) => {
      throw new LimnError('aborted', 'Stopped while it waited for another Limn.', { cause })
    })
  }
}

/** Takes the lock. @returns whether it was free */
async function take(state: string, folder: string, token: string): Promise<boolean> {
  const prepared = temporaryPath(folder)
  try {
    await ensureStateFolder(state)
    await mkdir(prepared, { recursive: true })
    await writeFile(join(prepared, token), JSON.stringify(currentProcess()))
    // Windows moves no folder over another, empty or not; one that is not empty stays.
    await rmdir(folder).catch(() => {})
    await rename(prepared, folder)
    return true
  } catch (error) {
    await rm(prepared, { recursive: true, force: true }).catch(() => {})
    if (
      isErrno(error, 'ENOTEMPTY', 'EEXIST') ||
      (isErrno(error, 'EPERM', 'EACCES') && error.syscall === 'rename')
    ) {
      return false
    }
    throw toWriteError(error, folder)
  }
}

/** Who has the lock, and their last sign of life; `undefined` where nobody has it. */
async function holderOf(
  folder: string,
): Promise<{ file: string; owner: ProcessIdentity | undefined; sign: string } | undefined> {
  // Whatever else an operating system puts into a folder starts with a dot, and so comes first.
  const name = (await readdir(folder).catch(() => [])).sort().at(-1)
  if (name === undefined) return undefined
  const file = join(folder, name)
  // Gone, or unreadable: then it is in the way of whoever tries to take it.
  const [facts, text] = await Promise.all([stat(file), readFile(file, 'utf8')]).catch(() => [])
  if (facts === undefined || text === undefined) return undefined
  return { file, owner: parseProcess(text), sign: `${file} ${facts.mtimeMs}` }
}
