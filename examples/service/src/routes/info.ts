import { createRoute, z } from '@hono/zod-openapi'
import type { App, AppOptions } from '../app-options.ts'
import { modelList, usageSchema } from '../schemas.ts'

/** Adds the routes that describe the service: models, usage, health, OpenAPI. */
export function addInfoRoutes(app: App, options: AppOptions): void {
  addModels(app, options)
  addUsage(app, options)
  addHealth(app, options)
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
  })
  app.doc31('/openapi.json', () => ({
    openapi: '3.1.0',
    info: {
      title: 'Limn picture service',
      version: '1.0.0',
      description: 'Makes pictures from prompts. Equal requests are paid for once.',
    },
    servers: [{ url: options.publicUrl() }],
  }))
}

function addModels(app: App, { config, prices }: AppOptions): void {
  const route = createRoute({
    method: 'get',
    path: '/v1/models',
    summary: 'List models, sizes and prices',
    responses: {
      200: { description: 'The models', content: { 'application/json': { schema: modelList } } },
    },
  })
  const data = Object.entries(config.models).map(([id, { sizes, qualities }]) => ({
    id,
    object: 'model' as const,
    created: 0 as const,
    owned_by: 'limn',
    sizes,
    qualities,
    prices: { ...prices[id] },
  }))
  const limits = { pictures: config.maxPictures, promptCharacters: config.maxPromptCharacters }
  app.openapi(route, (context) => context.json({ object: 'list' as const, data, limits }, 200))
}

function addUsage(app: App, { ledger }: AppOptions): void {
  const route = createRoute({
    method: 'get',
    path: '/v1/usage',
    summary: 'Read what this API key has spent this month',
    security: [{ key: [] }],
    responses: {
      200: { description: 'The usage', content: { 'application/json': { schema: usageSchema } } },
    },
  })
  app.openapi(route, (context) => {
    const caller = context.get('caller')!
    const { requestsPerMinute } = caller
    return context.json({ ...ledger.spendingOf(caller), requestsPerMinute }, 200)
  })
}

function addHealth(app: App, { isClosing }: AppOptions): void {
  const status = z.object({ status: z.enum(['ok', 'closing']) })
  const content = { 'application/json': { schema: status } }
  const route = createRoute({
    method: 'get',
    path: '/health',
    summary: 'Check whether the service takes requests',
    responses: {
      200: { description: 'It does', content },
      503: { description: 'It is shutting down', content },
    },
  })
  app.openapi(route, (context) =>
    isClosing()
      ? context.json({ status: 'closing' as const }, 503)
      : context.json({ status: 'ok' as const }, 200),
  )
}
