import { createHash } from 'node:crypto'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { drawPicture } from '@limn/painter'
import type { Browser, Page } from 'playwright-core'
import { createServer, type InlineConfig } from 'vite'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { launchBrowser } from '../../../fixtures/browser.ts'
import { createTestProject, type TestProject } from '../../core/e2e/test-project.ts'
import { limn } from '../../vite-plugin/src/index.ts'
import { buildPage } from './build-page.ts'
import { openPage } from './open-page.ts'
import { openAction, tabTo } from './use-page.ts'

/*
 * The page on real projects, in `limn ui` and in dev servers of Vite: each action is verified on disk.
 */

let browser: Browser

beforeAll(async () => {
  await buildPage()
  browser = await launchBrowser()
})

afterAll(() => browser?.close())

const manifest = (provider: string) => `# Pictures of the shop
version: 1
provider: ${provider}
defaults:
  partials: 2
  outputs:
    - { name: wide, width: 128, height: 64, formats: [webp] }
    - { name: tall, width: 64, height: 128, formats: [webp] }
styles:
  brand: { append: Warm palette. }
assets:
  # The first thing that visitors see
  hero:
    prompt: A lighthouse   # at dawn?
    alt: hero
    candidates: 2
  shop:
    edit: { image: hero }
    prompt: The same at night
    alt: shop
`

/** Waits until a value is as expected: a busy machine takes longer than a second. */
const poll = <T>(read: () => T) => expect.poll(read, { timeout: 20_000 })

/** Opens the contact sheet of a project at an asset. */
async function openAsset(project: TestProject, name: string, ...args: string[]): Promise<Page> {
  const page = await openGrid(await startUi(project, ...args))
  await showAsset(page, name)
  return page
}

/** Starts `limn ui`. @returns its link */
async function startUi(project: TestProject, ...args: string[]): Promise<string> {
  const command = project.start(['ui', '--no-open', '--json', ...args])
  await command.printed(/"type":"ui".*\n/)
  return (JSON.parse(/\{.*"type":"ui".*\}/.exec(command.stdout)![0]) as { url: string }).url
}

/** Starts a dev server that may spend $5. @returns the address of its contact sheet */
async function startDev(
  project: TestProject,
  config: InlineConfig['server'] = {},
): Promise<string> {
  for (const [name, value] of Object.entries(project.env)) vi.stubEnv(name, value)
  const server = await createServer({
    root: project.root,
    configFile: false,
    logLevel: 'silent',
    server: { host: '127.0.0.1', port: 0, ...config },
    plugins: [limn({ dev: { generate: 'never', maxCost: 5 } })],
  })
  onTestFinished(async () => {
    await server.close()
    vi.unstubAllEnvs()
  })
  await server.listen()
  return `${server.resolvedUrls!.local[0]}__limn/`
}

/** Opens the grid, and expects at the end of the test that nothing was wrong with the page. */
async function openGrid(url: string): Promise<Page> {
  const opened = await openPage(browser, url)
  onTestFinished(async () => {
    await opened.close()
    expect(opened.problems).toEqual([])
  })
  await opened.page.locator('.grid').waitFor()
  return opened.page
}

async function showAsset(page: Page, name: string): Promise<void> {
  await page.evaluate((hash) => void (location.hash = hash), `#/asset/${name}`)
  await page.locator('.asset-title', { hasText: name }).waitFor()
  await page.locator('.asset-body').waitFor()
}

