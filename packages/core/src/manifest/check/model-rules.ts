import { didYouMean } from '../../did-you-mean.ts'
import { compareText } from '../../digest.ts'
import type { Model } from '../../models/model.ts'
import { DEFAULT_OPENAI_MODEL, findModel, modelById } from '../../models/models.ts'
import type { Asset } from '../manifest.ts'
import type { Path } from '../parse/path.ts'
import type { Checked, Problem, Report } from './rule.ts'

/** Models that are known, that live, and that have their qualities. */
export function checkModels({ file, manifest, scopeOf, profile }: Checked, report: Report): void {
  const isOfficial = manifest.providers.some(
    ({ server, baseURL }) => server === 'openai' && baseURL === null,
  )
  for (const asset of manifest.assets) {
    if (asset.source !== null) continue
    const row = findModel(asset.model, manifest.models)
    const path = pathOfField({ file, scopeOf, profile }, asset, 'model')
    if (row === undefined) {
      report({
        code: 'unknown-model',
        severity: 'warning',
        path,
        message: `Limn does not know the model "${asset.model}": its abilities are not checked and its price is unknown.`,
        hint:
          didYouMean(asset.model, modelById.keys()) ??
          'Say what it can do and costs below `models` of its provider.',
      })
      continue
    }
    if (row.shutdown !== undefined && isOfficial) {
      report({
        code: 'retired-model',
        severity: 'warning',
        path,
        message: `OpenAI's shutdown date for ${row.id} is ${row.shutdown.date}.`,
        hint: `Name ${row.shutdown.replacement} instead; pictures already made stay as they are.`,
      })
    }
    if (
      row.qualities.length > 0 &&
      asset.quality !== 'auto' &&
      !row.qualities.includes(asset.quality)
    ) {
      const elsewhere = nameOneThat('has it', ({ qualities }) => qualities.includes(asset.quality))
      // A name that another model has is no slip of the pen.
      const meant = elsewhere === '' ? didYouMean(asset.quality, row.qualities) : undefined
      report({
        code: 'quality',
        path: pathOfField({ file, scopeOf, profile }, asset, 'quality'),
        message: `${row.id} has no quality "${asset.quality}".`,
        hint: meant ?? `Write one of ${[...row.qualities, 'auto'].join(', ')}.${elsewhere}`,
      })
    }
  }
}

/** What one model can't do, and some other may. */
type Ability = {
  code: string
  /** Whether the asset wants it. */
  wants: (asset: Asset) => boolean
  can: (model: Model, asset: Asset) => boolean
  /** Where it is written. */
  at: Field | ((asset: Asset) => Path)
  /** What the model can't do, as the end of a sentence: `can't draw on a transparent ground`. */
  cannot: (model: Model, asset: Asset) => string
}

const inputsAt = ({ key, operation, inputs }: Asset): Path => [
  'assets',
  key,
  operation === 'variation'
    ? 'variation'
    : inputs.some(({ role }) => role === 'image')
      ? 'edit'
      : 'references',
]
const pictures = ({ inputs }: Asset): number => inputs.filter(({ role }) => role !== 'mask').length

