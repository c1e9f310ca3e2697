/**
 * The standard streams, each opened when something first goes through it: Node takes a tenth of its
 * own start for one.
 */
export type Streams = {
  stdin(): NodeJS.ReadStream
  stdout(): NodeJS.WriteStream
  stderr(): NodeJS.WriteStream
}

/** The streams of a process. A reader that has seen enough (`| head`) is no failure. */
export function createStreams(host: Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr'>): Streams {
  let [stdout, stderr]: (NodeJS.WriteStream | undefined)[] = []
  return {
    stdin: () => host.stdin,
    stdout: () => (stdout ??= host.stdout.on('error', throwUnlessClosed)),
    stderr: () => (stderr ??= host.stderr.on('error', throwUnlessClosed)),
  }
}

/** Nor is a terminal that was closed. */
function throwUnlessClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error
}