/** Presses the main button of the dialog, and waits for what it reports. */
async function agree(page: Page, notice: string | RegExp): Promise<void> {
  const button = page.getByRole('dialog').locator('.primary')
  await poll(() => button.isEnabled()).toBe(true)
  await button.click()
  await page.locator('.notice', { hasText: notice }).waitFor({ timeout: 60_000 })
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const heroOf = (project: TestProject) => project.lock().assets['hero']!

/** Restores the last of the listed pictures, and expects it on disk. */
async function restoreLast(page: Page, project: TestProject): Promise<void> {
  const before = heroOf(project).master.sha256
  await page.locator('.earlier-actions .button:last-child').last().click()
  await agree(page, 'Restored the picture.')
  const { path, sha256: after } = heroOf(project).master
  expect(after).not.toBe(before)
  expect(sha256(project.bytes(path))).toBe(after)
}

const leaf = Buffer.from(
  drawPicture({ prompt: 'a leaf', width: 96, height: 96, transparent: false }),
)

/** Draws a mask for the edit of `hero`, and expects it on disk. */
async function drawMask(page: Page, project: TestProject): Promise<void> {
  await showAsset(page, 'shop')
  await openAction(page, 'mask')
  await page.locator('.mask-frame').press('Space')
  await agree(page, 'Saved the mask as')
  const mask = /mask: \.\/(\S+\.png)/.exec(project.text('images.yaml'))![1]!
  expect(project.bytes(mask).subarray(1, 4).toString()).toBe('PNG')
}

/** Compares the prompt of `hero` with another one, picks that, and expects it on disk. */
async function compareAndPick(page: Page, project: TestProject): Promise<void> {
  const before = heroOf(project).master.sha256
  const dialog = await openAction(page, 'compare')
  await dialog.getByLabel('Prompt').nth(1).fill('A lighthouse in fog')
  await poll(() => dialog.locator('.total').textContent()).toMatch(/\$0\.\d+/)
  await dialog.locator('.primary').click()
  await page.locator('.candidates').waitFor({ timeout: 60_000 })
  expect(heroOf(project).master.sha256).toBe(before)
  expect(project.server.requests.map(({ body }) => String(body['prompt']))).toContain(
    'A lighthouse in fog',
  )
  const fog = page.locator('.candidate', { hasText: 'in fog' }).first()
  await fog.locator('.candidate-button').click()
  await agree(page, 'is the master now.')
  expect(heroOf(project).request['prompt']).toBe('A lighthouse in fog')
  expect(project.text('images.yaml')).toContain('prompt: A lighthouse in fog')
}

test('generates, edits, compares, picks, restores, adopts and masks on disk, with partials', async () => {
  let release: (() => void) | undefined
  let events = 0
  const project = await createTestProject({
    files: { 'images.yaml': manifest('openai') },
    server: {
      // Waits after the first partial, until the page shows it.
      pace: () =>
        ++events === 2 ? new Promise<void>((resolve) => (release = resolve)) : Promise.resolve(),
    },
  })
  const page = await openAsset(project, 'hero')

  // Generate: the amount first, then partials, then the master.
  const dialog = await openAction(page, 'generate')
  await poll(() => dialog.textContent()).toMatch(/\$0\.\d+/)
  expect(project.server.requests).toEqual([])
  await dialog.locator('.primary').click()
  await page.getByText('Unfinished picture').waitFor({ timeout: 60_000 })
  release?.()
  await page.locator('.notice', { hasText: 'Generated 1 picture' }).waitFor({ timeout: 60_000 })
  const first = heroOf(project).master.sha256
  expect(project.has(heroOf(project).master.path)).toBe(true)
  await page.locator('.asset-facts', { hasText: 'Request ID' }).waitFor()

  // Edit: comments stay, nothing is requested, the plan follows.
  const requests = project.server.requests.length
  await openAction(page, 'edit')
  await page.getByRole('textbox', { name: 'Prompt' }).fill('A lighthouse in a storm')
  await page.locator('.line-diff').waitFor()
  await agree(page, 'Saved hero')
  expect(project.text('images.yaml')).toContain(
    '    prompt: A lighthouse in a storm   # at dawn?\n',
  )
  expect(project.text('images.yaml')).toContain('  # The first thing that visitors see\n')
  expect(project.server.requests).toHaveLength(requests)
  await page.locator('.changes', { hasText: 'in a storm' }).waitFor()

  // A manifest that changed since the preview is not overwritten.
  await openAction(page, 'edit')
  await page.getByLabel('Alt text').fill('A better text')
  await page.locator('.line-diff').waitFor()
  project.edit('# Pictures of the shop', '# Pictures of my shop')
  await page.getByRole('dialog').locator('.primary').click()
  await page.getByRole('dialog').getByRole('alert').locator('.failure').waitFor()
  expect(project.text('images.yaml')).not.toContain('A better text')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Discard them' }).click()

  // Regenerate, then restore what was there before.
  await openAction(page, 'generate')
  await agree(page, 'Generated 1 picture')
  expect(heroOf(project).master.sha256).not.toBe(first)
  await restoreLast(page, project)

  // Adopt a file, byte for byte.
  const adopting = await openAction(page, 'adopt')
  await adopting
    .locator('input[type=file]')
    .setInputFiles({ name: 'mine.png', mimeType: 'image/png', buffer: leaf })
  await agree(page, 'Adopted the picture of hero.')
  expect(heroOf(project).master).toMatchObject({ state: 'adopted', sha256: sha256(leaf) })

  // A focal point changes crops only.
  await openAction(page, 'focus')
  await page.locator('.focus-point').press('Shift+ArrowLeft')
  await page.locator('.line-diff').waitFor()
  await agree(page, 'Saved hero')
  expect(project.text('images.yaml')).toMatch(/position: \{ x: 0\.4, y: 0\.5 \}/)

  // A mask for the edit of this picture.
  await drawMask(page, project)
  project.expectNoKey()
})

test('compares variants as candidates for the agreed amount, and picks one', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': manifest('openai') },
    server: true,
  })
  await project.generate({ names: ['hero'] })
  const page = await openAsset(project, 'hero')
  await compareAndPick(page, project)
  const { steps } = await project.plan({ names: ['hero'] })
  expect(steps.filter(({ asset, kind }) => asset === 'hero' && kind === 'generate')).toEqual([])
})

