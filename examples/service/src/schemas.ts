import { z } from '@hono/zod-openapi'
import type { Config } from './config.ts'
import type { Order } from './order.ts'

/** Characters that no prompt needs, and that terminals and YAML treat specially. */
// oxlint-disable-next-line no-control-regex -- these are what it looks for
const CONTROL = /\p{Surrogate}|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff]/u

/** Creates the schema of a request from the models that callers may choose. */
export function createRequestSchema(config: Config): z.ZodType<ImageRequest> {
  const { models, maxPictures, maxPromptCharacters } = config
  const ids = Object.keys(models) as [string, ...string[]]
  const all = (key: 'sizes' | 'qualities'): string[] => [
    ...new Set(Object.values(models).flatMap((model) => model[key])),
  ]
  return z
    .strictObject({
      prompt: z
        .string()
        .min(1)
        .max(maxPromptCharacters)
        .refine((text) => !CONTROL.test(text), {
          error: 'The prompt contains characters that are not allowed.',
        })
        .refine((text) => text === text.trim(), {
          error: 'The prompt starts or ends with white space.',
        })
        .openapi({ description: 'What the picture shows', example: 'A lighthouse at dusk' }),
      model: z.enum(ids).default(ids[0]),
      n: z
        .number()
        .int()
        .min(1)
        .max(maxPictures)
        .default(1)
        .openapi({
          description: 'Number of pictures. Another number is another request, which is paid for',
        }),
      size: z
        .enum(all('sizes'))
        .optional()
        .openapi({ description: 'In px. Default: the first one of the model' }),
      quality: z.enum(all('qualities')).optional(),
      output_format: z.enum(['png', 'jpeg', 'webp']).default('png'),
      response_format: z
        .enum(['url', 'b64_json'])
        .default('url')
        .openapi({ description: 'A URL of this service, or the picture in base64' }),
    })
    .superRefine(({ model, size, quality }, context) => {
      const { sizes, qualities } = models[model]!
      const check = (path: string, value: string | undefined, allowed: readonly string[]): void => {
        if (value === undefined || allowed.includes(value)) return
        context.addIssue({
          code: 'custom',
          path: [path],
          message: `${model} is offered with ${allowed.join(', ')}.`,
        })
      }
      check('size', size, sizes)
      check('quality', quality, qualities)
    })
    .openapi('ImageRequest')
}

/** A request as a caller sends it, with the defaults filled in. */
export type ImageRequest = {
  prompt: string
  model: string
  n: number
  size?: string | undefined
  quality?: string | undefined
  output_format: 'png' | 'jpeg' | 'webp'
  response_format: 'url' | 'b64_json'
}

/** Makes every choice of a request. */
export function toOrder(
  { prompt, model, n, size, quality, output_format }: ImageRequest,
  { models }: Config,
): Order {
  const { sizes, qualities } = models[model]!
  return {
    prompt,
    model,
    size: size ?? sizes[0]!,
    quality: quality ?? qualities[0]!,
    format: output_format,
    pictures: n,
  }
}

export const imageResponse = z
  .object({
    created: z.number().int().openapi({ description: 'When the pictures were made, s since 1970' }),
    size: z.string(),
    quality: z.string(),
    output_format: z.string(),
    data: z.array(z.object({ url: z.url().optional(), b64_json: z.string().optional() })),
    limn: z.object({
      id: z.string(),
      cached: z.boolean().openapi({ description: 'Whether the pictures were made before' }),
      usd: z.number().openapi({ description: 'What this request paid' }),
    }),
  })
  .openapi('ImageResponse')

export const problemSchema = z
  .object({
    error: z.object({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string(),
    }),
  })
  .openapi('Error')

export const modelList = z
  .object({
    object: z.literal('list'),
    data: z.array(
      z.object({
        id: z.string(),
        object: z.literal('model'),
        created: z.literal(0),
        owned_by: z.string(),
        sizes: z.array(z.string()),
        qualities: z.array(z.string()),
        prices: z
          .record(z.string(), z.number())
          .openapi({ description: 'The most that one picture costs, USD, by `SIZE QUALITY`' }),
      }),
    ),
    limits: z.object({ pictures: z.number(), promptCharacters: z.number() }),
  })
  .openapi('Models')

export const usageSchema = z
  .object({
    month: z.string(),
    spentUsd: z.number(),
    reservedUsd: z.number(),
    budgetUsd: z.number(),
    requestsPerMinute: z.number(),
  })
  .openapi('Usage')
