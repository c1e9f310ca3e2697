import { createHash } from 'node:crypto'
import { drawPicture } from '@limn/painter'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { launchBrowser } from '../../../fixtures/browser.ts'
import { createTestProject, type TestProject } from '../../core/e2e/test-project.ts'
import { buildPage } from './build-page.ts'
import { openPage } from './open-page.ts'
import { openAction, tabTo } from './use-page.ts'

/*
 * The asset view on real projects, in `limn ui`: each action is verified on disk.
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
  const command = project.start(['ui', '--no-open', '--json', ...args])
  await command.printed(/"type":"ui".*\n/)
  const { url } = JSON.parse(/\{.*"type":"ui".*\}/.exec(command.stdout)![0]) as { url: string }
  const opened = await openPage(browser, url)
  onTestFinished(async () => {
    await opened.close()
    expect(opened.problems).toEqual([])
  })
  await opened.page.locator('.grid').waitFor()
  await showAsset(opened.page, name)
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
  await page.locator('.earlier-actions .button:last-child').last().click()
  await agree(page, 'Restored the picture.')
  expect(sha256(project.bytes(heroOf(project).master.path))).toBe(heroOf(project).master.sha256)

  // Adopt a file, byte for byte.
  const png = Buffer.from(
    drawPicture({ prompt: 'a leaf', width: 96, height: 96, transparent: false }),
  )
  const adopting = await openAction(page, 'adopt')
  await adopting
    .locator('input[type=file]')
    .setInputFiles({ name: 'mine.png', mimeType: 'image/png', buffer: png })
  await agree(page, 'Adopted the picture of hero.')
  expect(heroOf(project).master).toMatchObject({ state: 'adopted', sha256: sha256(png) })

  // A focal point changes crops only.
  await openAction(page, 'focus')
  await page.locator('.focus-point').press('Shift+ArrowLeft')
  await page.locator('.line-diff').waitFor()
  await agree(page, 'Saved hero')
  expect(project.text('images.yaml')).toMatch(/position: \{ x: 0\.4, y: 0\.5 \}/)

  // A mask for the edit of this picture.
  await showAsset(page, 'shop')
  await openAction(page, 'mask')
  await page.locator('.mask-frame').press('Space')
  await agree(page, 'Saved the mask as')
  const mask = /mask: \.\/(\S+\.png)/.exec(project.text('images.yaml'))![1]!
  expect(project.bytes(mask).subarray(1, 4).toString()).toBe('PNG')
  project.expectNoKey()
})

test('compares variants as candidates for the agreed amount, and picks one', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': manifest('openai') },
    server: true,
  })
  await project.generate({ names: ['hero'] })
  const before = heroOf(project).master.sha256
  const page = await openAsset(project, 'hero')
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
  const { steps } = await project.plan({ names: ['hero'] })
  expect(steps.filter(({ asset, kind }) => asset === 'hero' && kind === 'generate')).toEqual([])
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
