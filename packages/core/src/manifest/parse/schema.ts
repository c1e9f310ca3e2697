import { z } from 'zod'
import { modelById } from '../../models/models.ts'
import {
  builtInPresetNames,
  findPreset,
  fits,
  formats,
  positions,
  presetGroups,
} from '../presets.ts'
import { builtInStyleNames, findStyle } from '../resolve/styles.ts'
import { limitsSchema, providerSchema } from './providers-schema.ts'

/*
 * The one description of `images.yaml`: it gives the TypeScript types, the validation
 * and the JSON Schema that editors show. Every key says what it means.
 */

/** Names that editors offer where any other is legal too, each with what they show beside it. */
type Suggestions = Readonly<Record<string, string>>

const presetSuggestions: Suggestions = Object.fromEntries(
  builtInPresetNames.map((name) => {
    const { width, height, formats: made = [] } = findPreset(name, {}) ?? {}
    return [
      name,
      Object.hasOwn(presetGroups, name)
        ? presetGroups[name]!.join(', ')
        : `${width}x${height} px, ${made.join(', ')}`,
    ]
  }),
)
const styleSuggestions: Suggestions = Object.fromEntries(
  builtInStyleNames.map((name) => [name, findStyle(name, {})?.append ?? '']),
)
const models = [...modelById.values()].filter(
  ({ shutdown, price }) => shutdown === undefined && price?.kind !== 'free',
)
const modelSuggestions: Suggestions = Object.fromEntries(
  models.map(({ id, qualities }) => [id, `Qualities: ${qualities.join(', ')}.`]),
)
const qualitySuggestions: Suggestions = Object.fromEntries(
  ['auto', ...new Set(models.flatMap(({ qualities }) => qualities))].map((name) => [name, '']),
)

const pixels = z.int().min(1).max(16_384)
const widths = z
  .array(pixels)
  .min(1)
  .max(32)
  .meta({ description: 'Widths in px to make, each at the same shape.', examples: [[640, 1280]] })
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

const outputRule = {
  width: pixels.optional().meta({ description: 'Width in px.', examples: [1200] }),
  height: pixels
    .optional()
    .meta({
      description: "Height in px. Left out: the height that keeps the picture's own shape.",
      examples: [630],
    }),
  widths: widths.optional(),
  formats: z
    .array(z.enum(formats))
    .min(1)
    .optional()
    .meta({
      description: 'File formats to make, the best first.',
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
      description: 'cover crops (the default), contain pads, inside only shrinks.',
      default: 'cover',
    }),
  position: z
    .enum(positions)
    .optional()
    .meta({
      description:
        'What a crop keeps. attention (the default) looks for what draws the eye, skin tones first; face is another name for it.',
      default: 'attention',
    }),
  background: backgroundColour.optional(),
  maxBytes: z
    .int()
    .min(100)
    .optional()
    .meta({
      description: 'Largest file in bytes: quality is lowered until it fits.',
      examples: [300_000],
    }),
  dpi: z
    .int()
    .min(1)
    .max(2400)
    .optional()
    .meta({ description: 'Dots an inch, set in the file for print.', examples: [300] }),
  padding: z
    .number()
    .min(0)
    .max(0.45)
    .optional()
    .meta({
      description:
        'Part of each edge that stays free, 0 to 0.45: icons that are cut to a shape need 0.1.',
      default: 0,
      examples: [0.1],
    }),
}

export const presetSchema = z
  .strictObject(outputRule)
  .meta({
    description: 'A named output rule.',
    examples: [{ width: 640, height: 360, formats: ['avif', 'webp'] }],
  })

const outputSchema = z
  .union([
    z
      .string()
      .meta({ description: 'The name of a preset.', suggest: presetSuggestions, examples: ['og'] }),
    z
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
              'Name of the output, where it is no preset. Default: its size, as 640x360.',
            examples: ['wide'],
          }),
        ...outputRule,
      })
      .meta({
        description: 'A preset with changes, or a size of your own.',
        examples: [{ preset: 'card', widths: [400, 800] }],
      }),
  ])
  .describe('One output: a preset by name, or a rule of your own.')

/** What pictures are for. */
const uses = ['social', 'product', 'print', 'concept'] as const
export type Use = (typeof uses)[number]