const abilities: readonly Ability[] = [
  {
    code: 'edits',
    wants: ({ inputs }) => inputs.length > 0,
    can: ({ references }) => references > 0,
    at: ({ key }) => ['assets', key],
    cannot: () => "takes no pictures: it can't edit, vary or go by one",
  },
  {
    code: 'references',
    wants: (asset) => pictures(asset) > 1,
    can: ({ references }, asset) => references === 0 || pictures(asset) <= references,
    at: inputsAt,
    cannot: ({ references }, asset) =>
      `takes ${references === 1 ? 'one picture' : `${references} pictures`} a request, and here are ${pictures(asset)}`,
  },
  {
    code: 'mask',
    wants: ({ inputs }) => inputs.some(({ role }) => role === 'mask'),
    can: ({ masks, references }) => masks || references === 0,
    at: ({ key }) => ['assets', key, 'edit', 'mask'],
    cannot: () => 'takes no mask',
  },
  {
    code: 'background',
    wants: ({ background }) => background === 'transparent',
    can: ({ transparent }) => transparent,
    at: 'background',
    cannot: () => "can't draw on a transparent ground",
  },
  {
    code: 'format',
    wants: ({ format }) => format !== 'png',
    can: ({ formats }, { format }) => formats.includes(format),
    at: 'format',
    cannot: (_, { format }) => `does not draw ${format.toUpperCase()}`,
  },
  {
    code: 'compression',
    wants: ({ settings }) => settings.compression !== undefined,
    can: ({ compression }) => compression,
    at: 'compression',
    cannot: () => 'takes no `compression`',
  },
  {
    code: 'complexity',
    wants: ({ settings }) => settings.complexity !== undefined,
    can: ({ complexities }, { settings }) => complexities.includes(settings.complexity!),
    at: 'complexity',
    cannot: (_, { settings }) => `has no complexity "${settings.complexity}"`,
  },
  {
    code: 'moderation',
    wants: ({ settings }) => settings.moderation !== undefined,
    can: ({ moderation }) => moderation,
    at: 'moderation',
    cannot: () => 'takes no `moderation`',
  },
  {
    code: 'fidelity',
    wants: ({ settings, inputs }) => settings.fidelity !== undefined && inputs.length > 0,
    can: ({ fidelities }, { settings }) => fidelities.includes(settings.fidelity!),
    at: 'fidelity',
    cannot: (_, { settings }) => `has no fidelity "${settings.fidelity}"`,
  },
  {
    code: 'partials',
    wants: ({ partials }) => partials !== null,
    can: ({ streaming }) => streaming !== 'none',
    at: 'partials',
    cannot: () => 'does not stream',
  },
]

/** What models can't do is told with one that can; what no model can do is told too. */
export function checkAbilities(
  { file, manifest, scopeOf, profile }: Checked,
  report: Report,
): void {
  for (const asset of manifest.assets) {
    if (asset.source !== null || asset.settings === undefined) continue
    const isLocal = manifest.providers[0]?.server === 'local'
    const tell = (
      code: string,
      at: Field | Path,
      message: string,
      hint: string | undefined,
    ): void => {
      const path = typeof at === 'string' ? pathOfField({ file, scopeOf, profile }, asset, at) : at
      report({
        code,
        path,
        part: typeof at === 'string' ? 'value' : 'key',
        message,
        hint,
      } satisfies Problem)
    }
    const row = findModel(asset.model, manifest.models)
    // The local provider has no such knobs, and stands in for a model that may.
    const missing =
      row === undefined || isLocal
        ? []
        : abilities.filter(({ wants, can }) => wants(asset) && !can(row, asset))
    for (const { code, at, cannot } of missing) {
      const able = findAble((model) =>
        abilities.every(({ wants, can }) => !wants(asset) || can(model, asset)),
      )
      const until = able?.shutdown === undefined ? '' : ` (until ${able.shutdown.date})`
      const hint =
        able === undefined
          ? 'No model can do all of this: leave something out.'
          : `Name a model that can, as ${able.id}${until}, or leave it out.`
      tell(
        code,
        typeof at === 'string' ? at : at(asset),
        `${row!.id} ${cannot(row!, asset)}.`,
        hint,
      )
    }
    for (const { code, at, when, message, hint } of clashes) {
      if (!isLocal && when(asset)) tell(code, at, message, hint)
    }
    const { frames, moderation } = file.assets[asset.key] ?? {}
    if (frames !== undefined && asset.format !== 'gif' && !isLocal) {
      tell(
        'frames',
        ['assets', asset.key, 'frames'],
        'Only an animated GIF has frames.',
        'Write `format: gif`, or leave `frames` out.',
      )
    }
    // As a default it holds for those pictures that can have it.
    if (moderation === 'low' && asset.inputs.length > 0 && !isLocal) {
      tell(
        'moderation',
        'moderation',
        'An edit takes no `moderation`.',
        'Leave it out: it is looked at as strictly as the server does by itself.',
      )
    }
  }
}

