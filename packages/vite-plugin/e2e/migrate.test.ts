import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { PluginOption } from 'vite'
import { expect, test } from 'vitest'
import { callCli } from '../../core/e2e/call-cli.ts'
import { limn } from '../src/index.ts'
import { type Site, testSite } from './site.ts'

/** Only core depends on sharp. */
const sharp = createRequire(new URL('../../core/package.json', import.meta.url))('sharp') as (
  input: object | string,
) => Sharp

type Sharp = {
  jpeg(): Sharp
  png(): Sharp
  toFile(path: string): Promise<unknown>
  metadata(): Promise<{ width: number; height: number; format: string }>
}

const main = `import one from './assets/Hero Photo.jpg?w=60&format=webp'
import set from "./assets/Hero Photo.jpg?w=40;80&as=srcset";
import picture from '/src/assets/Hero Photo.jpg?w=40;80;9000&format=avif;webp;jpg&as=picture'
import square from './assets/logo.png?w=30&h=30'
import thumbnail from './assets/logo.png?w=20&as=srcset'
import img from './assets/logo.png?aspect=2:1&w=16;32&format=webp&as=img'
import grey from './assets/logo.png?w=21&normalize'
document.title = JSON.stringify([one, set, picture, square, thumbnail, img, grey])
`

const files = {
  'index.html': '<script type="module" src="/src/main.js"></script>',
  'src/main.js': main,
  'src/crlf.ts': "\r\nimport a from './assets/logo.png?w=11'\r\nexport const b = a",
  'src/style.css': '.a { background: url(./assets/logo.png?w=9) }\n',
  '.gitignore': 'dist\nnode_modules\n.limn\n',
}

/** Loads vite-imagetools, which only the benchmarks depend on. */
async function imagetools(site: Site): Promise<PluginOption> {
  const installed = new URL('../../../bench/node_modules/', import.meta.url)
  const path = new URL(['vite-imagetools', 'dist', 'index.js'].join('/'), installed)
  const plugin = (await import(path.href)) as { imagetools: (options: object) => PluginOption }
  return plugin.imagetools({ cache: { dir: join(site.root, 'node_modules/.cache/imagetools') } })
}

/** Returns size and type of every picture of a build, sorted. */
async function builtPictures(site: Site): Promise<string[]> {
  const built = site.list('dist').filter((path) => !/\.(?:html|js|css)$/.test(path))
  const sizes = built.map(async (path) => {
    const { width, height, format } = await sharp(join(site.root, 'dist', path)).metadata()
    return `${width}x${height} ${format}`
  })
  return [...new Set(await Promise.all(sizes))].sort()
}

test('migrates an app from vite-imagetools, and builds pictures of the same sizes', async () => {
  const site = testSite({ files })
  const create = { width: 120, height: 80, channels: 3, background: '#c84' } as const
  site.write('src/assets/.keep', '')
  await sharp({ create }).jpeg().toFile(join(site.root, 'src/assets/Hero Photo.jpg'))
  await sharp({ create }).png().toFile(join(site.root, 'src/assets/logo.png'))
  const git = (...args: string[]): string =>
    spawnSync('git', args, { cwd: site.root, encoding: 'utf8' }).stdout
  git('init', '-q')
  git('add', '-A')
  const build = { assetsInlineLimit: 0 }
  await site.build({ build, plugins: [await imagetools(site)] })
  const before = await builtPictures(site)
  const cli = (...args: string[]): ReturnType<typeof callCli> =>
    callCli(['migrate', 'imagetools', ...args], { cwd: site.root, env: {} })

  const patched = await cli('--patch', 'limn.patch')
  expect(patched.code).toBe(0)
  expect(site.read('src/main.js')).toBe(main)
  expect(patched.stderr).toContain('src/main.js:7:1 stays as it is: Limn has no counterpart of `no')
  expect(patched.stderr).toContain('src/style.css:1:22 stays as it is: only `import NAME from`')
  git('apply', 'limn.patch')
  const applied = ['src/main.js', 'src/crlf.ts', 'images.yaml'].map((path) => site.read(path))
  git('checkout', '-q', '.')
  git('clean', '-fdq', 'images.yaml', 'limn.patch')

  expect(await cli()).toMatchObject({ code: 1 })
  expect(await cli('--yes')).toMatchObject({ code: 0 })
  expect(['src/main.js', 'src/crlf.ts', 'images.yaml'].map((path) => site.read(path))).toEqual(
    applied,
  )
  expect(site.read('src/main.js').split('\n').slice(0, 4)).toEqual([
    "import one from 'virtual:limn/hero-photo@w60-webp'",
    'import setPicture from "virtual:limn/hero-photo@w40-80-jpeg";',
    'const set = setPicture.srcset;',
    "import picture from 'virtual:limn/hero-photo@w40-80-120-avif-webp-jpeg'",
  ])
  expect(site.read('src/crlf.ts')).toBe(
    "\r\nimport a from 'virtual:limn/logo@w11-png'\r\nexport const b = a",
  )
  await site.build({ build, plugins: [limn(), await imagetools(site)] })
  expect(await builtPictures(site)).toEqual(before)
  const again = await cli('--yes')
  expect(again.stdout).toContain('There is no import of vite-imagetools to convert.')
})
