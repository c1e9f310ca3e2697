import { z } from 'zod'
import { imagesPerMinuteByTier, servers, type ServerId } from '../../models/servers.ts'

/*
 * `providers:` of the manifest: who draws, where it is asked, and what it does in its own way.
 */

const count = (description: string, example: number) =>
  z
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .meta({ description, examples: [example] })

export const limitsSchema = z
  .strictObject({
    tier: z
      .int()
      .min(1)
      .max(Object.keys(imagesPerMinuteByTier).length)
      .optional()
      .meta({
        description:
          'Usage tier of the account at OpenAI, 1 to 5, which decides the images a minute.',
        examples: [2],
      }),
    imagesPerMinute: count('Images a minute.', 20),
    inputImagesPerMinute: count('Input pictures a minute. Default: as many as images.', 20),
    inFlight: z
      .int()
      .min(1)
      .max(256)
      .optional()
      .meta({ description: 'Requests at the same time. Default 4.', examples: [8] }),
  })
  .meta({
    description:
      'How fast a server may be asked. What the server says itself is obeyed in any case.',
    examples: [{ tier: 2 }],
  })

const formats = z.array(z.enum(['png', 'webp', 'jpeg', 'gif', 'svg'])).min(1)

const modelSchema = z
  .strictObject({
    as: z
      .string()
      .min(1)
      .optional()
      .meta({
        description: 'What the server calls it. Default: the name here.',
        examples: ['my-deployment'],
      }),
    like: z
      .string()
      .min(1)
      .optional()
      .meta({
        description: 'The model whose abilities and price it has, where nothing else is said.',
        examples: ['gpt-image-2'],
      }),
    sizes: z
      .union([
        z.literal('any'),
        z
          .array(
            z
              .string()
              .regex(
                /^[1-9]\d{1,4}x[1-9]\d{1,4}$/,
                'Write a size as WIDTHxHEIGHT, for example 1024x1024.',
              ),
          )
          .min(1),
      ])
      .optional()
      .meta({
        description: 'Sizes it takes; any for whatever is asked.',
        examples: [['1024x1024', '1536x1024']],
      }),
    qualities: z
      .array(z.string().min(1))
      .optional()
      .meta({
        description: 'Quality names it takes; empty where it takes none.',
        examples: [['low', 'high']],
      }),
    transparent: z
      .boolean()
      .optional()
      .meta({ description: 'Whether it draws on a transparent ground.', examples: [false] }),
    formats: formats
      .optional()
      .meta({ description: 'File formats it can be asked for.', examples: [['png']] }),
    complexities: z
      .array(z.enum(['low', 'medium', 'high']))
      .optional()
      .meta({ description: 'Values of `complexity` that it takes.', examples: [['low']] }),
    fidelities: z
      .array(z.enum(['low', 'high']))
      .optional()
      .meta({ description: 'Values of `fidelity` that its edits take.', examples: [['high']] }),
    references: z
      .int()
      .min(0)
      .max(16)
      .optional()
      .meta({
        description: 'Most pictures that it takes with a prompt; 0 for none.',
        examples: [1],
      }),
    masks: z
      .boolean()
      .optional()
      .meta({ description: 'Whether an edit can have a mask.', examples: [false] }),
    streaming: z
      .boolean()
      .optional()
      .meta({ description: 'Whether it sends unfinished pictures.', examples: [false] }),
    maxImages: z
      .int()
      .min(1)
      .max(10)
      .optional()
      .meta({ description: 'Most pictures that one request can ask for.', examples: [1] }),
    promptLimit: z
      .int()
      .min(1)
      .optional()
      .meta({ description: 'Longest prompt, in characters.', examples: [4000] }),
    price: z
      .number()
      .min(0)
      .max(1000)
      .optional()
      .meta({ description: 'USD for one picture.', examples: [0.03] }),
  })
  .meta({
    description: 'What a model can do and costs.',
    examples: [{ like: 'gpt-image-2', price: 0.03 }],
  })

