/*
 * Takes screenshots of every view at three widths, in both themes and both languages:
 *
 *     npx pnpm@12 screenshots sheet [FOLDER] [VIEW …]
 *     npx pnpm@12 screenshots sheet --docs    takes those of the documentation again
 */
import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { launchBrowser } from '../../../fixtures/browser.ts'
import { buildPage } from '../e2e/build-page.ts'
import { fakeRun } from '../e2e/fake-run.ts'
import { startFakeServer } from '../e2e/fake-server.ts'

const widths = [390, 1024, 1600]
const themes = ['light', 'dark'] as const
const languages = { en: 'en-US', zh: 'zh-CN' } as const

/** The views: a fragment, and what brings the view into the state that is shown. */
const views: Record<string, { fragment: string; prepare?: (page: Page) => Promise<void> }> = {
  grid: { fragment: '#/' },
  selection: {
    fragment: '#/',
    prepare: async (page) => {
      await page.locator('.card-link').first().focus()
      await page.keyboard.press('Space')
      await page.keyboard.press('ArrowRight')
      await page.keyboard.press('Space')
    },
  },
  filter: {
    fragment: '#/',
    prepare: async (page) => {
      await page.locator('.toolbar-filters .menu > button').first().click()
    },
  },
  asset: { fragment: '#/asset/hero' },
  stale: { fragment: '#/asset/product/lamp' },
  outputs: {
    fragment: '#/asset/hero',
    prepare: (page) => page.locator('[data-stage=outputs]').click(),
  },
  places: {
    fragment: '#/asset/hero',
    prepare: (page) => page.locator('[data-stage=places]').click(),
  },
  compare: {
    fragment: '#/asset/hero',
    prepare: (page) => page.locator('[data-stage=compare]').click(),
  },

  edit: {
    fragment: '#/asset/hero',
    prepare: async (page) => {
      await openAction(page, 'edit')
      await page.locator('textarea').fill('A lighthouse on a cliff at night, stormy sea')
      await page.locator('.price-line').waitFor()
    },
  },
  focus: {
    fragment: '#/asset/hero',
    prepare: async (page) => {
      await openAction(page, 'focus')
      await page.locator('.focus-point').press('Shift+ArrowLeft')
      await page.locator('.line-diff').waitFor()
    },
  },
  pick: { fragment: '#/asset/hero', prepare: (page) => openAction(page, 'pick') },
  mask: {
    fragment: '#/asset/hero',
    prepare: async (page) => {
      await openAction(page, 'mask')
      await page.locator('.mask-frame').focus()
      for (const key of ['Space', 'ArrowRight', 'Space', 'ArrowRight', 'Space']) {
        await page.keyboard.press(key)
      }
    },
  },
  variants: { fragment: '#/asset/hero', prepare: (page) => openAction(page, 'compare') },
  adopt: { fragment: '#/asset/hero', prepare: (page) => openAction(page, 'adopt') },
  restore: {
    fragment: '#/asset/hero',
    prepare: (page) => page.locator('.earlier-actions .button:last-child').first().click(),
  },
  generate: { fragment: '#/asset/blog/forest', prepare: (page) => openAction(page, 'generate') },
  run: { fragment: '#/run' },
  costs: { fragment: '#/costs' },
  help: { fragment: '#/', prepare: (page) => page.keyboard.press('?') },
}

/** Opens the dialog of an action, from the bar or its menu. */
async function openAction(page: Page, name: string): Promise<void> {
  const button = page.locator(`[data-action=${name}]`)
  await page.locator('.action-bar').waitFor()
  if ((await button.count()) === 0) await page.locator('.action-bar .menu > button').click()
  await button.click()
}

const { values, positionals } = parseArgs({
  options: { docs: { type: 'boolean' } },
  allowPositionals: true,
})
const [folder = join(import.meta.dirname, '../node_modules/.cache/screenshots'), ...chosen] =
  positionals
