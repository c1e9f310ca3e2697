import type { AssetFile, DefaultsFile } from '../manifest-file.ts'
import type { Asset, ProviderSettings, SettingOrigin } from '../manifest.ts'
import type { Profile } from './profiles.ts'

/** What sets the fields of a request, each before the next. */
type Sources = {
  overrides: Profile
  /** As it is written. */
  asset: AssetFile
  defaults: DefaultsFile
  /** The first provider; `undefined` if it is unknown. */
  provider: ProviderSettings | undefined
}

/** Fields of a request that an asset, `defaults` or a profile can set. */
const fields = [
  'model',
  'size',
  'quality',
  'background',
  'format',
  'compression',
  'complexity',
  'rendering',
  'moderation',
] as const

/** Finds where the settings of an asset's request come from, if not from the asset itself. */
export function findSettingOrigins(sources: Sources): Asset['settingOrigins'] {
  const origins: Record<string, SettingOrigin> = {}
  for (const field of fields) {
    const origin = originOf(field, sources)
    if (origin !== undefined) origins[field] = origin
  }
  return origins
}

function originOf(
  field: (typeof fields)[number],
  { overrides, asset, defaults, provider }: Sources,
): SettingOrigin | undefined {
  if ((overrides as Readonly<Record<string, unknown>>)[field] !== undefined) return 'profile'
  if (field === 'model' && provider?.server === 'local') return 'provider'
  if (asset[field] !== undefined) return undefined
  if (field === 'quality' && asset.use !== undefined) return 'use'
  if (defaults[field] !== undefined) return 'defaults'
  return field === 'model' ? 'provider' : 'built-in'
}
