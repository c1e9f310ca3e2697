/**
 * Holds the first interrupt (Ctrl-C) back until `finish` is done, as Vite leaves at once and would
 * lose a picture that is being paid for. A second one goes through.
 *
 * @returns lets interrupts through again
 */
export function holdInterrupts(finish: () => Promise<void>): () => void {
  const release = (): void => void process.off('SIGINT', onInterrupt)
  function onInterrupt(): void {
    release()
    const leave = (): void => void process.kill(process.pid, 'SIGINT')
    finish().then(leave, leave)
  }
  process.on('SIGINT', onInterrupt)
  return release
}
