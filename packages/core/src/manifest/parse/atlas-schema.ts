import { z } from 'zod'
import type { AtlasFile } from '../manifest-file.ts'
import type { ShapeOf } from './shape-of.ts'

/** An entry of `atlases`. */
export const atlasSchema: z.ZodObject<ShapeOf<AtlasFile>, z.core.$strict> = z
  .strictObject({
    file: z
      .string()
      .min(1)
      .meta({
        description:
          'The picture to write, relative to the manifest: .png or .webp. Its JSON, in the hash format of TexturePacker, is next to it.',
        examples: ['public/sprites.png'],
      }),
    pictures: z
      .array(z.string().min(1))
      .min(1)
      .max(10_000)
      .meta({
        description: 'The pictures to pack: assets, or all those below a name.',
        examples: [['icons', 'hero']],
      }),
    size: z
      .int()
      .min(1)
      .max(4096)
      .optional()
      .meta({
        description: 'Longest edge of each picture, px. Default 256.',
        default: 256,
        examples: [64],
      }),
    padding: z
      .int()
      .min(0)
      .max(64)
      .optional()
      .meta({
        description: 'Transparent space around each picture, px. Default 2.',
        default: 2,
        examples: [4],
      }),
    powerOfTwo: z
      .boolean()
      .optional()
      .meta({
        description: 'Whether width and height are powers of two. Default true.',
        default: true,
        examples: [false],
      }),
    css: z
      .boolean()
      .optional()
      .meta({
        description: 'Whether to write a stylesheet with a class for each picture. Default false.',
        default: false,
        examples: [true],
      }),
  } satisfies ShapeOf<AtlasFile>)
  .meta({
    description: 'Several pictures packed into one file.',
    examples: [{ file: 'public/sprites.png', pictures: ['icons'] }],
  })
