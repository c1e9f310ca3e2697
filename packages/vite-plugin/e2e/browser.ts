import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, onTestFinished, vi } from 'vitest'
import { launchBrowser } from '../../../fixtures/browser.ts'

/** An open page with its errors. */
export type OpenPage = { page: Page; problems: string[] }

/** Launches one browser for a test file. @returns a function that opens a page at a URL */
export function useBrowser(): (url: string) => Promise<OpenPage> {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser.close())
  return async (url) => {
    const page = await browser.newPage()
    onTestFinished(() => page.close())
    const problems: string[] = []
    page.on('pageerror', (error) => problems.push(`error: ${error.message}`))
    page.on('console', (message) => {
      // Frameworks only warn of a difference between server-rendered markup and their own.
      const isMismatch = message.type() === 'warning' && /hydrat|mismatch/i.test(message.text())
      if (message.type() === 'error' || isMismatch) problems.push(`console: ${message.text()}`)
    })
    page.on('response', (response) => {
      if (response.status() >= 400 && !response.url().endsWith('favicon.ico')) {
        problems.push(`${response.status()}: ${response.url()}`)
      }
    })
    // A dev server may have to bundle a framework's packages first.
    await page.goto(url, { waitUntil: 'networkidle', timeout: 120_000 })
    return { page, problems }
  }
}

/** Waits until a value satisfies a condition, at most 60 s. @returns the value */
export async function waitFor<T>(
  read: () => Promise<T> | T,
  condition: (value: T) => boolean,
): Promise<T> {
  return vi.waitFor(
    async () => {
      const value = await read()
      if (!condition(value)) throw new Error(`not yet: ${JSON.stringify(value)}`)
      return value
    },
    { timeout: 60_000, interval: 50 },
  )
}

/** Returns what each `<img>` shows: its path, query, intrinsic width (px) and alt text. */
export function shownPictures(
  page: Page,
): Promise<{ file: string; version: string; width: number; alt: string }[]> {
  return page.evaluate(() =>
    [...document.images].map((image) => {
      const url = new URL(image.currentSrc === '' ? image.src : image.currentSrc)
      return { file: url.pathname, version: url.search, width: image.naturalWidth, alt: image.alt }
    }),
  )
}

/** Loads every candidate in `<img>` and `<source>`. @returns the URLs that fail */
export function brokenCandidates(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const named = [...document.querySelectorAll('img, source')].flatMap((element) => [
      element.getAttribute('src') ?? '',
      ...(element.getAttribute('srcset') ?? '')
        .split(', ')
        .map((entry) => entry.split(' ')[0] ?? ''),
    ])
    const urls = [...new Set(named.filter((url) => url !== ''))]
    const widths = await Promise.all(
      urls.map(async (url) => {
        const image = new Image()
        image.src = url
        await image.decode().catch(() => {})
        return image.naturalWidth
      }),
    )
    return urls.length === 0
      ? ['the page has no image']
      : urls.filter((_, index) => widths[index] === 0)
  })
}

/** Returns the layout shift since the page began to load; 0 for none. */
export function layoutShift(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const observer = new PerformanceObserver((list) =>
          resolve(
            list
              .getEntries()
              .reduce(
                (sum, entry) => sum + (entry as PerformanceEntry & { value: number }).value,
                0,
              ),
          ),
        )
        observer.observe({ type: 'layout-shift', buffered: true })
        // The observer is not called if nothing shifted.
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(0))))
      }),
  )
}