test('edits, compares, picks, restores, adopts a dropped file and masks on disk in vite dev', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': manifest('openai') },
    server: true,
  })
  await project.generate({ names: ['hero'] })
  const page = await openGrid(await startDev(project))
  await showAsset(page, 'hero')

  await openAction(page, 'edit')
  await page.getByLabel('Alt text').fill('A better text')
  await page.locator('.line-diff').waitFor()
  await agree(page, 'Saved hero')
  expect(project.text('images.yaml')).toContain('    alt: A better text\n')
  expect(project.text('images.yaml')).toContain('    prompt: A lighthouse   # at dawn?\n')

  await compareAndPick(page, project)
  const requests = project.server.requests.length
  await restoreLast(page, project)

  // A file that is dropped anywhere on the asset.
  const files = await page.evaluateHandle((base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.codePointAt(0)!)
    const transfer = new DataTransfer()
    transfer.items.add(new File([bytes], 'mine.png', { type: 'image/png' }))
    return transfer
  }, leaf.toString('base64'))
  await page.locator('.asset-body').dispatchEvent('drop', { dataTransfer: files })
  await agree(page, 'Adopted the picture of hero.')
  const { path, ...adopted } = heroOf(project).master
  expect(adopted).toMatchObject({ state: 'adopted', sha256: sha256(leaf) })
  expect(sha256(project.bytes(path))).toBe(sha256(leaf))

  await drawMask(page, project)
  expect(project.server.requests).toHaveLength(requests)
  project.expectNoKey()
})

test('spends nothing beyond the limit of the session, and says so', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': manifest('openai') },
    server: true,
  })
  const page = await openAsset(project, 'hero', '--max-cost', '0.0001')
  const dialog = await openAction(page, 'generate')
  await poll(() => dialog.getByRole('alert').textContent()).toContain('--max-cost')
  expect(await dialog.locator('.primary').isDisabled()).toBe(true)
  expect(project.server.requests).toEqual([])
})

test('generates, picks and restores with Tab, arrows and Enter alone', async () => {
  const project = await createTestProject({ files: { 'images.yaml': manifest('local') } })
  const page = await openAsset(project, 'hero')
  const { keyboard } = page
  const dialog = page.getByRole('dialog')
  await tabTo(page, page.locator('[data-action=generate]'))
  await keyboard.press('Enter')
  await poll(() => dialog.locator('.primary').isEnabled()).toBe(true)
  await tabTo(page, dialog.locator('.primary'))
  await keyboard.press('Enter')
  await page.locator('.notice', { hasText: 'Generated 1 picture' }).waitFor({ timeout: 60_000 })
  const first = heroOf(project).master.sha256

  await tabTo(page, page.locator('[data-action=pick]'))
  await keyboard.press('Enter')
  await tabTo(page, dialog.locator('.candidate-button').nth(1))
  await keyboard.press('Enter')
  await tabTo(page, dialog.locator('.primary'))
  await keyboard.press('Enter')
  await page.locator('.notice', { hasText: 'is the master now.' }).waitFor()
  const second = heroOf(project).master.sha256
  expect(second).not.toBe(first)

  const restore = page.getByRole('button', { name: 'Restore' }).first()
  await restore.waitFor()
  await tabTo(page, restore)
  await keyboard.press('Enter')
  await tabTo(page, dialog.locator('.primary'))
  await keyboard.press('Enter')
  await page.locator('.notice', { hasText: 'Restored the picture.' }).waitFor()
  expect(heroOf(project).master.sha256).toBe(first)
})

/** Eight pictures, of which a run requests four at once. */
const shop = `version: 1
provider: openai
defaults:
  partials: 1
  outputs: [{ name: s, width: 64, height: 64, formats: [webp] }]
assets:
${Array.from({ length: 8 }, (_, index) => `  mug-${index}: { prompt: Mug ${index}, alt: Mug }`).join('\n')}
`

