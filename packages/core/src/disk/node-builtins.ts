/* oxlint-disable no-restricted-globals -- the only access to Node's built-ins that loads nothing else */

import type * as nodeFs from 'node:fs'
import type * as nodeOs from 'node:os'
import type * as nodeUtil from 'node:util'
import type * as nodeWorkers from 'node:worker_threads'

/*
 * Node's modules for the code that every start of the command line runs. An `import` of one also
 * loads its lazy parts: `node:fs` its promises API, `node:util` workers, `node:process` all three
 * standard streams. Together these slow down Node's start by a third.
 */

const own: NodeJS.Process = process
export { own as process }
export const fs: typeof nodeFs = own.getBuiltinModule('node:fs')
export const util: typeof nodeUtil = own.getBuiltinModule('node:util')

/** Returns how many threads can run at once. */
export function availableParallelism(): number {
  const os: typeof nodeOs = own.getBuiltinModule('node:os')
  return os.availableParallelism()
}

/** Starts a module as a thread. `data` reaches it as its `workerData`. */
export function createWorker(module: URL, data: unknown): nodeWorkers.Worker {
  const workers: typeof nodeWorkers = own.getBuiltinModule('node:worker_threads')
  return new workers.Worker(module, { workerData: data })
}
