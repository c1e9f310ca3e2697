import { statSync } from 'node:fs'
import { openProject } from '@limn/core'
import { describe, expect, it, vi } from 'vitest'
import { brokenCandidates, shownPictures, useBrowser } from './browser.ts'
import { manifest, page, testSite } from './site.ts'

const open = useBrowser()

/**
 * A site with keys in its `.env`, including that of a provider entry. Its page shows every variable
 * of `import.meta.env`.
 */
const secretFiles = {
  ...page,
  '.env':
    'OPENAI_API_KEY=sk-secret-in-env\nRELAY_API_KEY=sk-secret-of-relay\nVITE_OPEN=this may be seen\n',
  'images.yaml': manifest.replace(
    'provider: local',
    'provider: local\nproviders:\n  relay: { baseURL: "http://127.0.0.1:9/v1", key: RELAY_API_KEY, models: { painter: { like: gpt-image-2 } } }',
  ),
  'main.js': `${page['main.js']!}document.title = JSON.stringify([import.meta.env, typeof process === 'undefined' ? '' : process.env])\n`,
}

describe('build', () => {
  it('generates free images, and shows every image in the browser', async () => {
    const site = testSite({ files: { 'images.yaml': manifest, ...page } })
    await site.build({ build: { assetsInlineLimit: 0 } })
    const { page: tab, problems } = await open(await site.preview())
    expect(problems).toEqual([])
    expect(await brokenCandidates(tab)).toEqual([])
    expect(
      (await shownPictures(tab)).map(({ file, alt }) => [file.replace(/-[\w-]{8}\./, '.'), alt]),
    ).toEqual([
      ['/assets/hero-hero-640.webp', 'A lighthouse'],
      ['/assets/mug-square.webp', 'A red mug'],
      ['/assets/hero-og.jpg', ''],
    ])
    expect(site.read('images.lock')).toContain('"product/mug"')
  })

  it('ships only the files that are imported, under hashed names', async () => {
    const site = testSite({
      files: {
        'images.yaml': manifest,
        ...page,
        'main.js':
          "import og from 'virtual:limn/hero@og'\nimport mug from 'virtual:limn/product/mug'\ndocument.title = og\n",
      },
    })
    await site.build()
    const pictures = site.list('dist').filter((path) => !/\.(html|js)$/.test(path))
    expect(pictures).toEqual([expect.stringMatching(/^assets\/hero-og-[\w-]{8}\.jpg$/)])
  })

  it('puts no prompt, path or key into the bundle', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'sk-secret-of-the-test')
    const site = testSite({ files: secretFiles })
    await site.build({ build: { sourcemap: true, manifest: true, ssrManifest: true } })
    const texts = site
      .list('dist')
      .map((path): [string, string] => [path, site.read(`dist/${path}`)])
    expect(
      texts.filter(([, text]) => text.includes('this may be seen')).map(([path]) => path),
    ).toEqual([expect.stringMatching(/\.js$/)])
    for (const [path, text] of texts) {
      for (const secret of ['ceramic', 'calm sea', 'sk-secret', site.root]) {
        expect(text.includes(secret), `${secret} in ${path}`).toBe(false)
      }
    }
    vi.unstubAllEnvs()
  })

  it('sends no prompt and no key to a page of the dev server', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'sk-secret-of-the-test')
    const site = testSite({ files: secretFiles })
    const { server, url } = await site.dev()
    expect(JSON.stringify(server.config.define ?? {})).not.toContain('sk-secret')
    expect(JSON.stringify(server.config.env)).not.toContain('sk-secret')
    const { page: tab } = await open(url)
    const loaded = await tab.evaluate(() => [
      location.href,
      ...performance.getEntriesByType('resource').map(({ name }) => name),
    ])
    expect(loaded.join('\n')).toContain('virtual:limn/hero')
    const texts = await Promise.all(
      loaded.map(async (name) => [name, await (await fetch(name)).text()] as const),
    )
    expect(texts.some(([, text]) => text.includes('this may be seen'))).toBe(true)
    for (const [name, text] of texts) {
      for (const secret of ['ceramic', 'calm sea', 'sk-secret']) {
        expect(text.includes(secret), `${secret} in ${name}`).toBe(false)
      }
    }
    vi.unstubAllEnvs()
  })

  it('derives nothing again in a second build', async () => {
    const site = testSite({ files: { 'images.yaml': manifest, ...page } })
    await site.build()
    const [lock, first] = [site.read('images.lock'), site.list('dist')]
    const cached = site.list('node_modules/.cache/limn/outputs')
    await site.build()
    expect([site.read('images.lock'), site.list('dist')]).toEqual([lock, first])
    expect(site.list('node_modules/.cache/limn/outputs')).toEqual(cached)
  })

  it.each([
    ['a folder', '/deep/site/', /^\/deep\/site\/assets\//],
    ['another host', 'https://cdn.example.com/x/', /^https:\/\/cdn\.example\.com\/x\/assets\//],
  ])('prefixes URLs with the base: %s', async (_, base, expected) => {
    const site = testSite({
      files: {
        'images.yaml': manifest,
        'index.html': page['index.html']!,
        'main.js': "import hero from 'virtual:limn/hero'\nglobalThis.hero = hero\n",
      },
    })
    await site.build({ base, build: { minify: false } })
    const code = site.read(`dist/${site.list('dist').find((path) => path.endsWith('.js'))}`)
    const urls = [...code.matchAll(/[^\s"'`]+\.(?:webp|jpg)/g)].map(([url]) => url)
    expect(urls.length).toBeGreaterThan(3)
    for (const url of urls) expect(url).toMatch(expected)
  })

  it('resolves its images from any folder with a relative base', async () => {
    const site = testSite({ files: { 'images.yaml': manifest, ...page } })
    await site.build({ base: './', build: { outDir: 'dist/some/where' } })
    const { page: tab, problems } = await open(
      `${await site.preview({ base: '/', build: { outDir: 'dist' } })}some/where/index.html`,
    )
    expect(problems).toEqual([])
    expect(await brokenCandidates(tab)).toEqual([])
  })

  it('gives a server build the URLs of the client build', async () => {
    const site = testSite({
      files: {
        'images.yaml': manifest,
        ...page,
        'server.js': "import hero from 'virtual:limn/hero'\nexport default hero\n",
      },
    })
    await site.build()
    await site.build({ build: { ssr: 'server.js', outDir: 'server' } })
    const { default: hero } = (await import(
      /* @vite-ignore */ `${site.root}/server/${site.list('server').find((path) => /server\.m?js$/.test(path))}`
    )) as { default: { src: string; srcset: string } }
    const shipped = site.list('dist').map((path) => `/${path}`)
    expect(shipped).toContain(hero.src)
    for (const entry of hero.srcset.split(', ')) expect(shipped).toContain(entry.split(' ')[0])
  })
})

describe('build under CI', () => {
  it('fails and lists every stale image', async () => {
    const site = testSite({
      files: { 'images.yaml': manifest, ...page },
      limn: { build: { stale: 'error' } },
    })
    await expect(site.build()).rejects.toThrow(
      /2 pictures do not match the manifest:\s+hero {2}new\s+product\/mug {2}new[\s\S]*limn generate/,
    )
    expect(site.list('.').filter((path) => path.endsWith('.png'))).toEqual([])
  })

  it('passes with committed masters and lockfile, and an empty cache', async () => {
    const site = testSite({
      files: { 'images.yaml': manifest, ...page },
      limn: { build: { stale: 'error' } },
    })
    await openProject({ cwd: site.root }).generate({ derive: false })
    await site.build({ build: { assetsInlineLimit: 0 } })
    expect(site.list('dist').filter((path) => path.endsWith('.webp'))).toHaveLength(3)
  })

  it('is the default if CI is set', async () => {
    vi.stubEnv('CI', 'true')
    const site = testSite({ files: { 'images.yaml': manifest, ...page } })
    await expect(site.build()).rejects.toThrow('not match the manifest:')
    vi.unstubAllEnvs()
  })
})

describe('mistakes in a build', () => {
  it('suggests the nearest asset for an unknown one', async () => {
    const site = testSite({
      files: {
        'images.yaml': manifest,
        ...page,
        'main.js': "import x from 'virtual:limn/heroo'\nconsole.log(x)\n",
      },
    })
    await expect(site.build()).rejects.toThrow(
      /There is no asset "heroo"[\s\S]*Did you mean "hero"\?/,
    )
  })

  it('suggests the nearest output for an unknown one', async () => {
    const site = testSite({
      files: {
        'images.yaml': manifest,
        ...page,
        'main.js': "import x from 'virtual:limn/hero@ogg'\nconsole.log(x)\n",
      },
    })
    await expect(site.build()).rejects.toThrow(
      /"hero" has no output "ogg"[\s\S]*Did you mean "og"\?/,
    )
  })

  it('explains in terms of Vite how to create a missing manifest', async () => {
    const site = testSite({ files: page })
    const { message } = await site.build().then(
      () => new Error('built'),
      (error: Error) => error,
    )
    expect(message).toMatch(/There is no images\.yaml in [\s\S]*limn init[\s\S]*limn\(\{ manifest:/)
    expect(message).not.toMatch(/ -[Cm]\b/)
  })

  it('reports the location and message of a broken manifest', async () => {
    const site = testSite({
      files: {
        'images.yaml': manifest.replace('    alt: A red mug', '    altt: A red mug'),
        ...page,
      },
    })
    await expect(site.build()).rejects.toThrow(
      /images\.yaml:12:5 Unknown key "altt"[\s\S]*Did you mean "alt"\?/,
    )
  })

  it('rejects a siteUrl that is no URL', async () => {
    const site = testSite({
      files: { 'images.yaml': manifest, ...page },
      limn: { siteUrl: 'example.com' },
    })
    await expect(site.build()).rejects.toThrow(
      /siteUrl of limn\(\) must be a URL with http or https, but it is "example\.com"[\s\S]*Write it with its protocol/,
    )
  })

  it('never generates paid images by default', async () => {
    const site = testSite({
      files: {
        'images.yaml': manifest
          .replace('provider: local', 'provider: openai')
          .replaceAll('[webp, jpeg]', '[jpeg]'),
        ...page,
      },
    })
    await expect(site.build()).rejects.toThrow('not match the manifest:')
  })
})

describe('types', () => {
  it('declares every image and selector, and is not rewritten', async () => {
    const site = testSite({ files: { 'images.yaml': manifest, ...page } })
    await site.build()
    const types = site.read('limn.d.ts')
    expect(types).toContain(
      'declare module "virtual:limn/product/mug" { const picture: import(\'@limn/vite-plugin\').Picture; export default picture }',
    )
    expect(types).toContain(
      'declare module "virtual:limn/hero@og" { const url: string; export default url }',
    )
    for (const id of [
      'virtual:limn',
      'virtual:limn/hero@hero-320.webp',
      'virtual:limn/hero?placeholder',
      'virtual:limn/hero@hero*?inline',
    ]) {
      expect(types).toContain(`declare module "${id}"`)
    }
    expect(types).not.toContain('ceramic')
    const { mtimeMs } = statSync(`${site.root}/limn.d.ts`)
    await site.build()
    expect(statSync(`${site.root}/limn.d.ts`).mtimeMs).toBe(mtimeMs)
    site.write(
      'images.yaml',
      `${manifest}  cup: { prompt: A cup, alt: A cup, outputs: [{ name: s, width: 64, height: 64, formats: [webp] }] }\n`,
    )
    await site.build()
    expect(site.read('limn.d.ts')).toContain('declare module "virtual:limn/cup@s"')
  })
})
