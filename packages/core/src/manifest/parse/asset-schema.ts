import { z } from 'zod'
import {
  type AssetFile,
  type EditFile,
  efforts,
  type FramesFile,
  type MatrixFile,
  type SvgFile,
  uses,
  type VariationFile,
} from '../manifest-file.ts'
import { attemptsSchema, expectSchema } from './expect-schema.ts'
import { outputSchema, positionSchema } from './output-schema.ts'
import { requestFields, scalarSchema, varsSchema } from './request-schema.ts'
import type { ShapeOf } from './shape-of.ts'
import { styleNamesSchema } from './style-schema.ts'

const combination = z.record(z.string(), scalarSchema)

const matrixSchema: z.ZodType<MatrixFile> = z
  .object({
    include: z
      .array(combination)
      .optional()
      .meta({
        description: 'Combinations to add, or values to add to the combinations that they match.',
        examples: [[{ color: 'red', size: 'large' }]],
      }),
    exclude: z
      .array(combination)
      .optional()
      .meta({ description: 'Combinations to leave out.', examples: [[{ color: 'red' }]] }),
  })
  .catchall(z.array(scalarSchema).min(1))

export const editSchema: z.ZodObject<ShapeOf<EditFile>, z.core.$strict> = z.strictObject({
  image: z
    .string()
    .min(1)
    .meta({
      description: 'Picture to change: an asset by name, or a file such as ./photos/shop.png.',
      examples: ['hero', './photos/shop.png'],
    }),
  mask: z
    .string()
    .min(1)
    .optional()
    .meta({
      description:
        'File that marks the area to change: transparent (alpha 0) or white where the picture may change.',
      examples: ['./photos/shop-mask.png'],
    }),
} satisfies ShapeOf<EditFile>)

export const variationSchema: z.ZodObject<ShapeOf<VariationFile>, z.core.$strict> = z.strictObject({
  image: z
    .string()
    .min(1)
    .meta({
      description: 'Picture to vary: an asset by name, or a file such as ./photos/shop.png.',
      examples: ['hero', './photos/shop.png'],
    }),
} satisfies ShapeOf<VariationFile>)

const framesSchema: z.ZodObject<ShapeOf<FramesFile>, z.core.$strict> = z.strictObject({
  count: z
    .int()
    .min(2)
    .max(16)
    .optional()
    .meta({ description: 'Number of frames, 2 to 16. Default 9.', default: 9, examples: [6] }),
  ms: z
    .int()
    .min(10)
    .max(655_350)
    .optional()
    .meta({
      description: 'Time that each frame is shown, ms. Default 200.',
      default: 200,
      examples: [120],
    }),
} satisfies ShapeOf<FramesFile>)

const svgSchema: z.ZodObject<ShapeOf<SvgFile>, z.core.$strict> = z.strictObject({
  model: z
    .string()
    .min(1)
    .optional()
    .meta({
      description:
        'The model that writes the drawing. The server requires it if the project may choose one, and rejects it otherwise.',
      examples: ['gpt-5.6'],
    }),
  effort: z
    .enum(efforts)
    .optional()
    .meta({ description: "How much that model thinks. Default: the server's.", examples: ['low'] }),
} satisfies ShapeOf<SvgFile>)

