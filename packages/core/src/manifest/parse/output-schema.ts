import { z } from 'zod'
import type { DataSourceFile, OutputFile, OutputRuleFile } from '../manifest-file.ts'
import {
  fits,
  formats,
  type FocalPoint,
  type Position,
  positions,
  type Preset,
} from '../presets.ts'
import { finishShape } from './finish-schema.ts'
import { eachSchema, overlaySchema } from './overlay-schema.ts'
import type { ShapeOf } from './shape-of.ts'
import { presetSuggestions } from './suggestions.ts'

/*
 * Presets and outputs of the manifest.
 */

const pixels = z.int().min(1).max(16_384)

const widths = z
  .array(pixels)
  .min(1)
  .max(32)
  .meta({ description: 'Widths to derive, px, each in the same shape.', examples: [[640, 1280]] })

const backgroundColour = z
  .string()
  .regex(
    /^#([0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})$/i,
    'Write a colour as #rgb, #rrggbb or #rrggbbaa.',
  )
  .meta({
    description: 'Colour behind a padded or transparent picture, as #rrggbb.',
    examples: ['#ffffff'],
  })

const share = z.number().min(0).max(1)

const focalPointSchema: z.ZodType<FocalPoint> = z
  .strictObject({
    x: share.meta({ description: 'Share of the width from the left, 0 to 1.', examples: [0.3] }),
    y: share.meta({ description: 'Share of the height from the top, 0 to 1.', examples: [0.4] }),
  })
  .meta({
    description: 'The point that a crop keeps in its middle, as far as the edges allow.',
    examples: [{ x: 0.3, y: 0.4 }],
  })

/** The part that a crop keeps: a name or a point. */
export const positionSchema: z.ZodType<Position> = z.union([z.enum(positions), focalPointSchema])

const rule = {
  width: pixels.optional().meta({ description: 'Width in px.', examples: [1200] }),
  height: pixels
    .optional()
    .meta({
      description: "Height in px. Default: the height that keeps the picture's own shape.",
      examples: [630],
    }),
  widths: widths.optional(),
  formats: z
    .array(z.enum(formats))
    .min(1)
    .optional()
    .meta({
      description: 'File formats to derive, the best first.',
      examples: [['avif', 'webp', 'jpeg']],
    }),
  quality: z
    .int()
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'Encoder quality, 1 to 100. PNG is always lossless.', examples: [80] }),
  fit: z
    .enum(fits)
    .optional()
    .meta({
      description:
        'How the picture fills its box: cover crops (the default), contain pads, inside only shrinks.',
      default: 'cover',
    }),
  position: positionSchema
    .optional()
    .meta({
      description:
        'The part that a crop keeps. attention (the default) finds the part that attracts attention, skin tones first; face is a synonym. { x: 0.3, y: 0.4 } keeps a point of the picture.',
      default: 'attention',
    }),
  background: backgroundColour.optional(),
  maxBytes: z
    .int()
    .min(100)
    .optional()
    .meta({
      description: 'Largest file in bytes. The encoder lowers its quality until the file fits.',
      examples: [300_000],
    }),
  dpi: z
    .int()
    .min(1)
    .max(2400)
    .optional()
    .meta({ description: 'Dots per inch, written into the file for print.', examples: [300] }),
  padding: z
    .number()
    .min(0)
    .max(0.45)
    .optional()
    .meta({
      description:
        'Share of each edge that stays empty, 0 to 0.45. Icons that are masked to a shape need 0.1.',
      default: 0,
      examples: [0.1],
    }),
  ...finishShape,
  overlay: overlaySchema.optional(),
  each: eachSchema.optional(),
} satisfies ShapeOf<Preset>

export const presetSchema: z.ZodObject<ShapeOf<Preset>, z.core.$strict> = z
  .strictObject(rule)
  .meta({
    description: 'A named output rule.',
    examples: [{ width: 640, height: 360, formats: ['avif', 'webp'] }],
  })

/** The keys that lead to rows of data. */
export const dataSourceFields: ShapeOf<DataSourceFile> & { from: z.ZodString } = {
  from: z
    .string()
    .min(1)
    .meta({
      description:
        'A data file with rows, or a glob that finds several, relative to the file that names it: CSV, JSON, YAML, or Markdown with front matter.',
      examples: ['./products.csv', 'content/posts/*.md'],
    }),
  name: z
    .string()
    .min(1)
    .optional()
    .meta({
      description:
        'The column that names the rows. Default: the key of an entry, the name of a Markdown file, or the column slug, name or id.',
      examples: ['slug'],
    }),
}

const eachRowsSchema: z.ZodType<DataSourceFile> = z
  .strictObject(dataSourceFields)
  .meta({ description: 'One output for each row of a data file, named after the row.' })

const outputRuleSchema: z.ZodObject<ShapeOf<OutputRuleFile>, z.core.$strict> = z
  .strictObject({
    preset: z
      .string()
      .optional()
      .meta({
        description: 'The preset to start from.',
        suggest: presetSuggestions,
        examples: ['card'],
      }),
    name: z
      .string()
      .regex(/^[\p{L}\p{N}_-]+$/u, 'Use letters, digits, - and _.')
      .optional()
      .meta({
        description:
          "Name of the output. Default: the preset's name, or without a preset its size, for example 640x360.",
        examples: ['wide'],
      }),
    ...rule,
    each: z
      .union([eachSchema, eachRowsSchema])
      .optional()
      .meta({
        description:
          'Makes one output for each value, or for each row of a data file: card-en, card-de, … Values and columns are variables of the overlay.',
        examples: [{ lang: ['en', 'de', 'zh'] }, { from: 'content/posts/*.md' }],
      }),
  } satisfies ShapeOf<OutputRuleFile>)
  .meta({
    description: 'A preset with changes, or a size of your own.',
    examples: [{ preset: 'card', widths: [400, 800] }],
  })

/** An entry of `outputs`. */
export const outputSchema: z.ZodType<OutputFile> = z
  .union([
    z
      .string()
      .meta({ description: 'The name of a preset.', suggest: presetSuggestions, examples: ['og'] }),
    outputRuleSchema,
  ])
  .describe('One output: a preset by name, or a rule of your own.')
