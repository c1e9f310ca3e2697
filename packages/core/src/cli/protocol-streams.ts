import { Writable } from 'node:stream'
import type { Streams } from './streams.ts'

/** The standard streams of a process that speaks a protocol over them. */
export type ProtocolStreams = {
  input: NodeJS.ReadStream
  /** Writes to standard output. */
  output: Writable
  /** Makes standard output an ordinary one again. */
  release(): void
}

/**
 * Reserves standard output for a protocol: until `release`, what anything else prints to it, such
 * as a library or the program of the project with `console.log`, goes to standard error.
 */
export function reserveStdout({ stdin, stdout, stderr }: Streams): ProtocolStreams {
  const stream = stdout()
  const write = stream.write.bind(stream)
  const elsewhere = stderr()
  stream.write = elsewhere.write.bind(elsewhere) as typeof stream.write
  return {
    input: stdin(),
    output: new Writable({
      decodeStrings: false,
      write: (chunk: string | Uint8Array, encoding, done) => void write(chunk, encoding, done),
    }),
    release: () => void (stream.write = write),
  }
}