const request = {
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
      description:
        'Size to ask the model for. Default auto: the smallest that covers every output.',
      suggest: { auto: 'The smallest that covers every output.' },
      default: 'auto',
      examples: ['1536x1024'],
    }),
  quality: z
    .string()
    .min(1)
    .optional()
    .meta({
      description: 'Quality to ask for: low, medium, high, … as the model names it.',
      suggest: qualitySuggestions,
      examples: ['medium'],
    }),
  background: z
    .enum(['auto', 'opaque', 'transparent'])
    .optional()
    .meta({ description: 'Ground of the picture.', default: 'auto' }),
  format: z
    .enum(['png', 'webp', 'jpeg', 'gif', 'svg'])
    .optional()
    .meta({
      description:
        'Format of the master; gif (animated) and svg only where the model draws them. Default png.',
      default: 'png',
    }),
  compression: z
    .int()
    .min(0)
    .max(100)
    .optional()
    .meta({
      description: 'How good a JPEG or WebP master is asked for, 0 to 100. Default 100, the best.',
      default: 100,
      examples: [90],
    }),
  complexity: z
    .enum(['low', 'medium', 'high'])
    .optional()
    .meta({
      description: 'How much the model may put into the picture, where it has such a knob.',
      examples: ['low'],
    }),
  moderation: z
    .enum(['auto', 'low'])
    .optional()
    .meta({
      description: "How strictly the server looks at prompt and picture. It can't be turned off.",
      default: 'auto',
    }),
  partials: z
    .int()
    .min(0)
    .max(3)
    .optional()
    .meta({
      description:
        'Unfinished pictures to be sent while the model draws, 0 to 3, where it can; each costs some tokens. They are shown and not kept.',
      examples: [2],
    }),
}

const styleName = z
  .string()
  .meta({ description: 'The name of a style.', suggest: styleSuggestions, examples: ['vector'] })
const styleNames = z.union([styleName, z.array(styleName).min(1).max(100)])
const scalar = z.union([z.string(), z.number()])
const vars = z
  .record(z.string(), z.union([scalar, z.array(scalar)]))
  .meta({
    description:
      'What {{name}} stands for in prompts, alt texts and styles; {{#name}} numbers a list.',
    examples: [{ color: 'red', steps: ['Grind', 'Pour'] }],
  })
const combination = z.record(z.string(), scalar)

const providerName = z
  .string()
  .min(1)
  .meta({
    description: 'Who draws.',
    suggest: { local: 'Embedded: offline and free.', openai: "OpenAI's Images API." },
    examples: ['openai'],
  })
const usd = z.number().min(0).max(1e6)

/** What a profile can override. */
const profile = { model: request.model, quality: request.quality }

export const styleSchema = z
  .strictObject({
    stale: z
      .enum(['ok'])
      .optional()
      .meta({
        description:
          'A change of this style leaves pictures that are there alone, until they are forced.',
        examples: ['ok'],
      }),
    extends: styleNames
      .optional()
      .meta({ description: 'Styles that this one builds on.', examples: ['vector'] }),
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
          'What the picture must not show; goes to the end of the prompt, as no model has a field for it.',
        examples: ['text, watermark'],
      }),
  })
  .meta({
    description: 'A prompt building block.',
    examples: [{ append: 'Warm palette.', avoid: 'text, watermark' }],
  })

