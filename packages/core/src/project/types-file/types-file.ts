import { join } from 'node:path'
import { existsInside, maxBytes, readTextInside } from '../../disk/read-inside.ts'

const ROOT_FILE = 'limn.d.ts'
const SRC_FILE = 'src/limn.d.ts'
const PLUGIN = '@limn/vite-plugin'
/** The configs in which the plugin can be, without their extensions. */
const CONFIGS = ['vite.config', 'astro.config', 'nuxt.config', 'vitest.config']
const EXTENSIONS = ['ts', 'mts', 'js', 'mjs', 'cts', 'cjs']

/**
 * Returns the file for the types of the image modules, relative to the folder of the Vite config:
 * the existing one, else `src/limn.d.ts` if the tsconfig covers only `src`, else `limn.d.ts`.
 */
export function findTypesFile(folder: string): string {
  const existing = [ROOT_FILE, SRC_FILE].find((file) => existsInside(folder, join(folder, file)))
  if (existing !== undefined) return existing
  return coversOnlySrc(folder) ? SRC_FILE : ROOT_FILE
}

/**
 * Returns the file that the command line writes, relative to the folder of the manifest: the file
 * that the Vite plugin would write. Returns `undefined` if the folder's package does not use the
 * plugin or TypeScript, or if its config sets `dts: false` or a place elsewhere.
 */
export function typesFileOfProject(root: string): string | undefined {
  if (!usesPlugin(root)) return undefined
  const written = writtenOption(root)
  if (written === 'none') return undefined
  if (written !== undefined) return written
  const isTyped = ['tsconfig.json', 'tsconfig.app.json', ROOT_FILE, SRC_FILE].some((file) =>
    existsInside(root, join(root, file)),
  )
  return isTyped ? findTypesFile(root) : undefined
}

/** Returns whether the package of a folder depends on the Vite plugin. */
function usesPlugin(root: string): boolean {
  const text = readText(root, 'package.json')
  return text?.includes(`"${PLUGIN}"`) === true
}

/**
 * Reads the option `dts` from the text of a config, which is not run: the option is a literal in
 * practice. Returns `none` for `false`, and for a path that leads out of the folder.
 */
function writtenOption(root: string): string | undefined {
  for (const name of CONFIGS.flatMap((name) => EXTENSIONS.map((end) => `${name}.${end}`))) {
    const text = readText(root, name)
    if (text?.includes(PLUGIN) !== true) continue
    const [, value] = /\bdts\s*:\s*(false|'[^'\n]*'|"[^"\n]*"|`[^`$\n]*`)/.exec(text) ?? []
    if (value === 'false') return 'none'
    const path = value?.slice(1, -1)
    if (path !== undefined) return /^(?:[\\/]|[a-z]:)|\.\./i.test(path) ? 'none' : path
  }
  return undefined
}

/** Returns whether every entry of the tsconfig's `include` is in `src`. */
function coversOnlySrc(folder: string): boolean {
  const text = readText(folder, 'tsconfig.app.json') ?? readText(folder, 'tsconfig.json') ?? ''
  const [, list = ''] = /"include"\s*:\s*\[([^\]]*)\]/.exec(text) ?? []
  const entries = [...list.matchAll(/"([^"]*)"/g)].map(([, entry]) => entry!)
  return entries.length > 0 && entries.every((entry) => /^(?:\.\/)?src(?:\/|$)/.test(entry))
}

/** Returns a file's text; `undefined` if there is none that can be read. */
function readText(root: string, name: string): string | undefined {
  try {
    return readTextInside(root, join(root, name), maxBytes.text)
  } catch {
    return undefined
  }
}
