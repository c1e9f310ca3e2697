import type { Asset } from '../manifest.ts'
import type { Path } from '../parse/path.ts'
import type { Checked } from './rule.ts'

/** A field that an asset, `defaults` or a profile can have. */
export type Field =
  | 'model'
  | 'size'
  | 'quality'
  | 'background'
  | 'format'
  | 'compression'
  | 'complexity'
  | 'rendering'
  | 'moderation'
  | 'partials'
  | 'fidelity'
  | 'outputs'

/**
 * Returns where a field of an asset is written: in the profile of the run, else at the asset, else
 * in the defaults of its file, else in the root's.
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

/** Returns where the input pictures of an asset are written. */
export function pathOfInputs({ key, operation, inputs }: Asset): Path {
  if (operation === 'variation') return ['assets', key, 'variation']
  if (inputs.some(({ role }) => role === 'image')) return ['assets', key, 'edit']
  const isOwn = inputs.some(({ path }) => path === undefined)
  const isCharacter = inputs.some(({ path }) => path?.[0] === 'assets')
  return ['assets', key, isOwn ? 'references' : isCharacter ? 'character' : 'style']
}

/** Returns where the mask of an asset is written. */
export function pathOfMask({ key }: Asset): Path {
  return ['assets', key, 'edit', 'mask']
}

/** Returns where the markup of an asset is written. */
export function pathOfMarkup({ key }: Asset): Path {
  return ['assets', key, 'edit', 'markup']
}
