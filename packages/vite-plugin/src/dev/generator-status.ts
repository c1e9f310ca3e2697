/** What requests for files need to know about the generator of their server. */
export type GeneratorStatus = {
  /**
   * Returns whether a free image of an asset is being generated and a request should wait for it.
   * False for paid images, and once the run has taken longer than requests may wait.
   */
  isWorthWaitingFor(asset: string): boolean
  /** Resolves when nothing is being generated. */
  whenIdle(): Promise<void>
}
