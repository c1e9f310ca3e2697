import type { AssetFile } from '../manifest-file.ts'
import type { Asset } from '../manifest.ts'
import type { Path } from '../parse/path.ts'
import { type Field, pathOfMarkup } from './field-path.ts'

/** Settings that the API rejects together, whatever the model. */
export type Conflict = {
  code: string
  /** Whether an asset has it. `written` is its entry in the manifest. */
  when: (asset: Asset, written: Partial<AssetFile>) => boolean
  at: Field | ((asset: Asset) => Path)
  message: string
  hint: string
}

/** Adding a conflict is adding an entry. */
export const conflicts: readonly Conflict[] = [
  {
    code: 'format',
    when: ({ background, format }) => background === 'transparent' && format === 'jpeg',
    at: 'format',
    message: "A JPEG can't have a transparent background.",
    hint: 'Write `format: png` or `format: webp`.',
  },
  {
    code: 'format',
    when: ({ background, format }) =>
      background === 'transparent' && (format === 'gif' || format === 'svg'),
    at: 'format',
    message: 'Only PNG and WebP can have a transparent background.',
    hint: 'Write `format: png`, or remove `background`.',
  },
  {
    code: 'compression',
    when: ({ settings, format }) =>
      settings.compression !== undefined && format !== 'jpeg' && format !== 'webp',
    at: 'compression',
    message: 'Only JPEG and WebP can be compressed.',
    hint: 'Write `format: jpeg` or `format: webp`, or remove `compression`.',
  },
  {
    code: 'frames',
    when: ({ settings, inputs, format }) =>
      settings.frames !== undefined &&
      format === 'gif' &&
      inputs.some(({ role }) => role === 'mask'),
    at: 'format',
    message: "An animated GIF can't have a mask.",
    hint: 'Remove the mask, or write `format: png`.',
  },
  {
    code: 'markup',
    when: ({ inputs }) =>
      inputs.some(({ role }) => role === 'mask') && inputs.some(({ role }) => role === 'markup'),
    at: pathOfMarkup,
    message: "An edit can't have both a mask and markup.",
    hint: 'Remove one of them: a mask limits the area, markup shows what to change.',
  },
  {
    code: 'svg',
    when: ({ format }, { svg }) => svg !== undefined && format !== 'svg',
    at: ({ key }) => ['assets', key, 'svg'],
    message: '`svg` is a setting of SVG drawings.',
    hint: 'Write `format: svg`, or remove `svg`.',
  },
  {
    code: 'partials',
    when: ({ partials, format }) => partials !== null && (format === 'gif' || format === 'svg'),
    at: 'partials',
    message: "GIF and SVG can't be streamed.",
    hint: 'Remove `partials`.',
  },
  {
    code: 'fidelity',
    when: ({ settings, inputs }) => settings.fidelity !== undefined && inputs.length === 0,
    at: 'fidelity',
    message: '`fidelity` applies only to edits, and this asset has no input pictures.',
    hint: 'Remove `fidelity`.',
  },
  {
    code: 'frames',
    when: ({ format }, { frames }) => frames !== undefined && format !== 'gif',
    at: ({ key }) => ['assets', key, 'frames'],
    message: 'Only an animated GIF has frames.',
    hint: 'Write `format: gif`, or remove `frames`.',
  },
  {
    code: 'moderation',
    // A default applies only to the pictures that can have it.
    when: ({ inputs }, { moderation }) => moderation === 'low' && inputs.length > 0,
    at: 'moderation',
    message: "An edit can't have `moderation`.",
    hint: 'Remove `moderation`: the server decides how strictly it moderates edits.',
  },
]
