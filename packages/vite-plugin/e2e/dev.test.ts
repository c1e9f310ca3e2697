import { openProject } from '@limn/core'
import type { Page } from 'playwright-core'
import { expect, it, vi, describe } from 'vitest'
import { startImageServer } from '../../../fixtures/openai-server/index.ts'
import { brokenCandidates, shownPictures, useBrowser, waitFor } from './browser.ts'
import { manifest, page, testSite } from './site.ts'

const open = useBrowser()

const isWhole = (shown: { version: string; width: number }[]): boolean =>
  shown.every(({ width, version }) => width > 0 && !version.includes('draft'))

/** Sets a mark that a reload would remove. */
const mark = (tab: Page): Promise<void> =>
  tab.evaluate(() => void Object.assign(window, { marker: 'kept' }))
const marker = (tab: Page): Promise<unknown> =>
  tab.evaluate(() => (window as unknown as { marker?: string }).marker)
const overlays = (tab: Page): Promise<number> =>
  tab.evaluate(() => document.querySelectorAll('vite-error-overlay').length)

describe('dev', () => {
  it('swaps only the image whose prompt changed, without a reload', async () => {
    const site = testSite({ files: { 'images.yaml': manifest, ...page } })
    const { url } = await site.dev()
    const { page: tab, problems } = await open(url)
    const before = await waitFor(() => shownPictures(tab), isWhole)
    await mark(tab)
    const bytes = await tab.evaluate(() =>
      fetch(document.images[0]!.currentSrc)
        .then((r) => r.arrayBuffer())
        .then((b) => [...new Uint8Array(b)].join()),
    )

    site.write('images.yaml', manifest.replace('at dawn', 'at night'))
    const after = await waitFor(
      () => shownPictures(tab),
      (shown) =>
        isWhole(shown) &&
        shown[0]!.version !== before[0]!.version &&
        shown[2]!.version !== before[2]!.version,
    )
    expect(after[1]).toEqual(before[1])
    expect(after[0]!.file).toBe(before[0]!.file)
    expect(
      await tab.evaluate(() =>
        fetch(document.images[0]!.currentSrc)
          .then((r) => r.arrayBuffer())
          .then((b) => [...new Uint8Array(b)].join()),
      ),
    ).not.toBe(bytes)
    expect(await brokenCandidates(tab)).toEqual([])
    expect(await marker(tab)).toBe('kept')
    expect(problems).toEqual([])
  })

  it('follows alt text and size without requesting an image', async () => {
    const site = testSite({ files: { 'images.yaml': manifest, ...page } })
    const { url } = await site.dev()
    const { page: tab } = await open(url)
    await waitFor(() => shownPictures(tab), isWhole)
    await mark(tab)
    const lock = site.read('images.lock')
    site.write(
      'images.yaml',
      manifest
        .replace('alt: A red mug', 'alt: A mug, red')
        .replace('width: 300, height: 300', 'width: 200, height: 200'),
    )
    const after = await waitFor(
      () => shownPictures(tab),
      (shown) => shown[1]!.alt === 'A mug, red',
    )
    expect(await tab.evaluate(() => document.images[1]!.width)).toBe(200)
    expect(after).toHaveLength(3)
    expect(await marker(tab)).toBe('kept')
    const masterOf = (text: string): unknown =>
      (JSON.parse(text) as { assets: Record<string, { master: { sha256: string } }> }).assets[
        'hero'
      ]!.master.sha256
    expect(masterOf(site.read('images.lock'))).toBe(masterOf(lock))
  })

  it('shows a mistake in the overlay with its location, and removes it when it is fixed', async () => {
    const site = testSite({ files: { 'images.yaml': manifest, ...page } })
    const { url } = await site.dev()
    const { page: tab } = await open(url)
    await waitFor(() => shownPictures(tab), isWhole)
    await mark(tab)
    site.write('images.yaml', manifest.replace('    alt: A red mug', '    altt: A red mug'))
    await waitFor(
      () => overlays(tab),
      (count) => count === 1,
    )
    const text = await tab.evaluate(
      () => document.querySelector('vite-error-overlay')!.shadowRoot!.textContent,
    )
    expect(text).toMatch(/Unknown key "altt"[\s\S]*images\.yaml:12:5[\s\S]*altt: A red mug/)
    expect((await shownPictures(tab)).every(({ width }) => width > 0)).toBe(true)

    site.write('images.yaml', manifest.replace('at dawn', 'at noon'))
    await waitFor(
      () => overlays(tab),
      (count) => count === 0,
    )
    await waitFor(() => shownPictures(tab), isWhole)
    expect(await marker(tab)).toBe('kept')
  })

  it('follows included files and data files: their changes, mistakes in them, and new ones', async () => {
    const [head, heroPart, mugPart] = manifest.split(/(?=  hero:|  product\/mug:)/) as [
      string,
      string,
      string,
    ]
    const root = `${head.replace('version: 1\n', 'version: 1\ninclude: [shop/*.yaml]\n')}${heroPart}`
    const shop = `version: 1\nassets:\n${mugPart}`
    // The page is opened while an included file is broken and nothing was read. Fixing the file must work.
    const site = testSite({
      files: {
        'images.yaml': root,
        'shop/images.yaml': shop.replace('alt: A red mug', 'altt: A red mug'),
        ...page,
      },
    })
    const { url, server } = await site.dev()
    const { page: tab } = await open(url)
    await waitFor(
      () => overlays(tab),
      (count) => count === 1,
    )
    const text = await tab.evaluate(
      () => document.querySelector('vite-error-overlay')!.shadowRoot!.textContent,
    )
    expect(text).toMatch(/Unknown key "altt"[\s\S]*shop\/images\.yaml:5:5[\s\S]*altt: A red mug/)
    site.write('shop/images.yaml', shop)
    const before = await waitFor(
      () => shownPictures(tab),
      (shown) => shown.length === 3 && isWhole(shown),
    )
    expect(await overlays(tab)).toBe(0)

    await mark(tab)
    site.write(
      'shop/images.yaml',
      shop
        .replace('A red ceramic mug', 'A blue glass mug')
        .replace('alt: A red mug', 'alt: A blue mug'),
    )
    const after = await waitFor(
      () => shownPictures(tab),
      (shown) =>
        isWhole(shown) &&
        shown[1]!.alt === 'A blue mug' &&
        shown[1]!.version !== before[1]!.version,
    )
    expect(after[0]).toEqual(before[0])
    expect(await marker(tab)).toBe('kept')

    site.write(
      'shop/more.yaml',
      'version: 1\nassets:\n  cup: { prompt: A cup, alt: A cup, outputs: [{ name: s, width: 64, height: 64, formats: [webp] }] }\n',
    )
    await vi.waitFor(() => expect(site.list('images')).toContain('cup.png'), { timeout: 20_000 })
    expect(await server.ssrLoadModule('virtual:limn/cup')).toMatchObject({
      default: { alt: 'A cup' },
    })

    site.write('shop/data/cups.csv', 'slug,title\ntea,A tea cup\n')
    site.write(
      'shop/more.yaml',
      "version: 1\nassets:\n  cup: { matrix: { from: 'data/*.csv' }, prompt: '{{title}}', alt: '{{title}}', outputs: [{ name: s, width: 64, height: 64, formats: [webp] }] }\n",
    )
    await vi.waitFor(() => expect(site.list('images')).toContain('cup/tea.png'), {
      timeout: 20_000,
    })
    site.write('shop/data/cups.csv', 'slug,title\ntea,A glass of tea\n')
    site.write('shop/data/mugs.csv', 'slug,title\nred,A red mug\n')
    await vi.waitFor(() => expect(site.list('images')).toContain('cup/red.png'), {
      timeout: 20_000,
    })
    expect(await server.ssrLoadModule('virtual:limn/cup/tea')).toMatchObject({
      default: { alt: 'A glass of tea' },
    })
  })

  it('recovers a page that was opened while the manifest was broken', async () => {
    const site = testSite({
      files: { 'images.yaml': manifest.replace('version: 1', 'version: 7'), ...page },
    })
    const { url } = await site.dev()
    const { page: tab } = await open(url)
    await waitFor(
      () => overlays(tab),
      (count) => count === 1,
    )
    site.write('images.yaml', manifest)
    await waitFor(
      () => shownPictures(tab),
      (shown) => shown.length === 3 && isWhole(shown),
    )
    expect(await overlays(tab)).toBe(0)
  })

  it('shows images that the command line generated meanwhile', async () => {
    const site = testSite({
      files: { 'images.yaml': manifest, ...page },
      limn: { dev: { generate: 'never' } },
    })
    const { url } = await site.dev()
    const { page: tab } = await open(url)
    const drafts = await waitFor(
      () => shownPictures(tab),
      (shown) => shown.length === 3 && shown.every(({ width }) => width > 0),
    )
    expect(drafts.every(({ version }) => version.includes('draft'))).toBe(true)
    await mark(tab)
    await openProject({ cwd: site.root }).generate({ derive: false })
    await waitFor(() => shownPictures(tab), isWhole)
    expect(await marker(tab)).toBe('kept')
  })

  it('spends nothing by default: a paid image shows its draft', async () => {
    const server = await startImageServer()
    vi.stubEnv('OPENAI_API_KEY', 'sk-test')
    vi.stubEnv('OPENAI_BASE_URL', server.baseURL)
    const site = testSite({
      files: { 'images.yaml': manifest.replace('provider: local', 'provider: openai'), ...page },
    })
    const { url } = await site.dev()
    const { page: tab } = await open(url)
    const shown = await waitFor(
      () => shownPictures(tab),
      (seen) => seen.length === 3 && seen.every(({ width }) => width > 0),
    )
    expect(shown.every(({ version }) => version.includes('draft'))).toBe(true)
    expect(server.requests).toEqual([])
    expect(
      site.list('.').filter((path) => path.startsWith('images/') || path === 'images.lock'),
    ).toEqual([])
    vi.unstubAllEnvs()
    await server.close()
  })

  it('generates paid images up to maxCost', async () => {
    const server = await startImageServer()
    vi.stubEnv('OPENAI_API_KEY', 'sk-test')
    vi.stubEnv('OPENAI_BASE_URL', server.baseURL)
    const site = testSite({
      files: { 'images.yaml': manifest.replace('provider: local', 'provider: openai'), ...page },
      limn: { dev: { generate: 'final', maxCost: 1 } },
    })
    const { url } = await site.dev()
    const { page: tab } = await open(url)
    await waitFor(
      () => shownPictures(tab),
      (shown) => shown.length === 3 && isWhole(shown),
    )
    expect(server.requests.map(({ status }) => status)).toEqual([200, 200])
    vi.unstubAllEnvs()
    await server.close()
  })
})

