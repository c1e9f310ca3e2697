import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { openProject } from '@limn/core'
import * as vite8 from 'vite'
import type { InlineConfig, ViteDevServer } from 'vite'
import * as vite7 from 'vite7'
import * as vite84 from 'vite84'
import { afterAll, onTestFinished } from 'vitest'
import { limn, type LimnOptions } from '../src/index.ts'

/** A site in its own folder, which is removed after the test. */
export type Site = {
  root: string
  write(path: string, text: string): void
  read(path: string): string
  /** Returns the sorted paths of all files below a folder. */
  list(folder: string): string[]
  build(config?: InlineConfig): Promise<void>
  /** Returns the config that `build` and `dev` pass to Vite. */
  config(extra?: InlineConfig): InlineConfig
  /** @returns the URL of the built site */
  preview(config?: InlineConfig): Promise<string>
  /** @returns the running dev server and its URL */
  dev(config?: InlineConfig): Promise<{ server: ViteDevServer; url: string }>
}

/** The supported versions of Vite, by major version. */
export const vites: readonly (readonly [version: string, vite: typeof vite8])[] = [
  ['8', vite8],
  ['7', vite7 as unknown as typeof vite8],
]

/** The same, and the first version with the option `server.fs.strict: 'extended'`. */
export const everyVite: typeof vites = [...vites, ['8.4', vite84 as unknown as typeof vite8]]

export type SiteOptions = {
  files: Readonly<Record<string, string>>
  limn?: LimnOptions
  vite?: typeof vite8
}

/** Creates a site from files. */
export function testSite({ files, limn: options, vite = vite8 }: SiteOptions): Site {
  const root = mkdtempSync(join(tmpdir(), 'limn-site-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }))
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  for (const [path, text] of Object.entries(files)) write(path, text)
  const configOf = (extra: InlineConfig): InlineConfig => ({
    root,
    configFile: false,
    logLevel: 'silent',
    plugins: [limn({ ...options, dev: { generate: 'draft', ...options?.dev } })],
    ...extra,
  })
  return {
    root,
    write,
    read: (path) => readFileSync(join(root, path), 'utf8'),
    list: (folder) =>
      readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) =>
          join(entry.parentPath, entry.name)
            .slice(join(root, folder).length + 1)
            .replaceAll('\\', '/'),
        )
        .sort(),
    config: (extra = {}) => configOf(extra),
    async build(config = {}) {
      await vite.build(configOf(config))
    },
    async preview(config = {}) {
      const server = await vite.preview({
        root,
        configFile: false,
        logLevel: 'silent',
        preview: { port: 0, host: '127.0.0.1' },
        ...config,
      })
      onTestFinished(() => server.close())
      return server.resolvedUrls!.local[0]!
    },
    async dev(config = {}) {
      const server = await vite.createServer(
        configOf({ server: { port: 0, host: '127.0.0.1' }, ...config }),
      )
      onTestFinished(() => server.close())
      await server.listen()
      return { server, url: server.resolvedUrls!.local[0]! }
    },
  }
}

/** A manifest of two images that are fast to generate. */
export const manifest = `version: 1
provider: local
assets:
  hero:
    prompt: A lighthouse at dawn over a calm sea
    alt: A lighthouse
    outputs:
      - { preset: hero, widths: [320, 640], formats: [webp, jpeg] }
      - { name: og, width: 600, height: 315, formats: [jpeg] }
  product/mug:
    prompt: A red ceramic mug on a white table
    alt: A red mug
    outputs: [{ name: square, width: 300, height: 300, formats: [webp, png] }]
`

/** A page that shows everything in the manifest above. */
export const page: Readonly<Record<string, string>> = {
  'index.html':
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>site</title></head><body><script type="module" src="/main.js"></script></body></html>',
  'main.js': `import hero from 'virtual:limn/hero'
import og from 'virtual:limn/hero@og'
import mug from 'virtual:limn/product/mug'

for (const value of [hero, mug]) {
  const picture = document.createElement('picture')
  for (const [format, srcset] of Object.entries(value.sources)) {
    const source = document.createElement('source')
    source.type = 'image/' + format
    source.srcset = srcset
    picture.append(source)
  }
  const img = new Image(value.width, value.height)
  img.alt = value.alt
  img.srcset = value.srcset
  img.src = value.src
  picture.append(img)
  document.body.append(picture)
}
const card = new Image()
card.id = 'og'
card.src = og
document.body.append(card)
`,
}

const OUTPUTS = 'node_modules/.cache/limn/outputs'
let generated: Promise<string> | undefined

/**
 * Creates a site that has the images of the manifest above, which are generated once per test file,
 * and their outputs in the cache.
 *
 * @param options `isCut: false` leaves out the outputs
 */
export async function generatedSite({
  isCut = true,
  ...options
}: SiteOptions & { isCut?: boolean }): Promise<Site> {
  generated ??= generateOnce()
  const from = await generated
  const site = testSite(options)
  for (const path of ['images', 'images.lock', ...(isCut ? [OUTPUTS] : [])]) {
    cpSync(join(from, path), join(site.root, path), { recursive: true })
  }
  return site
}

async function generateOnce(): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'limn-generated-'))
  writeFileSync(join(root, 'images.yaml'), manifest)
  await openProject({ cwd: root }).generate()
  return root
}

afterAll(async () => {
  if (generated === undefined) return
  rmSync(await generated, { recursive: true, force: true, maxRetries: 5 })
})
