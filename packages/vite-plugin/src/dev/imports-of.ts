import { relative } from 'node:path'
import { indexEntries } from '@limn/core/for-vite'
import type { SheetPlace } from '@limn/core/for-vite/sheet'
import { type EnvironmentModuleNode, normalizePath, type ViteDevServer } from 'vite'
import type { Context } from '../context.ts'
import { placeAt } from '../errors/locate-slice.ts'
import { readSource } from '../errors/locate.ts'
import { isIndex, parseModuleId } from '../references/module-id.ts'

/** Most places that are listed of one asset. */
const MAX_PLACES = 200

/**
 * Lists where the app that a dev server has served so far uses an asset: imports of scripts,
 * references of styles and of pages, by file.
 */
export function importsOf(context: Context, server: ViteDevServer, asset: string): SheetPlace[] {
  const names = [`virtual:limn/${asset}`, `limn:${asset}`]
  const direct = [
    ...importersOf(server, (id) => isModuleOf(id, asset)),
    ...stylesOf(context, server, asset),
    ...pagesOf(context, asset),
  ]
  const { identifier } =
    indexEntries(context.state?.snapshot.manifest.assets ?? []).find(
      ({ name }) => name === asset,
    ) ?? {}
  const byIndex = identifier === undefined ? [] : importersOf(server, isIndexId)
  return [
    ...placesIn(direct, names, context),
    ...(identifier === undefined ? [] : placesIn(byIndex, [identifier], context, false)),
  ].slice(0, MAX_PLACES)
}

/** Whether a dev server has served a file, or the manifest was read from it. */
export function isKnownFile(context: Context, server: ViteDevServer, file: string): boolean {
  const path = normalizePath(file)
  const { followed, paths } = context.project
  return (
    [paths.manifest, ...followed.files].some((known) => normalizePath(known) === path) ||
    context.dev.assetsByPage.has(path) ||
    Object.values(server.environments).some(
      ({ moduleGraph }) => (moduleGraph.getModulesByFile(path)?.size ?? 0) > 0,
    )
  )
}

function isModuleOf(id: string, asset: string): boolean {
  const module = parseModuleId(id)
  return module !== undefined && !isIndex(module) && module.asset === asset
}

function isIndexId(id: string): boolean {
  const module = parseModuleId(id)
  return module !== undefined && isIndex(module)
}

/** Returns the files that import a module, over all environments. */
function importersOf({ environments }: ViteDevServer, isWanted: (id: string) => boolean): string[] {
  return Object.values(environments).flatMap(({ moduleGraph }) =>
    [...moduleGraph.idToModuleMap]
      .filter(([id]) => isWanted(id))
      .flatMap(([, { importers }]) => filesOf(importers)),
  )
}

function stylesOf({ dev }: Context, { environments }: ViteDevServer, asset: string): string[] {
  const paths = [...dev.styleUrlByPath.values()]
    .filter((style) => style.asset === asset)
    .flatMap(({ root, url }) => [`${root}/${url}`, `${root}/${url.replace(/\?.*$/, '')}`])
  return Object.values(environments).flatMap(({ moduleGraph }) =>
    paths.flatMap((path) =>
      [...(moduleGraph.getModulesByFile(path) ?? [])].flatMap(({ importers }) =>
        filesOf(importers),
      ),
    ),
  )
}

function pagesOf({ dev }: Context, asset: string): string[] {
  return [...dev.assetsByPage].filter(([, assets]) => assets.has(asset)).map(([page]) => page)
}

function filesOf(modules: Iterable<EnvironmentModuleNode>): string[] {
  return [...modules].flatMap(({ file }) => (file === null ? [] : [file]))
}

/**
 * Finds names in files.
 *
 * @param isListed whether a file counts that contains none of them, such as one that is composed of
 *   others. Default true
 */
function placesIn(
  files: readonly string[],
  names: readonly string[],
  { project: { paths } }: Context,
  isListed = true,
): SheetPlace[] {
  return [...new Set(files.map((file) => file.replace(/[?#].*$/, '')))].sort().flatMap((path) => {
    const file = normalizePath(relative(paths.root, path))
    const text = readSource(path) ?? ''
    const places = names.flatMap((name) =>
      offsetsOf(text, name).map((offset) => {
        const { line, column } = placeAt(path, text, offset)
        return { file, line, column }
      }),
    )
    return places.length > 0 || !isListed ? places : [{ file, line: 1, column: 1 }]
  })
}

/** Returns the offsets of a name where it is no part of another one. */
function offsetsOf(text: string, name: string): number[] {
  const offsets: number[] = []
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    const isWhole =
      !/[\p{L}\p{N}_$/@.:-]/u.test(text.charAt(at - 1)) &&
      !/[\p{L}\p{N}_$/.-]/u.test(text.charAt(at + name.length))
    if (isWhole) offsets.push(at)
  }
  return offsets
}