describe('dev files', () => {
  it('responds with 304 to a file that the browser has, and leaves other URLs to Vite', async () => {
    const site = testSite({ files: { 'images.yaml': manifest, ...page } })
    const { url, server } = await site.dev({ base: '/sub/' })
    const first = await fetch(`${url}@limn/product/mug/square.webp`)
    expect([
      first.status,
      first.headers.get('content-type'),
      first.headers.get('cache-control'),
    ]).toEqual([200, 'image/webp', 'no-cache'])
    const etag = first.headers.get('etag')!
    expect(etag).toMatch(/^"[0-9a-f]{64}"$/)
    const again = await fetch(`${url}@limn/product/mug/square.webp`, {
      headers: { 'if-none-match': etag },
    })
    expect([again.status, (await again.arrayBuffer()).byteLength]).toEqual([304, 0])
    for (const path of [
      '@limn/nothing/x.webp',
      '@limn/product/mug/other.webp',
      '@limn/..%2f..%2fimages.yaml',
      '@limn/..%2f..%2f..%2fetc/passwd',
      '@limn/%E0%A4%A',
    ]) {
      expect(
        (await fetch(`${url}${path}`, { headers: { accept: 'image/webp' } })).status,
        path,
      ).toBe(404)
    }
    await server.close()
  })

  it('omits AVIF in dev if a preset has another format', async () => {
    const site = testSite({
      files: {
        'images.yaml': manifest.replace('formats: [webp, png]', 'formats: [avif, webp, png]'),
        ...page,
      },
    })
    const { server } = await site.dev()
    const { default: mug } = (await server.ssrLoadModule('virtual:limn/product/mug')) as {
      default: { sources: Record<string, string> }
    }
    expect(Object.keys(mug.sources)).toEqual(['webp'])
  })

  it('are at a `server.origin` that is a placeholder for a backend to replace', async () => {
    const site = testSite({
      files: { 'images.yaml': manifest, 'index.html': '<img src="limn:product/mug">' },
    })
    const { url } = await site.dev({
      server: { port: 0, host: '127.0.0.1', origin: 'http://<host>' },
    })
    const response = await fetch(url)
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('src="http://<host>/@limn/product/mug/square')
  })
})