export const assetSchema = z
  .strictObject({
    prompt: z
      .string()
      .optional()
      .meta({
        description: 'What the picture shows. Needed, unless there is a `source`.',
        examples: ['A lighthouse at dawn over a calm sea'],
      }),
    source: z
      .string()
      .min(1)
      .optional()
      .meta({
        description:
          'An existing picture to cut outputs from, relative to the file that this stands in: nothing is generated.',
        examples: ['./brand/badge.png'],
      }),
    style: styleNames
      .optional()
      .meta({
        description:
          'Style, or several in order: your own, or a built-in one (`limn styles` lists them).',
        examples: ['brand', ['brand', 'watercolor']],
      }),
    vars: vars.optional(),
    matrix: z
      .object({
        include: z
          .array(combination)
          .optional()
          .meta({
            description: 'Combinations to add, or values to add to those that they fit.',
            examples: [[{ color: 'red', size: 'large' }]],
          }),
        exclude: z
          .array(combination)
          .optional()
          .meta({ description: 'Combinations to leave out.', examples: [[{ color: 'red' }]] }),
      })
      .catchall(z.array(scalar).min(1))
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
          'What it is for, which decides the quality where none is named: social and concept low, product medium, print high.',
        examples: ['social'],
      }),
    edit: z
      .strictObject({
        image: z
          .string()
          .min(1)
          .meta({
            description: 'Picture to change: an asset by name, or a file as ./photos/shop.png.',
            examples: ['hero', './photos/shop.png'],
          }),
        mask: z
          .string()
          .min(1)
          .optional()
          .meta({
            description: 'File that says where: clear (alpha 0) or white where it may change.',
            examples: ['./photos/shop-mask.png'],
          }),
      })
      .optional()
      .meta({ description: 'Change a picture as the prompt says.', examples: [{ image: 'hero' }] }),
    references: z
      .array(z.string().min(1))
      .min(1)
      .max(16)
      .optional()
      .meta({
        description: 'Pictures to go by: assets by name, or files as ./photos/dress.jpg.',
        examples: [['./photos/dress.jpg', 'model-pose']],
      }),
    variation: z
      .strictObject({
        image: z
          .string()
          .min(1)
          .meta({
            description: 'Picture to vary: an asset by name, or a file as ./photos/shop.png.',
            examples: ['hero', './photos/shop.png'],
          }),
      })
      .optional()
      .meta({
        description: 'Another version of a picture: an asset by name, or a file. Needs no prompt.',
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
          'With shapes: separate, the other shapes are made from the first by an edit, so that all show the same scene.',
        examples: ['extend'],
      }),
    stale: z
      .enum(['ok'])
      .optional()
      .meta({
        description:
          'The picture stays as it is when its prompt or settings change, until it is forced.',
        examples: ['ok'],
      }),
    fidelity: z
      .enum(['low', 'high'])
      .optional()
      .meta({
        description:
          'How closely an edit keeps to its pictures, faces above all, where the model has such a knob.',
        examples: ['high'],
      }),
    frames: z
      .strictObject({
        count: z
          .int()
          .min(2)
          .max(16)
          .optional()
          .meta({ description: 'Frames, 2 to 16. Default 9.', default: 9, examples: [6] }),
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
      })
      .optional()
      .meta({ description: 'With format: gif, how it moves.', examples: [{ count: 6, ms: 120 }] }),
    candidates: z
      .int()
      .min(1)
      .max(10)
      .optional()
      .meta({
        description: 'Ask for several pictures and choose with `limn pick`. Default 1.',
        default: 1,
        examples: [3],
      }),
    ...request,
    alt: z
      .string()
      .optional()
      .meta({
        description: 'What the picture shows, for people who do not see it.',
        examples: ['A lighthouse at dawn'],
      }),
    decorative: z
      .boolean()
      .optional()
      .meta({ description: 'The picture says nothing: alt is empty on purpose.', default: false }),
    outputs: z
      .array(outputSchema)
      .max(200)
      .optional()
      .meta({
        description: 'The files to cut from the picture.',
        examples: [['og', { width: 640, height: 360 }]],
      }),
  })
  .meta({
    description: 'One named picture.',
    examples: [{ prompt: 'A lighthouse at dawn', alt: 'A lighthouse', outputs: ['og'] }],
  })

