import type { IncomingMessage, ServerResponse } from 'node:http'
import { sha256 } from '@limn/core/for-vite'
import type { Context } from '../context.ts'
import { fileOf, findFile } from './find-file.ts'
import type { DevWork } from './generator.ts'

/**
 * Answers a GET of `path` below `@limn/`: 304 where the browser has it. @returns whether there is
 * such a file
 */
export async function sendFile(
  context: Context,
  work: DevWork,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const found = findFile(await context.ready(), path)
  if (found === undefined) return false
  const file = await fileOf(context, work, found)
  const etag = `"${file.recipe ?? sha256(file.bytes)}"`
  response.setHeader('ETag', etag)
  response.setHeader('Cache-Control', 'no-cache')
  response.setHeader('Content-Type', file.mime)
  if (request.headers['if-none-match'] === etag) {
    response.statusCode = 304
    response.end()
    return true
  }
  response.setHeader('Content-Length', file.bytes.length)
  response.end(request.method === 'HEAD' ? undefined : file.bytes)
  return true
}
