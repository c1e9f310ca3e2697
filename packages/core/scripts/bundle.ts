import { copyFileSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { rolldown } from 'rolldown'

/*
 * Bundles the JavaScript of this package into `dist`, or into the folder of `--out`. Node takes
 * longer to find and link several hundred small modules than to run them. Whatever Limn imports
 * lazily stays a chunk of its own. `tsc` writes the types.
 */

const root = join(import.meta.dirname, '..')
const { values } = parseArgs({ options: { out: { type: 'string', default: join(root, 'dist') } } })

/** Files that something outside of the bundle names: `package.json`, or a process or thread. */
const entries = [
  'index',
  'for-vite/index',
  'for-vite/sheet',
  'for-vite/start',
  'cli/bin',
  'pictures/picture-process',
  'derive/overlay/overlay-process',
  'providers/local/worker',
  'disk/stamp-worker',
]

/**
 * Bundled: the entry point of zod loads 64 files of translations that Limn does not use, and only
 * `limn init` uses the parser.
 */
const BUNDLED = ['zod', '@babel/parser']

type PackageJson = Partial<Record<'dependencies' | 'peerDependencies', Record<string, string>>>
const { dependencies, peerDependencies } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
) as PackageJson
const installed = Object.keys({ ...dependencies, ...peerDependencies })

const bundle = await rolldown({
  cwd: root,
  input: Object.fromEntries(entries.map((name) => [name, join(root, `src/${name}.ts`)])),
  platform: 'node',
  external: (id) => installed.some((name) => id === name || id.startsWith(`${name}/`)),
  transform: { target: 'node22.22' },
  onLog(_level, log) {
    throw new Error(log.message)
  },
})
await bundle.write({
  dir: values.out,
  cleanDir: true,
  entryFileNames: '[name].js',
  // Chunks are at the root, as are the modules in `src` that read `import.meta.url`.
  chunkFileNames: '[name]-[hash].js',
})
await bundle.close()
for (const name of BUNDLED) {
  const licence = join(
    dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)),
    'LICENSE',
  )
  copyFileSync(
    licence,
    join(values.out, `LICENSE-${name.replaceAll(/\W+/g, '-').replace(/^-/, '')}`),
  )
}
