import { fileURLToPath } from 'node:url'

/** The modules of Node that the playground's part of the core imports. */
const shims = ['node:crypto', 'node:net', 'node:path']

/** The part of a Vite plugin that this one has. */
type ResolvePlugin = {
  name: string
  enforce: 'pre'
  resolveId(id: string, importer: string | undefined): string | null
}

/**
 * Replaces modules of Node where the sources of the core import them, so that the playground runs
 * them in a browser. Any other module of Node that they import fails the build.
 */
export function browserModules(): ResolvePlugin {
  return {
    name: 'limn-docs:browser-modules',
    enforce: 'pre',
    resolveId(id, importer) {
      if (!id.startsWith('node:') || importer?.includes('/packages/core/src/') !== true) return null
      if (!shims.includes(id)) {
        throw new Error(`The playground has no ${id}, which ${importer} imports.`)
      }
      const name = id.slice('node:'.length)
      return fileURLToPath(new URL(`./theme/playground/node-shims/${name}.ts`, import.meta.url))
    },
  }
}
