import type { Context } from '../context.ts'
import type { DevWork } from './generator.ts'

/**
 * The work of a context's server: one for each. Loaded when the first is asked for, as a server is
 * to be ready before.
 */
export type DevWorkOf = (context: Context) => Promise<DevWork>

/** The work of each server that one `limn()` is in. */
export function createDevWorks(): DevWorkOf {
  const workByContext = new WeakMap<Context, Promise<DevWork>>()
  return (context) => {
    const known = workByContext.get(context)
    if (known !== undefined) return known
    const work = import('./generator.ts').then(({ createDevWork }) => createDevWork(context))
    workByContext.set(context, work)
    // What can't be loaded now, as while packages are installed, may be later.
    work.catch(() => workByContext.delete(context))
    return work
  }
}
