import { z } from 'zod'
import { type OverlayFile, overlayPositions, type TextFile } from '../overlay.ts'
import type { EachFile } from '../scalar.ts'
import type { ShapeOf } from './shape-of.ts'

/*
 * Texts over a picture.
 */

/** Longest text of an overlay, characters. */
const MAX_TEXT = 2000

const text = z.string().max(MAX_TEXT)

const textSchema: z.ZodType<TextFile> = z.union([
  text,
  z.number(),
  z.record(z.string(), z.union([text, z.number()])),
])

const opaqueColour = z
  .string()
  .regex(/^#([0-9a-f]{3}|[0-9a-f]{6})$/i, 'Write a colour as #rgb or #rrggbb.')

const path = z.string().min(1).max(1000)

const overlayShape: ShapeOf<OverlayFile> = {
  text: textSchema
    .optional()
    .meta({
      description: 'The text, with {{variables}}; or a text for each value of `each` or `matrix`.',
      examples: ['{{title}}', { en: 'Hello', de: 'Hallo' }],
    }),
  template: path
    .optional()
    .meta({
      description: 'An HTML file with {{variables}}, in place of `text`.',
      examples: ['./og.html'],
    }),
  files: z
    .array(path)
    .max(20)
    .optional()
    .meta({
      description: 'Pictures that the template shows, by the paths in its `src`.',
      examples: [['brand/pattern.svg']],
    }),
  vars: z
    .record(z.string(), textSchema)
    .optional()
    .meta({
      description: 'More {{variables}}; each a text, or one for each value of `each`.',
      examples: [{ title: { en: 'Hello', de: 'Hallo' } }],
    }),
  font: z
    .union([path, z.array(path).min(1).max(10)])
    .optional()
    .meta({
      description:
        'Font files, or npm packages with fonts. Each one has the characters that those before it lack. Default: a sans serif for Western European languages.',
      examples: ['fonts/Inter.woff2', ['@fontsource/inter', '@fontsource/noto-sans-sc']],
    }),
  size: z
    .number()
    .min(4)
    .max(2000)
    .optional()
    .meta({
      description:
        'Size of the text in px at the full width of the output. Default: as large as fits.',
      examples: [72],
    }),
  color: opaqueColour
    .optional()
    .meta({ description: 'Colour of the text. Default white.', examples: ['#ffffff'] }),
  weight: z
    .int()
    .min(100)
    .max(900)
    .optional()
    .meta({ description: 'Weight of the text, 100 to 900. Default 700.', examples: [600] }),
  position: z
    .enum(overlayPositions)
    .optional()
    .meta({
      description: 'Where the text is. Default: at the bottom, on the side where its lines start.',
      examples: ['bottom-left'],
    }),
  padding: z
    .number()
    .min(0)
    .max(0.4)
    .optional()
    .meta({
      description:
        'Distance of the text from the edges, as a share of the shorter edge. Default 0.06.',
      examples: [0.08],
    }),
  shade: z
    .union([z.boolean(), z.number().min(0).max(1), opaqueColour])
    .optional()
    .meta({
      description:
        'What is behind the text, so that it can be read: false for nothing, a strength from 0 to 1, or a colour. Default: black behind light text, white behind dark text.',
      examples: [true, 0.4, '#1b1464'],
    }),
  logo: path
    .optional()
    .meta({ description: 'A picture at the opposite edge.', examples: ['brand/logo.svg'] }),
  safe: z
    .boolean()
    .optional()
    .meta({
      description:
        'Whether the text stays in the part that every client of the platform shows. Default true.',
      default: true,
    }),
}

/** `overlay`: a text, or a text and its settings. */
export const overlaySchema: z.ZodType<OverlayFile | string> = z
  .union([
    text.meta({ description: 'The text, with {{variables}}.', examples: ['{{title}}'] }),
    z.strictObject(overlayShape),
  ])
  .meta({
    description: 'A text over the picture. Changing it requests no picture.',
    examples: ['{{title}}', { text: '{{title}}', font: '@fontsource/inter', logo: 'logo.svg' }],
  })

/** `each`: lists of values by variable. */
export const eachSchema: z.ZodType<EachFile> = z
  .record(
    z.string().regex(/^[\p{L}_][\p{L}\p{N}_-]*$/u, 'Use letters, digits, - and _.'),
    z
      .array(z.union([z.string(), z.number()]))
      .min(1)
      .max(200),
  )
  .meta({
    description: 'Makes one file for each value: card-en, card-de, … Its values are variables.',
    examples: [{ lang: ['en', 'de', 'zh'] }],
  })
