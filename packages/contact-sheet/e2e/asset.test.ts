import { drawPicture } from '@limn/painter'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../../fixtures/browser.ts'
import type { Calls, Report } from '../src/protocol.ts'
import { buildPage } from './build-page.ts'
import type { FakeCalls } from './fake-project.ts'
import { fakeSheet } from './fake-project.ts'
import { fakeRun } from './fake-run.ts'
import { type FakeServer, startFakeServer } from './fake-server.ts'
import { fakeView } from './fake-view.ts'
import { findViolations, openPage } from './open-page.ts'
import { openAction, tabTo } from './use-page.ts'

let browser: Browser
let server: FakeServer
/** Answers that one test replaces. */
let replaced: FakeCalls = {}

beforeAll(async () => {
  await buildPage()
  browser = await launchBrowser()
  server = await startFakeServer({ assets: 12, replaced: () => replaced })
})

afterAll(async () => {
  await browser?.close()
  await server?.[Symbol.asyncDispose]()
})

/** Waits until a value is as expected: a busy machine takes longer than a second. */
const poll = <T>(read: () => T) => expect.poll(read, { timeout: 20_000 })

type Options = Parameters<Browser['newContext']>[0] & { calls?: FakeCalls; problems?: RegExp }

/** Opens the view of an asset, runs a test on it, and expects that nothing else was wrong. */
async function onAsset(
  name: string,
  test: (page: Page) => Promise<void>,
  { calls = {}, problems, ...options }: Options = {},
): Promise<void> {
  replaced = calls
  server.calls.length = 0
  const opened = await openPage(browser, `${server.url}#/asset/${name}`, options)
  try {
    await opened.page.locator('.asset-body').waitFor()
    await test(opened.page)
    const unknown = opened.problems.filter((problem) => problems?.test(problem) !== true)
    expect(unknown).toEqual([])
  } finally {
    await opened.close()
  }
}

/** Inputs of all calls with a name, the first one first. */
function callsOf<Name extends keyof Calls>(name: Name): Calls[Name]['input'][] {
  return server.calls.flatMap(({ call, input }) =>
    call === name ? [input as Calls[Name]['input']] : [],
  )
}

const noticeOf = (page: Page) => page.locator('.notice').textContent()