/** A last sentence for a hint: a model that stays and can what this one can't. Empty where none can. */
export function nameOneThat(verb: string, can: (model: Model) => boolean): string {
  const able = findAble(can)
  return able === undefined || able.shutdown !== undefined ? '' : ` ${able.id} ${verb}.`
}

/** A model that can: one that stays, else the one that goes last. */
function findAble(can: (model: Model) => boolean): Model | undefined {
  const able = [findModel(DEFAULT_OPENAI_MODEL)!, ...modelById.values()].filter(
    (model) => model.price?.kind !== 'free' && can(model),
  )
  return (
    able.find(({ shutdown }) => shutdown === undefined) ??
    able.toSorted((a, b) => compareText(b.shutdown!.date, a.shutdown!.date))[0]
  )
}

/** What the API refuses whatever the model. */
const clashes: readonly {
  code: string
  when: (asset: Asset) => boolean
  at: Field
  message: string
  hint: string
}[] = [
  {
    code: 'format',
    when: ({ background, format }) => background === 'transparent' && format === 'jpeg',
    at: 'format',
    message: 'A JPEG has no transparent ground.',
    hint: 'Write `format: png` or `format: webp`.',
  },
  {
    code: 'format',
    when: ({ background, format }) =>
      background === 'transparent' && (format === 'gif' || format === 'svg'),
    at: 'format',
    message: 'A transparent ground is drawn only as PNG or WebP.',
    hint: 'Write `format: png`, or leave `background` out.',
  },
  {
    code: 'compression',
    when: ({ settings, format }) =>
      settings.compression !== undefined && format !== 'jpeg' && format !== 'webp',
    at: 'compression',
    message: 'Only JPEG and WebP can be compressed.',
    hint: 'Write `format: jpeg` or `format: webp`, or leave `compression` out.',
  },
  {
    code: 'frames',
    when: ({ settings, inputs, format }) =>
      settings.frames !== undefined &&
      format === 'gif' &&
      inputs.some(({ role }) => role === 'mask'),
    at: 'format',
    message: 'An animated GIF takes no mask.',
    hint: 'Leave the mask out, or write `format: png`.',
  },
  {
    code: 'partials',
    when: ({ partials, format }) => partials !== null && (format === 'gif' || format === 'svg'),
    at: 'partials',
    message: 'GIF and SVG do not stream.',
    hint: 'Leave `partials` out.',
  },
  {
    code: 'fidelity',
    when: ({ settings, inputs }) => settings.fidelity !== undefined && inputs.length === 0,
    at: 'fidelity',
    message: 'There is no picture to keep close to: only an edit has a fidelity.',
    hint: 'Leave `fidelity` out.',
  },
]

export type Field =
  | 'model'
  | 'size'
  | 'quality'
  | 'background'
  | 'format'
  | 'compression'
  | 'complexity'
  | 'moderation'
  | 'partials'
  | 'fidelity'
  | 'outputs'

/**
 * Where a field of an asset was written: in the profile of the run, else at the asset, else in the
 * defaults of its file, else in the root's.
 */
export function pathOfField(
  { file, scopeOf, profile = '' }: Pick<Checked, 'file' | 'scopeOf' | 'profile'>,
  { key }: Asset,
  field: Field,
): Path {
  if (
    (field === 'model' || field === 'quality') &&
    Object.hasOwn(file.profiles ?? {}, profile) &&
    file.profiles![profile]![field] !== undefined
  ) {
    return ['profiles', profile, field]
  }
  if (file.assets[key]?.[field] !== undefined) return ['assets', key, field]
  if (field === 'fidelity') return ['assets', key]
  const { own, path } = scopeOf(key)
  if (own[field] !== undefined) return [...path, 'defaults', field]
  return file.defaults?.[field] === undefined ? ['assets', key] : ['defaults', field]
}
