/**
 * The standard streams, each opened when it is first used: opening one takes about a tenth of
 * Node's own start-up time.
 */
export type Streams = {
  stdin(): NodeJS.ReadStream
  stdout(): NodeJS.WriteStream
  stderr(): NodeJS.WriteStream
}

/** Creates the streams of a process. A reader that stops early (`| head`) is no error. */
export function createStreams(host: Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr'>): Streams {
  let [stdout, stderr]: (NodeJS.WriteStream | undefined)[] = []
  return {
    stdin: () => host.stdin,
    stdout: () => (stdout ??= host.stdout.on('error', throwUnlessClosed)),
    stderr: () => (stderr ??= host.stderr.on('error', throwUnlessClosed)),
  }
}

/** EIO is the error of a closed terminal. */
function throwUnlessClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error
}
