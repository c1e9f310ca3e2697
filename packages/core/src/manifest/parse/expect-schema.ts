import { z } from 'zod'
import { areas, type ContrastFile, type ExpectFile, type PaletteFile } from '../manifest-file.ts'
import type { ShapeOf } from './shape-of.ts'

/*
 * What pictures must be: `expect` of an asset, a style or `defaults`.
 */

const colour = z
  .string()
  .regex(/^#(?:[\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/i, 'Write a colour as #rgb or #rrggbb.')

const area = z.enum(areas)

const contrastSchema: z.ZodObject<ShapeOf<ContrastFile>, z.core.$strict> = z.strictObject({
  at: area.meta({
    description: 'The part of the picture that the text covers.',
    examples: ['left'],
  }),
  with: colour.meta({ description: 'Colour of the text, as #rrggbb.', examples: ['#ffffff'] }),
  ratio: z
    .number()
    .min(1)
    .max(21)
    .optional()
    .meta({
      description: 'Smallest WCAG contrast ratio, 1 to 21. Default 4.5.',
      default: 4.5,
      examples: [4.5],
    }),
} satisfies ShapeOf<ContrastFile>)

const paletteSchema: z.ZodObject<ShapeOf<PaletteFile>, z.core.$strict> = z.strictObject({
  near: z
    .array(colour)
    .min(1)
    .max(32)
    .meta({ description: 'The colours, as #rrggbb.', examples: [['#0b3d2e', '#f5f0e6']] }),
  most: z
    .number()
    .min(0)
    .max(100)
    .optional()
    .meta({
      description: 'Largest difference from the nearest of the colours, CIEDE2000. Default 20.',
      default: 20,
      examples: [20],
    }),
} satisfies ShapeOf<PaletteFile>)

const test = z.boolean().optional()

/** One text, several, or `false` for none. */
function textsSchema(): z.ZodType<string | string[] | false | undefined> {
  const text = z.string().trim().min(1).max(1000)
  return z.union([text, z.array(text).min(1).max(16), z.literal(false)]).optional()
}

export const expectSchema: z.ZodObject<ShapeOf<ExpectFile>, z.core.$strict> = z
  .strictObject({
    transparent: test.meta({
      description:
        'The background is transparent: no painted checkerboard, and no fringe of an old background.',
      examples: [true],
    }),
    whole: test.meta({ description: 'The whole subject is inside the picture.', examples: [true] }),
    quiet: z
      .union([area, z.literal(false)])
      .optional()
      .meta({
        description: 'The part of the picture that has little detail, so that text fits there.',
        examples: ['left'],
      }),
    contrast: z
      .union([contrastSchema, z.literal(false)])
      .optional()
      .meta({
        description: 'Text of a colour is readable in a part of the picture, at its worst place.',
        examples: [{ at: 'left', with: '#ffffff', ratio: 4.5 }],
      }),
    palette: z
      .union([paletteSchema, z.literal(false)])
      .optional()
      .meta({
        description: 'Colours that the picture keeps to.',
        examples: [{ near: ['#0b3d2e', '#f5f0e6'], most: 20 }],
      }),
    tileable: test.meta({
      description: 'The picture repeats without a visible seam, in both directions.',
      examples: [true],
    }),
    sharp: test.meta({ description: 'The picture is not blurred.', examples: [true] }),
    'not-blank': test.meta({
      description: 'The picture is not of a single colour.',
      examples: [true],
    }),
    unlike: textsSchema().meta({
      description: 'Assets of which the picture is no near duplicate.',
      examples: ['hero', ['hero', 'team']],
    }),
    shows: textsSchema().meta({
      description: 'What the judge must see in the picture.',
      examples: [['a lighthouse', 'a calm sea']],
    }),
    without: textsSchema().meta({
      description: 'What the judge must not see in the picture.',
      examples: [['people', 'text']],
    }),
    text: textsSchema().meta({
      description:
        'Text that the picture must show, spelled exactly so. The judge reads it; Limn compares it.',
      examples: ['Grand Opening'],
    }),
    like: textsSchema().meta({
      description: 'Assets that show the same person, object or visual style.',
      examples: ['mascot'],
    }),
  } satisfies ShapeOf<ExpectFile>)
  .meta({
    description: 'Tests that a picture must pass.',
    examples: [{ quiet: 'left', 'not-blank': true }],
  })

export const attemptsSchema: z.ZodType<number> = z
  .int()
  .min(1)
  .max(10)
  .meta({
    description:
      'Number of requests at most: Limn requests the picture again as long as it does not pass `expect`, and keeps the best. Default 1.',
    default: 1,
    examples: [3],
  })
