import { existsSync, readFileSync } from 'node:fs'
import type { Asset } from '@limn/core'
import { writeFileAtomic } from '@limn/core/for-vite'
import { type Context, type State, typesPath } from '../context.ts'
import { INDEX_ID } from '../references/module-id.ts'
import { isPictureSelector, selectorsOf } from '../references/picture.ts'
import { exportNames, type IndexEntry, indexEntries } from './index-module.ts'

/** Writes the types of every picture module, where they have changed. */
export async function writeTypes(context: Context): Promise<void> {
  const path = typesPath(context)
  if (path === undefined || context.state === undefined) return
  const text = renderTypes(context.state, context.project.paths.shownManifest)
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return
  await writeFileAtomic(path, text).catch((error: unknown) => {
    context.config.logger.warn(`[limn] ${error instanceof Error ? error.message : String(error)}`)
  })
}

/**
 * The text of `limn.d.ts`: one ambient module an asset, one for each thing that can stand behind
 * its `@`, each with its queries, and `virtual:limn`.
 */
export function renderTypes(state: State, manifest: string): string {
  const typeById = new Map<string, ModuleType>()
  // Of several shapes the first that has what is named stands for them all.
  for (const [id, type] of state.snapshot.manifest.assets.flatMap(typesOf)) {
    if (!typeById.has(id)) typeById.set(id, type)
  }
  const modules = [...typeById].map(([id, type]) => declare(id, type))
  return `// Written by @limn/vite-plugin from ${manifest}: changes here are lost.\n/* eslint-disable */\n\n${declareIndex(indexEntries(state))}\n${modules.join('')}`
}

type ModuleType = 'Picture' | 'string'
type Declared = [id: string, type: ModuleType]

/** What an asset gives under each of its names: its own, and that of its family. */
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
 * What a preset and its files give with a query. Each file spelled out would make checks five times
 * as long where there are thousands; so a wildcard stands for what is behind the preset's name.
 */
function queriesOf(asset: Asset, name: string, preset: string): Declared[] {
  const whole: Declared[] = isPictureSelector(asset, preset)
    ? [[`${name}@${preset}?no-inline`, 'Picture']]
    : []
  return [
    ...whole,
    ...['?url', '?inline', '?no-inline'].map((query): Declared => [
      `${name}@${preset}*${query}`,
      'string',
    ]),
  ]
}

function declare(id: string, type: ModuleType): string {
  const name = type === 'Picture' ? 'picture' : 'url'
  return `declare module ${JSON.stringify(`virtual:limn/${id}`)} { const ${name}: ${written(type)}; export default ${name} }\n`
}

/** Named in full each time: the file has no names of its own, which would be global. */
function written(type: ModuleType): string {
  return type === 'Picture' ? "import('@limn/vite-plugin').Picture" : 'string'
}

function declareIndex(entries: readonly IndexEntry[]): string {
  const lines = entries.map(
    ({ name, identifier }, index) =>
      `  const p${index}: ${written('Picture')}; export { ${exportNames(`p${index}`, { name, identifier })} }\n`,
  )
  return `declare module ${JSON.stringify(INDEX_ID)} {\n${lines.join('')}}\n`
}
