import { LimnError } from '../errors.ts'
import { isRemoteError, unreachable } from './remote-errors.ts'
import type { RemoteOptions, RemoteStore } from './remote-store.ts'

/** How long one operation may take, ms: of a record, and of a picture or a page of a listing. */
export type RemoteTimeouts = { small: number; large: number }

const TIMEOUTS: RemoteTimeouts = { small: 10_000, large: 120_000 }
/** Objects up to this size count as small, bytes. */
const SMALL = 1024 * 1024

/**
 * Limits the time of each operation of a store, repeats one that fails at once, such as on a
 * connection that the server has just closed, and turns whatever it throws into an error of a
 * store.
 */
export function withTimeouts(store: RemoteStore, timeouts: RemoteTimeouts = TIMEOUTS): RemoteStore {
  const call = async <T>(
    ms: number,
    { signal }: RemoteOptions,
    work: (options: RemoteOptions) => Promise<T>,
  ): Promise<T> => {
    const limit = AbortSignal.timeout(ms)
    const both = signal === undefined ? limit : AbortSignal.any([signal, limit])
    try {
      return await raceAbort(work({ signal: both }), both)
    } catch (error) {
      throw toRemoteError(error, { store, signal, limit, ms })
    }
  }
  const callTwice: typeof call = (ms, options, work) =>
    call(ms, options, (limited) =>
      work(limited).catch((error: unknown) => {
        if (!isTemporary(error) || limited.signal!.aborted) throw error
        return work(limited)
      }),
    )
  const msFor = (bytes: number): number => (bytes <= SMALL ? timeouts.small : timeouts.large)
  return {
    name: store.name,
    canList: store.canList,
    get: (key, { maxBytes, ...options }) =>
      callTwice(msFor(maxBytes), options, (limited) => store.get(key, { ...limited, maxBytes })),
    putIfAbsent: (key, bytes, options = {}) =>
      callTwice(msFor(bytes.length), options, (limited) => store.putIfAbsent(key, bytes, limited)),
    head: (key, options = {}) =>
      callTwice(timeouts.small, options, (limited) => store.head(key, limited)),
    async *list(prefix, options = {}) {
      const iterator = store.list(prefix, options)[Symbol.asyncIterator]()
      for (;;) {
        const next = await call(timeouts.large, options, () => iterator.next())
        if (next.done === true) return
        yield next.value
      }
    },
    delete: (key, options = {}) =>
      callTwice(timeouts.small, options, (limited) => store.delete(key, limited)),
  }
}

/** Whether an operation that failed may succeed when it is repeated. */
function isTemporary(error: unknown): boolean {
  return isRemoteError(error) ? error.code === 'remote/unreachable' : !(error instanceof LimnError)
}

/** Settles as `work` does, or fails when `signal` fires: a driver may not react to it. */
function raceAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

function toRemoteError(
  error: unknown,
  {
    store: { name },
    signal,
    limit,
    ms,
  }: { store: RemoteStore; signal: AbortSignal | undefined; limit: AbortSignal; ms: number },
): LimnError {
  if (isRemoteError(error)) return error
  if (signal?.aborted === true) {
    return new LimnError('aborted', 'The run was stopped before the remote store answered.', {
      cause: error,
    })
  }
  if (limit.aborted) return unreachable(name, `did not answer within ${ms / 1000} s`, error)
  if (error instanceof LimnError) {
    // The guard of writes, for example, whose error means that this process must stop.
    if (!error.code.startsWith('provider/')) return error
    // What sends requests is shared with providers: a proxy refuses, for example.
    const reason = `can't be reached: ${error.message.replace(/\.$/, '')}`
    return unreachable(name, reason, error, error.hint)
  }
  return unreachable(name, "can't be reached", error)
}
