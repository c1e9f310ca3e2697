/** How a run is interrupted. */
export type StopSignals = {
  /** Starts nothing more, and finishes work in progress. */
  stop: AbortSignal | undefined
  /** Does not wait for work in progress either. */
  quit: AbortSignal | undefined
}

/** Returns whether the run starts nothing more. */
export function isStopped({ stop }: StopSignals): boolean {
  return stop?.aborted === true
}
