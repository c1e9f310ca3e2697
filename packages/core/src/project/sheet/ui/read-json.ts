import type { IncomingMessage } from 'node:http'

/** The JSON of a request, or why it is refused. */
export type JsonBody = { value: unknown } | { status: number; message: string }

/** Reads the body of a request as JSON, up to a size in bytes. */
export async function readJson(request: IncomingMessage, limit: number): Promise<JsonBody> {
  const chunks: Buffer[] = []
  let length = 0
  const tooLarge = { status: 413, message: `A message has at most ${limit} bytes.` }
  if (Number(request.headers['content-length'] ?? 0) > limit) return tooLarge
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length
      if (length > limit) return tooLarge
      chunks.push(chunk)
    }
    return { value: JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown }
  } catch {
    return { status: 400, message: 'The message is not JSON.' }
  }
}
