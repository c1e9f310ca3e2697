import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { layoutShift, useBrowser, waitFor } from './browser.ts'
import { testSite } from './site.ts'

const open = useBrowser()

const manifest = `version: 1
provider: local
assets:
  hero:
    prompt: A lighthouse at dawn over a calm sea
    alt: A lighthouse
    outputs: [{ preset: hero, widths: [320, 640, 1280], formats: [webp, jpeg] }]
`

const htmlWith = (picture: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>facts</title>
<style>body { margin: 0 } img { display: block; width: 100%; height: auto }</style></head>
<body>${picture}<p>Text below a picture keeps its position.</p></body></html>`

/** Opens a page whose images arrive after everything else is rendered. */
async function openSlowly(url: string): Promise<Page> {
  const { page } = await open('about:blank')
  let letThrough = (): void => {}
  const isDrawn = new Promise<void>((resolve) => (letThrough = resolve))
  await page.route(/\.(?:webp|jpg)/, async (route) => {
    await isDrawn
    await route.continue()
  })
  await page.goto(url, { waitUntil: 'domcontentloaded' })
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  )
  letThrough()
  await waitFor(
    () => page.evaluate(() => document.images[0]!.complete && document.images[0]!.naturalWidth > 0),
    (isThere) => isThere,
  )
  return page
}

describe('a built page', () => {
  it('has no layout shift when an image loads late, unlike without its size', async () => {
    const site = testSite({
      files: {
        'images.yaml': manifest,
        'index.html': htmlWith('<img src="limn:hero" loading="eager">'),
      },
    })
    await site.build()
    const url = await site.preview()
    expect(await layoutShift(await openSlowly(url))).toBe(0)
    site.write(
      'dist/index.html',
      site
        .read('dist/index.html')
        .replace(/ (?:width|height)="\d+"/g, '')
        .replace(/aspect-ratio:[^;"]+;?/g, ''),
    )
    expect(await layoutShift(await openSlowly(url))).toBeGreaterThan(0)
  })

  it.each([
    [300, 'hero-hero-320'],
    [600, 'hero-hero-640'],
    [1200, 'hero-hero-1280'],
  ])('loads the file that fits a viewport of %i px', async (width, expected) => {
    const site = testSite({
      files: {
        'images.yaml': manifest,
        'index.html': htmlWith('<img src="limn:hero" sizes="100vw" loading="eager">'),
      },
    })
    await site.build()
    const { page } = await open('about:blank')
    await page.setViewportSize({ width, height: 800 })
    await page.goto(await site.preview())
    const src = await waitFor(
      () => page.evaluate(() => document.images[0]!.currentSrc),
      (current) => current !== '',
    )
    expect(src).toContain(`/${expected}-`)
    expect(src).toMatch(/\.webp$/)
  })
})
