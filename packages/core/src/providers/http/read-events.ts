import { isObject } from '../../is-object.ts'
import { readJson } from './read-json.ts'

/** An event of a stream. */
export type ServerEvent = {
  /** The type that the event names, in its data or before it; empty if it names none. */
  type: string
  /** The parsed data; `undefined` if it is not JSON. */
  value: unknown
  /** Why the data could not be parsed. */
  failure?: SyntaxError
}

const [LF, CR] = [0x0a, 0x0d]

/**
 * Yields the events of a stream (`text/event-stream`) while it arrives, up to `[DONE]`. An event
 * whose data is damaged does not end the stream. Pictures are bytes, as in `readJson`.
 */
export async function* readEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ServerEvent> {
  let name = ''
  let data: Buffer[] = []
  for await (const line of readFieldLines(chunks)) {
    if (line.length > 0) {
      const colon = line.indexOf(':')
      const field = colon === -1 ? '' : line.toString('latin1', 0, colon)
      const value = line.subarray(line[colon + 1] === 0x20 ? colon + 2 : colon + 1)
      if (field === 'event') name = value.toString('utf8').trim()
      if (field === 'data') data.push(value)
      continue
    }
    const [type, parts] = [name, data]
    name = ''
    data = []
    for (const event of await parseData(type, parts)) {
      if (event === 'done') return
      yield event
    }
  }
  for (const event of await parseData(name, data)) if (event !== 'done') yield event
}

/**
 * Parses the data of one event. Servers that leave out the empty line between events send several
 * in the place of one.
 */
async function parseData(name: string, data: readonly Buffer[]): Promise<(ServerEvent | 'done')[]> {
  if (data.length === 0) return []
  if (data[0]!.toString('latin1', 0, 6) === '[DONE]') return ['done']
  const whole = await parseValue(name, data.length === 1 ? data[0]! : joinLines(data))
  if (whole.failure === undefined || data.length === 1) return [whole]
  const events: (ServerEvent | 'done')[] = []
  for (const line of data) events.push(...(await parseData(name, [line])))
  return events
}

async function parseValue(name: string, data: Buffer): Promise<ServerEvent> {
  try {
    const value = await readJson([data], { length: data.length })
    const type = isObject(value) && typeof value['type'] === 'string' ? value['type'] : name
    return { type, value }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return { type: name, value: undefined, failure: error }
  }
}

function joinLines(lines: readonly Buffer[]): Buffer {
  return Buffer.concat(
    lines.flatMap((line, index) => (index === 0 ? [line] : [Buffer.of(LF), line])),
  )
}

/** Yields the lines of a stream, empty ones included. They end with LF, CR LF or CR. */
async function* readFieldLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = []
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    let from = 0
    for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, from)) {
      yield* splitAtReturns(Buffer.concat([...parts, bytes.subarray(from, end)]))
      parts = []
      from = end + 1
    }
    if (from < bytes.length) parts.push(bytes.subarray(from))
  }
  if (parts.length > 0) yield* splitAtReturns(Buffer.concat(parts))
}

function* splitAtReturns(line: Buffer): Generator<Buffer> {
  const text = line.at(-1) === CR ? line.subarray(0, -1) : line
  let from = 0
  for (let end = text.indexOf(CR); end >= 0; end = text.indexOf(CR, from)) {
    yield text.subarray(from, end)
    from = end + 1
  }
  yield text.subarray(from)
}
