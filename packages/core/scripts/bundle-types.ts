import { isAbsolute, join } from 'node:path'
import { parseArgs } from 'node:util'
import { rolldown } from 'rolldown'
import { dts } from 'rolldown-plugin-dts'

/*
 * Bundles the types of what this package exports into `dist`, or into the folder of `--out`: one
 * file for each entry point, and those that they share. Types that no entry point reaches are left
 * out. Fails if an exported declaration does not state its type.
 */

const root = join(import.meta.dirname, '..')
const { values } = parseArgs({ options: { out: { type: 'string', default: join(root, 'dist') } } })
const entries = ['index', 'for-vite/index', 'for-vite/sheet', 'for-vite/start']

const bundle = await rolldown({
  cwd: root,
  input: Object.fromEntries(entries.map((name) => [name, join(root, `src/${name}.ts`)])),
  platform: 'node',
  external: (id) => !id.startsWith('.') && !isAbsolute(id),
  plugins: [dts({ cwd: root, dtsOnly: true, generator: 'oxc' })],
})
await bundle.write({
  dir: values.out,
  entryFileNames: '[name].ts',
  chunkFileNames: ({ name }) => `${name.replace(/\.d$/, '')}-[hash].d.ts`,
})
await bundle.close()