describe('asset view', () => {
  it('shows the prompt by origin, and how the picture was made', async () => {
    await onAsset('product/mug', async (page) => {
      const prompt = page.locator('.prompt')
      expect(await prompt.textContent()).toContain('[style brand] Warm colours')
      expect(await prompt.locator('.prompt-origin').allTextContents()).toEqual([
        'brand',
        'watercolor',
        'watercolor',
      ])
      const facts = await page.locator('.asset-facts').textContent()
      for (const text of ['req_7f3a1c0d9e2b4a5f8c6d', '1,568 output', '23 s', 'signed by OpenAI']) {
        expect(facts).toContain(text)
      }
      expect(await page.locator('.earlier-picture').count()).toBe(5)
    })
  })

  it('goes to the next and the previous asset with keys, and back to all', async () => {
    await onAsset('hero', async (page) => {
      await page.keyboard.press('ArrowRight')
      await poll(() => page.url()).toContain('#/asset/blog/forest')
      await page.keyboard.press('j')
      await poll(() => page.url()).toContain('#/asset/blog/harbour')
      await page.keyboard.press('ArrowLeft')
      await page.keyboard.press('k')
      await poll(() => page.url()).toContain('#/asset/hero')
      await page.getByRole('heading', { name: 'hero', exact: true }).waitFor()
      await page.keyboard.press('?')
      expect(await page.getByRole('dialog').textContent()).toContain('Previous and next picture')
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await page.keyboard.press('Escape')
      await poll(() => page.locator('.grid').count()).toBe(1)
    })
  })

  it('marks what changed since the picture was made, word by word', async () => {
    await onAsset('product/lamp', async (page) => {
      const changes = page.locator('.changes')
      expect(await changes.locator('del').first().textContent()).toContain('An old')
      expect(await changes.locator('ins').first().textContent()).toContain('A')
      expect(await changes.textContent()).toContain('quality')
    })
  })

  it('shows every output at its true ratio, with the parts that stay visible', async () => {
    await onAsset('hero', async (page) => {
      await page.getByRole('tab', { name: 'Outputs' }).click()
      const cards = page.locator('.preset-card')
      expect(await cards.count()).toBe(20)
      for (const [preset, ratio] of [
        ['og', 1200 / 630],
        ['instagram_story', 1080 / 1920],
        ['twitter_header', 3],
      ] as const) {
        const card = cards.filter({ has: page.getByRole('heading', { name: preset, exact: true }) })
        const box = (await card.locator('.preset-picture').boundingBox())!
        expect(box.width / box.height, preset).toBeCloseTo(ratio, 1)
      }
      expect(await page.locator('.safe-area').count()).toBe(2)
      await page.getByRole('checkbox', { name: 'Safe areas' }).uncheck()
      expect(await page.locator('.safe-area').count()).toBe(0)
    })
  })

  it('draws the places where outputs are seen, light and dark', async () => {
    await onAsset('hero', async (page) => {
      await page.getByRole('tab', { name: 'In place' }).click()
      const captions = await page.locator('.place figcaption b').allTextContents()
      for (const place of [
        'Post on Instagram',
        'Link card on X',
        'Link card on Facebook',
        'Link card on LinkedIn',
        'Story on Instagram',
        'Browser tab on the web',
        'Home screen on iOS',
        'Product card',
      ]) {
        expect(captions).toContain(place)
      }
      const card = page.locator('.place-card').first()
      const background = () => card.evaluate((element) => getComputedStyle(element).backgroundColor)
      expect(await background()).toBe('rgb(255, 255, 255)')
      await page.getByRole('button', { name: 'Dark' }).click()
      await poll(background).toBe('rgb(27, 27, 29)')
      await page.getByLabel('Preset').selectOption('favicon')
      expect(await page.locator('.place').count()).toBe(1)
      const icon = (await page.locator('.tab-icon-16').boundingBox())!
      expect([icon.width, icon.height]).toEqual([16, 16])
    })
  })

  it('compares before and after with a divider that keys move', async () => {
    await onAsset('hero', async (page) => {
      await page.getByRole('tab', { name: 'Compare' }).click()
      const slider = page.getByRole('slider', { name: 'Divider between the two pictures' })
      const value = () => slider.getAttribute('aria-valuenow')
      await slider.focus()
      await page.keyboard.press('Home')
      await poll(value).toBe('0')
      await page.keyboard.press('PageUp')
      await poll(value).toBe('10')
      await page.keyboard.down('ArrowRight')
      await poll(async () => Number(await value())).toBeGreaterThan(15)
      await page.keyboard.up('ArrowRight')
      expect(page.url()).toContain('#/asset/hero')
      await page.getByRole('button', { name: 'Side by side' }).click()
      expect(await page.locator('.side-by-side .zoom-pane').count()).toBe(2)
    })
  })

  it('zooms and moves the picture with keys, wheel and pointer', async () => {
    await onAsset('hero', async (page) => {
      const pane = page.locator('.picture-stage .zoom-pane')
      const transform = () => pane.locator('img').evaluate((img) => img.style.transform)
      const fit = await transform()
      await pane.focus()
      await page.keyboard.press('+')
      await poll(transform).toContain('scale(1.4')
      await page.keyboard.press('ArrowRight')
      await poll(transform).not.toContain('translate(0.00px')
      await page.keyboard.press('0')
      await poll(transform).toBe(fit)
      await pane.hover()
      await page.mouse.wheel(0, -400)
      await poll(transform).toContain('scale(2.2')
      const zoomed = await transform()
      await page.mouse.down()
      await page.mouse.move(200, 300, { steps: 3 })
      await page.mouse.up()
      expect(await transform()).not.toBe(zoomed)
      await page.keyboard.press('Escape')
      await poll(transform).toBe(fit)
      expect(page.url()).toContain('#/asset/hero')
    })
  })

  it('zooms with two fingers', async () => {
    await onAsset(
      'hero',
      async (page) => {
        const pane = page.locator('.picture-stage .zoom-pane')
        const { x, y, width, height } = (await pane.boundingBox())!
        const touches = (apart: number) =>
          [-1, 1].map((side, id) => ({ x: x + width / 2 + side * apart, y: y + height / 2, id }))
        const session = await page.context().newCDPSession(page)
        const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', apart?: number) =>
          session.send('Input.dispatchTouchEvent', {
            type,
            touchPoints: apart === undefined ? [] : touches(apart),
          })
        await touch('touchStart', 40)
        for (const apart of [60, 80, 100, 120]) await touch('touchMove', apart)
        await touch('touchEnd')
        const scale = () => page.locator('.zoom-scale').textContent()
        await poll(async () => parseFloat((await scale())!)).toBeGreaterThan(2)
      },
      { hasTouch: true, viewport: { width: 390, height: 844 } },
    )
  })

  it('opens the places of imports in the editor', async () => {
    await onAsset('hero', async (page) => {
      await page.getByRole('button', { name: 'Open src/pages/home.tsx:4' }).click()
      await poll(() => noticeOf(page)).toContain('Opened src/pages/home.tsx:4')
      expect(callsOf('openInEditor')).toEqual([{ file: 'src/pages/home.tsx', line: 4, column: 18 }])
    })
  })

  it.each([
    ['<script>window.hacked = 1</script>'],
    ['</style><img src=x onerror="window.hacked = 1">'],
    ['\u202e"><svg onload=window.hacked=1>{{constructor}}'],
  ])('shows %j as text', async (hostile) => {
    const calls: FakeCalls = {
      asset: ({ name }) => {
        const view = fakeView({ ...assetOf(name), alt: hostile, why: hostile })
        return {
          ...view,
          prompt: [{ style: hostile, text: hostile }],
          madePrompt: `old ${hostile}`,
          changes: [{ field: hostile, from: hostile, to: hostile }],
        }
      },
    }
    await onAsset(
      'product/lamp',
      async (page) => {
        expect(await page.locator('.prompt').textContent()).toContain(hostile)
        await openAction(page, 'edit')
        await page.keyboard.press('Escape')
        expect(await page.evaluate(() => Reflect.get(window, 'hacked'))).toBeUndefined()
      },
      { calls },
    )
  })

  it('says so when the asset is gone, or cannot be read', async () => {
    const opened = await openPage(browser, `${server.url}#/asset/nobody`)
    await poll(() => opened.page.locator('.placeholder').textContent()).toContain(
      'There is no asset "nobody".',
    )
    await opened.close()
  })

  it('opens assets of a report with what the report contains of them', async () => {
    const context = await browser.newContext({ locale: 'en-US' })
    const page = await context.newPage()
    const body = reportOf('hero')
    await page.route('**/report.html', (route) => route.fulfill({ contentType: 'text/html', body }))
    await page.goto(`${server.url}report.html#/asset/hero`)
    const panel = page.locator('.asset-panel')
    await poll(() => panel.textContent()).toContain('req_7f3a1c0d9e2b4a5f8c6d')
    await page.keyboard.press('ArrowRight')
    await poll(() => panel.textContent()).toContain(
      'This report contains no more about this asset.',
    )
    expect(await panel.textContent()).toContain('A path through a birch forest in autumn')
    await page.locator('[data-stage=compare]').click()
    await poll(() => page.locator('.stage-panel').textContent()).toContain('no earlier picture')
    expect(await page.locator('.action-bar').count()).toBe(0)
    await context.close()
  })

  it('has neither actions nor places to click where the page cannot act', async () => {
    const calls: FakeCalls = { sheet: () => ({ ...fakeSheet(12), canAct: false }) }
    await onAsset(
      'hero',
      async (page) => {
        expect(await page.locator('.action-bar').count()).toBe(0)
        expect(await page.getByRole('button', { name: 'Restore' }).count()).toBe(0)
        expect(await page.locator('.place-button').count()).toBe(0)
      },
      { calls },
    )
  })
})

