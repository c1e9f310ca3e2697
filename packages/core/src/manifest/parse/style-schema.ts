import { z } from 'zod'
import type { StyleFile } from '../manifest-file.ts'
import { expectSchema } from './expect-schema.ts'
import type { ShapeOf } from './shape-of.ts'
import { styleSuggestions } from './suggestions.ts'

const styleName = z
  .string()
  .meta({ description: 'The name of a style.', suggest: styleSuggestions, examples: ['vector'] })

/** One style by name, or several in order. */
export const styleNamesSchema: z.ZodType<string | string[]> = z.union([
  styleName,
  z.array(styleName).min(1).max(100),
])

export const styleSchema: z.ZodObject<ShapeOf<StyleFile>, z.core.$strict> = z
  .strictObject({
    stale: z
      .enum(['ok'])
      .optional()
      .meta({
        description:
          'ok: a change of this style does not regenerate existing pictures, unless `limn generate --force` does.',
        examples: ['ok'],
      }),
    extends: styleNamesSchema
      .optional()
      .meta({ description: 'Styles that this one builds on.', examples: ['vector'] }),
    references: z
      .array(z.string().min(1))
      .min(1)
      .max(16)
      .optional()
      .meta({
        description:
          'Pictures to send with every prompt that uses the style, such as a brand board: assets by name, or files.',
        examples: [['./brand/board.png']],
      }),
    prepend: z
      .string()
      .optional()
      .meta({ description: 'Text before the prompt.', examples: ['Flat vector illustration.'] }),
    append: z
      .string()
      .optional()
      .meta({
        description: 'Text after the prompt.',
        examples: ['Warm palette, generous white space.'],
      }),
    avoid: z
      .string()
      .optional()
      .meta({
        description:
          'What the picture must not show. Limn appends it to the prompt, as no model has a field for it.',
        examples: ['text, watermark'],
      }),
    expect: expectSchema
      .or(z.literal(false))
      .optional()
      .meta({
        description: 'What pictures of this style must be, in addition to `defaults.expect`.',
        examples: [{ palette: { near: ['#0b3d2e'] } }],
      }),
  } satisfies ShapeOf<StyleFile>)
  .meta({
    description: 'A building block of prompts.',
    examples: [{ append: 'Warm palette.', avoid: 'text, watermark' }],
  })
