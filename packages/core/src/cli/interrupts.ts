type Host = Pick<NodeJS.Process, 'on' | 'off' | 'exit'>

/** How a command learns that the user interrupts it. */
export type Interrupts = {
  /** Fires at the first interrupt: nothing new starts, requests in flight are still received. */
  readonly signal: AbortSignal
  /** Fires at the second: requests in flight are abandoned, received pictures are still stored. */
  readonly quit: AbortSignal
  /** While idle, the first interrupt prints nothing. */
  setIdle(isIdle: boolean): void
  listen(): void
  stopListening(): void
}

/** Ctrl-C, a request to terminate, and a closed terminal. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Time that a command has to store what it received after the second interrupt, ms. */
const QUIT_MS = 3000

/** Creates the interrupts of a process. A third one ends it at once. */
export function createInterrupts(host: Host, onFirst: () => void): Interrupts {
  const interrupt = new AbortController()
  const quit = new AbortController()
  let isIdle = false
  const onSignal = (): void => {
    if (quit.signal.aborted) host.exit(130)
    if (interrupt.signal.aborted) {
      quit.abort()
      // Ends the process if the command ignores `quit`.
      setTimeout(() => host.exit(130), QUIT_MS).unref()
      return
    }
    interrupt.abort()
    if (!isIdle) onFirst()
  }
  return {
    signal: interrupt.signal,
    quit: quit.signal,
    setIdle: (now) => (isIdle = now),
    listen() {
      for (const signal of SIGNALS) host.on(signal, onSignal)
    },
    stopListening() {
      for (const signal of SIGNALS) host.off(signal, onSignal)
    },
  }
}
