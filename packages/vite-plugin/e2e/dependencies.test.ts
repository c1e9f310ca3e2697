import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { useBrowser, waitFor } from './browser.ts'
import { everyVite, generatedSite, manifest, type Site } from './site.ts'

const open = useBrowser()

/** Installed packages that import images, by folder: `index.js`. */
const packages = {
  'node_modules/esm': "import hero from 'virtual:limn/hero'\nexport const src = hero.src\n",
  'node_modules/@scope/kit': "export { default as src } from 'virtual:limn/hero@og'\n",
  'node_modules/outer': "export { src } from 'inner'\n",
  'node_modules/outer/node_modules/inner':
    "import src from 'virtual:limn/hero?url'\nexport { src }\n",
  'node_modules/lazy':
    "export const load = async () => (await import('virtual:limn/hero@og')).default\n",
  'node_modules/all':
    "import { productMug } from 'virtual:limn'\nexport const { src } = productMug\n",
  linked: "import hero from 'virtual:limn/hero'\nexport const { src } = hero\n",
}
const commonjs = "const hero = require('virtual:limn/hero')\nexports.src = hero.default.src\n"

const main = `import { src as esm } from 'esm'
import { src as kit } from '@scope/kit'
import { src as outer } from 'outer'
import { load } from 'lazy'
import { src as all } from 'all'
import { src as linked } from 'linked'
import { src as cjs } from 'cjs'
globalThis.seen = { esm, kit, outer, lazy: await load(), all, linked, cjs }
`

function install(site: Site): void {
  const entries = [
    ...Object.entries(packages).map(([folder, code]) => [folder, code, 'module'] as const),
    ['node_modules/cjs', commonjs, 'commonjs'] as const,
  ]
  for (const [folder, code, type] of entries) {
    const name = folder.split('node_modules/').at(-1)!
    const root = join(site.root, folder)
    mkdirSync(root, { recursive: true })
    writeFileSync(join(root, 'index.js'), code)
    writeFileSync(
      join(root, 'package.json'),
      JSON.stringify({ name, version: '1.0.0', type, main: 'index.js' }),
    )
  }
  symlinkSync(join('..', 'linked'), join(site.root, 'node_modules/linked'), 'junction')
}

it.each(everyVite)('Vite %s pre-bundles packages that import images', async (_, vite) => {
  const site = await generatedSite({
    vite,
    files: {
      'images.yaml': manifest,
      'package.json': '{ "type": "module" }',
      'index.html':
        '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/main.js"></script>',
      'main.js': main,
      'server.js': "export { src } from 'esm'\n",
    },
  })
  install(site)
  const { server, url } = await site.dev({
    ssr: { noExternal: ['esm'] },
    server: {
      port: 0,
      host: '127.0.0.1',
      ...({
        fs: { strict: 'extended', allow: [site.root, dirname(import.meta.dirname)] },
      } as object),
    },
  })
  const { page, problems } = await open(url)
  const seen = await waitFor(
    () => page.evaluate(() => (globalThis as unknown as { seen?: Record<string, string> }).seen),
    (value) => value !== undefined,
  )
  const files = Object.entries(seen!).map(([name, src]) => [name, /[^/]+(?=\?)/.exec(src)?.[0]])
  expect(Object.fromEntries(files)).toEqual({
    esm: 'hero-640.jpg',
    kit: 'og.jpg',
    outer: 'hero-640.jpg',
    lazy: 'og.jpg',
    all: 'square.png',
    linked: 'hero-640.jpg',
    cjs: 'hero-640.jpg',
  })
  expect(problems).toEqual([])
  const { src } = (await server.ssrLoadModule('/server.js')) as { src: string }
  expect(src).toContain('/@limn/hero/hero-640.jpg?v=')
})
