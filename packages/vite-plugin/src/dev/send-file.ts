import type { IncomingMessage, ServerResponse } from 'node:http'
import { sha256 } from '@limn/core/for-vite'
import { createDebug, elapsed } from '@limn/core/for-vite/start'
import type { Context } from '../context.ts'
import { type DevFile, findFile, readBestFile } from './find-file.ts'
import type { GeneratorStatus } from './generator-status.ts'

const debug = createDebug('vite')

export type FileRequest = {
  /** URL below `@limn/`, with or without a query. */
  path: string
  request: IncomingMessage
  response: ServerResponse
}

/**
 * Responds to a request for a file, with 304 if the browser has it.
 *
 * @returns false if the manifest has no such file; then there is no response
 */
export async function sendFile(
  context: Context,
  generator: GeneratorStatus,
  { path, request, response }: FileRequest,
): Promise<boolean> {
  const start = performance.now()
  const output = findFile(await context.requireState(), path)
  if (output === undefined) return false
  const file = await readBestFile(context, { ...output, generator })
  if (debug.enabled) debug('served %s: %s, %s', path, file.origin, elapsed(start))
  const etag = etagOf(file)
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

function etagOf({ recipe, bytes }: DevFile): string {
  return `"${recipe ?? sha256(bytes)}"`
}
