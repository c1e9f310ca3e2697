import { isOwnPicture } from '../../models/input-role.ts'
import type { Model } from '../../models/model.ts'
import type { Asset } from '../manifest.ts'
import type { Path } from '../parse/path.ts'
import { type Field, pathOfInputs, pathOfMarkup, pathOfMask } from './field-path.ts'

/** Something that some models can do and others can't. */
export type Ability = {
  /** Code of the mistake. */
  code: string
  /** Whether an asset needs it. */
  needs: (asset: Asset) => boolean
  can: (model: Model, asset: Asset) => boolean
  /** Where it is written. */
  at: Field | ((asset: Asset) => Path)
  /** The end of a sentence that begins with the model, for example `does not accept masks`. */
  cannot: (model: Model, asset: Asset) => string
}

/** What models can or can't do. Adding an ability is adding an entry. */
export const abilities: readonly Ability[] = [
  {
    code: 'edits',
    needs: ({ inputs }) => inputs.length > 0,
    can: ({ references }) => references > 0,
    at: ({ key }) => ['assets', key],
    cannot: () => "does not accept input pictures: it can't edit, vary or use references",
  },
  {
    code: 'references',
    needs: (asset) => countPictures(asset) > 1,
    can: ({ references }, asset) => references === 0 || countPictures(asset) <= references,
    at: pathOfInputs,
    cannot: ({ references }, asset) =>
      `accepts at most ${references === 1 ? 'one input picture' : `${references} input pictures`} per request, not ${countPictures(asset)}`,
  },
  {
    code: 'mask',
    needs: ({ inputs }) => inputs.some(({ role }) => role === 'mask'),
    can: ({ masks, references }) => masks || references === 0,
    at: pathOfMask,
    cannot: () => 'does not accept masks',
  },
  {
    code: 'markup',
    needs: ({ inputs }) => inputs.some(({ role }) => role === 'markup'),
    can: ({ markups = false, references }) => markups || references === 0,
    at: pathOfMarkup,
    cannot: () => 'does not accept `markup`',
  },
  {
    code: 'background',
    needs: ({ background }) => background === 'transparent',
    can: ({ transparent }) => transparent,
    at: 'background',
    cannot: () => 'does not support a transparent background',
  },
  {
    code: 'format',
    needs: ({ format }) => format !== 'png',
    can: ({ formats }, { format }) => formats.includes(format),
    at: 'format',
    cannot: (_, { format }) => `does not generate ${format.toUpperCase()}`,
  },
  {
    code: 'compression',
    needs: ({ settings }) => settings.compression !== undefined,
    can: ({ compression }) => compression,
    at: 'compression',
    cannot: () => 'does not support `compression`',
  },
  {
    code: 'complexity',
    needs: ({ settings }) => settings.complexity !== undefined,
    can: ({ complexities }, { settings }) => complexities.includes(settings.complexity!),
    at: 'complexity',
    cannot: (_, { settings }) => `does not support complexity "${settings.complexity}"`,
  },
  {
    code: 'rendering',
    needs: ({ settings }) => settings.rendering !== undefined,
    can: ({ renderings = [] }, { settings }) => renderings.includes(settings.rendering!),
    at: 'rendering',
    cannot: () => 'does not support `rendering`',
  },
  {
    code: 'moderation',
    needs: ({ settings }) => settings.moderation !== undefined,
    can: ({ moderation }) => moderation,
    at: 'moderation',
    cannot: () => 'does not support `moderation`',
  },
  {
    code: 'fidelity',
    needs: ({ settings, inputs }) => settings.fidelity !== undefined && inputs.length > 0,
    can: ({ fidelities }, { settings }) => fidelities.includes(settings.fidelity!),
    at: 'fidelity',
    cannot: (_, { settings }) => `does not support fidelity "${settings.fidelity}"`,
  },
  {
    code: 'partials',
    needs: ({ partials }) => partials !== null,
    can: ({ streaming }) => streaming !== 'none',
    at: 'partials',
    cannot: () => "can't stream partial pictures",
  },
]

function countPictures({ inputs }: Asset): number {
  return inputs.filter(isOwnPicture).length
}
