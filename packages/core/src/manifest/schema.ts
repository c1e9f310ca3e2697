import { z } from 'zod'
import { fits, formats, positions } from './presets.ts'

/*
 * The one description of `images.yaml`: it gives the TypeScript types, the validation
 * and the JSON Schema that editors show. Every key says what it means.
 */

const pixels = z.int().min(1).max(16_384)
const widths = z.array(pixels).min(1).max(32).describe('Widths in px to make, each at the same shape.')
const backgroundColour = z
  .string()
  .regex(/^#([0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})$/i, 'Write a colour as #rgb, #rrggbb or #rrggbbaa.')
  .describe('Colour behind a padded or transparent picture, as #rrggbb.')

const outputRule = {
  width: pixels.optional().describe('Width in px.'),
  height: pixels.optional().describe("Height in px. Left out: the height that keeps the picture's own shape."),
  widths: widths.optional(),
  formats: z.array(z.enum(formats)).min(1).optional().describe('File formats to make, the best first.'),
  quality: z.int().min(1).max(100).optional().describe('Encoder quality, 1 to 100. PNG is always lossless.'),
  fit: z.enum(fits).optional().describe('cover crops (the default), contain pads, inside only shrinks.'),
  position: z.enum(positions).optional().describe('What a crop keeps. attention (the default) looks for what draws the eye.'),
  background: backgroundColour.optional(),
  maxBytes: z.int().min(100).optional().describe('Largest file in bytes: quality is lowered until it fits.'),
  dpi: z.int().min(1).max(2400).optional().describe('Dots an inch, set in the file for print.'),
  padding: z.number().min(0).max(0.45).optional().describe('Part of each edge that stays free, 0 to 0.45: icons that are cut to a shape need 0.1.'),
}

export const presetSchema = z.strictObject(outputRule).describe('A named output rule.')

const outputSchema = z
  .union([
    z.string().describe('The name of a preset.'),
    z
      .strictObject({
        preset: z.string().optional().describe('The preset to start from.'),
        name: z
          .string()
          .regex(/^[\p{L}\p{N}_-]+$/u, 'Use letters, digits, - and _.')
          .optional()
          .describe('Name of the output, where it is no preset. Default: its size, as 640x360.'),
        ...outputRule,
      })
      .describe('A preset with changes, or a size of your own.'),
  ])
  .describe('One output: a preset by name, or a rule of your own.')

/** What pictures are for. */
const uses = ['social', 'product', 'print', 'concept'] as const
export type Use = (typeof uses)[number]

const request = {
  model: z.string().min(1).optional().describe('Image model, for example gpt-image-2.5-flare.'),
  size: z
    .string()
    .regex(/^(auto|[1-9]\d{1,4}x[1-9]\d{1,4})$/, 'Write a size as WIDTHxHEIGHT, for example 1536x1024, or auto.')
    .optional()
    .describe('Size to ask the model for. Default auto: the smallest that covers every output.'),
  quality: z.string().min(1).optional().describe('Quality to ask for: low, medium, high, … as the model names it.'),
  background: z.enum(['auto', 'opaque', 'transparent']).optional().describe('Ground of the picture.'),
  format: z.enum(['png', 'webp', 'jpeg']).optional().describe('Format of the master. Default png.'),
}

const styleNames = z.union([z.string(), z.array(z.string()).min(1).max(100)])
const scalar = z.union([z.string(), z.number()])
const vars = z.record(z.string(), z.union([scalar, z.array(scalar)])).describe('What {{name}} stands for in prompts, alt texts and styles; {{#name}} numbers a list.')
const combination = z.record(z.string(), scalar)

/** What a profile can override. */
const profile = { model: request.model, quality: request.quality }

export const styleSchema = z
  .strictObject({
    stale: z.enum(['ok']).optional().describe('A change of this style leaves pictures that are there alone, until they are forced.'),
    extends: styleNames.optional().describe('Styles that this one builds on.'),
    prepend: z.string().optional().describe('Text before the prompt.'),
    append: z.string().optional().describe('Text after the prompt.'),
    avoid: z.string().optional().describe('What the picture must not show; goes to the end of the prompt, as no model has a field for it.'),
  })
  .describe('A prompt building block.')

export const assetSchema = z
  .strictObject({
    prompt: z.string().optional().describe('What the picture shows. Needed, unless there is a `source`.'),
    source: z.string().min(1).optional().describe('An existing picture to cut outputs from, relative to the file that this stands in: nothing is generated.'),
    style: styleNames.optional().describe('Style, or several in order: your own, or a built-in one (`limn styles` lists them).'),
    vars: vars.optional(),
    matrix: z
      .object({
        include: z.array(combination).optional().describe('Combinations to add, or values to add to those that they fit.'),
        exclude: z.array(combination).optional().describe('Combinations to leave out.'),
      })
      .catchall(z.array(scalar).min(1))
      .optional()
      .describe('One picture for each combination of values: product/mug with color: [red, blue] gives product/mug/red and product/mug/blue.'),
    use: z.enum(uses).optional().describe('What it is for, which decides the quality where none is named: social and concept low, product medium, print high.'),
    edit: z
      .strictObject({
        image: z.string().min(1).describe('Picture to change: an asset by name, or a file as ./photos/shop.png.'),
        mask: z.string().min(1).optional().describe('File that says where: clear (alpha 0) or white where it may change.'),
      })
      .optional()
      .describe('Change a picture as the prompt says.'),
    references: z.array(z.string().min(1)).min(1).max(16).optional().describe('Pictures to go by: assets by name, or files as ./photos/dress.jpg.'),
    variation: z.strictObject({ image: z.string().min(1) }).optional().describe('Another version of a picture: an asset by name, or a file. Needs no prompt.'),
    shapes: z.enum(['one', 'separate']).optional().describe('separate: a picture of its own for each shape (landscape, square, portrait) among the outputs. Default one.'),
    adapt: z.enum(['extend']).optional().describe('With shapes: separate, the other shapes are made from the first by an edit, so that all show the same scene.'),
    stale: z.enum(['ok']).optional().describe('The picture stays as it is when its prompt or settings change, until it is forced.'),
    candidates: z.int().min(1).max(10).optional().describe('Ask for several pictures and choose with `limn pick`. Default 1.'),
    ...request,
    alt: z.string().optional().describe('What the picture shows, for people who do not see it.'),
    decorative: z.boolean().optional().describe('The picture says nothing: alt is empty on purpose.'),
    outputs: z.array(outputSchema).max(200).optional().describe('The files to cut from the picture.'),
  })
  .describe('One named picture.')

export const manifestSchema = z
  .strictObject({
    version: z.literal(1).describe('Version of this file format.'),
    include: z
      .array(z.string().min(1))
      .max(1000)
      .optional()
      .describe('More files with assets, styles, presets and profiles, as campaigns/*.yaml: relative to the manifest. Names are unique over all files; `defaults` and `vars` of a file hold for its own assets, and its paths are relative to its folder.'),
    provider: z.enum(['local', 'openai']).optional().describe('Who draws: local (offline, free, the default) or openai.'),
    out: z.string().min(1).optional().describe('Folder for the finished files, DIR/<asset>/<preset>.<ext>. Left out: they stay in the cache.'),
    provenance: z.enum(['on', 'off']).optional().describe('Whether outputs carry the IPTC mark of AI-made media. Default on.'),
    defaults: z.strictObject({ ...request, outputs: z.array(outputSchema).max(200).optional() }).optional().describe('What holds for every asset that does not say otherwise.'),
    vars: vars.optional(),
    profiles: z.record(z.string(), z.strictObject(profile)).optional().describe('Overrides for a whole run: limn generate --profile NAME.'),
    styles: z.record(z.string(), styleSchema).optional().describe('Prompt building blocks by name.'),
    presets: z.record(z.string(), presetSchema).optional().describe('Your own output rules by name, beside the built-in ones.'),
    assets: z.record(z.string(), assetSchema).describe('The pictures by name.'),
  })
  .describe('The pictures of a project.')

/** Keys that say something of the whole project. */
const rootOnly = { include: true, provider: true, out: true, provenance: true } as const

/** A file that a manifest includes. */
export const includedSchema = manifestSchema.omit(rootOnly)

/** `images.yaml` as people write it: everything optional is optional. */
export type ManifestFile = z.infer<typeof manifestSchema>
export type AssetFile = z.infer<typeof assetSchema>
export type StyleFile = z.infer<typeof styleSchema>
export type OutputFile = z.infer<typeof outputSchema>

/** The JSON Schema (draft 2020-12) of `images.yaml`, for editors. */
export function createJsonSchema(): Record<string, unknown> {
  const { required = [], ...schema } = z.toJSONSchema(manifestSchema, { io: 'input' })
  // A manifest that includes others needs no assets of its own.
  return { title: 'Limn manifest', ...schema, required: required.filter((key) => key !== 'assets'), anyOf: [{ required: ['assets'] }, { required: ['include'] }] }
}