/** Returns a report of the fake sheet with the view of one asset, as a document. */
function reportOf(name: string): string {
  const report: Report = {
    sheet: fakeSheet(12),
    views: { [name]: fakeView(assetOf(name)) },
    costs: null,
    pictures: {},
    at: '2026-11-30T12:00:00Z',
  }
  const json = JSON.stringify(report).replaceAll('<', '\\u003c')
  return `<!doctype html><html lang="en"><head><title>Report</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="page.css"></head>
<body><script type="application/json" id="limn-report">${json}</script>
<script type="module" src="page.js"></script></body></html>`
}

/** Reads the opacity of pixels in the middle row of a PNG, 0 to 255. */
async function readAlpha(page: Page, png: string, columns: number[]) {
  return page.evaluate(
    async ({ url, xs }) => {
      const image = new Image()
      image.src = url
      await image.decode()
      const { width, height } = image
      const context = new OffscreenCanvas(width, height).getContext('2d', {
        willReadFrequently: true,
      })!
      context.drawImage(image, 0, 0)
      const alpha = xs.map((x) => context.getImageData(x, height / 2, 1, 1).data[3])
      return { width, height, alpha }
    },
    { url: `data:image/png;base64,${png}`, xs: columns },
  )
}

/** The asset of the fake sheet with a name. */
function assetOf(name: string) {
  return fakeSheet(12).assets.find((asset) => asset.name === name)!
}

