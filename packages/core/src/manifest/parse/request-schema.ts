import { z } from 'zod'
import {
  backgrounds,
  type DefaultsFile,
  moderations,
  renderings,
  type ProfileFile,
  type RequestFile,
  type VarsFile,
} from '../manifest-file.ts'
import type { Scalar } from '../scalar.ts'
import { attemptsSchema, expectSchema } from './expect-schema.ts'
import { outputSchema } from './output-schema.ts'
import type { ShapeOf } from './shape-of.ts'
import { modelSuggestions, qualitySuggestions } from './suggestions.ts'

/*
 * Settings of requests: at an asset, in `defaults`, and in profiles.
 */

/** The fields of `RequestFile`. */
export const requestFields: ShapeOf<RequestFile> = {
  model: z
    .string()
    .min(1)
    .optional()
    .meta({
      description: 'Image model, for example gpt-image-2.5-flare.',
      suggest: modelSuggestions,
      examples: ['gpt-image-2.5-flare'],
    }),
  size: z
    .string()
    .regex(
      /^(auto|[1-9]\d{1,4}x[1-9]\d{1,4})$/,
      'Write a size as WIDTHxHEIGHT, for example 1536x1024, or auto.',
    )
    .optional()
    .meta({
      description: 'Size to request. Default auto: the smallest size that covers every output.',
      suggest: { auto: 'The smallest size that covers every output.' },
      default: 'auto',
      examples: ['1536x1024'],
    }),
  quality: z
    .string()
    .min(1)
    .optional()
    .meta({
      description: 'Quality to request, as the model names it: low, medium, high, ….',
      suggest: qualitySuggestions,
      examples: ['medium'],
    }),
  background: z
    .enum(backgrounds)
    .optional()
    .meta({ description: 'Background of the picture.', default: 'auto' }),
  format: z
    .enum(['png', 'webp', 'jpeg', 'gif', 'svg'])
    .optional()
    .meta({
      description:
        'Format of the master. gif (animated) and svg require a model that generates them. Default png.',
      default: 'png',
    }),
  compression: z
    .int()
    .min(0)
    .max(100)
    .optional()
    .meta({
      description: 'Encoder quality of a JPEG or WebP master, 0 to 100. Default 100, the best.',
      default: 100,
      examples: [90],
    }),
  complexity: z
    .enum(['low', 'medium', 'high'])
    .optional()
    .meta({
      description: 'How much detail the model may put into the picture, if it has this setting.',
      examples: ['low'],
    }),
  rendering: z
    .enum(renderings)
    .optional()
    .meta({
      description: 'vivid (dramatic) or natural (plain), if the model has this setting: dall-e-3.',
      examples: ['natural'],
    }),
  moderation: z
    .enum(moderations)
    .optional()
    .meta({
      description:
        "How strictly the server moderates prompt and picture. Moderation can't be turned off.",
      default: 'auto',
    }),
  partials: z
    .int()
    .min(0)
    .max(3)
    .optional()
    .meta({
      description:
        'Partial pictures to stream during generation, 0 to 3, if the model can. Each costs some tokens. Limn shows them in dev and does not keep them.',
      examples: [2],
    }),
}

export const defaultsSchema: z.ZodObject<ShapeOf<DefaultsFile>, z.core.$strict> = z.strictObject({
  ...requestFields,
  outputs: z
    .array(outputSchema)
    .max(200)
    .optional()
    .meta({
      description: 'The files to derive from each picture that has no outputs of its own.',
      examples: [['og']],
    }),
  expect: expectSchema
    .optional()
    .meta({
      description: 'What every picture must be, unless a style or the asset overrides it.',
      examples: [{ 'not-blank': true, sharp: true }],
    }),
  attempts: attemptsSchema.optional(),
} satisfies ShapeOf<DefaultsFile>)

export const profileSchema: z.ZodObject<ShapeOf<ProfileFile>, z.core.$strict> = z
  .strictObject({
    model: requestFields.model,
    quality: requestFields.quality,
  } satisfies ShapeOf<ProfileFile>)
  .meta({
    description: 'Settings that a run with this profile overrides.',
    examples: [{ quality: 'low' }],
  })

export const scalarSchema: z.ZodType<Scalar> = z.union([z.string(), z.number()])

export const varsSchema: z.ZodType<VarsFile> = z
  .record(z.string(), z.union([scalarSchema, z.array(scalarSchema)]))
  .meta({
    description:
      'Values of {{name}} in prompts, alt texts and styles. {{#name}} writes a list as numbered lines.',
    examples: [{ color: 'red', steps: ['Grind', 'Pour'] }],
  })
