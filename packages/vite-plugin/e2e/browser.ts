import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, onTestFinished, vi } from 'vitest'
import { launchBrowser } from '../../../fixtures/browser.ts'

/** An open page with everything that went wrong in it. */
export type OpenPage = { page: Page; problems: string[] }

/** One browser for a file of tests. @returns opens a page at a URL */
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
      // What a server rendered and what a page made of it differ: frameworks only warn of it.
      const isMismatch = message.type() === 'warning' && /hydrat|mismatch/i.test(message.text())
      if (message.type() === 'error' || isMismatch) problems.push(`console: ${message.text()}`)
    })
    page.on('response', (response) => {
      if (response.status() >= 400 && !response.url().endsWith('favicon.ico')) {
        problems.push(`${response.status()}: ${response.url()}`)
      }
    })
    // A dev server that starts may bundle a framework's packages first.
    await page.goto(url, { waitUntil: 'networkidle', timeout: 120_000 })
    return { page, problems }
  }
}

/** Waits until what is looked at satisfies a condition. */
export async function waitFor<T>(
  look: () => Promise<T> | T,
  condition: (seen: T) => boolean,
): Promise<T> {
  return vi.waitFor(
    async () => {
      const seen = await look()
      if (!condition(seen)) throw new Error(`not yet: ${JSON.stringify(seen)}`)
      return seen
    },
    { timeout: 60_000, interval: 50 },
  )
}

/** What each `<img>` shows: its file without host and query, and its real width. */
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

/** Loads every candidate that the page names, in `<img>` and `<source>`, and gives those that fail. */
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
      ? ['the page names no picture']
      : urls.filter((_, index) => widths[index] === 0)
  })
}

/**
 * How far things were moved, as browsers count it, since the page began to load: 0 where nothing
 * was.
 */
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
        // Without a shift the observer is never called.
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(0))))
      }),
  )
}
