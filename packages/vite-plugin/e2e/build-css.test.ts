import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import tailwindcss from '@tailwindcss/vite'
import type { Logger } from 'vite'
import { describe, expect, it } from 'vitest'
import { useBrowser, waitFor } from './browser.ts'
import { generatedSite, manifest, vites } from './site.ts'

const open = useBrowser()

const index =
  '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>site</title></head><body><div class="a"></div><script type="module" src="/main.js"></script></body></html>'

/** A style with an unknown asset in its second line. */
const wrong = 'body { margin: 0 }\n.a { background: url("~limn/heroo@og") }\n'

/** Creates a logger that collects warnings and errors only. */
function collectingLogger(lines: string[]): Logger {
  const keep = (message: string): void => void lines.push(message)
  return {
    info: () => {},
    warn: keep,
    warnOnce: keep,
    error: keep,
    clearScreen: () => {},
    hasErrorLogged: () => false,
    hasWarned: false,
  }
}

/** Returns every image file in the built styles, including inline ones. */
function shownIn(text: string): string[] {
  return [...text.matchAll(/url\(["']?([^"')]+)["']?\)/g)].map(([, url]) =>
    url!.replace(/-[\w-]{8}\./, '.'),
  )
}

describe.each(vites)('styles with Vite %s', (_, vite) => {
  it.each(['postcss', 'lightningcss'] as const)(
    'contain images as hashed files: %s',
    async (transformer) => {
      const site = await generatedSite({
        vite,
        files: {
          'images.yaml': manifest,
          'index.html': index,
          'main.js':
            "import './a.css'\nimport module from './b.module.css'\nimport './deep/c.scss'\ndocument.title = module.b\n",
          'a.css':
            '@import "./sub/imported.css";\n.a { background: url("~limn/hero@hero-640.webp") }\n.set { background: image-set("~limn/hero@hero-320.webp" 1x, url(~limn/hero@hero-640.webp) 2x) }\n',
          'sub/imported.css': ".i { background: url('~limn/product/mug@square.png') }\n",
          'b.module.css': '.b { background: url(limn:hero@og) }\n',
          'deep/c.scss':
            '@use "../sub/part";\n.c { .d & { background: url(~limn/hero@hero.jpg) } }\n',
          'sub/_part.scss': '.p { background: url("~limn/product/mug@square") }\n',
        },
      })
      await site.build({ css: { transformer }, build: { assetsInlineLimit: 0 } })
      const css = site.read(`dist/${site.list('dist').find((path) => path.endsWith('.css'))}`)
      expect(css).not.toContain('limn/')
      expect(new Set(shownIn(css))).toEqual(
        new Set([
          '/assets/hero-hero-640.webp',
          '/assets/mug-square.png',
          '/assets/hero-og.jpg',
          '/assets/hero-hero-640.jpg',
          ...(css.includes('image-set(url') ? ['/assets/hero-hero-320.webp'] : []),
        ]),
      )
      expect(
        site
          .list('dist')
          .filter((path) => /\.(?:webp|jpg|png)$/.test(path))
          .map((path) => path.replace(/-[\w-]{8}\./, '.')),
      ).toEqual([
        'assets/hero-hero-320.webp',
        'assets/hero-hero-640.jpg',
        'assets/hero-hero-640.webp',
        'assets/hero-og.jpg',
        'assets/mug-square.png',
      ])
    },
  )

  it.each(['postcss', 'lightningcss'] as const)(
    'contain images from Less and Stylus and their imports, without a warning: %s',
    async (transformer) => {
      const site = await generatedSite({
        vite,
        files: {
          'images.yaml': manifest,
          'index.html': index,
          'main.js':
            "import './less/a.less'\nimport './stylus/b.styl'\nimport module from './stylus/c.module.styl'\ndocument.title = module.c\n",
          'less/a.less':
            "@import '../sub/part';\n@image: '~limn/hero@og';\n.a { background: url('@{image}'); .in { background: url(~limn/hero@hero-320.jpg) } }\n",
          'sub/part.less': '.p { background: url("~limn/product/mug@square.png") }\n',
          'stylus/b.styl':
            "@import '../sub/other'\n.b\n  background url('~limn/hero@hero-640.webp')\n",
          'sub/other.styl': '.o\n  background url("limn:product/mug@square.webp")\n',
          'stylus/c.module.styl': ".c\n  background url('~limn/hero@hero.jpg')\n",
        },
      })
      const lines: string[] = []
      await site.build({
        css: { transformer },
        build: { assetsInlineLimit: 0 },
        customLogger: collectingLogger(lines),
      })
      const css = site.read(`dist/${site.list('dist').find((path) => path.endsWith('.css'))}`)
      expect(new Set(shownIn(css))).toEqual(
        new Set([
          '/assets/hero-og.jpg',
          '/assets/hero-hero-320.jpg',
          '/assets/mug-square.png',
          '/assets/hero-hero-640.webp',
          '/assets/mug-square.webp',
          '/assets/hero-hero-640.jpg',
        ]),
      )
      // Rolldown warns of slow plugins, which a busy machine causes.
      expect(lines.filter((line) => !line.includes('PLUGIN_TIMINGS'))).toEqual([])
    },
  )

  it('inline small images as Vite does', async () => {
    const site = await generatedSite({
      vite,
      files: {
        'images.yaml': manifest,
        'index.html': index,
        'main.js': "import './a.css'\n",
        'a.css':
          '.a { background: url("~limn/hero@hero-320.webp") }\n.b { background: url("~limn/hero@hero-320.webp?no-inline") }\n.c { background: url("~limn/hero@og?inline") }\n',
      },
    })
    await site.build({
      build: { assetsInlineLimit: (file) => file.endsWith('hero-hero-320.webp') },
    })
    const css = site.read(`dist/${site.list('dist').find((path) => path.endsWith('.css'))}`)
    expect(css).toMatch(/\.a\{background:url\(["']?data:image\/webp;base64,/)
    expect(css).toMatch(/\.b\{background:url\(\/assets\/hero-hero-320-[\w-]{8}\.webp\)/)
    expect(css).toMatch(/\.c\{background:url\(["']?data:image\/jpeg;base64,/)
  })

  it.each([
    ['a.css', { 'a.css': wrong }, 'a.css', 'postcss'],
    ['a.css', { 'a.css': wrong }, 'a.css', 'lightningcss'],
    [
      'what a.css imports',
      { 'a.css': '@import "./sub/i.css";\n', 'sub/i.css': wrong },
      'sub/i.css',
      'postcss',
    ],
    [
      'what a.css imports',
      { 'a.css': '@import "./sub/i.css";\n', 'sub/i.css': wrong },
      'sub/i.css',
      'lightningcss',
    ],
    [
      'a partial next to a.scss',
      { 'a.scss': "@use 'part';\n", '_part.scss': wrong },
      '_part.scss',
      'postcss',
    ],
    [
      'a partial far from a.scss',
      { 'a.scss': "@use 'sub/part';\n", 'sub/_part.scss': wrong },
      'sub/_part.scss',
      'postcss',
    ],
    [
      'what a.less imports',
      { 'a.less': "@import 'sub/part';\n", 'sub/part.less': wrong },
      'sub/part.less',
      'postcss',
    ],
    [
      'what a.styl imports',
      { 'a.styl': "@import 'sub/part'\n", 'sub/part.styl': wrong },
      'sub/part.styl',
      'postcss',
    ],
  ] as const)(
    'suggest the nearest asset for an unknown one in %s, with file, line and column',
    async (_, files, place, transformer) => {
      const site = await generatedSite({
        vite,
        files: {
          'images.yaml': manifest,
          'index.html': index,
          'main.js': `import './${Object.keys(files)[0]!}'\n`,
          ...files,
        },
      })
      const { message } = await site.build({ css: { transformer } }).then(
        () => new Error('built'),
        (error: Error) => error,
      )
      expect(message).toMatch(/There is no asset "heroo"[\s\S]*Did you mean "hero"\?/)
      expect(message).toContain(`${place}:2:23`)
      expect(message).not.toMatch(/undefined|NaN/)
    },
  )
})

it('uses the same file as modules, encoded once, and removes copies that no build uses', async () => {
  const site = await generatedSite({
    isCut: false,
    files: {
      'images.yaml': manifest.replace(
        'name: square, width: 300, height: 300, formats: [webp, png]',
        'name: square, width: 300, height: 200, fit: inside, formats: [png]',
      ),
      'index.html': index,
      'main.js':
        "import './a.css'\nimport url from 'virtual:limn/product/mug@square'\ndocument.title = url\n",
      'a.css': '.a { background: url("~limn/product/mug@square") }\n',
    },
  })
  const yesterday = new Date(Date.now() - 2 * 24 * 60 * 60_000)
  site.write('node_modules/.cache/limn/named/0123456789abcdef/old.png', 'old')
  utimesSync(
    join(site.root, 'node_modules/.cache/limn/named/0123456789abcdef'),
    yesterday,
    yesterday,
  )
  await site.build({ build: { assetsInlineLimit: 0 } })
  expect(site.list('node_modules/.cache/limn/outputs')).toHaveLength(1)
  expect(site.list('dist').filter((path) => path.endsWith('.png'))).toHaveLength(1)
  expect(site.list('node_modules/.cache/limn/named')).toEqual([
    expect.stringMatching(/^[0-9a-f]{16}\/mug-square\.png$/),
  ])
})

it('shows images in arbitrary values of Tailwind', async () => {
  const site = await generatedSite({
    files: {
      'images.yaml': manifest,
      'index.html': index.replace(
        'class="a"',
        'class="bg-[url(~limn/hero@og)] md:bg-[url(\'~limn/hero@hero-640.webp\')]"',
      ),
      'main.js': "import './a.css'\n",
      'a.css': '@import "tailwindcss";\n',
    },
  })
  const config = site.config()
  await site.build({ plugins: [config.plugins, tailwindcss()] })
  const css = site.read(`dist/${site.list('dist').find((path) => path.endsWith('.css'))}`)
  expect(shownIn(css)).toEqual(
    expect.arrayContaining(['/assets/hero-og.jpg', '/assets/hero-hero-640.webp']),
  )
})

describe.each(vites)('styles on the dev server of Vite %s', (_, vite) => {
  it('show images from Sass, Less, Stylus and their partials, and follow the manifest without a reload', async () => {
    const site = await generatedSite({
      vite,
      files: {
        'images.yaml': manifest,
        'index.html': index,
        'main.js': "import './css/a.scss'\nimport './css/b.less'\nimport './css/c.styl'\n",
        'css/a.scss':
          "@use '../other/part';\n.a { width: 300px; height: 300px; background: url('~limn/hero@og') }\n",
        'other/_part.scss': "body { background: url('~limn/product/mug@square.webp') }\n",
        'css/b.less': "@import '../other/less';\n",
        'other/less.less': ".a::before { background: url('~limn/hero@hero-320.jpg') }\n",
        'css/c.styl': "@import '../other/stylus'\n",
        'other/stylus.styl': "html\n  background url('~limn/hero@hero-640.webp')\n",
      },
    })
    const { url } = await site.dev({ base: '/sub/' })
    const { page, problems } = await open(url)
    const backgrounds = (): Promise<string[]> =>
      page.evaluate(() =>
        [['.a'], ['.a', '::before'], ['html'], ['body']].map(
          ([at, pseudo]) => getComputedStyle(document.querySelector(at!)!, pseudo).backgroundImage,
        ),
      )
    const files = [
      'hero/og.jpg',
      'hero/hero-320.jpg',
      'hero/hero-640.webp',
      'product/mug/square.webp',
    ]
    const areFinal = (now: string[]): boolean =>
      now.every((text, at) => {
        const [path, version] = /\/sub\/@limn\/([^"]+)"/.exec(text)?.[1]?.split('?') ?? []
        return path === files[at] && /^(?:t=\d+&)?v=[0-9a-f]{12}(?:&t=\d+)?$/.test(version ?? '')
      })
    const before = await waitFor(backgrounds, areFinal)
    expect(
      await page.evaluate(
        (text) => fetch(text.slice(5, -2)).then(({ headers }) => headers.get('content-type')),
        before[0]!,
      ),
    ).toBe('image/jpeg')
    await page.evaluate(() => void Object.assign(window, { marker: 'kept' }))
    site.write('images.yaml', manifest.replace('at dawn', 'at night'))
    const after = await waitFor(
      backgrounds,
      (now) => areFinal(now) && now.slice(0, 3).every((text, at) => text !== before[at]),
    )
    expect(after[3]!.replace(/&t=\d+/, '')).toBe(before[3])
    expect(await page.evaluate(() => (window as unknown as { marker?: string }).marker)).toBe(
      'kept',
    )
    expect(problems).toEqual([])
  })

  it('report where a style contains an unknown asset, and recover when it is fixed', async () => {
    const site = await generatedSite({
      vite,
      files: {
        'images.yaml': manifest,
        'index.html': index,
        'main.js': "import './a.css'\n",
        'a.css': wrong.replace('heroo', 'hero'),
      },
    })
    const { url } = await site.dev()
    const { page } = await open(url)
    const background = (): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.querySelector('.a')!).backgroundImage)
    await waitFor(background, (text) => /\/@limn\/hero\/og\.jpg\?v=/.test(text))
    site.write('a.css', wrong)
    const overlay = await waitFor(
      () =>
        page.evaluate(
          () => document.querySelector('vite-error-overlay')?.shadowRoot?.textContent ?? '',
        ),
      (text) => text !== '',
    )
    expect(overlay).toMatch(
      /There is no asset "heroo"[\s\S]*a\.css:2:23[\s\S]*url\("~limn\/heroo@og"\)/,
    )
    site.write('a.css', wrong.replace('heroo@og', 'product/mug@square.png'))
    await waitFor(background, (text) => /\/@limn\/product\/mug\/square\.png\?v=/.test(text))
    expect(await page.evaluate(() => document.querySelector('vite-error-overlay'))).toBeNull()
  })
})
