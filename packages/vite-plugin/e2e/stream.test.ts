import type { Page } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  errors,
  type ImageServer,
  startImageServer,
} from '../../../fixtures/openai-server/index.ts'
import { shownPictures, useBrowser, waitFor } from './browser.ts'
import { page, type Site, testSite } from './site.ts'

const open = useBrowser()

/** A manifest of one paid image. */
const manifest = `version: 1
provider: openai
defaults: { model: gpt-image-2, quality: low }
assets:
  hero:
    prompt: A lighthouse at dawn over a calm sea
    alt: A lighthouse
    outputs:
      - { preset: hero, widths: [320, 640], formats: [webp, jpeg] }
      - { name: og, width: 600, height: 315, formats: [jpeg] }
`
const mainScript = page['main.js']!.replace(/^import mug.*$/m, '').replace('[hero, mug]', '[hero]')

let server: ImageServer
/** Lets the image server send its next event. */
let sendNext: () => void
beforeEach(async () => {
  const waiting: (() => void)[] = []
  let allowed = 0
  server = await startImageServer({
    pace: () =>
      allowed > 0
        ? Promise.resolve(void allowed--)
        : new Promise((resolve) => waiting.push(resolve)),
  })
  sendNext = () => {
    const next = waiting.shift()
    if (next === undefined) allowed++
    else next()
  }
  vi.stubEnv('OPENAI_API_KEY', 'sk-test')
  vi.stubEnv('OPENAI_BASE_URL', server.baseURL)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await server.close()
})

const paidSite = (): Site =>
  testSite({
    files: { 'images.yaml': manifest, ...page, 'main.js': mainScript },
    limn: { dev: { generate: 'final', maxCost: 1 } },
  })

/** Waits until both `<img>` show a version. @returns the pixels of the first */
async function screenshotOf(tab: Page, version: RegExp): Promise<string> {
  await waitFor(
    () => shownPictures(tab),
    (shown) =>
      shown.length === 2 &&
      shown.every((picture) => version.test(picture.version) && picture.width > 0),
  )
  return (await tab.locator('img').first().screenshot()).toString('base64')
}

/** Returns the files of a site, without those that the dev server keeps for itself. */
const visibleFiles = (site: Site): string[] =>
  site.list('.').filter((path) => !/^(?:node_modules|\.limn)\//.test(path) && path !== 'limn.d.ts')

describe('a streamed image', () => {
  it('shows its partials in turn, without a reload and without writing them to disk', async () => {
    const site = paidSite()
    const { url } = await site.dev()
    const { page: tab, problems } = await open(url)
    await tab.evaluate(() => void Object.assign(window, { marker: 'kept' }))
    const looks = [await screenshotOf(tab, /=draft-/)]
    const files = visibleFiles(site)

    sendNext()
    looks.push(await screenshotOf(tab, /=partial-0-/))
    // Each file is cropped to its own shape, though the model generates one for all.
    expect(
      await tab.evaluate(() =>
        [...document.images].map(({ naturalWidth, naturalHeight }) =>
          (naturalWidth / naturalHeight).toFixed(2),
        ),
      ),
    ).toEqual(['1.78', '1.90'])
    sendNext()
    looks.push(await screenshotOf(tab, /=partial-1-/))
    expect(visibleFiles(site)).toEqual(files)
    expect(site.list('.limn').filter((path) => path.includes('journal/'))).toEqual([])

    sendNext()
    looks.push(await screenshotOf(tab, /^\?v=[0-9a-f]+$/))
    expect(new Set(looks).size).toBe(4)
    expect(await tab.evaluate(() => (window as unknown as { marker?: string }).marker)).toBe('kept')
    expect(problems).toEqual([])
    expect(server.requests).toHaveLength(1)
    expect(site.read('images.lock')).not.toContain('partial')
  })

  it('shows its partials in a page that is opened meanwhile, and in a second tab', async () => {
    const { url } = await paidSite().dev()
    const first = await open(url)
    sendNext()
    await screenshotOf(first.page, /=partial-0-/)
    const second = await open(url)
    await screenshotOf(second.page, /=partial-0-/)
    sendNext()
    sendNext()
    for (const { page: tab } of [first, second]) await screenshotOf(tab, /^\?v=[0-9a-f]+$/)
    expect([...first.problems, ...second.problems]).toEqual([])
  })

  it('falls back to the draft if the stream fails, logs the cause in the console, and is not requested again at the next save', async () => {
    server.next({ kind: 'streamError', afterFrames: 1, error: errors.moderationBlocked })
    const site = paidSite()
    const { url } = await site.dev()
    const { page: tab } = await open(url)
    const lines: string[] = []
    tab.on('console', (message) => lines.push(`${message.type()}: ${message.text()}`))
    sendNext()
    await screenshotOf(tab, /=partial-0-/)
    sendNext()
    await waitFor(
      () => lines.filter((line) => line.startsWith('warning: [limn] hero:')).length,
      (count) => count === 1,
    )
    await screenshotOf(tab, /=draft-/)

    site.write('images.yaml', manifest.replace('alt: A lighthouse', 'alt: The lighthouse'))
    await waitFor(
      () => shownPictures(tab),
      ([shown]) => shown!.alt === 'The lighthouse',
    )
    site.write('images.yaml', manifest.replace('at dawn', 'at noon'))
    for (let event = 0; event < 3; event++) sendNext()
    await screenshotOf(tab, /^\?v=[0-9a-f]+$/)
    expect(server.requests).toHaveLength(2)
  })

  it('logs that it is over the budget in the console of every page, also of one that loads later', async () => {
    const site = testSite({
      files: { 'images.yaml': manifest, ...page, 'main.js': mainScript },
      limn: { dev: { generate: 'final', maxCost: 0.000_01 } },
    })
    const { url } = await site.dev()
    // The second page loads after the failure was reported.
    for (let load = 0; load < 2; load++) {
      const { page: tab } = await open('about:blank')
      const lines: string[] = []
      tab.on('console', (message) => lines.push(`${message.type()}: ${message.text()}`))
      await tab.goto(url)
      await waitFor(
        () => lines.filter((line) => line.startsWith('warning: [limn] hero: The request may cost')),
        (found) => found.length > 0,
      )
    }
    expect(server.requests).toEqual([])
  })

  it('requests no partials if dev.partials is 0', async () => {
    const site = testSite({
      files: { 'images.yaml': manifest, ...page, 'main.js': mainScript },
      limn: { dev: { generate: 'final', maxCost: 1, partials: 0 } },
    })
    const { url } = await site.dev()
    const { page: tab } = await open(url)
    sendNext()
    await screenshotOf(tab, /^\?v=[0-9a-f]+$/)
    expect(server.requests[0]!.body).not.toMatchObject({
      partial_images: expect.toSatisfy((count: number) => count > 0),
    })
  })
})
