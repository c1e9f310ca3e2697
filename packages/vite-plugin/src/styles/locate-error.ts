import { globSync } from 'node:fs'
import { join, relative } from 'node:path'
import { normalizePath } from 'vite'
import { locate, type Located } from '../errors/locate.ts'
import { toViteError, type ViteError } from '../errors/vite-error.ts'

/** Languages whose compilers put what they import into one text. */
const COMPILED = /\.(?:sass|scss|less|styl|stylus)$/

/**
 * Finds where a style names something. What compiled styles import is no file of Vite's any more:
 * where the style itself does not name it, another of the project does, and is as wrong.
 *
 * @param root Vite's root, absolute
 * @param importer path of the style, with or without a query
 */
export function locateInStyles(
  root: string,
  importer: string,
  names: readonly string[],
): Located | { id: string } {
  const here = locate(importer, names)
  if ('loc' in here || !COMPILED.test(here.id)) return here
  const exclude = (name: string): boolean => /(?:^|[\\/])(?:node_modules|\.[^\\/]*)$/.test(name)
  for (const path of globSync('**/*.{sass,scss,less,styl,stylus}', { cwd: root, exclude })) {
    const there = locate(normalizePath(join(root, path)), names)
    if ('loc' in there) return there
  }
  return here
}

/**
 * Brings a failure that comes from a style into Vite's shape, with a place that is still there when
 * it is told.
 */
export function toStyleError(
  error: unknown,
  root: string,
  where: Located | { id: string } | undefined,
): Error {
  const told = toViteError(error, root, where) as ViteError
  const { id, loc } = told
  // Sass and Less tell the place of the import in front of that of the mistake, and of our error only its text.
  if (id !== undefined && loc !== undefined && COMPILED.test(id)) {
    told.message += `\n${normalizePath(relative(root, id))}:${loc.line}:${loc.column}`
  }
  if (id === undefined) return told
  // PostCSS is thought to know the place of every error, and a bundler the file: what they write over it is none.
  for (const [key, value] of Object.entries({ id, loc })) {
    Object.defineProperty(told, key, { get: () => value, set: () => {}, enumerable: true })
  }
  return told
}
