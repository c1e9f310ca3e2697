import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../../fixtures/browser.ts'
import { pathOfPageFile, pathOfPicture } from '../src/index.ts'
import type { Report } from '../src/protocol.ts'
import { buildPage } from './build-page.ts'
import { fakeAsset, fakeCosts, fakeSheet } from './fake-project.ts'
import { fakeRun } from './fake-run.ts'
import { type FakeServer, startFakeServer } from './fake-server.ts'
import { findViolations, openPage, type OpenPage } from './open-page.ts'

let browser: Browser
let server: FakeServer

beforeAll(async () => {
  await buildPage()
  browser = await launchBrowser()
  server = await startFakeServer()
})

afterAll(async () => {
  await browser?.close()
  await server?.[Symbol.asyncDispose]()
})

/** Opens the grid of the fake project, runs a test on it, and expects that nothing was wrong. */
async function onGrid(
  test: (page: Page, opened: OpenPage) => Promise<void>,
  { url = server.url, ...options }: Parameters<Browser['newContext']>[0] & { url?: string } = {},
): Promise<void> {
  const opened = await openPage(browser, url, options)
  try {
    await opened.page.locator('main').waitFor()
    await test(opened.page, opened)
    expect(opened.problems).toEqual([])
  } finally {
    await opened.close()
  }
}

/** Names of the assets in the rows that exist, in their order. */
async function namesIn(page: Page): Promise<string[]> {
  return page
    .locator('[role=gridcell] .card-link')
    .evaluateAll((links) => links.map((link) => link.getAttribute('data-name') ?? ''))
}

const focusedName = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('data-name') ?? null)