const quirksSchema = z
  .strictObject({
    responseFormat: z
      .enum(['b64_json', 'base64', 'url', 'none'])
      .optional()
      .meta({
        description: 'What is sent as response_format; none: nothing.',
        examples: ['b64_json'],
      }),
    maskPolarity: z
      .enum(['alpha', 'white', 'black', 'none'])
      .optional()
      .meta({
        description:
          'Where a mask lets the picture change: where it is clear (alpha), white, or black; none: the server takes no mask.',
        examples: ['white'],
      }),
    sizeStyle: z
      .enum(['size', 'width-height', 'aspect-ratio'])
      .optional()
      .meta({ description: 'How the size is said.', examples: ['width-height'] }),
    editStyle: z
      .enum(['multipart', 'json', 'image-object', 'image-url', 'files', 'none'])
      .optional()
      .meta({
        description:
          'How input pictures are sent: as a form or as JSON to /images/edits, or with a generation; none: the server takes none.',
        examples: ['json'],
      }),
    omit: z
      .array(z.string())
      .optional()
      .meta({
        description: 'Fields that the server refuses: they are never sent.',
        examples: [['quality']],
      }),
    maxImages: z
      .int()
      .min(1)
      .max(10)
      .optional()
      .meta({
        description: 'Most pictures that one request can ask for, whatever the model.',
        examples: [1],
      }),
  })
  .meta({
    description: "What the server does otherwise than OpenAI's.",
    examples: [{ responseFormat: 'b64_json' }],
  })

/** Headers that say who asks are made from `key` alone. */
const headerName = z
  .string()
  .regex(
    /^(?!(authorization|api-key|x-api-key|cookie|host|content-length|content-type)$)[a-z0-9-]+$/i,
    'This header is not yours to set: keys come from the variable that `key` names.',
  )

export const providerSchema = z
  .strictObject({
    server: z
      .enum(Object.keys(servers) as ServerId[])
      .optional()
      .meta({
        description: 'Whose manner the server has. Default openai.',
        default: 'openai',
        examples: ['together'],
      }),
    baseURL: z
      .string()
      .regex(
        /^https?:\/\/[^\s@]+$/,
        'Write a URL, as https://images.example.com/v1, without a name or password in it.',
      )
      .optional()
      .meta({
        description: 'Where the server is asked.',
        examples: ['https://images.example.com/v1'],
      }),
    key: z
      .string()
      .regex(
        /^[A-Z][A-Z0-9_]*_API_(KEY|TOKEN)$/,
        'Name the variable that holds the key, as RELAY_API_KEY: capitals, and _API_KEY or _API_TOKEN at the end. The key itself never stands here.',
      )
      .optional()
      .meta({ description: 'The variable that holds the key.', examples: ['RELAY_API_KEY'] }),
    apiVersion: z
      .string()
      .regex(/^[\w.-]+$/)
      .optional()
      .meta({ description: 'Azure: version of the API.', examples: ['2025-04-01-preview'] }),
    headers: z
      .record(headerName, z.string().regex(/^[\x20-\x7e]*$/, 'A header is plain ASCII text.'))
      .optional()
      .meta({
        description: 'Headers beside those that are always sent.',
        examples: [{ 'X-Team': 'art' }],
      }),
    timeout: z
      .int()
      .min(1)
      .max(3600)
      .optional()
      .meta({
        description: 'Seconds that one request may take. Default 600.',
        default: 600,
        examples: [300],
      }),
    body: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({
        description: 'Fields that every request has beside those of the Images API.',
        examples: [{ seed: 7 }],
      }),
    quirks: quirksSchema.optional(),
    models: z
      .record(z.string(), modelSchema)
      .optional()
      .meta({
        description:
          'What its models can do and cost, where Limn does not know or the server does it otherwise.',
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
          'Who is behind the requests, for the abuse checks of the server. Only its hash is sent.',
        examples: ['web-team'],
      }),
  })
  .meta({
    description: 'A server to ask for pictures.',
    examples: [
      { server: 'new-api', baseURL: 'https://relay.example.com/v1', key: 'RELAY_API_KEY' },
    ],
  })

export type ProviderFile = z.infer<typeof providerSchema>
export type LimitsFile = z.infer<typeof limitsSchema>