describe('actions', () => {
  it('shows the price before a run starts, and agrees to that amount', async () => {
    await onAsset('blog/forest', async (page) => {
      const dialog = await openAction(page, 'generate')
      await poll(() => dialog.textContent()).toContain('$0.042')
      expect(callsOf('generate')).toEqual([])
      await dialog.getByRole('button', { name: 'Spend up to $0.042' }).click()
      await poll(() => noticeOf(page)).toContain('Generated 1 picture for $0.042.')
      expect(callsOf('generate')).toEqual([
        { names: ['blog/forest'], force: false, agreedUsd: 0.042 },
      ])
    })
  })

  it.each([
    [
      {
        pictures: 1,
        usd: 0.04,
        refusal: { kind: 'run', usd: 0.04, limit: 0, text: 'The budget of $1.00 is spent.' },
      },
      'The budget of $1.00',
    ],
    [{ pictures: 1, usd: null, refusal: null }, 'The price of this model is unknown'],
    [{ pictures: 0, usd: 0, refusal: null }, 'There is nothing to generate.'],
  ])('starts no run for %j', async (price, text) => {
    await onAsset(
      'hero',
      async (page) => {
        const dialog = await openAction(page, 'regenerate')
        await poll(() => dialog.textContent()).toContain(text)
        expect(await dialog.locator('.primary').isDisabled()).toBe(true)
      },
      { calls: { price: () => price } },
    )
  })

  it('regenerates with force, and says that the picture is kept', async () => {
    await onAsset('hero', async (page) => {
      const dialog = await openAction(page, 'regenerate')
      await poll(() => dialog.textContent()).toContain('you can restore it later')
      await page.keyboard.press('Escape')
      const more = page.getByRole('button', { name: 'More' })
      expect(await more.evaluate((element) => element === document.activeElement)).toBe(true)
      await openAction(page, 'regenerate')
      await dialog.locator('.primary').click()
      await poll(() => callsOf('generate')).toMatchObject([{ names: ['hero'], force: true }])
    })
  })

  it('shows what an edit does and costs before it is saved', async () => {
    await onAsset('product/mug', async (page) => {
      const dialog = await openAction(page, 'edit')
      const save = dialog.getByRole('button', { name: 'Save to the manifest' })
      expect(await save.isDisabled()).toBe(true)
      await dialog.getByLabel('Prompt').fill('A blue mug')
      await dialog.getByText('Add a style').click()
      await dialog.getByRole('button', { name: 'noir' }).click()
      await dialog.getByText('Add a preset').click()
      await dialog.getByLabel('Find a preset').fill('youtube')
      await dialog.getByRole('button', { name: 'youtube_thumbnail' }).click()
      await poll(() => dialog.locator('.price-line').textContent()).toContain('$0.042')
      await poll(() => dialog.locator('.line-diff .line-added').count()).toBe(3)
      await save.click()
      await poll(() => noticeOf(page)).toContain('Saved product/mug')
      expect(callsOf('edit')).toEqual([
        {
          name: 'product/mug',
          prompt: 'A blue mug',
          styles: ['brand', 'watercolor', 'noir'],
          outputs: ['card', 'youtube_thumbnail'],
          digest: 'd1',
        },
      ])
      expect(
        await page.locator('[data-action=edit]').evaluate((e) => e === document.activeElement),
      ).toBe(true)
    })
  })

  it('saves no edit with mistakes, and goes on to the price of a run', async () => {
    await onAsset('hero', async (page) => {
      const dialog = await openAction(page, 'edit')
      await dialog.getByLabel('Prompt').fill('')
      await poll(() => dialog.textContent()).toContain('images.yaml:15:5')
      expect(await dialog.getByRole('button', { name: 'Save to the manifest' }).isDisabled()).toBe(
        true,
      )
      await dialog.getByLabel('Prompt').fill('A lighthouse at noon')
      await dialog.getByRole('button', { name: 'Save, then generate…' }).click()
      await poll(() => page.getByRole('dialog').textContent()).toContain('Generate a picture')
      expect(callsOf('edit')).toHaveLength(1)
      expect(callsOf('price')).toEqual([{ names: ['hero'], force: false }])
    })
  })

  it('asks before typed work is lost', async () => {
    await onAsset('hero', async (page) => {
      const dialog = await openAction(page, 'edit')
      await dialog.getByLabel('Alt text').fill('Another text')
      await page.keyboard.press('Escape')
      expect(await dialog.textContent()).toContain('Your changes are not saved.')
      await dialog.getByRole('button', { name: 'Keep editing' }).click()
      expect(await dialog.getByLabel('Alt text').inputValue()).toBe('Another text')
      await page.keyboard.press('Escape')
      await dialog.getByRole('button', { name: 'Discard them' }).click()
      await poll(() => dialog.count()).toBe(0)
      expect(callsOf('edit')).toEqual([])
    })
  })

  it('shows why a save failed, and keeps what was typed', async () => {
    const refuse = (): never => {
      throw Object.assign(new Error('images.yaml has changed since.'), {
        hint: 'Look at it again.',
      })
    }
    await onAsset(
      'hero',
      async (page) => {
        const dialog = await openAction(page, 'edit')
        await dialog.getByLabel('Alt text').fill('Another text')
        await dialog.getByRole('button', { name: 'Save to the manifest' }).click()
        const alert = dialog.getByRole('alert').filter({ hasText: 'changed' })
        await poll(() => alert.textContent()).toContain('images.yaml has changed since.')
        expect(await alert.textContent()).toContain('Look at it again.')
        expect(await dialog.getByLabel('Alt text').inputValue()).toBe('Another text')
      },
      { calls: { edit: refuse } },
    )
  })

  it('places a focal point with the pointer and with keys, and shows every crop', async () => {
    await onAsset('hero', async (page) => {
      const dialog = await openAction(page, 'focus')
      const picture = dialog.locator('.focus-picture')
      const box = (await picture.boundingBox())!
      await page.mouse.click(box.x + box.width * 0.25, box.y + box.height * 0.6)
      const point = dialog.getByRole('slider', { name: 'Focal point' })
      expect(await point.getAttribute('aria-valuetext')).toBe('25% from the left, 60% from the top')
      const crop = dialog
        .locator('.crop', { has: page.locator('img') })
        .nth(3)
        .locator('img')
      const before = await crop.evaluate((img) => img.style.left)
      await page.keyboard.press('Shift+ArrowRight')
      await page.keyboard.press('ArrowUp')
      expect(await point.getAttribute('aria-valuetext')).toBe('35% from the left, 59% from the top')
      expect(await crop.evaluate((img) => img.style.left)).not.toBe(before)
      await poll(() => dialog.textContent()).toContain('7 files are derived again at no cost.')
      await dialog.getByRole('button', { name: 'Save to the manifest' }).click()
      await poll(() => callsOf('edit')).toEqual([
        { name: 'hero', focus: { x: 0.35, y: 0.59 }, digest: 'd1' },
      ])
    })
  })

  it('picks among candidates that zoom together', async () => {
    await onAsset('hero', async (page) => {
      const dialog = await openAction(page, 'pick')
      const panes = dialog.locator('.zoom-pane')
      expect(await panes.count()).toBe(3)
      await panes.nth(1).focus()
      await page.keyboard.press('+')
      await page.keyboard.press('+')
      const scales = () =>
        panes
          .locator('img')
          .evaluateAll((imgs) =>
            imgs.map((img) => /scale\(.*\)/.exec((img as HTMLElement).style.transform)?.[0]),
          )
      await poll(scales).toEqual(['scale(1.96)', 'scale(1.96)', 'scale(1.96)'])
      await page.keyboard.press('3')
      await dialog.getByRole('button', { name: 'Make picture 3 the master' }).click()
      await poll(() => noticeOf(page)).toContain('Picture 3 is the master now.')
      expect(callsOf('pick')).toEqual([
        { name: 'hero', number: 3, id: expect.stringContaining('c3') },
      ])
    })
  })

  it('adopts a file, after it was seen beside the current picture', async () => {
    const png = Buffer.from(
      drawPicture({ prompt: 'a leaf', width: 64, height: 64, transparent: false }),
    )
    await onAsset('hero', async (page) => {
      const dialog = await openAction(page, 'adopt')
      const file = dialog.locator('input[type=file]')
      const text = { name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('no picture') }
      await file.setInputFiles(text)
      await poll(() => dialog.textContent()).toContain('notes.png is not a picture')
      expect(await dialog.locator('.primary').isDisabled()).toBe(true)
      await file.setInputFiles({ name: 'mine.png', mimeType: 'image/png', buffer: png })
      await poll(() => dialog.textContent()).toContain('64 × 64 px')
      expect(await dialog.textContent()).toContain('Its aspect ratio differs')
      await dialog.getByRole('button', { name: 'Adopt it' }).click()
      await poll(() => callsOf('adopt')).toEqual([{ name: 'hero', bytes: png.toString('base64') }])
    })
  })

  it('takes a file that is dropped on the page', async () => {
    await onAsset('hero', async (page) => {
      const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"/>'
      const transfer = await page.evaluateHandle((content) => {
        const data = new DataTransfer()
        data.items.add(new File([content], 'mine.svg', { type: 'image/svg+xml' }))
        return data
      }, svg)
      await page.locator('.asset-body').dispatchEvent('drop', { dataTransfer: transfer })
      const dialog = page.getByRole('dialog')
      await poll(() => dialog.textContent()).toContain('30 × 20 px')
      await dialog.getByRole('button', { name: 'Adopt it' }).click()
      await poll(() => callsOf('adopt')).toEqual([
        { name: 'hero', bytes: Buffer.from(svg).toString('base64') },
      ])
    })
  })

  it('draws a mask with pointer, keys and numbers, and sends it as PNG', async () => {
    await onAsset('icons/leaf', async (page) => {
      const dialog = await openAction(page, 'mask')
      const frame = dialog.locator('.mask-frame')
      const box = (await frame.boundingBox())!
      const at = (x: number, y: number) => [box.x + box.width * x, box.y + box.height * y] as const
      await page.mouse.move(...at(0.45, 0.5))
      await page.mouse.down()
      await page.mouse.move(...at(0.55, 0.5), { steps: 4 })
      await page.mouse.up()
      await poll(() => dialog.locator('output').last().textContent()).toMatch(/[1-9]\d?% of/)
      await dialog.getByRole('button', { name: 'Undo' }).click()
      expect(await dialog.getByRole('button', { name: 'Save the mask' }).isDisabled()).toBe(true)
      await dialog.getByText('Rectangle in numbers').click()
      for (const [side, value] of [
        ['Left', '0'],
        ['Top', '0'],
        ['Width', '256'],
        ['Height', '512'],
      ] as const) {
        await dialog.getByLabel(side).fill(value)
      }
      await dialog.getByRole('button', { name: 'Add it' }).click()
      await poll(() => dialog.textContent()).toContain('50% of the picture may change.')
      await dialog.getByRole('button', { name: 'Invert' }).click()
      await frame.focus()
      await page.keyboard.press('e')
      await page.keyboard.press('ArrowRight')
      const cursor = dialog.locator('.mask-cursor')
      const erased = await cursor.evaluate((element: HTMLElement) => parseFloat(element.style.left))
      await page.keyboard.press('Space')
      await dialog.getByRole('button', { name: 'Save the mask' }).click()
      await poll(() => noticeOf(page)).toContain('images.masks/icons/leaf.png')
      // The right half may change, except where the eraser was.
      const columns = [100, 500, Math.round((erased / 100) * 512)]
      const mask = await readAlpha(page, callsOf('mask')[0]!.png, columns)
      expect(mask).toEqual({ width: 512, height: 512, alpha: [255, 0, 255] })
    })
  })

  it('compares variants as candidates for the amount that it shows', async () => {
    await onAsset('hero', async (page) => {
      const dialog = await openAction(page, 'compare')
      await poll(() => dialog.textContent()).toContain('Together $0.084.')
      await dialog.getByRole('button', { name: 'Add a variant' }).click()
      expect(await dialog.textContent()).toContain('Variants 1 and 3 are the same.')
      expect(await dialog.locator('.primary').isDisabled()).toBe(true)
      await dialog.getByLabel('Prompt').nth(2).fill('A lighthouse in a storm')
      await dialog.getByRole('button', { name: 'Spend up to $0.126' }).click()
      await poll(() => callsOf('compare')).toEqual([
        {
          name: 'hero',
          variants: [{}, { quality: 'medium' }, { prompt: 'A lighthouse in a storm' }],
          agreedUsd: 0.126,
        },
      ])
      await poll(() => page.getByRole('dialog').textContent()).toContain('Pick a picture')
    })
  })

  it('pins, and stops a run whose partial pictures it shows', async () => {
    await onAsset('hero', async (page) => {
      await page.getByRole('button', { name: 'More' }).click()
      await page.locator('[data-action=pin]').click()
      await poll(() => noticeOf(page)).toContain('Pinned hero')
      expect(callsOf('pin')).toEqual([{ name: 'hero', pinned: true }])
      const run = fakeRun(Date.now())
      const asset = { ...run.assets[1]!, name: 'hero' }
      server.send({ type: 'run', run: { ...run, assets: [asset] } })
      await page.getByText('Unfinished picture').waitFor()
      await page.getByRole('button', { name: 'Stop' }).click()
      await poll(() => noticeOf(page)).toContain('Stopping')
      expect(callsOf('stop')).toEqual([{}])
      server.send({ type: 'run', run: null })
      await page.getByText('1536 × 1024 px').waitFor()
    })
  })

  it('generates, picks and restores with Tab, arrows and Enter alone', async () => {
    await onAsset('product/lamp', async (page) => {
      const { keyboard } = page
      const dialog = page.getByRole('dialog')
      await tabTo(page, page.locator('[data-action=generate]'))
      await keyboard.press('Enter')
      await tabTo(page, dialog.getByRole('button', { name: /^Spend up to/ }))
      await keyboard.press('Enter')
      await poll(() => callsOf('generate')).toHaveLength(1)
      await tabTo(page, page.locator('[data-action=pick]'))
      await keyboard.press('Enter')
      await tabTo(page, dialog.locator('.candidate-button').nth(1))
      await keyboard.press('Enter')
      await tabTo(page, dialog.getByRole('button', { name: /^Make picture 2/ }))
      await keyboard.press('Enter')
      await poll(() => callsOf('pick')).toHaveLength(1)
      await tabTo(page, page.locator('.stage-tabs [tabindex="0"]'))
      for (let stage = 0; stage < 3; stage++) await keyboard.press('ArrowRight')
      expect(await page.locator('[data-stage=compare]').getAttribute('aria-selected')).toBe('true')
      await tabTo(page, page.locator('.earlier-actions .button:last-child').last())
      await keyboard.press('Enter')
      await tabTo(page, dialog.getByRole('button', { name: 'Restore' }))
      await keyboard.press('Enter')
      await poll(() => callsOf('restore')).toHaveLength(1)
      expect(callsOf('restore')[0]!.id).toContain('g1')
    })
  })
})

