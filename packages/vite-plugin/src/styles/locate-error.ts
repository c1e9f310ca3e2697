import { globSync } from 'node:fs'
import { join, relative } from 'node:path'
import { normalizePath } from 'vite'
import { locate, type FileLocation } from '../errors/locate.ts'
import { toViteError, type ViteError } from '../errors/vite-error.ts'

/** Languages whose compilers join a file and its imports into one text. */
const COMPILED = /\.(?:sass|scss|less|styl|stylus)$/

/**
 * Finds where a style contains a name. Vite does not know the files that a compiled style imports,
 * so if the style itself does not contain the name, the first style of the project that does is
 * returned.
 *
 * @param root Vite's root, absolute
 * @param importer path of the style, with or without a query
 * @param names the spellings to look for
 */
export function locateInStyles(
  root: string,
  importer: string,
  names: readonly string[],
): FileLocation {
  const inImporter = locate(importer, names)
  if ('loc' in inImporter || !COMPILED.test(inImporter.id)) return inImporter
  const exclude = (name: string): boolean => /(?:^|[\\/])(?:node_modules|\.[^\\/]*)$/.test(name)
  for (const path of globSync('**/*.{sass,scss,less,styl,stylus}', { cwd: root, exclude })) {
    const found = locate(normalizePath(join(root, path)), names)
    if ('loc' in found) return found
  }
  return inImporter
}

/** Converts an error that comes from a style to Vite's shape, with a location that stays. */
export function toStyleError(
  error: unknown,
  root: string,
  location: FileLocation | undefined,
): Error {
  const styleError = toViteError(error, root, location) as ViteError
  const { id, loc } = styleError
  // Sass and Less print the location of the import, and of our error only its message.
  if (id !== undefined && loc !== undefined && COMPILED.test(id)) {
    styleError.message += `\n${normalizePath(relative(root, id))}:${loc.line}:${loc.column}`
  }
  if (id === undefined) return styleError
  // Vite overwrites the location with that of PostCSS and the bundler, which have none.
  for (const [key, value] of Object.entries({ id, loc })) {
    Object.defineProperty(styleError, key, { get: () => value, set: () => {}, enumerable: true })
  }
  return styleError
}
