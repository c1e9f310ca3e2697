import { unreachable } from './remote-errors.ts'
import type { RemoteOptions, RemoteStore } from './remote-store.ts'

/** The operations of a store. */
type RemoteOperation = 'get' | 'putIfAbsent' | 'head' | 'list' | 'delete'

/** A store in memory for tests. */
export type MemoryStore = RemoteStore & {
  /** The objects by key. Tests may change them. */
  objects: Map<string, Uint8Array>
  /** When objects were written, ms since 1970, by key. Default: unknown. */
  times: Map<string, number>
  /** The operations so far: `get v1/…`. */
  calls: string[]
  /** Throws in place of an operation, or delays it. Default: neither. */
  fault: (operation: RemoteOperation, key: string, options: RemoteOptions) => void | Promise<void>
}

/** Creates an empty store in memory. Without `honoursConditions`, a put overwrites. */
export function createMemoryStore({ honoursConditions = true } = {}): MemoryStore {
  const objects = new Map<string, Uint8Array>()
  const times = new Map<string, number>()
  const calls: string[] = []
  const enter = async (
    operation: RemoteOperation,
    key: string,
    options: RemoteOptions = {},
  ): Promise<void> => {
    calls.push(`${operation} ${key}`)
    options.signal?.throwIfAborted()
    await store.fault(operation, key, options)
  }
  const store: MemoryStore = {
    name: 'memory',
    canList: true,
    objects,
    times,
    calls,
    fault: () => {},
    async get(key, options) {
      await enter('get', key, options)
      return objects.get(key)?.slice(0, options.maxBytes)
    },
    async putIfAbsent(key, bytes, options) {
      await enter('putIfAbsent', key, options)
      if (honoursConditions && objects.has(key)) return false
      objects.set(key, bytes)
      return true
    },
    async head(key, options) {
      await enter('head', key, options)
      const bytes = objects.get(key)?.length
      return bytes === undefined ? undefined : { key, bytes, modified: null }
    },
    async *list(prefix, options) {
      await enter('list', prefix, options)
      for (const [key, bytes] of objects) {
        const modified = times.get(key) ?? null
        if (key.startsWith(prefix)) yield { key, bytes: bytes.length, modified }
      }
    },
    async delete(key, options) {
      await enter('delete', key, options)
      objects.delete(key)
    },
  }
  return store
}

/** Returns the error of a store that is down. */
export function down(): Error {
  return unreachable('memory', "can't be reached")
}

/** A function that waits until a signal fires, and throws its reason then. */
export function untilAborted({ signal }: RemoteOptions): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
