import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { brokenCandidates, shownPictures, useBrowser, waitFor } from './browser.ts'
import { generatedSite, manifest, vites } from './site.ts'

const open = useBrowser()

/** Returns a page with markup in its body and head. */
const pageOf = (body: string, head = ''): string =>
  `<!doctype html>\n<html lang="en">\n<head>\n  <meta charset="utf-8">\n  <title>A site</title>\n  ${head}\n</head>\n<body>\n${body}\n</body>\n</html>\n`

/** Removes the hashes of file names and the content of data URLs from markup. */
const plain = (html: string): string =>
  html
    .replace(/(assets\/[^"\s]+?)-[\w-]{8}\./g, '$1.')
    .replace(/(data:[\w/]+;base64,)[\w+/=]+/g, '$1…')

/** Returns the attributes of the elements that match a selector. */
const attributes = (tab: Page, selector: string): Promise<Record<string, string>[]> =>
  tab.evaluate(
    (at) =>
      [...document.querySelectorAll(at)].map((element) =>
        Object.fromEntries(
          [...element.attributes].map(({ name, value }) => [
            name,
            value.replace(/(data:[\w/]+;base64,)[\w+/=]+/g, '$1…').replace(/-[\w-]{8}\./g, '.'),
          ]),
        ),
      ),
    selector,
  )

/** Returns the layout shift since the page was opened; 0 for none. */
const layoutShift = (tab: Page): Promise<number> =>
  tab.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let sum = 0
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) {
            sum += (entry as unknown as { value: number }).value
          }
        }).observe({ type: 'layout-shift', buffered: true })
        setTimeout(() => resolve(sum), 200)
      }),
  )

const logo = `  logo:
    prompt: A lighthouse logo
    alt: Logo
    outputs: [favicons]
`

