/** How a run is interrupted. */
export type StopSignals = {
  /** Starts nothing more, and finishes what is under way. */
  stop: AbortSignal | undefined
  /** Does not wait for what is under way either. */
  quit: AbortSignal | undefined
}

/** Returns whether the run starts nothing more. */
export function isStopped({ stop }: StopSignals): boolean {
  return stop?.aborted === true
}
