import type { Logger, Plugin } from 'vite'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type ImageServer, startImageServer } from '../../../fixtures/openai-server/index.ts'
import { useBrowser, waitFor } from './browser.ts'
import { generatedSite, manifest, testSite, vites } from './site.ts'

const open = useBrowser()

const index =
  '<!doctype html><html lang="en"><head><link rel="icon" href="data:,"><title>site</title></head><body><img alt=""><script type="module" src="/main.js"></script></body></html>'
const main = "import og from 'virtual:limn/hero@og'\ndocument.querySelector('img').src = og\n"

let images: ImageServer
/** Lets the image server respond. */
let answer: () => void
beforeEach(async () => {
  const isAllowed = new Promise<void>((resolve) => (answer = resolve))
  images = await startImageServer({ pace: () => isAllowed })
  vi.stubEnv('OPENAI_API_KEY', 'sk-test')
  vi.stubEnv('OPENAI_BASE_URL', images.baseURL)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await images.close()
})

describe.each(vites)('a page that Vite %s is still loading', (_, vite) => {
  it('keeps the image of its modules until all are loaded, and then gets the one that was generated meanwhile', async () => {
    let isAsked = false
    let release = (): void => {}
    const released = new Promise<void>((resolve) => (release = resolve))
    // Simulates a framework that hydrates server-rendered markup and compares.
    const late: Plugin = {
      name: 'late',
      configureServer({ middlewares }) {
        middlewares.use('/late.js', (_request, _response, next) => {
          isAsked = true
          void released.then(() => next())
        })
      },
    }
    const site = testSite({
      vite,
      limn: { dev: { generate: 'final', maxCost: 1 } },
      files: {
        'images.yaml': manifest
          .replace(
            'provider: local',
            'provider: openai\ndefaults: { model: gpt-image-2, quality: low }',
          )
          .replace(/ {2}product[^]*/, ''),
        'index.html': index,
        'main.js': `${main}import('/late.js').then(({ compare }) => compare(og))\n`,
        'late.js':
          "export const compare = (og) => (window.compared = [og, document.querySelector('img').getAttribute('src')])\n",
      },
    })
    const { url } = await site.dev({ plugins: [site.config().plugins, late] })
    const { page } = await open('about:blank')
    await page.goto(url, { waitUntil: 'domcontentloaded' })
    await waitFor(
      () => isAsked,
      (is) => is,
    )
    const src = (): Promise<string> =>
      page.evaluate(() => document.querySelector('img')!.getAttribute('src')!)
    expect(await src()).toContain('?v=draft-')
    answer()
    await waitFor(
      () => site.list('.'),
      (paths) => paths.includes('images.lock'),
    )
    // Leaves time for a wrong swap.
    for (let round = 0; round < 20; round++) {
      await page.evaluate(() =>
        fetch('/@limn/hero/og.jpg').then((response) => response.arrayBuffer()),
      )
    }
    release()
    const [held, there] = await waitFor(
      () => page.evaluate(() => (window as unknown as { compared?: [string, string] }).compared),
      (compared) => compared !== undefined,
    ).then((compared) => compared!)
    expect(there).toBe(held)
    expect(await waitFor(src, (now) => now !== there)).toMatch(/og\.jpg\?v=[0-9a-f]{12}$/)
  })

  it('gets the image that changed before it connected', async () => {
    const site = await generatedSite({
      vite,
      files: { 'images.yaml': manifest, 'index.html': index, 'main.js': main },
    })
    const logged: string[] = []
    const log = (message: string): void => void logged.push(message)
    const customLogger: Logger = {
      info: log,
      warn: log,
      warnOnce: log,
      error: log,
      clearScreen: () => {},
      hasErrorLogged: () => false,
      hasWarned: false,
    }
    const { url } = await site.dev({ customLogger })
    const { page } = await open('about:blank')
    let connect = (): void => {}
    const isAllowed = new Promise<void>((resolve) => (connect = resolve))
    await page.routeWebSocket(/.*/, async (socket) => {
      await isAllowed
      socket.connectToServer()
    })
    await page.goto(url, { waitUntil: 'domcontentloaded' })
    const src = (): Promise<string | null> =>
      page.evaluate(() => document.querySelector('img')!.getAttribute('src'))
    const before = await waitFor(src, (now) => now !== null)
    site.write('images.yaml', manifest.replace('at dawn', 'at night'))
    await waitFor(
      () => site.read('images.lock'),
      (lock) => lock.includes('at night'),
    )
    // One update for the draft, one for the final image.
    await waitFor(
      () =>
        logged.filter(
          (line) => line.includes('hmr update') && line.includes('virtual:limn/hero@og'),
        ).length,
      (count) => count >= 2,
    )
    expect(await src()).toBe(before)
    connect()
    expect(await waitFor(src, (now) => now !== before && now?.includes('draft') === false)).toMatch(
      /og\.jpg\?v=[0-9a-f]{12}$/,
    )
  })
})
