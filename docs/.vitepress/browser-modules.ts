import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

/** The modules of Node that the playground's part of the core imports. */
const shims = ['node:crypto', 'node:net', 'node:path']

/**
 * Replaces modules of Node where the sources of the core import them, so that the playground runs
 * them in a browser. Any other module of Node that they import fails the build.
 */
export function browserModules(): Plugin {
  return {
    name: 'limn-docs:browser-modules',
    enforce: 'pre',
    resolveId(id, importer) {
      if (!id.startsWith('node:') || importer?.includes('/packages/core/src/') !== true) return null
      if (!shims.includes(id)) this.error(`The playground has no ${id}, which ${importer} imports.`)
      const name = id.slice('node:'.length)
      return fileURLToPath(new URL(`./theme/playground/node-shims/${name}.ts`, import.meta.url))
    },
  }
}
