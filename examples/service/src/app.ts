import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import type { App, AppOptions } from './app-options.ts'
import { createAuthenticator } from './callers.ts'
import { addPage } from './page.ts'
import { Problem, toProblem } from './problem.ts'
import { createRateLimit } from './rate-limit.ts'
import type { RequestFacts } from './request-facts.ts'
import { addImageRoute } from './routes/images.ts'
import { addInfoRoutes } from './routes/info.ts'
import { addPictureRoute } from './routes/pictures.ts'

/** Largest body of a request, bytes. */
const MAX_BODY = 64 * 1024

/** Creates the HTTP interface of the service. */
export function createApp(options: AppOptions): App {
  const app: App = new OpenAPIHono<RequestFacts>({
    defaultHook(result) {
      if (result.success) return
      const [issue] = result.error.issues
      const param = issue?.path.join('.') || null
      // A message can repeat the name of an unknown field, which can be long.
      const message = `${param ?? 'The body'}: ${issue?.message ?? 'invalid'}`.slice(0, 300)
      throw new Problem('invalid_request', message, { param })
    },
  })
  addHeaders(app, options)
  addGuards(app, options)
  addImageRoute(app, options)
  addPictureRoute(app, options)
  addInfoRoutes(app, options)
  addPage(app)
  app.notFound(() => {
    throw new Problem('not_found', 'There is nothing at this address.')
  })
  app.onError((error, context) => {
    const problem = toAnswer(error)
    options.log.failure(context, problem)
    return send(context, problem)
  })
  return app
}

/** Logs each request, and sets the headers of every answer. */
function addHeaders(app: App, { log, isClosing }: AppOptions): void {
  app.use(async (context, next) => {
    const start = performance.now()
    await next()
    const { headers } = context.res
    for (const [name, value] of Object.entries(commonHeaders)) {
      if (!headers.has(name)) context.header(name, value)
    }
    // A connection that stays open would delay the end of the process.
    if (isClosing()) context.header('connection', 'close')
    log.request(context, performance.now() - start)
  })
}

const commonHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

/** Checks who calls, how often, and what they send, in this order. */
function addGuards(app: App, { config }: AppOptions): void {
  const authenticate = createAuthenticator(config.callers)
  const rateLimit = createRateLimit()
  app.use('/v1/images/*', bodyLimit({ maxSize: MAX_BODY, onError: refuseSize }))
  for (const path of ['/v1/images/*', '/v1/usage']) {
    app.use(path, async (context, next) => {
      const caller = authenticate(context.req.header('authorization'))
      context.set('caller', caller)
      rateLimit.take(caller)
      await next()
    })
  }
  app.use('/v1/images/*', async (context, next) => {
    const type = context.req.header('content-type') ?? ''
    if (!/^application\/json\s*(;\s*charset=utf-8\s*)?$/i.test(type)) {
      throw new Problem('unsupported_media_type', 'Send the request as application/json.')
    }
    await next()
  })
}

function refuseSize(): never {
  throw new Problem('body_too_large', `A request has at most ${MAX_BODY} bytes.`)
}

function toAnswer(error: unknown): Problem {
  if (!(error instanceof HTTPException)) return toProblem(error)
  return error.status === 400
    ? new Problem('invalid_json', 'The body is not valid JSON.', { cause: error })
    : new Problem('invalid_request', 'The request is invalid.', { cause: error })
}

function send(context: Context, problem: Problem): Response {
  if (problem.status === 401) context.header('www-authenticate', 'Bearer')
  if (problem.retryAfter !== undefined) context.header('retry-after', String(problem.retryAfter))
  // Clients of OpenAI obey this header: a retry of a failure could be paid for again.
  context.header('x-should-retry', String(problem.retryAfter !== undefined))
  return context.json(problem.toJSON(), problem.status)
}
