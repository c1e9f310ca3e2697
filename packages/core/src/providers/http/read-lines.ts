import { badAnswer } from './download.ts'

/**
 * The lines of a file while it comes, one at a time, each as the bytes of its UTF-8 text. Empty
 * ones are left out.
 *
 * @param maxBytes the longest line that is taken, bytes
 * @throws ProviderError `provider/bad-answer` at one that is longer
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Buffer> {
  let parts: Uint8Array[] = []
  let length = 0
  const add = (part: Uint8Array): void => {
    length += part.length
    if (length > maxBytes) {
      throw badAnswer(`A line of the batch's answers has more than ${maxBytes} bytes.`)
    }
    if (part.length > 0) parts.push(part)
  }
  const take = (): Buffer[] => {
    const line = Buffer.concat(parts)
    parts = []
    length = 0
    return line.length === 0 ? [] : [line]
  }
  for await (const chunk of chunks) {
    let from = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      add(chunk.subarray(from, end))
      yield* take()
      from = end + 1
    }
    add(chunk.subarray(from))
  }
  yield* take()
}

const NEWLINE = 0x0a
