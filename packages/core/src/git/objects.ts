import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { gitFailed, startGit, TIME_LIMIT, toGitError } from './start-git.ts'

/** An object of a repository, or why it can't be read. */
type GitObject =
  | { state: 'read'; id: string; type: 'blob' | 'commit' | 'tree' | 'tag'; bytes: Buffer }
  /** There is no such object here: its name is wrong, the clone is partial, or it is damaged. */
  | { state: 'missing' }
  | { state: 'too-large'; bytes: number }

/** Reads objects of a repository, one after the other. */
export type GitObjects = {
  /**
   * Reads an object by its name, which may be any revision: it reaches git as data, never as an
   * option.
   *
   * @param limit largest object that is read, bytes
   * @throws LimnError `git/not-found`, `git/failed`
   */
  read(name: string, limit: number): Promise<GitObject>
  /** Ends the process. The next read starts another one. */
  close(): void
}

/** Opens the objects of the repository that contains a folder. Starts git with the first read. */
export function openObjects(folder: string): GitObjects {
  let session: Session | undefined
  let last: Promise<unknown> = Promise.resolve()
  const close = (): void => {
    session?.end()
    session = undefined
  }
  async function readOne(name: string, limit: number): Promise<GitObject> {
    if (/[\p{Cc}]/u.test(name)) return { state: 'missing' }
    session ??= startSession(folder)
    try {
      const object = await withTimeLimit(session.request(name, limit))
      // The rest of its bytes is on its way.
      if (object.state === 'too-large') close()
      return object
    } catch (error) {
      close()
      // git ends at an object that is damaged, or that a partial clone would have to fetch.
      if (error instanceof SessionEnded) return { state: 'missing' }
      throw error
    }
  }
  return {
    read(name, limit) {
      const next = last.then(() => readOne(name, limit))
      last = next.catch(() => {})
      return next
    },
    close,
  }
}

/** git has ended before it returned an object. */
class SessionEnded extends Error {}

/** A running `git cat-file --batch`. */
type Session = { request(name: string, limit: number): Promise<GitObject>; end(): void }

function startSession(folder: string): Session {
  const child = startGit(folder, ['cat-file', '--batch'])
  const source = readFrom(child)
  return {
    async request(name, limit) {
      child.stdin.write(`${name}\n`)
      const header = /^([0-9a-f]{40,64}) (blob|commit|tree|tag) (\d+)$/.exec(await source.line())
      // `NAME missing`, `NAME ambiguous`.
      if (header === null) return { state: 'missing' }
      const [, id, type, size] = header as unknown as [string, string, 'blob', string]
      const length = Number(size)
      if (length > limit) return { state: 'too-large', bytes: length }
      const bytes = await source.take(length)
      await source.take(1)
      return { state: 'read', id, type, bytes }
    },
    end: () => void child.kill('SIGKILL'),
  }
}

/** Longest line before an object: a name of a ref and its state. */
const MAX_LINE = 100_000

/** Reads what a process prints, in order. */
type Source = { line(): Promise<string>; take(length: number): Promise<Buffer> }

function readFrom(child: ChildProcessWithoutNullStreams): Source {
  let failure: Error | undefined
  child.on('error', (error) => (failure = toGitError(error)))
  child.stdin.on('error', () => {})
  child.stderr.resume()
  const chunks = child.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let rest: Buffer = Buffer.alloc(0)
  async function more(): Promise<Buffer> {
    const { value, done } = await chunks.next()
    if (done !== true) return value
    // `error` follows the end of the output.
    await new Promise((resolve) => setImmediate(resolve))
    throw failure ?? new SessionEnded()
  }
  return {
    async line() {
      let end = rest.indexOf(0x0a)
      while (end < 0 && rest.length < MAX_LINE) {
        rest = Buffer.concat([rest, await more()])
        end = rest.indexOf(0x0a)
      }
      const line = rest.toString('utf8', 0, Math.max(0, end))
      rest = rest.subarray(end + 1)
      return line
    },
    async take(length) {
      const parts = [rest]
      let has = rest.length
      while (has < length) {
        const chunk = await more()
        parts.push(chunk)
        has += chunk.length
      }
      const all = Buffer.concat(parts)
      rest = all.subarray(length)
      return all.subarray(0, length)
    },
  }
}

async function withTimeLimit<T>(promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(gitFailed('git takes too long to read an object')), TIME_LIMIT)
  })
  try {
    return await Promise.race([promise, limit])
  } finally {
    clearTimeout(timer)
  }
}