export const assetSchema: z.ZodObject<ShapeOf<AssetFile>, z.core.$strict> = z
  .strictObject({
    prompt: z
      .string()
      .optional()
      .meta({
        description: 'What the picture shows. Required, unless there is a `source`.',
        examples: ['A lighthouse at dawn over a calm sea'],
      }),
    source: z
      .string()
      .min(1)
      .optional()
      .meta({
        description:
          'An existing picture to derive outputs from, relative to the file that names it. Nothing is generated.',
        examples: ['./brand/badge.png'],
      }),
    style: styleNamesSchema
      .optional()
      .meta({
        description:
          'A style, or several in order: your own, or built-in ones (`limn styles` lists them).',
        examples: ['brand', ['brand', 'watercolor']],
      }),
    vars: varsSchema.optional(),
    matrix: matrixSchema
      .optional()
      .meta({
        description:
          'One picture for each combination of values: product/mug with color: [red, blue] gives product/mug/red and product/mug/blue.',
        examples: [{ color: ['red', 'blue'] }],
      }),
    use: z
      .enum(uses)
      .optional()
      .meta({
        description:
          'What the picture is for. Sets the default quality: low for social and concept, medium for product, high for print.',
        examples: ['social'],
      }),
    edit: editSchema
      .optional()
      .meta({
        description: 'A picture to change as the prompt says.',
        examples: [{ image: 'hero' }],
      }),
    references: z
      .array(z.string().min(1))
      .min(1)
      .max(16)
      .optional()
      .meta({
        description:
          'Pictures to send with the prompt as references: assets by name, or files such as ./photos/dress.jpg.',
        examples: [['./photos/dress.jpg', 'model-pose']],
      }),
    variation: variationSchema
      .optional()
      .meta({
        description:
          'A picture to generate another version of: an asset by name, or a file. Requires no prompt.',
        examples: [{ image: 'hero' }],
      }),
    shapes: z
      .enum(['one', 'separate'])
      .optional()
      .meta({
        description:
          'separate: a picture of its own for each shape (landscape, square, portrait) among the outputs. Default one.',
        default: 'one',
      }),
    adapt: z
      .enum(['extend'])
      .optional()
      .meta({
        description:
          'With shapes: separate, generates the other shapes from the first by an edit, so that all show the same scene.',
        examples: ['extend'],
      }),
    stale: z
      .enum(['ok'])
      .optional()
      .meta({
        description:
          'ok: a changed prompt or setting does not regenerate the picture, unless `limn generate --force` does.',
        examples: ['ok'],
      }),
    fidelity: z
      .enum(['low', 'high'])
      .optional()
      .meta({
        description:
          'How closely an edit preserves its input pictures, especially faces, if the model has this setting.',
        examples: ['high'],
      }),
    frames: framesSchema
      .optional()
      .meta({
        description: 'Animation of a picture with format: gif.',
        examples: [{ count: 6, ms: 120 }],
      }),
    svg: svgSchema
      .optional()
      .meta({
        description: 'How a drawing with format: svg is written.',
        examples: [{ effort: 'low' }],
      }),
    candidates: z
      .int()
      .min(1)
      .max(10)
      .optional()
      .meta({
        description: 'Number of pictures to request; choose one with `limn pick`. Default 1.',
        default: 1,
        examples: [3],
      }),
    expect: expectSchema
      .or(z.literal(false))
      .optional()
      .meta({
        description:
          'What the picture must be. Keys override those of styles and `defaults`; false switches one off, or all.',
        examples: [{ quiet: 'left', 'not-blank': true }],
      }),
    attempts: attemptsSchema.optional(),
    pick: z
      .enum(['best'])
      .optional()
      .meta({
        description:
          'best: of several candidates, the one that meets the most expectations becomes the picture. `limn pick` overrides it.',
        examples: ['best'],
      }),
    ...requestFields,
    alt: z
      .string()
      .optional()
      .meta({
        description: 'Alternative text: what the picture shows, for people who do not see it.',
        examples: ['A lighthouse at dawn'],
      }),
    altSuggested: z
      .boolean()
      .optional()
      .meta({
        description:
          'The judge suggested the alt, and it is not confirmed yet: `limn describe --confirm` removes this key.',
        default: false,
        examples: [true],
      }),
    decorative: z
      .boolean()
      .optional()
      .meta({
        description: 'The picture conveys no information: alt is empty on purpose.',
        default: false,
      }),
    position: positionSchema
      .optional()
      .meta({
        description:
          'The part that crops of this picture keep, unless an entry of outputs says another: a name such as top, or a point, { x: 0.3, y: 0.4 }, as shares from the left and the top.',
        examples: [{ x: 0.3, y: 0.4 }, 'top'],
      }),
    outputs: z
      .array(outputSchema)
      .max(200)
      .optional()
      .meta({
        description: 'The files to derive from the picture.',
        examples: [['og', { width: 640, height: 360 }]],
      }),
  } satisfies ShapeOf<AssetFile>)
  .meta({
    description: 'One named picture.',
    examples: [{ prompt: 'A lighthouse at dawn', alt: 'A lighthouse', outputs: ['og'] }],
  })
