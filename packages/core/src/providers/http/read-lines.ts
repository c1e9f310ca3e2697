import { badAnswer } from './bad-answer.ts'

const NEWLINE = 0x0a

/**
 * Yields the lines of a file while it arrives, each as the bytes of its UTF-8 text. Skips empty
 * lines.
 *
 * @param maxBytes longest line that is accepted, bytes
 * @throws ProviderError `provider/bad-answer` for a longer line
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
      throw badAnswer(`A line of the batch output is larger than ${maxBytes} bytes.`)
    }
    if (part.length > 0) parts.push(part)
  }
  const takeLine = (): Buffer[] => {
    const text = Buffer.concat(parts)
    parts = []
    length = 0
    return text.length === 0 ? [] : [text]
  }
  for await (const chunk of chunks) {
    let from = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      add(chunk.subarray(from, end))
      yield* takeLine()
      from = end + 1
    }
    add(chunk.subarray(from))
  }
  yield* takeLine()
}
