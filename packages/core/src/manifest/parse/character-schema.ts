import { z } from 'zod'
import type { CharacterFile } from '../manifest-file.ts'
import { assetSchema } from './asset-schema.ts'
import { requestFields } from './request-schema.ts'
import type { ShapeOf } from './shape-of.ts'

const { prompt, source, style, vars, references, stale, fidelity, candidates, alt, outputs } =
  assetSchema.shape

/** An entry of `characters`. */
export const characterSchema: z.ZodObject<ShapeOf<CharacterFile>, z.core.$strict> = z
  .strictObject({
    prompt: prompt.meta({
      description: 'What the character looks like. Required, unless there is a `source`.',
      examples: ['A young woman with red hair, round glasses and a yellow raincoat'],
    }),
    source: source.meta({
      description:
        'An existing picture of the character, relative to the file that names it. Nothing is generated.',
      examples: ['./brand/mascot.png'],
    }),
    views: z
      .array(z.string().min(1).max(100))
      .min(1)
      .max(8)
      .optional()
      .meta({
        description: 'What the sheet shows side by side. Default front, side and back.',
        examples: [['front', 'side', 'back', 'smiling face']],
      }),
    style,
    vars,
    references,
    stale,
    fidelity,
    candidates,
    alt,
    ...requestFields,
    outputs,
  } satisfies ShapeOf<CharacterFile>)
  .meta({
    description: 'A person or mascot that looks the same in every picture.',
    examples: [{ prompt: 'A young woman with red hair, round glasses and a yellow raincoat' }],
  })
