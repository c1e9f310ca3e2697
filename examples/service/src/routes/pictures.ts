import { open } from 'node:fs/promises'
import { createRoute, z } from '@hono/zod-openapi'
import type { App, AppOptions } from '../app-options.ts'
import { Problem } from '../problem.ts'

const route = createRoute({
  method: 'get',
  path: '/pictures/{id}/{file}',
  summary: 'Read a picture',
  description: 'The address that an answer contains. Who knows it may read the picture.',
  request: {
    params: z.object({
      id: z.string().regex(/^[0-9a-f]{64}$/),
      file: z.string().regex(/^([1-9]|10)\.(png|jpeg|webp)$/),
    }),
  },
  responses: {
    200: {
      description: 'The picture',
      content: { 'image/*': { schema: z.string().openapi({ format: 'binary' }) } },
    },
    404: { description: 'There is no such picture' },
  },
})

/** Adds the route that sends pictures. */
export function addPictureRoute(app: App, { gallery }: AppOptions): void {
  app.openapi(
    route,
    async (context) => {
      const { id, file } = context.req.valid('param')
      const [number = '', format = ''] = file.split('.')
      const path = await gallery.find(id, Number(number))
      if (path === undefined) throw notFound()
      const handle = await open(path)
      const { size } = await handle.stat()
      context.header('content-type', `image/${format}`)
      context.header('content-length', String(size))
      context.header('cache-control', 'public, max-age=31536000, immutable')
      return context.body(handle.readableWebStream({ autoClose: true }) as ReadableStream, 200)
    },
    (result) => {
      if (!result.success) throw notFound()
    },
  )
}

function notFound(): Problem {
  return new Problem('not_found', 'There is no such picture.')
}