export const manifestSchema = z
  .strictObject({
    version: z.literal(1).meta({ description: 'Version of this file format.', default: 1 }),
    include: z
      .array(z.string().min(1))
      .max(1000)
      .optional()
      .meta({
        description:
          'More files with assets, styles, presets and profiles, as campaigns/*.yaml: relative to the manifest. Names are unique over all files; `defaults` and `vars` of a file hold for its own assets, and its paths are relative to its folder.',
        examples: [['campaigns/*.yaml']],
      }),
    provider: z
      .union([providerName, z.array(providerName).min(1).max(10)])
      .optional()
      .meta({
        description:
          'Who draws: local (offline, free, the default), openai, or a name below `providers`. Of several, the next is asked where one fails.',
        default: 'local',
        examples: ['openai', ['relay', 'openai']],
      }),
    providers: z
      .record(
        z.string().regex(/^[a-z][a-z0-9-]{0,40}$/, 'Use small letters, digits and -.'),
        providerSchema,
      )
      .optional()
      .meta({
        description: 'Servers to ask, by name.',
        examples: [{ relay: { baseURL: 'https://relay.example.com/v1' } }],
      }),
    limits: limitsSchema.optional(),
    budget: z
      .strictObject({
        run: usd
          .optional()
          .meta({
            description: 'Most that one run may spend, USD. --max-cost holds beside it.',
            examples: [2],
          }),
        month: usd
          .optional()
          .meta({
            description:
              'Most that all runs of a calendar month (UTC) may spend on this machine, USD.',
            examples: [20],
          }),
        confirm: usd
          .optional()
          .meta({
            description: 'A run that may cost more asks first, USD. Default 1.',
            examples: [0.5],
          }),
      })
      .optional()
      .meta({
        description: 'Money. A run stops before the request that would pass a limit.',
        examples: [{ run: 2, month: 20 }],
      }),
    currency: z
      .strictObject({
        code: z
          .string()
          .regex(/^[A-Z]{3}$/, 'Write the three letters of a currency, as CNY.')
          .meta({ description: 'Currency to show, by its three letters.', examples: ['CNY'] }),
        perUsd: z
          .number()
          .positive()
          .max(1e6)
          .meta({ description: 'What one US dollar costs in it.', examples: [7.1] }),
      })
      .optional()
      .meta({
        description: 'Prices are shown in this currency. Limits stay in USD.',
        examples: [{ code: 'CNY', perUsd: 7.1 }],
      }),
    out: z
      .string()
      .min(1)
      .optional()
      .meta({
        description:
          'Folder for the finished files, DIR/<asset>/<preset>.<ext>. Left out: they stay in the cache.',
        examples: ['public/images'],
      }),
    provenance: z
      .enum(['on', 'off'])
      .optional()
      .meta({
        description: 'Whether outputs carry the IPTC mark of AI-made media. Default on.',
        default: 'on',
      }),
    defaults: z
      .strictObject({
        ...request,
        outputs: z
          .array(outputSchema)
          .max(200)
          .optional()
          .meta({
            description: 'The files to cut from pictures that name none.',
            examples: [['og']],
          }),
      })
      .optional()
      .meta({
        description: 'What holds for every asset that does not say otherwise.',
        examples: [{ model: 'gpt-image-2.5-flare', quality: 'medium' }],
      }),
    vars: vars.optional(),
    profiles: z
      .record(
        z.string(),
        z
          .strictObject(profile)
          .meta({
            description: 'What a run with this profile does otherwise.',
            examples: [{ quality: 'low' }],
          }),
      )
      .optional()
      .meta({
        description: 'Overrides for a whole run: limn generate --profile NAME.',
        examples: [{ draft: { quality: 'low' } }],
      }),
    styles: z
      .record(z.string(), styleSchema)
      .optional()
      .meta({
        description: 'Prompt building blocks by name.',
        examples: [{ brand: { append: 'Warm palette.' } }],
      }),
    presets: z
      .record(z.string(), presetSchema)
      .optional()
      .meta({
        description: 'Your own output rules by name, beside the built-in ones.',
        examples: [{ card: { width: 640, height: 360 } }],
      }),
    assets: z
      .record(z.string(), assetSchema)
      .meta({
        description: 'The pictures by name.',
        examples: [{ hero: { prompt: 'A lighthouse at dawn', alt: 'A lighthouse' } }],
      }),
  })
  .describe('The pictures of a project.')

/** Keys that say something of the whole project. */
const rootOnly = {
  include: true,
  provider: true,
  providers: true,
  limits: true,
  budget: true,
  currency: true,
  out: true,
  provenance: true,
} as const

/** A file that a manifest includes. */
export const includedSchema = manifestSchema.omit(rootOnly)

/** `images.yaml` as people write it: everything optional is optional. */
export type ManifestFile = z.infer<typeof manifestSchema>
export type AssetFile = z.infer<typeof assetSchema>
export type StyleFile = z.infer<typeof styleSchema>
export type OutputFile = z.infer<typeof outputSchema>

/** The JSON Schema (draft 2020-12) of `images.yaml`, for editors. */
export function createJsonSchema(): Record<string, unknown> {
  const { required = [], ...schema } = z.toJSONSchema(manifestSchema, {
    io: 'input',
    override: ({ jsonSchema }) => offer(jsonSchema),
  })
  // A manifest that includes others needs no assets of its own.
  return {
    title: 'Limn manifest',
    ...schema,
    required: required.filter((key) => key !== 'assets'),
    anyOf: [{ required: ['assets'] }, { required: ['include'] }],
  }
}

/** Puts the names that editors offer beside the rule for all others. */
function offer(schema: z.core.JSONSchema.BaseSchema): void {
  const suggestions = schema['suggest'] as Suggestions | undefined
  if (suggestions === undefined) return
  const { type, pattern, minLength } = schema
  for (const key of ['suggest', 'type', 'pattern', 'minLength']) delete schema[key]
  const said = Object.values(suggestions).some((text) => text !== '')
    ? { enumDescriptions: Object.values(suggestions) }
    : {}
  const any = Object.fromEntries(
    Object.entries({ type, pattern, minLength }).filter(([, value]) => value !== undefined),
  )
  schema.anyOf = [{ enum: Object.keys(suggestions), ...said }, any]
}
