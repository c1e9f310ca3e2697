/*
 * Uses the playground of the built site in Chromium: a manifest is planned and drawn, a mistake has
 * its line, a link restores the manifest, and nothing is requested once the page is loaded.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { launchBrowser } from '../../fixtures/browser.ts'
import { serveSite } from './site-server.ts'

type Page = Awaited<ReturnType<Awaited<ReturnType<typeof launchBrowser>>['newPage']>>

const manifest = (prompt: string): string => `version: 1
provider: local
assets:
  boat:
    prompt: ${prompt}
    alt: A boat
    size: 320x240
`

const { origin, server } = await serveSite(join(import.meta.dirname, '../.vitepress/dist'))
const browser = await launchBrowser()
try {
  const page = await (await browser.newContext()).newPage()
  page.setDefaultTimeout(60_000)
  const requests = watchRequests(page)
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  await page.goto(`${origin}/playground`)
  await page.locator('.pg-frame img').first().waitFor()
  await page.waitForLoadState('networkidle')
  const loaded = requests.length
  await checkPictures(page)
  await checkMistakes(page)
  await checkCompletion(page)
  const link = await checkLink(page)
  assert.deepEqual(requests.slice(loaded), [], 'The page sent requests after it was loaded.')
  assert.deepEqual(
    requests.filter((url) => !url.startsWith(origin)),
    [],
  )
  await checkRestored(page, link)
  assert.deepEqual(errors, [])
  process.stdout.write('The playground plans, draws, reports mistakes and shares.\n')
} finally {
  await browser.close()
  server.close()
}

function watchRequests(page: Page): string[] {
  const urls: string[] = []
  page.context().on('request', (request) => {
    if (!/^(?:blob|data):/.test(request.url())) urls.push(request.url())
  })
  return urls
}

/** Replaces the manifest as a person who pastes it. */
async function write(page: Page, text: string): Promise<void> {
  await page.locator('.cm-content').focus()
  await page.keyboard.press('Control+a')
  await page.keyboard.insertText(text)
}

async function pictureAfter(page: Page, previous: string | null): Promise<string | null> {
  const picture = page.getByRole('img', { name: 'A boat' })
  await page.waitForFunction((old) => {
    const image = document.querySelector('.pg-frame img[alt="A boat"]')
    return image !== null && image.getAttribute('src') !== old
  }, previous)
  return picture.getAttribute('src')
}

async function checkPictures(page: Page): Promise<void> {
  await write(page, manifest('A sailboat in a bay'))
  const first = await pictureAfter(page, null)
  assert.match(
    await page.locator('.pg-plan').innerText(),
    /\+ boat.*\n\nPlan: 1 to generate \(\$0\)/,
  )
  await write(page, manifest('A sailboat in a bay at night'))
  await pictureAfter(page, first)
}

async function checkMistakes(page: Page): Promise<void> {
  await write(page, manifest('A boat').replace('alt:', 'atl:'))
  const mistake = page.getByRole('button', { name: /Mistake, line 6/ })
  await mistake.waitFor()
  assert.match(await mistake.innerText(), /alt/)
  assert.equal(await page.getByRole('img', { name: 'A boat' }).count(), 1)
  await mistake.click()
  assert.equal(await page.locator('.cm-activeLineGutter').first().innerText(), '6')
  await write(page, manifest('A sailboat in a bay'))
  await mistake.waitFor({ state: 'detached' })
}

async function checkCompletion(page: Page): Promise<void> {
  const completion = (name: string): ReturnType<Page['locator']> =>
    page.locator('.cm-tooltip-autocomplete').getByRole('option', { name, exact: true })
  await write(page, `${manifest('A sailboat in a bay')}    bac`)
  await page.keyboard.press('Control+Space')
  await completion('background').waitFor()
  await page.waitForTimeout(100)
  await page.keyboard.press('Enter')
  await completion('transparent').waitFor()
  await page.keyboard.press('Escape')
  await write(page, manifest('A sailboat in a bay'))
}

async function checkLink(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Share' }).click()
  const link = await page.getByLabel('Link to this manifest').inputValue()
  assert.match(link, /\/playground#m=[\w-]{20,400}$/)
  return link
}

async function checkRestored(opener: Page, link: string): Promise<void> {
  const page = await opener.context().newPage()
  page.setDefaultTimeout(60_000)
  await page.goto(link)
  await page.getByRole('img', { name: 'A boat' }).waitFor()
  const text = (await page.locator('.cm-line').allInnerTexts()).join('\n').trimEnd()
  assert.equal(text, manifest('A sailboat in a bay').trimEnd())
}