describe('accessibility', () => {
  const stages = ['picture', 'outputs', 'places', 'compare']
  const dialogs = ['edit', 'focus', 'pick', 'mask', 'compare', 'adopt', 'regenerate']

  /** Expects that a state has neither violations nor anything that is cut off at the side. */
  async function expectGood(page: Page, state: string, part?: string): Promise<void> {
    expect(await findViolations(page, part), state).toEqual([])
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect(overflow, state).toBe(0)
  }

  it.each([
    ['light', 'en-US', 1280],
    ['dark', 'zh-CN', 390],
  ] as const)('has no violations: %s, %s, %d px', async (colorScheme, locale, width) => {
    await onAsset(
      'hero',
      async (page) => {
        for (const stage of stages) {
          await page.locator(`[data-stage=${stage}]`).click()
          await expectGood(page, stage, stage === 'picture' ? undefined : '.stage')
        }
        await page.locator('[data-stage=places]').click()
        const other = colorScheme === 'dark' ? 0 : 1
        await page.locator('.stage-tools .segment').nth(other).click()
        await expectGood(page, 'places on the other surface', '.places')
        for (const dialog of dialogs) {
          await openDialogOf(page, dialog)
          if (dialog === 'focus') {
            await page.locator('.focus-point').press('ArrowLeft')
            await page.locator('.line-diff').waitFor()
          }
          await expectGood(page, dialog, 'dialog')
          await page.keyboard.press('Escape')
          if (dialog === 'focus') await page.locator('.discard .danger').click()
          await page.locator('dialog[open]').waitFor({ state: 'detached' })
        }
      },
      { colorScheme, locale, viewport: { width, height: 844 } },
    )
  })

  it('says everything in Chinese', async () => {
    await onAsset(
      'hero',
      async (page) => {
        for (const stage of [0, 1, 2, 3]) {
          await page.getByRole('tab').nth(stage).click()
          const words = await page
            .locator('.asset-header button, .stage-tabs button, .section-head h2, .asset-facts dt')
            .allTextContents()
          for (const word of words) expect(word).toMatch(/\p{Script=Han}/u)
        }
      },
      { locale: 'zh-CN' },
    )
  })
})

/** Opens a dialog in any language. */
async function openDialogOf(page: Page, action: string): Promise<void> {
  const button = page.locator(`[data-action=${action}]`)
  await page.locator('.action-bar').waitFor()
  if ((await button.count()) === 0) await page.locator('.action-bar .menu > button').click()
  await button.click()
  await page.locator('dialog[open] .dialog-actions').waitFor()
}