describe('grid', () => {
  it('shows each picture at its true ratio, with name, state, reason and cost', async () => {
    await onGrid(async (page) => {
      const card = page.locator('.card', { has: page.locator('[data-name="hero-5"]') })
      await expect.poll(() => card.textContent()).toContain('OpenAI refused the prompt')
      expect(await card.textContent()).toContain('Failed')
      expect(await card.locator('.card-cost').textContent()).toBe('$0.118')
      await page.getByRole('searchbox').first().fill('lamp')
      const image = page.locator('.thumb').first()
      await expect
        .poll(() => image.evaluate((element: HTMLImageElement) => element.naturalWidth))
        .toBeGreaterThan(0)
      const { width, height } = (await image.boundingBox())!
      expect(width / height).toBeCloseTo(1024 / 1536, 1)
    })
  })

  it.each([
    ['mug', 5, 'product/mug'],
    ['MOUNTAINS snow', 5, 'blog/mountain'],
    ['moderation_blocked', 4, 'hero-5'],
  ])('searches for %s', async (query, count, first) => {
    await onGrid(async (page) => {
      await page.keyboard.press('/')
      await page.keyboard.type(query)
      await expect.poll(() => page.locator('.card').count()).toBe(count)
      expect(await namesIn(page)).toContain(first)
      expect(await page.locator('.summary-count').textContent()).toBe(`${count} of 60 pictures`)
      await page.keyboard.press('Escape')
      expect(await page.locator('.summary-count').textContent()).toBe('60 pictures')
    })
  })

  it('filters by every property, with the keyboard alone', async () => {
    await onGrid(async (page) => {
      for (const [facet, value] of [
        ['State', 'Edited'],
        ['Folder', 'product'],
        ['Model', 'openai:gpt-image-1-mini'],
        ['Preset', 'favicon'],
        ['Style', 'watercolor'],
      ] as const) {
        await page.getByRole('button', { name: facet, exact: true }).focus()
        await page.keyboard.press('Enter')
        const label = page.locator('label.option', { hasText: new RegExp(`^${value}\\d`) })
        const box = label.getByRole('checkbox')
        await expect.poll(() => box.count()).toBe(1)
        while (!(await box.evaluate((element) => element === document.activeElement))) {
          await page.keyboard.press('ArrowDown')
        }
        const option = await label.textContent()
        await page.keyboard.press('Space')
        await page.keyboard.press('Escape')
        const count = await page.locator('.summary-count').textContent()
        expect(`${value}${count}`).toBe(option?.replace(/(\d+)$/, '$1 of 60 pictures'))
        expect(Number.parseInt(count ?? '', 10)).toBeGreaterThan(2)
        await page.getByRole('button', { name: 'Clear filters' }).press('Enter')
      }
      expect(await page.locator('.summary-count').textContent()).toBe('60 pictures')
    })
  })

  it('keeps the filters in the address', async () => {
    await onGrid(async (page) => {
      await page.keyboard.press('/')
      await page.keyboard.type('lamp')
      await page.locator('.chip', { hasText: 'Fresh' }).click()
      await expect.poll(() => new URL(page.url()).hash).toBe('#/?q=lamp&status=fresh')
      await page.locator('.card-link').first().click()
      await page.getByRole('heading', { level: 1, name: /lamp/ }).waitFor()
      await page.reload()
      await page.getByRole('heading', { level: 1, name: /lamp/ }).waitFor()
      await page.goBack()
      await page.locator('.card').first().waitFor()
      expect(await page.getByRole('searchbox').first().inputValue()).toBe('lamp')
      expect(await page.locator('.chip[aria-pressed=true]').textContent()).toContain('Fresh')
    })
  })

  it('sorts and groups', async () => {
    await onGrid(async (page) => {
      const choose = async (label: string) => {
        await page.locator('.toolbar-end .menu > button').click()
        await page.getByRole('radio', { name: label, exact: true }).last().check()
        await page.keyboard.press('Escape')
      }
      await choose('State')
      expect(await page.locator('.group').first().textContent()).toBe('Failed 4')
      await choose('No groups')
      expect(await page.locator('.group').count()).toBe(0)
      await page.locator('.toolbar-end .menu > button').click()
      await page.getByRole('radio', { name: 'Cost', exact: true }).check()
      await page.keyboard.press('Escape')
      const costs = await page.locator('.card:not(:has(.draft)) .card-cost').allTextContents()
      const amounts = costs.map((text) => Number(text.replace(/[^\d.]/g, '')))
      expect(amounts.slice(0, 5)).toEqual(amounts.slice(0, 5).toSorted((a, b) => b - a))
    })
  })

  it('moves with arrows, Home, End and pages, opens with Enter and comes back', async () => {
    await onGrid(async (page) => {
      const names = fakeSheet(60).assets.map(({ name }) => name)
      await page.locator('.card-link').first().focus()
      expect(await focusedName(page)).toBe('hero')
      await page.keyboard.press('ArrowRight')
      await expect.poll(() => focusedName(page)).toBe('hero-2')
      await page.keyboard.press('ArrowDown')
      await expect.poll(() => focusedName(page)).toBe('blog/forest-2')
      await page.keyboard.press('End')
      await expect.poll(() => focusedName(page)).toBe('team/portrait-5')
      expect(names).toContain('team/portrait-5')
      await page.keyboard.press('PageUp')
      await expect.poll(() => focusedName(page)).not.toBe('team/portrait-5')
      const opened = (await focusedName(page))!
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { level: 1 }).waitFor()
      expect(new URL(page.url()).hash).toBe(`#/asset/${opened}`)
      await page.goBack()
      await expect.poll(() => page.locator(`[data-name="${opened}"]`).isVisible()).toBe(true)
      expect(await page.locator('.card-link[tabindex="0"]').count()).toBe(1)
    })
  })

  it('selects with Space, Shift and Ctrl+A, and asks for what is selected', async () => {
    await onGrid(async (page) => {
      await page.locator('.card-link').first().focus()
      await page.keyboard.press('Space')
      expect(await page.locator('.selection').textContent()).toContain('1 selected')
      await page.keyboard.press('Shift+ArrowRight')
      await page.keyboard.press('Shift+ArrowRight')
      await expect.poll(() => page.locator('.selection').textContent()).toContain('3 selected')
      expect(await page.locator('[aria-selected=true]').count()).toBe(3)
      await page.keyboard.press('Control+a')
      expect(await page.locator('.selection').textContent()).toContain('60 selected')
      await page.keyboard.press('Escape')
      expect(await page.locator('.selection').count()).toBe(0)
    })
  })

  it('shows the keys on ?, and searches on / from every view', async () => {
    await onGrid(async (page) => {
      for (const fragment of ['#/costs', '#/run', '#/asset/hero']) {
        await page.goto(server.url + fragment)
        await page.locator('h1').waitFor()
        await page.keyboard.press('/')
        await expect
          .poll(() => page.evaluate(() => document.activeElement?.getAttribute('type')))
          .toBe('search')
      }
      await page.locator('.card-link').first().focus()
      await page.keyboard.press('?')
      await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
      await page.keyboard.press('Escape')
      await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    })
  })

  it('shows changes and partial pictures as they arrive', async () => {
    await onGrid(async (page) => {
      const { assets: _, ...sheet } = fakeSheet(60)
      await expect.poll(() => server.requests.includes('/events')).toBe(true)
      const added = { ...fakeAsset(0), name: 'blog/added', why: 'the size changed' }
      await page.locator('[data-name="hero"]').press('Space')
      expect(await page.locator('.selection').count()).toBe(1)
      server.send({ type: 'changed', sheet, assets: [added], gone: ['hero'] })
      await expect.poll(() => namesIn(page)).toContain('blog/added')
      expect(await page.locator('.selection').count()).toBe(0)
      expect(await namesIn(page)).not.toContain('hero')
      server.send({ type: 'run', run: fakeRun(Date.now()) })
      const lamp = page.locator('.card', { has: page.locator('[data-name="hero-2"]') })
      await expect.poll(() => lamp.textContent()).toContain('Generating')
      expect(await page.locator('.views .live').textContent()).toBe('3/12')
      server.send({ type: 'run', run: null })
      await expect.poll(() => lamp.textContent()).not.toContain('Generating')
    })
  })
})

