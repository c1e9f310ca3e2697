import { z } from 'zod'
import { imagesPerMinuteByTier, servers, type ServerId } from '../../models/servers.ts'
import type { LimitsFile, ProviderFile, QuirksFile } from '../manifest-file.ts'
import { modelSchema } from './model-schema.ts'
import type { ShapeOf } from './shape-of.ts'

/*
 * `providers` of the manifest: the servers, where they are reached, and how they differ from
 * OpenAI's API.
 */

function count(description: string, example: number): z.ZodType<number | undefined> {
  return z
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .meta({ description, examples: [example] })
}

export const limitsSchema: z.ZodObject<ShapeOf<LimitsFile>, z.core.$strict> = z
  .strictObject({
    tier: z
      .int()
      .min(1)
      .max(Object.keys(imagesPerMinuteByTier).length)
      .optional()
      .meta({
        description: 'Usage tier of the account at OpenAI, 1 to 5. Sets the images per minute.',
        examples: [2],
      }),
    imagesPerMinute: count('Images per minute.', 20),
    inputImagesPerMinute: count('Input pictures per minute. Default: the images per minute.', 20),
    inFlight: z
      .int()
      .min(1)
      .max(256)
      .optional()
      .meta({ description: 'Requests at the same time. Default 4.', examples: [8] }),
    retryUncertain: z
      .boolean()
      .optional()
      .meta({
        description:
          'Retry a request that may have been billed: after a timeout, a broken connection or the error of a gateway. Each attempt may be billed. Default false.',
        examples: [true],
      }),
  } satisfies ShapeOf<LimitsFile>)
  .meta({
    description:
      'Rate limits of a server. Limn always obeys the limits that the server itself reports.',
    examples: [{ tier: 2 }],
  })

const quirksSchema: z.ZodObject<ShapeOf<QuirksFile>, z.core.$strict> = z
  .strictObject({
    responseFormat: z
      .enum(['b64_json', 'base64', 'url', 'none'])
      .optional()
      .meta({
        description: 'Value of response_format; none sends no such field.',
        examples: ['b64_json'],
      }),
    maskPolarity: z
      .enum(['alpha', 'white', 'black', 'none'])
      .optional()
      .meta({
        description:
          'How a mask marks the area to change: transparent (alpha), white or black; none if the server accepts no mask.',
        examples: ['white'],
      }),
    sizeStyle: z
      .enum(['size', 'width-height', 'aspect-ratio'])
      .optional()
      .meta({ description: 'The fields that hold the size.', examples: ['width-height'] }),
    editStyle: z
      .enum(['multipart', 'json', 'image-object', 'image-url', 'files', 'none'])
      .optional()
      .meta({
        description:
          'How input pictures are sent: as a form or as JSON to /images/edits, or in the body of a generation; none if the server accepts no pictures.',
        examples: ['json'],
      }),
    omit: z
      .array(z.string())
      .optional()
      .meta({
        description: 'Fields that the server rejects. Limn never sends them.',
        examples: [['quality']],
      }),
    maxImages: z
      .int()
      .min(1)
      .max(10)
      .optional()
      .meta({
        description: 'Largest number of pictures of one request, whatever the model.',
        examples: [1],
      }),
    idempotencyKeys: z
      .boolean()
      .optional()
      .meta({
        description:
          'Whether the server bills a request once, however often it arrives with the same Idempotency-Key. Limn then sends one and retries after every failure. Default false.',
        examples: [true],
      }),
    judgeApi: z
      .enum(['responses', 'chat'])
      .optional()
      .meta({
        description: 'The API that the judge uses: responses, or chat for chat completions.',
        examples: ['chat'],
      }),
  } satisfies ShapeOf<QuirksFile>)
  .meta({
    description: "Differences from OpenAI's API.",
    examples: [{ responseFormat: 'b64_json' }],
  })

/** Headers that identify the user are derived from `key` only. */
const headerName = z
  .string()
  .regex(
    /^(?!(authorization|api-key|x-api-key|cookie|host|content-length|content-type)$)[a-z0-9-]+$/i,
    'Limn sets this header itself: it takes the key from the variable that `key` names.',
  )

export const providerSchema: z.ZodObject<ShapeOf<ProviderFile>, z.core.$strict> = z
  .strictObject({
    server: z
      .enum(Object.keys(servers) as ServerId[])
      .optional()
      .meta({
        description: "The server's dialect of the Images API. Default openai.",
        default: 'openai',
        examples: ['together'],
      }),
    baseURL: z
      .string()
      .regex(
        /^https?:\/\/[^\s@]+$/,
        'Write a URL such as https://images.example.com/v1, without a name or password in it.',
      )
      .optional()
      .meta({
        description: 'Base URL of the server.',
        examples: ['https://images.example.com/v1'],
      }),
    key: z
      .string()
      .regex(
        /^[A-Z][A-Z0-9_]*_API_(KEY|TOKEN)$/,
        'Name the variable that holds the key, for example RELAY_API_KEY: capitals, with _API_KEY or _API_TOKEN at the end. Never write the key itself here.',
      )
      .optional()
      .meta({
        description: 'The environment variable that holds the key.',
        examples: ['RELAY_API_KEY'],
      }),
    apiVersion: z
      .string()
      .regex(/^[\w.-]+$/)
      .optional()
      .meta({ description: 'Azure: version of the API.', examples: ['2025-04-01-preview'] }),
    headers: z
      .record(headerName, z.string().regex(/^[\x20-\x7e]*$/, 'Write the header in plain ASCII.'))
      .optional()
      .meta({
        description: 'Headers in addition to those that Limn always sends.',
        examples: [{ 'X-Team': 'art' }],
      }),
    timeout: z
      .int()
      .min(1)
      .max(3600)
      .optional()
      .meta({
        description: 'Time limit of one request in seconds. Default 600.',
        default: 600,
        examples: [300],
      }),
    body: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({
        description: 'Fields of every request in addition to those of the Images API.',
        examples: [{ seed: 7 }],
      }),
    quirks: quirksSchema.optional(),
    models: z
      .record(z.string(), modelSchema)
      .optional()
      .meta({
        description:
          'Capabilities and prices of models that Limn does not know, or that this server offers differently.',
        examples: [{ flux: { sizes: ['1024x1024'], price: 0.03 } }],
      }),
    limits: limitsSchema.optional(),
    safetyIdentifier: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .meta({
        description:
          "Identifies the end user for the server's abuse checks. Limn sends only its hash.",
        examples: ['web-team'],
      }),
  } satisfies ShapeOf<ProviderFile>)
  .meta({
    description: 'A server that generates pictures.',
    examples: [
      { server: 'new-api', baseURL: 'https://relay.example.com/v1', key: 'RELAY_API_KEY' },
    ],
  })
