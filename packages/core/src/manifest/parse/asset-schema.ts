import { z } from 'zod'
import {
  type AssetFile,
  type CellFile,
  type EditFile,
  efforts,
  type FramesFile,
  type MatrixFile,
  type SheetFile,
  type SvgFile,
  uses,
  type VariationFile,
} from '../manifest-file.ts'
import { attemptsSchema, expectSchema } from './expect-schema.ts'
import { dataSourceFields, outputSchema, positionSchema } from './output-schema.ts'
import { requestFields, scalarSchema, varsSchema } from './request-schema.ts'
import type { ShapeOf } from './shape-of.ts'
import { styleNamesSchema } from './style-schema.ts'

const combination = z.record(z.string(), scalarSchema)

/** Values to leave out; a boolean is compared with the text of a row. */
const exclusion = z.record(z.string(), z.union([scalarSchema, z.boolean()]))

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
      .array(exclusion)
      .optional()
      .meta({ description: 'Combinations to leave out.', examples: [[{ color: 'red' }]] }),
    from: z
      .union([dataSourceFields.from, z.array(scalarSchema).min(1)])
      .optional()
      .meta({
        description: `${dataSourceFields.from.meta()?.description} One picture for each row: its columns are variables, and its prompt, alt and style override those of the asset.`,
        examples: ['./products.csv', 'content/posts/*.md'],
      }),
    name: z
      .union([dataSourceFields.name, z.array(scalarSchema).min(1)])
      .optional()
      .meta({ description: dataSourceFields.name.meta()!.description!, examples: ['slug'] }),
  })
  .catchall(z.array(scalarSchema).min(1))

const editSchema: z.ZodObject<ShapeOf<EditFile>, z.core.$strict> = z.strictObject({
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
  markup: z
    .string()
    .min(1)
    .optional()
    .meta({
      description:
        'PNG file with drawings on a transparent background, such as arrows and notes, that show the model what to change. Not together with mask.',
      examples: ['./photos/shop-markup.png'],
    }),
} satisfies ShapeOf<EditFile>)

const variationSchema: z.ZodObject<ShapeOf<VariationFile>, z.core.$strict> = z.strictObject({
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

const cellSchema: z.ZodObject<ShapeOf<CellFile>, z.core.$strict> = z.strictObject({
  name: z
    .string()
    .min(1)
    .meta({ description: 'The last part of the name of its asset.', examples: ['mail'] }),
  prompt: z
    .string()
    .min(1)
    .optional()
    .meta({
      description: 'What the cell shows. Default: its name.',
      examples: ['an open envelope'],
    }),
  alt: z
    .string()
    .optional()
    .meta({ description: 'Its alt text. Default: what it shows.', examples: ['Mail'] }),
  decorative: z
    .boolean()
    .optional()
    .meta({ description: 'Whether its alt text is empty on purpose.', examples: [true] }),
  outputs: z
    .array(outputSchema)
    .max(200)
    .optional()
    .meta({ description: 'Its files. Default: those of the sheet.', examples: [['card']] }),
  again: z
    .union([z.boolean(), z.string().min(1)])
    .optional()
    .meta({
      description:
        'Requests this cell by itself, in the style of the sheet: true, or what it shows then. The sheet and the other cells stay.',
      examples: [true, 'a red telephone'],
    }),
} satisfies ShapeOf<CellFile>)

const sheetSchema: z.ZodObject<ShapeOf<SheetFile>, z.core.$strict> = z.strictObject({
  grid: z
    .string()
    .regex(
      /^(?:[1-9]|1[0-2])x(?:[1-9]|1[0-2])$/,
      'Write COLUMNSxROWS, for example 3x3; at most 12x12.',
    )
    .meta({ description: 'Columns and rows of the sheet.', examples: ['3x3'] }),
  cells: z
    .array(z.union([z.string().min(1), cellSchema]))
    .min(1)
    .max(144)
    .meta({
      description: 'What the cells show, row by row from the left. Each is an asset: icons/mail.',
      examples: [['mail', 'phone', { name: 'home', prompt: 'a house with a chimney' }]],
    }),
} satisfies ShapeOf<SheetFile>)

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
    character: z
      .union([z.string().min(1), z.array(z.string().min(1)).min(1).max(16)])
      .optional()
      .meta({
        description:
          'A character of `characters`, or several: Limn sends their sheets of views with the prompt.',
        examples: ['mia', ['mia', 'tom']],
      }),
    variation: variationSchema
      .optional()
      .meta({
        description:
          'A picture to generate another version of: an asset by name, or a file. Requires no prompt.',
        examples: [{ image: 'hero' }],
      }),
    sheet: sheetSchema
      .optional()
      .meta({
        description:
          'Several pictures in one request: Limn splits the picture into one asset for each cell. The outputs are those of the cells.',
        examples: [{ grid: '3x1', cells: ['mail', 'phone', 'home'] }],
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
