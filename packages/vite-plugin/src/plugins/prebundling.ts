import type { EnvironmentOptions } from 'vite'
import { INDEX_ID } from '../references/module-id.ts'

type OptimizeDeps = NonNullable<EnvironmentOptions['optimizeDeps']>

/** Matches the modules of images. */
const MODULES = /^virtual:limn(?:$|\/)/
/** Start of the id of a module that `require()` gets instead of an image module. */
const REQUIRED = 'limn-required:'

/**
 * Returns how Vite pre-bundles packages that import images: without the images, which it resolves
 * when it serves the bundle. Vite excludes those of `import`; a plugin for the bundler of the
 * version excludes those of `require()`.
 *
 * @param major major version of Vite
 */
export function prebundling(major: number): OptimizeDeps {
  return {
    exclude: [INDEX_ID],
    ...(major < 8
      ? { esbuildOptions: { plugins: [esbuildPlugin] } }
      : { rolldownOptions: { plugins: [rolldownPlugin] } }),
  }
}

/** Returns CommonJS that imports an image module, which a browser can't `require()`. */
function requiredCode(id: string): string {
  return `import * as m from ${JSON.stringify(id)}\nmodule.exports = { ...m }\n`
}

const rolldownPlugin = {
  name: 'limn:required',
  resolveId: {
    filter: { id: MODULES },
    handler: (id: string, _importer: string | undefined, { kind }: { kind: string }) =>
      kind === 'require-call' ? { id: `${REQUIRED}${id}` } : { id, external: 'absolute' as const },
  },
  load: {
    filter: { id: new RegExp(`^${REQUIRED}`) },
    handler: (id: string) => ({ code: requiredCode(id.slice(REQUIRED.length)) }),
  },
}

/** The part of esbuild's API that the plugin uses. */
type EsbuildSetup = {
  onResolve(
    options: { filter: RegExp },
    callback: (args: { path: string; kind: string }) => {
      path: string
      namespace?: string
      external?: true
    },
  ): void
  onLoad(
    options: { filter: RegExp; namespace: string },
    callback: (args: { path: string }) => { contents: string },
  ): void
}

const esbuildPlugin = {
  name: 'limn:required',
  setup(build: EsbuildSetup): void {
    build.onResolve({ filter: MODULES }, ({ path, kind }) =>
      kind === 'require-call' ? { path, namespace: REQUIRED } : { path, external: true },
    )
    build.onLoad({ filter: /.*/, namespace: REQUIRED }, ({ path }) => ({
      contents: requiredCode(path),
    }))
  },
}
