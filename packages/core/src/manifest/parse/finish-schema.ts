import { z } from 'zod'
import { type FinishFile, flips, turns } from '../finish.ts'
import type { ShapeOf } from './shape-of.ts'

/*
 * Finishing steps of presets and outputs.
 */

const radius = z.number().min(0).max(2000)

const opaqueColour = z
  .string()
  .regex(/^#([0-9a-f]{3}|[0-9a-f]{6})$/i, 'Write a colour as #rgb or #rrggbb.')

/** The keys of finishing steps. */
export const finishShape: ShapeOf<FinishFile> = {
  trim: z
    .union([z.boolean(), z.number().min(0).max(255)])
    .optional()
    .meta({
      description:
        'Removes the uniform border of the picture before it is cropped. A number is the tolerance, 0 to 255 (default 10).',
      examples: [true, 30],
    }),
  rotate: z
    .union([z.literal(turns[0]), z.literal(turns[1]), z.literal(turns[2])])
    .optional()
    .meta({
      description:
        'Turns the file clockwise, in degrees. `width` and `height` are those of the turned file.',
      examples: [90],
    }),
  flip: z
    .enum(flips)
    .optional()
    .meta({
      description: 'Mirrors the file. horizontal swaps left and right.',
      examples: ['horizontal'],
    }),
  heal: z
    .literal('seam')
    .optional()
    .meta({
      description: 'seam: the file continues at its opposite edges, as a tile of a texture.',
      examples: ['seam'],
    }),
  grayscale: z
    .boolean()
    .optional()
    .meta({ description: 'Removes all colour.', examples: [true] }),
  tint: opaqueColour
    .optional()
    .meta({
      description: 'Replaces every hue by that of a colour. The lightness stays.',
      examples: ['#0066cc'],
    }),
  duotone: z
    .array(opaqueColour)
    .length(2)
    .optional()
    .meta({
      description: 'Two colours: that of the darkest pixels, and that of the lightest.',
      examples: [['#1b1464', '#ffd23f']],
    }),
  blur: radius
    .optional()
    .meta({
      description:
        'Blur radius in px at the full width of the output. Smaller widths are blurred less.',
      examples: [12],
    }),
  sharpen: z
    .union([z.boolean(), z.number().min(0.3).max(10)])
    .optional()
    .meta({
      description: 'Sharpens the file. A number is the strength, 0.3 to 10 (default 1).',
      examples: [true, 2],
    }),
  round: radius
    .optional()
    .meta({
      description:
        'Radius of the corners in px at the full width of the output. Outside them the file is transparent.',
      examples: [24],
    }),
  circle: z
    .boolean()
    .optional()
    .meta({
      description:
        'Cuts out a circle: outside it the file is transparent. Without a height the output is square.',
      examples: [true],
    }),
}