await mkdir(folder, { recursive: true })
await buildPage()
await using server = await startFakeServer()
const browser = await launchBrowser()
try {
  if (values.docs === true) await shootForDocs()
  else await shootAll()
} finally {
  await browser.close()
}

/** Takes every screenshot, or those of the chosen views. */
async function shootAll(): Promise<void> {
  for (const theme of themes) {
    for (const language of Object.keys(languages) as (keyof typeof languages)[]) {
      const page = await openPage(theme, language)
      for (const width of widths) {
        await page.setViewportSize({ width, height: width < 600 ? 844 : 900 })
        for (const view of chosen.length > 0 ? chosen : Object.keys(views)) {
          await shoot(page, view, join(folder, `${view}-${width}-${theme}-${language}.png`))
        }
      }
      await page.context().close()
    }
  }
  process.stdout.write(`${folder}\n`)
}

/** Takes the screenshots that the documentation shows. */
async function shootForDocs(): Promise<void> {
  const docs = join(import.meta.dirname, '../../../docs')
  for (const [view, theme] of [
    ['grid', 'light'],
    ['places', 'light'],
    ['costs', 'dark'],
  ] as const) {
    const page = await openPage(theme, 'en')
    await page.setViewportSize({ width: 1280, height: 800 })
    await shoot(page, view, join(docs, `contact-sheet-${view}.jpg`))
    await page.context().close()
  }
}

async function openPage(
  colorScheme: (typeof themes)[number],
  language: keyof typeof languages,
): Promise<Page> {
  const context = await browser.newContext({
    colorScheme,
    locale: languages[language],
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  // The page in English names Chinese in Chinese, too.
  await addChineseFont(page)
  return page
}

/**
 * Lets a page show Chinese on a machine without Chinese fonts. The page itself has none: its fonts
 * are those of the system.
 */
async function addChineseFont(page: Page): Promise<void> {
  const font = dirname(fileURLToPath(import.meta.resolve('@fontsource/noto-sans-sc/400.css')))
  const weights = ['400', '500', '600', '700']
  const faces = await Promise.all(
    weights.map((weight) => readFile(join(font, `${weight}.css`), 'utf8')),
  )
  await page.route('**/page.css', async (route) => {
    const response = await route.fetch()
    const body = `${faces.join('')}${await response.text()}`
      .replaceAll('./files/', 'font/')
      // Text that another font has shown once would stay in it.
      .replaceAll('font-display: swap', 'font-display: block')
    await route.fulfill({ response, body })
  })
  await page.route('**/font/*', (route) =>
    route.fulfill({ path: join(font, 'files', route.request().url().split('/').at(-1)!) }),
  )
  await page.route('**/', async (route) => {
    const response = await route.fetch()
    const policy = response.headers()['content-security-policy'] ?? ''
    const headers = {
      ...response.headers(),
      'content-security-policy': `${policy}; font-src 'self'`,
    }
    await route.fulfill({ response, headers })
  })
}

/** Takes a screenshot of a view with a run. The name of the file says its format. */
async function shoot(page: Page, view: string, path: string): Promise<void> {
  const { fragment, prepare } = views[view]!
  await page.goto('about:blank')
  await page.goto(server.url + fragment)
  await page.locator('main').waitFor()
  server.send({ type: 'run', run: fakeRun(Date.now()) })
  await prepare?.(page)
  await page.waitForTimeout(600)
  await page.evaluate(async () => {
    // Shapes all text again: what was shown before its font was loaded may stay as it was, and new
    // shapes may need other files of the font.
    for (let round = 0; round < 3; round++) {
      await document.fonts.ready
      document.body.style.display = 'none'
      document.body.getBoundingClientRect()
      document.body.style.display = ''
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })
  await page.screenshot(path.endsWith('.jpg') ? { path, quality: 82, type: 'jpeg' } : { path })
}
