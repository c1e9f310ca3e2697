import type { Asset } from '../../manifest/manifest.ts'
import { exportNames, type IndexEntry, indexEntries } from './index-entries.ts'
import { isPictureSelector, selectorsOf } from './selectors.ts'

/** Start of every file of types that Limn writes. */
export const HEADER = '// Written by @limn/vite-plugin'

/**
 * Renders `limn.d.ts`: one ambient module per asset, per selector and per query, and
 * `virtual:limn`.
 *
 * @param manifest name of the manifest
 */
export function renderTypes(assets: readonly Asset[], manifest: string): string {
  const typeById = new Map<string, ModuleType>()
  for (const [id, type] of assets.flatMap(typesOf)) {
    // The first shape of a family that has a selector determines the selector's type.
    if (!typeById.has(id)) typeById.set(id, type)
  }
  const modules = [...typeById].map(([id, type]) => declare(id, type))
  return `${HEADER} from ${manifest}: changes here are lost.\n/* eslint-disable */\n\n${declareIndex(indexEntries(assets))}\n${modules.join('')}`
}

type ModuleType = 'Picture' | 'string'
type Declared = [id: string, type: ModuleType]

/** Returns the modules of an asset, under its own name and that of its family. */
function typesOf(asset: Asset): Declared[] {
  const names = asset.family === null ? [asset.name] : [asset.name, asset.family]
  return names.flatMap((name): Declared[] => [
    [name, 'Picture'],
    ...['?url', '?inline', '?placeholder'].map((query): Declared => [`${name}${query}`, 'string']),
    [`${name}?no-inline`, 'Picture'],
    ...selectorsOf(asset).map((selector): Declared => [
      `${name}@${selector}`,
      isPictureSelector(asset, selector) ? 'Picture' : 'string',
    ]),
    ...[...new Set(asset.outputs.map(({ preset }) => preset))].flatMap((preset) =>
      queriesOf(asset, name, preset),
    ),
  ])
}

/**
 * Returns the modules of a preset with a query. A wildcard covers the preset's files: with
 * thousands of files, one module for each would make type checks five times as slow.
 */
function queriesOf(asset: Asset, name: string, preset: string): Declared[] {
  const ofPreset: Declared[] = isPictureSelector(asset, preset)
    ? [[`${name}@${preset}?no-inline`, 'Picture']]
    : []
  return [
    ...ofPreset,
    ...['?url', '?inline', '?no-inline'].map((query): Declared => [
      `${name}@${preset}*${query}`,
      'string',
    ]),
  ]
}

function declare(id: string, type: ModuleType): string {
  const name = type === 'Picture' ? 'picture' : 'url'
  return `declare module ${JSON.stringify(`virtual:limn/${id}`)} { const ${name}: ${typeText(type)}; export default ${name} }\n`
}

/** Returns a type written in full: a name declared in the file would be global. */
function typeText(type: ModuleType): string {
  return type === 'Picture' ? "import('@limn/vite-plugin').Picture" : 'string'
}

function declareIndex(entries: readonly IndexEntry[]): string {
  const lines = entries.map(
    ({ name, identifier }, index) =>
      `  const p${index}: ${typeText('Picture')}; export { ${exportNames(`p${index}`, { name, identifier })} }\n`,
  )
  return `declare module ${JSON.stringify('virtual:limn')} {\n${lines.join('')}}\n`
}
