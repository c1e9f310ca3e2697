import { type ChildProcess, fork } from 'node:child_process'
import { programUrl } from '../program-file.ts'
import type { PictureOrder, PictureResult } from './picture-process.ts'
import type { Pixels, ReadOptions } from './pixels.ts'
import { unreadablePicture } from './unreadable-picture.ts'

/** The most memory that a process may use, bytes: a 200-megapixel AVIF needs 1.3 GB. */
const MEMORY_LIMIT = 2_000_000_000

/** Processes that wait for the next picture. They have no state, so everything shares them. */
const idle: ChildProcess[] = []

/** Limits of reading one picture. */
export type ReadLimits = {
  /** ms. */
  timeLimit: number
  /** The error if the time is over. */
  tooSlow: () => Error
  /** Bytes. */
  memoryLimit?: number | undefined
  /** Ends the process. */
  signal?: AbortSignal | undefined
}

/**
 * Reads a picture in a separate process, which starts with the first picture and is ended if it
 * takes too long or too much memory.
 *
 * @throws LimnError `picture/unreadable`; the reason of `signal`
 */
export async function readApart(
  bytes: Uint8Array,
  options: ReadOptions,
  limits: ReadLimits,
): Promise<Pixels> {
  limits.signal?.throwIfAborted()
  const child = idle.pop() ?? startProcess()
  setRef(child, true)
  try {
    const { memoryLimit = MEMORY_LIMIT } = limits
    const result = await request(child, { bytes, memoryLimit, ...options }, limits)
    // A process keeps the memory that a large picture took.
    if (options.size !== undefined) child.kill('SIGKILL')
    else if (!('failure' in result && result.ends)) keepIdle(child)
    if ('failure' in result) throw unreadablePicture(result.failure)
    const { data, ...size } = result.pixels
    return { ...size, data: Buffer.from(data.buffer, data.byteOffset, data.byteLength) }
  } catch (error) {
    if (!idle.includes(child)) child.kill('SIGKILL')
    throw error
  }
}

function startProcess(): ChildProcess {
  const child = fork(programUrl('pictures/picture-process'), [], {
    // The options of Limn's own process, such as a debugger, are not for this one.
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  child.once('exit', () => {
    if (idle.includes(child)) idle.splice(idle.indexOf(child), 1)
  })
  // Reported by `request`; an idle process has no one to report to.
  child.on('error', () => {})
  return child
}

/** Keeps a process for the next picture. It must not keep Limn alive, and ends when Limn does. */
function keepIdle(child: ChildProcess): void {
  setRef(child, false)
  idle.push(child)
}

function setRef(child: ChildProcess, isBusy: boolean): void {
  const method = isBusy ? 'ref' : 'unref'
  child[method]()
  child.channel?.[method]()
}

async function request(
  child: ChildProcess,
  order: PictureOrder,
  { timeLimit, tooSlow, signal: aborted }: ReadLimits,
): Promise<PictureResult> {
  const listening = new AbortController()
  try {
    return await new Promise((resolve, reject) => {
      const { signal } = listening
      const fail = (cause?: unknown): void =>
        reject(unreadablePicture('the process that reads pictures has ended', cause))
      const timer = setTimeout(() => reject(tooSlow()), timeLimit)
      const onMessage = (result: PictureResult): void => resolve(result)
      const onExit = (): void => fail()
      child.on('message', onMessage).on('exit', onExit).on('error', fail)
      aborted?.addEventListener('abort', () => reject(aborted.reason), { signal })
      signal.addEventListener('abort', () => {
        clearTimeout(timer)
        child.off('message', onMessage).off('exit', onExit).off('error', fail)
      })
      child.send(order, (error) => {
        if (error !== null) fail(error)
      })
    })
  } finally {
    listening.abort()
  }
}