describe('language and theme', () => {
  it('speaks the language of the browser, and the other one on request', async () => {
    await onGrid(
      async (page) => {
        expect(await page.locator('.summary-count').textContent()).toBe('60 张图片')
        expect(await page.locator('html').getAttribute('lang')).toBe('zh-Hans')
        await page.getByRole('button', { name: 'English' }).click()
        expect(await page.locator('.summary-count').textContent()).toBe('60 pictures')
        await page.reload()
        await expect.poll(() => page.locator('.summary-count').textContent()).toBe('60 pictures')
      },
      { locale: 'zh-CN' },
    )
  })

  it('follows the theme of the system, until a person chooses', async () => {
    await onGrid(
      async (page) => {
        const background = () =>
          page.evaluate(() => getComputedStyle(document.body).backgroundColor)
        expect(await background()).toBe('rgb(19, 19, 20)')
        await page.getByRole('button', { name: 'Theme: as the system' }).click()
        expect(await background()).toBe('rgb(246, 246, 245)')
        await page.getByRole('button', { name: 'Theme: light' }).click()
        await page.emulateMedia({ colorScheme: 'light' })
        expect(await background()).toBe('rgb(19, 19, 20)')
      },
      { colorScheme: 'dark' },
    )
  })
})

describe('accessibility', () => {
  it.each(['light', 'dark'] as const)('has no violations in the %s theme', async (colorScheme) => {
    await onGrid(
      async (page) => {
        for (const fragment of ['#/', '#/run', '#/costs']) {
          await page.goto(server.url + fragment)
          await page.locator('h1').waitFor()
          server.send({ type: 'run', run: fakeRun(Date.now()) })
          await page
            .locator(fragment === '#/' ? '.card' : '.panel, .run-line')
            .first()
            .waitFor()
          expect(await findViolations(page), fragment).toEqual([])
        }
        await page.goto(`${server.url}#/`)
        await page.locator('.card-link').first().press('Space')
        await page.locator('.toolbar-filters .menu > button').first().click()
        expect(await findViolations(page)).toEqual([])
        await page.keyboard.press('Escape')
        await page.keyboard.press('?')
        expect(await findViolations(page)).toEqual([])
      },
      { colorScheme },
    )
  })

  it.each([360, 768, 3840])('fits a width of %i px', async (width) => {
    await onGrid(
      async (page) => {
        for (const fragment of ['#/', '#/run', '#/costs']) {
          await page.goto(server.url + fragment)
          await page.locator('h1').waitFor()
          const overflow = await page.evaluate(
            () => document.documentElement.scrollWidth - innerWidth,
          )
          expect(overflow, fragment).toBeLessThanOrEqual(0)
        }
      },
      { viewport: { width, height: 800 } },
    )
  })
})

describe('states', () => {
  it('says what to do when the sheet cannot be read, and reads it again', async () => {
    let isBroken = true
    await using broken = await startFakeServer({
      calls: {
        sheet: () => {
          if (!isBroken) return fakeSheet(3)
          throw Object.assign(new Error('images.yaml:3:1 is no mapping.'), { hint: 'Fix it.' })
        },
      },
    })
    await onGrid(
      async (page) => {
        await page.getByText('images.yaml:3:1 is no mapping.').waitFor()
        isBroken = false
        await page.getByRole('button', { name: 'Try again' }).click()
        await expect.poll(() => page.locator('.card').count()).toBe(3)
      },
      { url: broken.url },
    )
  })

  it('explains an empty project and mistakes in the manifest', async () => {
    const sheet = {
      ...fakeSheet(0),
      mistakes: [
        { code: 'manifest/unknown-key', text: 'images.yaml:3:5 “promt” is no key. <b>x</b>' },
      ],
    }
    await using empty = await startFakeServer({ calls: { sheet: () => sheet } })
    await onGrid(
      async (page) => {
        await page.getByText('No pictures yet').waitFor()
        await page.getByText('The manifest has 1 mistake.').waitFor()
        expect(await page.locator('.mistakes li').textContent()).toContain('<b>x</b>')
        expect(await findViolations(page)).toEqual([])
      },
      { url: empty.url },
    )
  })

  it('says that it is disconnected', async () => {
    const closing = await startFakeServer({ assets: 3 })
    const { page, close } = await openPage(browser, closing.url)
    await page.locator('.card').first().waitFor()
    await closing[Symbol.asyncDispose]()
    await page.getByText('Disconnected.').waitFor()
    expect(await page.getByRole('button', { name: /^Update/ }).count()).toBe(0)
    await close()
  })
})

