import { dirname, relative, resolve } from 'node:path'
import type { Asset } from '@limn/core'
import { maxBytes, readTextInside, writeFileAtomic } from '@limn/core/for-vite'
import type { Context, ProjectState } from '../context.ts'
import { INDEX_ID } from '../references/module-id.ts'
import { isPictureSelector, selectorsOf } from '../references/picture.ts'
import { exportNames, type IndexEntry, indexEntries } from './index-module.ts'

/** First words of the types. A file that starts otherwise is not Limn's. */
const MARK = '// Written by @limn/vite-plugin from '

/**
 * Writes the types of every image module if they have changed. Logs a failed write. Keeps a file
 * that Limn did not write.
 */
export async function writeTypes(context: Context): Promise<void> {
  const place = typesPlace(context)
  if (place === undefined || context.state === undefined) return
  const { root, path } = place
  const text = renderTypes(context.state, context.project.paths.shownManifest)
  const written = readTypes(root, path)
  if (written === text) return
  if (written !== undefined && !written.startsWith(MARK) && written.trim() !== '') {
    context.log.warnOnce(
      `[limn] ${path} is not a file of Limn's: Limn keeps it and writes no types. Rename or delete it, or set \`dts\` to another path.`,
    )
    return
  }
  await writeFileAtomic(root, path, text).catch((error: unknown) => {
    context.log.warn(`[limn] ${error instanceof Error ? error.message : String(error)}`)
  })
}

function readTypes(root: string, path: string): string | undefined {
  try {
    return readTextInside(root, path, maxBytes.data)
  } catch {
    return undefined
  }
}

/**
 * Returns the absolute path of the types, next to the Vite config, and the folder that they must
 * stay in; `undefined` if they are off. The config may place them outside its own folder.
 */
function typesPlace({ config, options }: Context): { root: string; path: string } | undefined {
  if (options.dts === false) return undefined
  const folder = config.configFile === undefined ? config.root : dirname(config.configFile)
  const path = resolve(folder, options.dts)
  const isOutside = relative(folder, path).startsWith('..')
  return { root: isOutside ? dirname(path) : folder, path }
}

/**
 * Renders `limn.d.ts`: one ambient module per asset, per selector and per query, and
 * `virtual:limn`.
 */
function renderTypes(state: ProjectState, manifest: string): string {
  const typeById = new Map<string, ModuleType>()
  for (const [id, type] of state.snapshot.manifest.assets.flatMap(typesOf)) {
    // The first shape of a family that has a selector determines the selector's type.
    if (!typeById.has(id)) typeById.set(id, type)
  }
  const modules = [...typeById].map(([id, type]) => declare(id, type))
  return `${MARK}${manifest}: changes here are lost.\n/* eslint-disable */\n\n${declareIndex(indexEntries(state))}\n${modules.join('')}`
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
  return `declare module ${JSON.stringify(INDEX_ID)} {\n${lines.join('')}}\n`
}
