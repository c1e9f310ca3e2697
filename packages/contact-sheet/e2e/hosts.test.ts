import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { createServer } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../../../fixtures/browser.ts'
import { startCli } from '../../core/e2e/cli-process.ts'
import { limn } from '../../vite-plugin/src/index.ts'
import { buildPage } from './build-page.ts'
import { findViolations, openPage, type OpenPage } from './open-page.ts'

const demo = fileURLToPath(new URL('../../../fixtures/demo', import.meta.url))
/** Number of assets of the demo. */
const ASSETS = readFileSync(join(demo, 'images.yaml'), 'utf8').match(/^ {4}prompt:/gm)!.length

let browser: Browser
const folders: string[] = []

beforeAll(async () => {
  await buildPage()
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

/** Copies the demo without its pictures into a folder that is removed after the tests. */
function copyDemo(): string {
  const root = mkdtempSync(join(tmpdir(), 'limn-sheet-'))
  folders.push(root)
  cpSync(demo, root, {
    recursive: true,
    filter: (path) => !/node_modules|dist|images$|\.limn/.test(path.slice(demo.length)),
  })
  return root
}

/** A host with the demo. */
type Host = {
  root: string
  url: string
  /** Reloads the pages of the app. */
  reloadApp?: () => void
  close(): Promise<unknown>
}

async function startDev(): Promise<Host> {
  const root = copyDemo()
  const server = await createServer({
    root,
    configFile: false,
    base: '/shop/',
    logLevel: 'silent',
    server: { host: '127.0.0.1', port: 0 },
    plugins: [limn({ dev: { generate: 'draft' } })],
  })
  await server.listen()
  return {
    root,
    url: `${server.resolvedUrls!.local[0]}__limn/`,
    reloadApp: () => server.ws.send({ type: 'full-reload' }),
    close: () => server.close(),
  }
}

async function startUi(): Promise<Host> {
  const root = copyDemo()
  const env = { PATH: process.env['PATH'], HOME: root, XDG_STATE_HOME: join(root, '.state') }
  const cli = startCli(['ui', '--no-open', '--json'], { cwd: root, env })
  await cli.printed(/"type":"ui".*\n/)
  const { url } = JSON.parse(/\{.*"type":"ui".*\}/.exec(cli.stdout)![0]) as { url: string }
  return {
    root,
    url,
    close: () => {
      cli.kill('SIGINT')
      return cli.done
    },
  }
}

/** Waits until every picture in sight is loaded. */
async function expectThumbs(page: Page): Promise<void> {
  await expect
    .poll(
      () =>
        page.locator('.thumb').evaluateAll((images) => {
          const widths = images.map((image) => (image as HTMLImageElement).naturalWidth)
          return widths.length > 3 && widths.every((width) => width > 0)
        }),
      { timeout: 60_000 },
    )
    .toBe(true)
}

/** Opens a host, and expects that the page reports nothing wrong. */
async function onHost(host: Host, test: (opened: OpenPage) => Promise<void>): Promise<void> {
  try {
    const opened = await openPage(browser, host.url)
    await opened.page.locator('.card').first().waitFor()
    await test(opened)
    expect(opened.problems).toEqual([])
    await opened.close()
  } finally {
    await host.close()
  }
}

function editManifest({ root }: Host, from: string, to: string): void {
  const path = join(root, 'images.yaml')
  const text = readFileSync(path, 'utf8')
  expect(text).toContain(from)
  writeFileSync(path, text.replace(from, to))
}

describe.each([
  ['vite dev', startDev],
  ['limn ui', startUi],
] as const)('%s', (name, start) => {
  it('shows the demo with drafts, and follows the manifest', async () => {
    const host = await start()
    await onHost(host, async ({ page }) => {
      expect(await page.locator('.summary-count').textContent()).toBe(`${ASSETS} pictures`)
      await expectThumbs(page)
      expect(await findViolations(page)).toEqual([])
      await page.evaluate(() => Reflect.set(window, 'isSame', true))
      host.reloadApp?.()
      editManifest(host, 'assets:\n', 'assets:\n  added: { prompt: A red kite, alt: Kite }\n')
      await page.locator('[data-name="added"]').waitFor()
      editManifest(host, 'prompt: A red kite', 'promt: A red kite')
      await page.locator('.mistakes').waitFor()
      expect(await page.locator('.mistakes').textContent()).toContain('promt')
      editManifest(host, 'promt: A red kite', 'prompt: A red kite')
      await expect.poll(() => page.locator('.mistakes').count(), { timeout: 20_000 }).toBe(0)
      expect(await page.evaluate(() => Reflect.get(window, 'isSame')), name).toBe(true)
    })
  })
})

it('generates from the grid in limn ui, and shows the run', async () => {
  const host = await startUi()
  await onHost(host, async ({ page }) => {
    await page.keyboard.press('/')
    await page.keyboard.type('people')
    await expect.poll(() => page.locator('.card').count()).toBe(3)
    await page.keyboard.press('Enter')
    await page.keyboard.press('Control+a')
    await page.getByRole('button', { name: 'Generate what is stale…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: /^Generate/ }).click()
    await expect
      .poll(() => page.locator('[aria-selected=true] .status-fresh').count(), { timeout: 120_000 })
      .toBe(3)
    const names = await page
      .locator('[aria-selected=true] .card-link')
      .evaluateAll((links) => links.map((link) => link.getAttribute('data-name')))
    for (const each of names) expect(existsSync(join(host.root, `images/${each}.png`))).toBe(true)
    await page.goto(`${new URL(page.url()).origin}/#/costs`)
    await page.locator('.figures').waitFor()
    expect(await findViolations(page)).toEqual([])
  })
})