test.each([
  ['limn ui', startUi],
  ['vite dev', startDev],
] as const)('stops, regenerates, pins and unpins on disk in %s', async (host, start) => {
  let release = (): void => {}
  const isReleased = new Promise<void>((resolve) => (release = resolve))
  const project = await createTestProject({
    files: {
      'images.yaml': shop,
      'index.html': '<!doctype html><title>Shop</title>\n<img src="limn:mug-0">',
      'editor.sh': '#!/bin/sh\necho "$@" > "$(dirname "$0")/opened.txt"\n',
    },
    server: { pace: () => isReleased },
  })
  const page = await openGrid(await start(project))
  const entryOf = (name: string) => project.lock().assets[name]

  // Stop: what was requested arrives, and nothing else is requested.
  await page.getByRole('button', { name: /^Update 8 pictures/ }).click()
  const agreement = page.getByRole('dialog').locator('.primary')
  await poll(() => agreement.isEnabled()).toBe(true)
  await agreement.click()
  await poll(() => project.server.requests.length).toBeGreaterThan(0)
  await page.getByRole('link', { name: 'Run' }).click()
  await page.getByRole('button', { name: 'Stop' }).click()
  await page.getByRole('button', { name: 'Stopping…' }).waitFor()
  release()
  await page.locator('.notice', { hasText: /^Generated \d/ }).waitFor({ timeout: 60_000 })
  const made = Object.keys(project.lock().assets)
  expect(made).toHaveLength(project.server.requests.length)
  expect(made.length).toBeLessThan(8)
  for (const name of made) expect(project.has(entryOf(name)!.master.path), name).toBe(true)

  // The rest of the run, which requests nothing twice.
  await page.getByRole('link', { name: 'Pictures' }).click()
  await page.getByRole('button', { name: /^Update/ }).click()
  await agree(page, /^Generated \d/)
  expect(project.server.requests).toHaveLength(8)

  // Pin and unpin: the state of its master in the lockfile.
  const name = made[0]!
  await showAsset(page, name)
  await chooseAction(page, 'pin')
  await page.locator('.notice', { hasText: `Pinned ${name}` }).waitFor()
  expect(entryOf(name)!.master.state).toBe('pinned')
  await page.locator('.asset-state', { hasText: 'Pinned' }).waitFor()
  await chooseAction(page, 'unpin')
  await page.locator('.notice', { hasText: `Unpinned ${name}` }).waitFor()
  expect(entryOf(name)!.master.state).toBe('generated')

  // Regenerate: one more request, and the lockfile records it.
  const before = entryOf(name)!.made.requestId
  const requests = project.server.requests.length
  await openAction(page, 'regenerate')
  await agree(page, 'Generated 1 picture')
  expect(project.server.requests).toHaveLength(requests + 1)
  expect(entryOf(name)!.made.requestId).not.toBe(before)

  // Its place in the manifest opens in the editor of a dev server. `limn ui` opens none.
  const place = page.getByRole('button', { name: 'Open images.yaml' })
  expect(await place.count()).toBe(host === 'vite dev' ? 1 : 0)
  if (host === 'vite dev') {
    chmodSync(join(project.root, 'editor.sh'), 0o755)
    vi.stubEnv('LAUNCH_EDITOR', join(project.root, 'editor.sh'))
    await place.click()
    await poll(() => project.has('opened.txt') && project.text('opened.txt')).toContain(
      'images.yaml',
    )
  }
  project.expectNoKey()
})

/** Chooses an action that acts at once, once the asset offers it, from its menu. */
async function chooseAction(page: Page, action: string): Promise<void> {
  const item = page.locator(`[data-action=${action}]`)
  await poll(async () => {
    if ((await item.count()) === 0) await page.getByRole('button', { name: 'More' }).click()
    return item.count()
  }).toBe(1)
  await item.click()
}

test('says that a dev server has no websocket, and names limn ui', async () => {
  const project = await createTestProject({ files: { 'images.yaml': manifest('local') } })
  const url = await startDev(project, { ws: false })
  for (const [locale, text] of [
    ['en-US', "The page can't reach the dev server"],
    ['zh-CN', '页面无法通过 websocket 连接开发服务器'],
  ] as const) {
    const { page, close } = await openPage(browser, url, { locale })
    await page.locator('.placeholder', { hasText: text }).waitFor()
    expect(await page.locator('.placeholder').textContent()).toContain('limn ui')
    await close()
  }
})