describe('10,000 pictures', () => {
  it('keeps few rows in the document, and requests only thumbnails that stay in sight', async () => {
    await using large = await startFakeServer({ assets: 10_000 })
    await onGrid(
      async (page) => {
        await page.locator('.card').first().waitFor()
        expect(await page.locator('.summary-count').textContent()).toBe('10,000 pictures')
        await page.evaluate(async () => {
          const scroller = document.querySelector('.grid-scroller')!
          for (let step = 0; step < 60; step += 1) {
            scroller.scrollTop += 5000
            await new Promise(requestAnimationFrame)
          }
        })
        await expect.poll(() => page.locator('.card').count()).toBeLessThan(80)
        await page.waitForTimeout(300)
        const thumbs = large.requests.filter((path) => path.startsWith('/picture/'))
        expect(thumbs.length).toBeLessThan(200)
        await page.locator('.card-link[tabindex="0"]').focus()
        await page.keyboard.press('End')
        await expect.poll(() => focusedName(page)).toMatch(/^team\/portrait-\d+$/)
      },
      { url: large.url },
    )
  })
})

/** A picture of one px. */
const dot = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'

/** Writes a report of the fake project to a file. @returns its URL */
function writeReport(folder: string, report: Partial<Report>): string {
  const sheet = fakeSheet(60)
  const pictures = sheet.assets.map(({ name, picture }) => [
    pathOfPicture({ kind: 'thumb', asset: name, version: picture }),
    dot,
  ])
  const whole: Report = {
    sheet,
    views: {},
    costs: fakeCosts(),
    pictures: Object.fromEntries(pictures) as Record<string, string>,
    at: '2026-11-30T12:00:00.000Z',
    ...report,
  }
  const json = JSON.stringify(whole).replaceAll('<', '\\u003c')
  const script = readFileSync(pathOfPageFile('page.js'), 'utf8').replaceAll(
    '</script',
    '<\\/script',
  )
  const path = join(folder, 'report.html')
  writeFileSync(
    path,
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Report</title>
<style>${readFileSync(pathOfPageFile('page.css'), 'utf8')}</style></head><body>
<script type="application/json" id="limn-report">${json}</script>
<script type="module">${script}</script></body></html>`,
  )
  return pathToFileURL(path).href
}

describe('report', () => {
  it('shows pictures and costs from a file, and offers nothing to act', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'limn-report-'))
    try {
      const requests: string[] = []
      const opened = await openPage(browser, writeReport(folder, {}))
      const { page } = opened
      page.on('request', (request) => requests.push(request.url()))
      await page.locator('.card').first().waitFor()
      await expect
        .poll(() =>
          page
            .locator('.thumb')
            .evaluateAll((images) =>
              images.every((image) => (image as HTMLImageElement).naturalWidth === 1),
            ),
        )
        .toBe(true)
      expect(await page.locator('.report-mark').textContent()).toBe('Report · Nov 30, 2026')
      await page.keyboard.press('/')
      await page.keyboard.type('lamp')
      await expect.poll(() => page.locator('.card').count()).toBe(5)
      await page.locator('.card-link').first().press('Space')
      expect(await page.getByRole('button', { name: /Update|enerate/ }).count()).toBe(0)
      expect(await page.getByRole('link', { name: 'Run' }).count()).toBe(0)
      expect(await findViolations(page)).toEqual([])
      await page.getByRole('link', { name: 'Costs' }).click()
      await page.locator('.figures').waitFor()
      await page.goto(`${page.url().split('#')[0]}#/asset/hero`)
      await page.getByText('This report contains no more about').first().waitFor()
      expect(requests.filter((url) => !/^(file|data):/.test(url))).toEqual([])
      expect(opened.problems).toEqual([])
      await opened.close()
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
