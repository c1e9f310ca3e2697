import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { rolldown } from 'rolldown'

/*
 * Bundles the JavaScript of this package into `dist`, or into the folder of `--out`. Node takes
 * longer to find and link several hundred small modules than to run them. Whatever Limn imports
 * lazily stays a chunk of its own. `bundle-types.ts` writes the types.
 */

const root = join(import.meta.dirname, '..')
const { values } = parseArgs({ options: { out: { type: 'string', default: join(root, 'dist') } } })

/** The entry points that import `require-node` before anything else. */
const CHECKED = ['index', 'for-vite/start']

/** Files that something outside of the bundle names: `package.json`, or a process or thread. */
const entries = [
  'require-node',
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
 * Modules that are always loaded together: each group becomes one chunk, with what its modules
 * import and no earlier group has. Otherwise there would be a chunk for each combination of entries
 * that share a module, a hundred of them in a build with Vite, which take as long to find and link
 * as to run. No module of a group may do anything but define things.
 */
const groups: readonly { name: string; loads: readonly string[] }[] = [
  // Their own, so that an old Node loads nothing else with them.
  { name: 'node-version', loads: ['node-version'] },
  { name: 'require-node', loads: ['require-node'] },
  { name: 'plan-cache', loads: ['project/plan-cache/plan-cache'] },
  // What `--help` shares with builds, so that it does not load a build.
  { name: 'wrap', loads: ['cli/wrap'] },
  { name: 'start', loads: ['for-vite/start'] },
  { name: 'build', loads: ['index', 'for-vite/index', 'project/generate', 'project/snapshot'] },
  { name: 'run', loads: ['run/run', 'providers/create-provider'] },
]

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
    // What is lazy elsewhere may be in a group. `e2e/loading.test.ts` checks what is lazy.
    if (log.code === 'INEFFECTIVE_DYNAMIC_IMPORT') return
    throw new Error(log.message)
  },
})
type ModuleGraph = { getModuleInfo(id: string): { importedIds: readonly string[] } | null }

/** Returns the modules that some modules import, themselves included. */
function importedBy(names: readonly string[], graph: ModuleGraph): ReadonlySet<string> {
  const found = new Set(names.map((name) => join(root, `src/${name}.ts`)))
  // A loop over a set visits what is added to it meanwhile.
  for (const id of found) {
    for (const imported of graph.getModuleInfo(id)?.importedIds ?? []) found.add(imported)
  }
  return found
}

await bundle.write({
  dir: values.out,
  codeSplitting: {
    groups: groups.map(({ name, loads }, index) => {
      let modules: ReadonlySet<string> | undefined
      return {
        name: (id, graph) => ((modules ??= importedBy(loads, graph)).has(id) ? name : null),
        debugName: name,
        priority: groups.length - index,
      }
    }),
  },
  cleanDir: true,
  comments: false,
  // The names at the top of modules stay, so that a stack trace names functions.
  minify: { compress: true, mangle: { toplevel: false }, codegen: { removeWhitespace: true } },
  // An old Node fails here, before it runs a chunk that it does not understand.
  banner: ({ isEntry, name }) =>
    CHECKED.includes(name) && isEntry
      ? `import '${name.includes('/') ? '../' : './'}require-node.js'`
      : '',
  entryFileNames: '[name].js',
  // Chunks are at the root, as are the modules in `src` that read `import.meta.url`.
  chunkFileNames: '[name]-[hash].js',
})
await bundle.close()
// zod is bundled: its entry point loads 64 files of translations that Limn does not use.
const licence = fileURLToPath(
  import.meta.resolve('zod/package.json').replace(/package\.json$/, 'LICENSE'),
)
copyFileSync(licence, join(values.out, 'LICENSE-zod'))
