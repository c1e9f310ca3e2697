import { AsyncLocalStorage } from 'node:async_hooks'

/*
 * A process that was paused may no longer be the writer of its project when it resumes. Inside
 * `guardWrites`, every function of `disk/` that renames, links, removes or creates a file therefore
 * asks first. Code that writes needs no check of its own, and cannot forget one.
 */

/** Throws if this process must not write. */
type Guard = () => Promise<void>

const guards = new AsyncLocalStorage<Guard | undefined>()

/** Runs `work`, in which each write calls `guard` first, and fails if that throws. */
export function guardWrites<T>(guard: Guard, work: () => Promise<T>): Promise<T> {
  return guards.run(guard, work)
}

/** Runs `work` without the guard: for what must be written in any case, and by the guard itself. */
export function unguarded<T>(work: () => Promise<T>): Promise<T> {
  return guards.run(undefined, work)
}

/** Throws if the work that calls this must not write or send any more. */
export async function requireWritesAllowed(): Promise<void> {
  await guards.getStore()?.()
}
