/**
 * Delays the first interrupt (Ctrl-C) until `finish` resolves: Vite exits at once and would lose an
 * image that was paid for. A second interrupt is not delayed.
 *
 * @returns a function that stops delaying interrupts
 */
export function holdInterrupts(finish: () => Promise<void>): () => void {
  const release = (): void => void process.off('SIGINT', onInterrupt)
  function onInterrupt(): void {
    release()
    const interrupt = (): void => void process.kill(process.pid, 'SIGINT')
    finish().then(interrupt, interrupt)
  }
  process.on('SIGINT', onInterrupt)
  return release
}
