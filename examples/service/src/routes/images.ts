import { readFile } from 'node:fs/promises'
import { createRoute, type z } from '@hono/zod-openapi'
import type { App, AppOptions } from '../app-options.ts'
import type { Answer } from '../gallery.ts'
import { Problem } from '../problem.ts'
import {
  createRequestSchema,
  type ImageRequest,
  imageResponse,
  problemSchema,
  toOrder,
} from '../schemas.ts'

const failures = {
  400: 'The request is invalid, or moderation refuses it (`moderation_blocked`)',
  401: 'The API key is missing or unknown',
  402: 'The request could exceed the budget of the API key',
  413: 'The body is too large',
  415: 'The body is not JSON',
  429: 'The API key has sent too many requests',
  500: 'The service failed',
  502: 'The image model failed',
  503: 'The service or the image model is busy',
  504: 'The picture takes long. It is made all the same: the same request returns it later',
}

const json = <T extends z.ZodType>(schema: T): { 'application/json': { schema: T } } => ({
  'application/json': { schema },
})

/** Adds the route that makes pictures. */
export function addImageRoute(app: App, options: AppOptions): void {
  const { config, gallery } = options
  const route = createRoute({
    method: 'post',
    path: '/v1/images/generations',
    summary: 'Make pictures',
    description:
      'Equal requests return the same pictures, and only the first one is paid for. The shape is that of OpenAI’s Images API.',
    security: [{ key: [] }],
    request: { body: { required: true, content: json(createRequestSchema(config)) } },
    responses: {
      200: { description: 'The pictures', content: json(imageResponse) },
      ...Object.fromEntries(
        Object.entries(failures).map(([status, description]) => [
          status,
          { description, content: json(problemSchema) },
        ]),
      ),
    },
  })
  app.openapi(route, async (context) => {
    const request = context.req.valid('json')
    const order = toOrder(request, config)
    const drawing = gallery.draw(order, context.get('caller')!)
    const answer = await orTimeout(drawing, config.answerTimeoutMs)
    context.set('id', answer.id)
    context.set('usd', answer.usd)
    const { size, quality, format } = order
    return context.json(
      {
        created: Math.floor(Date.parse(answer.created) / 1000),
        size,
        quality,
        output_format: format,
        data: await Promise.all(
          answer.files.map((_file, index) => describePicture(answer, index, request, options)),
        ),
        limn: { id: answer.id, cached: answer.isCached, usd: answer.usd },
      },
      200,
    )
  })
}

async function describePicture(
  { id }: Answer,
  index: number,
  { response_format, output_format }: ImageRequest,
  { gallery, publicUrl }: AppOptions,
): Promise<{ url: string } | { b64_json: string }> {
  const file = `${index + 1}.${output_format}`
  if (response_format === 'url') return { url: `${publicUrl()}/pictures/${id}/${file}` }
  const path = await gallery.find(id, index + 1)
  if (path === undefined) throw new Error('A picture is missing.')
  return { b64_json: (await readFile(path)).toString('base64') }
}

/** Waits so long for pictures, which are made all the same. */
async function orTimeout<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const message = 'The picture takes long. Send the same request later to receive it.'
      reject(new Problem('timeout', message, { retryAfter: 30 }))
    }, ms)
  })
  try {
    return await Promise.race([work, timeout])
  } finally {
    clearTimeout(timer)
  }
}
