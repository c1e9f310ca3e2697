import { type ChildProcess, fork, type Serializable } from 'node:child_process'
import { type Program, programUrl } from '../program-file.ts'

/** Limits of one order to a process. */
type OrderLimits = {
  /** ms. */
  timeLimit: number
  /** The error if the time is over. */
  tooSlow: () => Error
  /** The error if the process ends. */
  ended: (cause?: unknown) => Error
  /** Ends the process. */
  signal?: AbortSignal | undefined
}

/** Processes that do one order after another. */
export type ProcessPool<Order, Result> = {
  /**
   * Does an order in a process that has nothing to do, or in a new one.
   *
   * @param isKept whether the process is kept for the next order. Default: always
   * @throws what the limits say; the reason of their signal
   */
  run(order: Order, limits: OrderLimits, isKept?: (result: Result) => boolean): Promise<Result>
}

/** Creates a pool of processes that run a program. They have no state, so everything shares them. */
export function createProcessPool<Order, Result>(program: Program): ProcessPool<Order, Result> {
  const idle: ChildProcess[] = []
  return {
    async run(order, limits, isKept = () => true) {
      limits.signal?.throwIfAborted()
      const child = idle.pop() ?? startProcess(program, idle)
      setRef(child, true)
      try {
        const result = await request<Result>(child, order as Serializable, limits)
        if (isKept(result)) keepIdle(child, idle)
        else child.kill('SIGKILL')
        return result
      } catch (error) {
        child.kill('SIGKILL')
        throw error
      }
    },
  }
}

function startProcess(program: Program, idle: ChildProcess[]): ChildProcess {
  const child = fork(programUrl(program), [], {
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

/** Keeps a process for the next order. It must not keep Limn alive, and ends when Limn does. */
function keepIdle(child: ChildProcess, idle: ChildProcess[]): void {
  setRef(child, false)
  idle.push(child)
}

function setRef(child: ChildProcess, isBusy: boolean): void {
  const method = isBusy ? 'ref' : 'unref'
  child[method]()
  child.channel?.[method]()
}

async function request<Result>(
  child: ChildProcess,
  order: Serializable,
  { timeLimit, tooSlow, ended, signal: aborted }: OrderLimits,
): Promise<Result> {
  const listening = new AbortController()
  try {
    return await new Promise((resolve, reject) => {
      const { signal } = listening
      const fail = (cause?: unknown): void => reject(ended(cause))
      const timer = setTimeout(() => reject(tooSlow()), timeLimit)
      const onMessage = (result: Result): void => resolve(result)
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