describe.each(vites)('pages built by Vite %s', (_, vite) => {
  it('show an image as a <picture> with everything that it needs, and no layout shift', async () => {
    const site = await generatedSite({
      vite,
      files: {
        'images.yaml': manifest,
        'index.html': pageOf(
          '<p>before</p>\n<img id=first class="wide" src="limn:hero"><img src="limn:product/mug"/><img src="limn:hero@og" alt="My own" width="300" loading="eager" style="border: 1px solid; object-fit: cover">\n<p>behind</p>',
        ),
      },
    })
    await site.build({ build: { assetsInlineLimit: 0 } })
    const { page: tab, problems } = await open(await site.preview())
    expect(await brokenCandidates(tab)).toEqual([])
    expect(await attributes(tab, 'picture source')).toEqual([
      {
        type: 'image/webp',
        srcset: '/assets/hero-hero-320.webp 320w, /assets/hero-hero-640.webp 640w',
        sizes: '(min-width: 640px) 640px, 100vw',
      },
      { type: 'image/webp', srcset: '/assets/mug-square.webp' },
    ])
    const [first, , second] = await attributes(tab, 'img')
    expect(first).toEqual({
      id: 'first',
      class: 'wide',
      src: '/assets/hero-hero-640.jpg',
      srcset: '/assets/hero-hero-320.jpg 320w, /assets/hero-hero-640.jpg 640w',
      sizes: '(min-width: 640px) 640px, 100vw',
      width: '640',
      height: '360',
      alt: 'A lighthouse',
      loading: 'lazy',
      decoding: 'async',
      style: '',
      onload: "this.style.background=''",
    })
    expect(second).toMatchObject({
      src: '/assets/hero-og.jpg',
      alt: 'My own',
      width: '300',
      height: '158',
      loading: 'eager',
      style: expect.stringMatching(/^border: 1px solid; object-fit: cover;?$/) as string,
    })
    expect(plain(site.read('dist/index.html'))).toContain(
      `style="background:url(data:image/png;base64,…) center/cover no-repeat"`,
    )
    expect((await shownPictures(tab)).map(({ file }) => file.replace(/-[\w-]{8}\./, '.'))).toEqual([
      '/assets/hero-hero-640.webp',
      '/assets/mug-square.webp',
      '/assets/hero-og.jpg',
    ])
    expect(await layoutShift(tab)).toBe(0)
    expect(problems).toEqual([])
  })

  it('choose the candidate for the width of the window', async () => {
    const site = await generatedSite({
      vite,
      files: {
        'images.yaml': manifest.replace('widths: [320, 640]', 'widths: [320, 640, 1280]'),
        'index.html': pageOf('<img src="limn:hero" loading="eager">'),
      },
    })
    await site.build({ build: { assetsInlineLimit: 0 } })
    const url = await site.preview()
    const chosen: string[] = []
    for (const width of [300, 600, 1300]) {
      const { page: tab } = await open('about:blank')
      await tab.setViewportSize({ width, height: 600 })
      await tab.goto(url, { waitUntil: 'networkidle' })
      chosen.push((await shownPictures(tab))[0]!.file.replace(/-[\w-]{8}\./, '.'))
    }
    expect(chosen).toEqual([
      '/assets/hero-hero-320.webp',
      '/assets/hero-hero-640.webp',
      '/assets/hero-hero-1280.webp',
    ])
  })

  it('replace references in every attribute that can contain a URL', async () => {
    const body = `<video poster="limn:hero@og"></video>
<a href="limn:hero@og">large</a>
<img alt="" srcset="limn:hero@hero-320.webp 1x, limn:hero@hero-640.webp 2x, /own.png 3x" src="limn:hero@hero-320.jpg">
<img alt="" srcset="limn:hero@hero.webp" src="/own.png">
<svg><image href="limn:product/mug@square.png"/></svg>
<input type="image" alt="" src="limn:product/mug">
<template><img src="limn:product/mug"></template>
<noscript><img src="limn:hero@og"></noscript>
<div style="color: red; background: url(limn:hero@og)">limn:hero stays text</div>
<p title="limn:hero">x</p>`
    const site = await generatedSite({
      vite,
      files: {
        'images.yaml': manifest,
        'index.html': pageOf(
          body,
          '<style>body { background: url("limn:hero@hero-640.jpg") }</style>',
        ),
      },
    })
    await site.build({ build: { assetsInlineLimit: 0 } })
    const html = plain(site.read('dist/index.html'))
    expect(html).toContain('<video poster="/assets/hero-og.jpg">')
    expect(html).toContain('<a href="/assets/hero-og.jpg">')
    expect(html).toContain(
      'srcset="/assets/hero-hero-320.webp 1x, /assets/hero-hero-640.webp 2x, /own.png 3x" src="/assets/hero-hero-320.jpg"',
    )
    expect(html).toContain(
      'srcset="/assets/hero-hero-320.webp 320w, /assets/hero-hero-640.webp 640w" src="/own.png"',
    )
    expect(html).toContain('<image href="/assets/mug-square.png"/>')
    expect(html).toContain('<input type="image" alt="" src="/assets/mug-square.png">')
    expect(html).toMatch(
      /<template><picture[^>]*><source type="image\/webp" srcset="\/assets\/mug-square\.webp"><img src="\/assets\/mug-square\.png"/,
    )
    expect(html).toMatch(/<noscript><img src="\/assets\/hero-og\.jpg"/)
    expect(html).toMatch(
      /<div style="[^"]*url\(\/assets\/hero-og\.jpg\)[^"]*">limn:hero stays text/,
    )
    expect(html).toContain('<p title="limn:hero">')
    expect(html).toMatch(/<style>[^<]*url\(["']?\/assets\/hero-hero-640\.jpg/)
  })

  it('inline a small file unless it is one of several candidates', async () => {
    const candidates =
      '<img src="limn:hero"><img alt="" srcset="limn:hero@hero-320.webp 1x, limn:hero@hero-640.webp 2x" src="limn:hero@hero-320.jpg"><picture><source media="(max-width: 30rem)" srcset="limn:product/mug@square.webp"><img src="limn:hero@og"></picture>'
    const site = await generatedSite({
      vite,
      files: {
        'images.yaml': manifest,
        'index.html': pageOf(candidates),
        'lone.html': pageOf('<img src="limn:hero@og">'),
      },
    })
    await site.build({
      build: {
        assetsInlineLimit: 1_000_000,
        rollupOptions: { input: [`${site.root}/index.html`, `${site.root}/lone.html`] },
      },
    })
    expect(plain(site.read('dist/index.html'))).not.toMatch(/(?:src|srcset)="data:/)
    expect(plain(site.read('dist/lone.html'))).toContain('<img src="data:image/jpeg;base64,…"')
  })

  it('keep the srcset and sources that the page has itself', async () => {
    const site = await generatedSite({
      vite,
      files: {
        'images.yaml': manifest,
        'index.html': pageOf(
          '<picture class="p"><source media="(max-width: 30rem)" srcset="limn:product/mug"><img src="limn:hero" sizes="50vw" fetchpriority="high"></picture>',
        ),
      },
    })
    await site.build({ build: { assetsInlineLimit: 0 } })
    const { page: tab, problems } = await open(await site.preview())
    expect(await attributes(tab, 'picture, source, img')).toEqual([
      { class: 'p' },
      {
        media: '(max-width: 30rem)',
        type: 'image/webp',
        srcset: '/assets/mug-square.webp',
        width: '300',
        height: '300',
      },
      {
        media: '(max-width: 30rem)',
        srcset: '/assets/mug-square.png',
        width: '300',
        height: '300',
      },
      {
        type: 'image/webp',
        srcset: '/assets/hero-hero-320.webp 320w, /assets/hero-hero-640.webp 640w',
        sizes: '50vw',
      },
      expect.objectContaining({
        src: '/assets/hero-hero-640.jpg',
        sizes: '50vw',
        fetchpriority: 'high',
        loading: 'eager',
      }),
    ])
    expect(problems).toEqual([])
  })

  it('link a full set of icons and a web app manifest', async () => {
    const site = await generatedSite({
      vite,
      files: {
        'images.yaml': manifest + logo,
        'index.html': pageOf('', '<link rel="icon" href="limn:logo@favicon">'),
      },
    })
    await site.build()
    const url = await site.preview()
    const { page: tab, problems } = await open(url)
    expect(await attributes(tab, 'link')).toEqual([
      {
        rel: 'icon',
        href: '/assets/logo-favicon.ico',
        type: 'image/x-icon',
        sizes: '16x16 32x32 48x48',
      },
      ...[16, 32, 48].map((size) => ({
        rel: 'icon',
        type: 'image/png',
        sizes: `${size}x${size}`,
        href: `/assets/logo-favicon-${size}.png`,
      })),
      { rel: 'apple-touch-icon', sizes: '180x180', href: '/assets/logo-apple_touch_icon.png' },
      {
        rel: 'manifest',
        href: expect.stringMatching(/^\/assets\/manifest.*\.webmanifest$/) as string,
      },
    ])
    const manifestUrl = new URL(
      await tab.evaluate(() => document.querySelector<HTMLLinkElement>('link[rel=manifest]')!.href),
    )
    const { name, icons } = (await (await fetch(manifestUrl)).json()) as {
      name: string
      icons: { src: string; sizes: string; purpose: string }[]
    }
    expect([name, icons.map(({ sizes, purpose }) => `${sizes} ${purpose}`)]).toEqual([
      'A site',
      ['192x192 any', '512x512 any', '512x512 maskable'],
    ])
    for (const { src } of icons) {
      expect((await fetch(new URL(src, manifestUrl))).headers.get('content-type')).toBe('image/png')
    }
    expect(problems).toEqual([])
  })

  it('add icons to the manifest of the site', async () => {
    const site = await generatedSite({
      vite,
      files: {
        'images.yaml': manifest + logo,
        'index.html': pageOf(
          '',
          '<link rel="manifest" href="/site.webmanifest"><link rel="apple-touch-icon" href="/own.png"><link rel="icon" href="limn:logo@favicon">',
        ),
        'public/site.webmanifest': '{ "name": "Own", "start_url": "." }',
        'public/own.png': 'x',
      },
    })
    await site.build()
    const html = site.read('dist/index.html')
    expect(
      [...html.matchAll(/rel="(?:manifest|apple-touch-icon)" href="([^"]+)"/g)].map(
        ([, href]) => href,
      ),
    ).toEqual(['/site.webmanifest', '/own.png'])
    const built = JSON.parse(site.read('dist/site.webmanifest')) as {
      name: string
      start_url: string
      icons: { src: string }[]
    }
    expect([built.name, built.start_url, built.icons.length]).toEqual(['Own', '.', 3])
    for (const { src } of built.icons) expect(site.list('dist')).toContain(src)
  })

  it.each([
    ['/', 'https://example.com', 'https://example.com/assets/'],
    ['/sub/', 'https://example.com/', 'https://example.com/sub/assets/'],
    ['./', 'https://example.com/sub', 'https://example.com/sub/assets/'],
    ['https://cdn.example.net/x/', 'https://example.com', 'https://cdn.example.net/x/assets/'],
  ])('use absolute URLs for other sites: base %s, site %s', async (base, siteUrl, expected) => {
    const head =
      '<meta property="og:image" content="limn:hero"><meta property="og:image:alt" content="Own words"><meta name="twitter:image" content="limn:hero@hero-640.jpg">'
    const site = await generatedSite({
      vite,
      limn: { siteUrl },
      files: { 'images.yaml': manifest, 'deep/index.html': pageOf('', head) },
    })
    await site.build({ base, build: { rollupOptions: { input: `${site.root}/deep/index.html` } } })
    const metas = [
      ...plain(site.read('dist/deep/index.html')).matchAll(
        /<meta (?:property|name)="([^"]+)" content="([^"]+)">/g,
      ),
    ].map(([, name, content]) => [name, content])
    expect(metas).toEqual([
      ['og:image', `${expected}hero-og.jpg`],
      ['og:image:width', '600'],
      ['og:image:height', '315'],
      ['og:image:alt', 'Own words'],
      ['twitter:image', `${expected}hero-hero-640.jpg`],
      ['twitter:image:alt', 'A lighthouse'],
    ])
    expect(site.read('dist/deep/index.html')).toContain(
      site
        .list('dist/assets')
        .find((path) => path.includes('og-'))!
        .replace('dist/', ''),
    )
  })

  it('warn that an image for other sites needs siteUrl', async () => {
    const site = await generatedSite({
      vite,
      files: {
        'images.yaml': manifest,
        'index.html': pageOf('', '<meta property="og:image" content="limn:hero">'),
      },
    })
    const warnings: string[] = []
    await site.build({ logLevel: 'warn', customLogger: { ...silentLogger(warnings) } })
    expect(warnings.join('\n')).toMatch(/index\.html has a picture for other sites[\s\S]*siteUrl/)
    expect(plain(site.read('dist/index.html'))).toContain('content="/assets/hero-og.jpg"')
  })

  it('warn once about the outputs of each preset that are larger than their picture', async () => {
    const asset = (name: string, output: string): string =>
      `  ${name}: { prompt: A boat, size: 256x256, alt: x, outputs: [{ name: s, ${output}, formats: [webp, png] }] }\n`
    const site = await generatedSite({
      vite,
      files: {
        'images.yaml': `version: 1\nprovider: local\nassets:\n${[
          asset('cover', 'width: 1024, height: 1024'),
          asset('whole', 'width: 640, height: 512, fit: contain'),
          asset('several', 'width: 384, widths: [96, 192, 384], height: 384'),
          asset('small', 'width: 80, height: 80'),
        ].join('')}`,
        'index.html': pageOf(
          ['cover', 'whole', 'several', 'small'].map((name) => `<img src="limn:${name}">`).join(''),
        ),
      },
    })
    const warnings: string[] = []
    await site.build({ logLevel: 'warn', customLogger: { ...silentLogger(warnings) } })
    const enlarged = warnings.filter((line) => line.includes('scaled up')).map(plain)
    expect([...new Set(enlarged)].sort()).toEqual([
      '[limn] cover: s is scaled up 4.0× from 256x256. Set a larger `size`, or use a model that supports one.',
      '[limn] several: s is scaled up 1.5× from 256x256. Set a larger `size`, or use a model that supports one.',
      '[limn] whole: s is scaled up 2.0× from 256x256. Set a larger `size`, or use a model that supports one.',
    ])
  })

  it('suggest the nearest asset for an unknown one, with file and line', async () => {
    const site = await generatedSite({
      vite,
      files: {
        'images.yaml': manifest,
        'index.html': pageOf('<p>a</p>\n  <img src="limn:heroo">'),
      },
    })
    await expect(site.build()).rejects.toThrow(
      /There is no asset "heroo"[\s\S]*Did you mean "hero"\?/,
    )
    await expect(site.build()).rejects.toThrow(
      expect.objectContaining({ message: expect.stringContaining('index.html') as string }),
    )
  })

  it('show their images under a policy that forbids scripts in attributes', async () => {
    const site = await generatedSite({
      vite,
      files: { 'images.yaml': manifest, 'index.html': pageOf('<img src="limn:hero">') },
    })
    await site.build({ html: { cspNonce: 'abc' } })
    expect(site.read('dist/index.html')).not.toContain('onload')
  })

  it('resolve their images from any folder with a relative base', async () => {
    const site = await generatedSite({
      vite,
      files: {
        'images.yaml': manifest,
        'index.html': pageOf('<img src="limn:hero">'),
        'deep/page.html': pageOf(
          '<img src="limn:hero" loading="eager"><video poster="limn:product/mug"></video>',
        ),
      },
    })
    await site.build({
      base: './',
      build: {
        outDir: 'dist/some/where',
        assetsInlineLimit: 0,
        rollupOptions: { input: [`${site.root}/index.html`, `${site.root}/deep/page.html`] },
      },
    })
    const { page: tab, problems } = await open(
      `${await site.preview({ base: '/', build: { outDir: 'dist' } })}some/where/deep/page.html`,
    )
    expect(await brokenCandidates(tab)).toEqual([])
    expect(await attributes(tab, 'video')).toEqual([{ poster: '../assets/mug-square.png' }])
    expect(problems).toEqual([])
  })

  it('pass every URL to renderBuiltUrl', async () => {
    const site = await generatedSite({
      vite,
      limn: { siteUrl: 'https://example.com' },
      files: {
        'images.yaml': manifest,
        'index.html': pageOf(
          '<img src="limn:hero">',
          '<meta property="og:image" content="limn:hero">',
        ),
      },
    })
    await site.build({
      build: { assetsInlineLimit: 0 },
      experimental: { renderBuiltUrl: (file) => `https://pics.example.org/${file}` },
    })
    const urls = [...site.read('dist/index.html').matchAll(/[^\s"]+\.(?:webp|jpg)/g)].map(
      ([url]) => url,
    )
    expect(urls.length).toBe(6)
    for (const url of urls) expect(url).toMatch(/^https:\/\/pics\.example\.org\/assets\//)
  })
})

/** Creates a logger that collects warnings only. */
function silentLogger(warnings: string[]) {
  const warn = (message: string): void => void warnings.push(message)
  return {
    info: () => {},
    warn,
    warnOnce: warn,
    error: () => {},
    clearScreen: () => {},
    hasErrorLogged: () => false,
    hasWarned: false,
  }
}

describe.each(vites)('pages on the dev server of Vite %s', (_, vite) => {
  it('show their images and swap them without a reload', async () => {
    const site = await generatedSite({
      vite,
      files: {
        'images.yaml': manifest,
        'index.html': pageOf(
          '<img src="limn:hero" loading="eager"><img src="limn:product/mug" loading="eager"><div style="background: url(limn:hero@og)"></div><a href="/@limn/100%/x?v=1">no name</a>',
          '<link rel="icon" href="limn:product/mug"><style>body { background: url("limn:hero@hero-640.jpg") }</style>',
        ),
      },
    })
    const { url } = await site.dev({ base: '/sub/' })
    const { page: tab, problems } = await open(url)
    const isWhole = (shown: { version: string; width: number }[]): boolean =>
      shown.length === 2 &&
      shown.every(({ version, width }) => width > 0 && !version.includes('draft'))
    const before = await waitFor(() => shownPictures(tab), isWhole)
    expect(before.map(({ file, alt }) => [file, alt])).toEqual([
      ['/sub/@limn/hero/hero-640.webp', 'A lighthouse'],
      ['/sub/@limn/product/mug/square.webp', 'A red mug'],
    ])
    expect((await attributes(tab, 'link[rel=icon]'))[0]!['href']).toMatch(
      /^\/sub\/@limn\/product\/mug\/square\.png\?v=/,
    )
    expect((await attributes(tab, 'div'))[0]!['style']).toMatch(
      /url\(\/sub\/@limn\/hero\/og\.jpg\?v=/,
    )
    const background = (selector: string): Promise<string> =>
      tab.evaluate((at) => getComputedStyle(document.querySelector(at)!).backgroundImage, selector)
    const backgrounds = [await background('div'), await background('body')]
    await tab.evaluate(() => void Object.assign(window, { marker: 'kept' }))
    site.write(
      'images.yaml',
      manifest.replace('at dawn', 'at night').replace('alt: A lighthouse', 'alt: At night'),
    )
    const after = await waitFor(
      () => shownPictures(tab),
      (shown) =>
        isWhole(shown) && shown[0]!.version !== before[0]!.version && shown[0]!.alt === 'At night',
    )
    expect(after[1]).toEqual(before[1])
    await waitFor(
      async () => [await background('div'), await background('body')],
      (now) => now.every((text, at) => text !== backgrounds[at] && !text.includes('draft')),
    )
    expect(await brokenCandidates(tab)).toEqual([])
    expect(await tab.evaluate(() => (window as unknown as { marker?: string }).marker)).toBe('kept')
    expect(problems).toEqual([])
  })

  it('show a mistake with its location, and recover when it is fixed', async () => {
    const site = await generatedSite({
      vite,
      files: {
        'images.yaml': manifest,
        'index.html': pageOf('<p>a</p>\n  <img src="limn:new" loading="eager">'),
      },
    })
    const { url } = await site.dev()
    const { page: tab } = await open(url)
    const overlay = await waitFor(
      () =>
        tab.evaluate(
          () => document.querySelector('vite-error-overlay')?.shadowRoot?.textContent ?? '',
        ),
      (text) => text !== '',
    )
    expect(overlay).toMatch(
      /There is no asset "new"[\s\S]*index\.html:10:13[\s\S]*<img src="limn:new"/,
    )
    site.write(
      'images.yaml',
      `${manifest}  new: { prompt: A boat, alt: A boat, outputs: [{ name: s, width: 64, height: 64, formats: [webp] }] }\n`,
    )
    const shown = await waitFor(
      () => shownPictures(tab),
      (seen) => seen.length === 1 && seen[0]!.width > 0,
    )
    expect(shown[0]!.alt).toBe('A boat')
  })
})
