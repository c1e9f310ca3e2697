import { modelById } from '../../models/models.ts'
import { builtInPresetNames, findPreset, presetGroups } from '../presets.ts'
import { builtInStyleNames, findStyle } from '../resolve/styles.ts'

/** Names that editors offer where any other name is valid too, each with the text shown next to it. */
export type Suggestions = Readonly<Record<string, string>>

export const presetSuggestions: Suggestions = Object.fromEntries(
  builtInPresetNames.map((name) => [name, describePreset(name)]),
)

export const styleSuggestions: Suggestions = Object.fromEntries(
  builtInStyleNames.map((name) => [name, findStyle(name, {})?.append ?? '']),
)

const models = [...modelById.values()].filter(
  ({ shutdown, price }) => shutdown === undefined && price?.kind !== 'free',
)

export const modelSuggestions: Suggestions = Object.fromEntries(
  models.map(({ id, qualities }) => [id, `Qualities: ${qualities.join(', ')}.`]),
)

export const qualitySuggestions: Suggestions = Object.fromEntries(
  ['auto', ...new Set(models.flatMap(({ qualities }) => qualities))].map((name) => [name, '']),
)

function describePreset(name: string): string {
  if (Object.hasOwn(presetGroups, name)) return presetGroups[name]!.join(', ')
  const { width, height, formats = [] } = findPreset(name, {}) ?? {}
  return `${width}x${height} px, ${formats.join(', ')}`
}
