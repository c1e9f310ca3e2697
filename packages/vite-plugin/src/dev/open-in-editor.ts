import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { resolve } from 'node:path'
import { LimnError } from '@limn/core'
import type { SheetPlace } from '@limn/core/for-vite/sheet'
import type { ViteDevServer } from 'vite'
import type { Context } from '../context.ts'
import { isKnownFile } from './imports-of.ts'

/**
 * Opens a place in the editor of the person, as Vite does for its overlay. Opens only files that
 * the dev server has served, and those of the manifest.
 *
 * @throws LimnError `usage` for any other file
 */
export async function openInEditor(
  context: Context,
  server: ViteDevServer,
  { file, line, column }: SheetPlace,
): Promise<void> {
  const path = resolve(context.project.paths.root, file)
  if (!isKnownFile(context, server, path)) {
    throw new LimnError('usage', `${file} is no file of the app or of the manifest.`, {
      hint: 'Reload the page.',
    })
  }
  const query = new URLSearchParams({ file: `${path}:${line}:${column}` })
  await ask(server, `${server.config.base}__open-in-editor?${query}`)
}

/** Asks the server itself: Vite exports no function that opens a file. */
function ask({ middlewares }: ViteDevServer, url: string): Promise<void> {
  const request = new IncomingMessage(new Socket())
  Object.assign(request, { url, method: 'GET', headers: { host: 'localhost' } })
  const response = new ServerResponse(request)
  return new Promise((resolved, reject) => {
    response.once('finish', resolved)
    // There is no connection that would take what is written.
    response.end = () => {
      response.emit('finish')
      return response
    }
    middlewares.handle(request, response, (error?: unknown) =>
      reject(error instanceof Error ? error : new Error('The server opens no files.')),
    )
  })
}
