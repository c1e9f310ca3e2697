import { z } from 'zod'
import type { ModelFile } from '../manifest-file.ts'
import type { ShapeOf } from './shape-of.ts'

const formats = z.array(z.enum(['png', 'webp', 'jpeg', 'gif', 'svg'])).min(1)

const size = z
  .string()
  .regex(/^[1-9]\d{1,4}x[1-9]\d{1,4}$/, 'Write a size as WIDTHxHEIGHT, for example 1024x1024.')

/** An entry of `models` of a provider. */
export const modelSchema: z.ZodObject<ShapeOf<ModelFile>, z.core.$strict> = z
  .strictObject({
    as: z
      .string()
      .min(1)
      .optional()
      .meta({
        description: "The server's name of the model. Default: the name here.",
        examples: ['my-deployment'],
      }),
    like: z
      .string()
      .min(1)
      .optional()
      .meta({
        description: 'A known model whose capabilities and price are the defaults.',
        examples: ['gpt-image-2'],
      }),
    sizes: z
      .union([z.literal('any'), z.array(size).min(1)])
      .optional()
      .meta({
        description: 'Sizes that the model accepts; any for every size.',
        examples: [['1024x1024', '1536x1024']],
      }),
    qualities: z
      .array(z.string().min(1))
      .optional()
      .meta({
        description: 'Quality names that the model accepts; empty if it has no such setting.',
        examples: [['low', 'high']],
      }),
    transparent: z
      .boolean()
      .optional()
      .meta({
        description: 'Whether the model generates transparent backgrounds.',
        examples: [false],
      }),
    formats: formats
      .optional()
      .meta({ description: 'File formats that the model can return.', examples: [['png']] }),
    complexities: z
      .array(z.enum(['low', 'medium', 'high']))
      .optional()
      .meta({ description: 'Values of `complexity` that the model accepts.', examples: [['low']] }),
    fidelities: z
      .array(z.enum(['low', 'high']))
      .optional()
      .meta({
        description: 'Values of `fidelity` that edits by the model accept.',
        examples: [['high']],
      }),
    references: z
      .int()
      .min(0)
      .max(16)
      .optional()
      .meta({
        description: 'Largest number of pictures with a prompt; 0 for none.',
        examples: [1],
      }),
    masks: z
      .boolean()
      .optional()
      .meta({ description: 'Whether an edit can have a mask.', examples: [false] }),
    markups: z
      .boolean()
      .optional()
      .meta({ description: 'Whether an edit can have markup.', examples: [false] }),
    streaming: z
      .boolean()
      .optional()
      .meta({ description: 'Whether the model streams partial pictures.', examples: [false] }),
    maxImages: z
      .int()
      .min(1)
      .max(10)
      .optional()
      .meta({ description: 'Largest number of pictures of one request.', examples: [1] }),
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
      .meta({ description: 'Price of one picture, USD.', examples: [0.03] }),
    batchPrice: z
      .number()
      .min(0)
      .max(1000)
      .optional()
      .meta({
        description: 'Price of one picture in a batch, USD. The model is sent in batches then.',
        examples: [0.015],
      }),
  } satisfies ShapeOf<ModelFile>)
  .meta({
    description: 'Capabilities and price of a model.',
    examples: [{ like: 'gpt-image-2', price: 0.03 }],
  })
