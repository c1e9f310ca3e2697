import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '../../../fixtures/browser.ts'
import { buildPage } from '../../contact-sheet/e2e/build-page.ts'
import { findViolations, openPage, type OpenPage } from '../../contact-sheet/e2e/open-page.ts'
import { formatHtml } from '../src/project/compare/html/format-html.ts'
import { type ComparedProject, createComparedProject } from '../src/project/compare/testing.ts'
import { createBudget } from '../src/project/previews.ts'
import { makeReport } from '../src/project/report/report.ts'

type Page = OpenPage['page']
type ContextOptions = NonNullable<Parameters<typeof openPage>[2]>

let browser: Awaited<ReturnType<typeof launchBrowser>>

beforeAll(async () => {
  await buildPage()
  browser = await launchBrowser()
})
afterAll(() => browser?.close())

/** Opens a document from disk, and keeps the addresses that it requests. */
async function open(
  { folder }: ComparedProject,
  html: string,
  options: ContextOptions & { hash?: string } = {},
): Promise<OpenPage & { requests: string[] }> {
  const file = join(folder, 'out/document.html')
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, html)
  const { hash = '', ...context } = options
  const opened = await openPage(browser, `${pathToFileURL(file).href}${hash}`, context)
  const requests: string[] = []
  opened.page.on('request', (request) => requests.push(request.url()))
  await opened.page.reload()
  return { ...opened, requests }
}

/** Asserts that a document has loaded nothing but itself, and that nothing foreign can run in it. */
async function expectLocked(page: Page, requests: readonly string[]): Promise<void> {
  const foreign = requests.filter((url) => !/^(?:file|data|blob):/.test(url))
  expect(foreign).toEqual([])
  expect(requests.filter((url) => url.startsWith('file:'))).toHaveLength(1)
  expect(await page.evaluate('window.pwned')).toBeUndefined()
  const tried = await page.evaluate(`(async () => {
    const blocked = []
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => blocked.push(effectiveDirective))
    const script = document.createElement('script')
    script.textContent = 'window.pwned = 1'
    document.head.append(script)
    const style = document.createElement('style')
    style.textContent = 'body { color: red }'
    document.head.append(style)
    const image = new Image()
    image.src = 'https://evil.example/x.png'
    await fetch('https://evil.example/').catch(() => {})
    await new Promise((resolve) => setTimeout(resolve, 50))
    return { blocked: [...new Set(blocked)].sort(), pwned: window.pwned }
  })()`)
  expect(tried).toEqual({
    blocked: ['connect-src', 'img-src', 'script-src-elem', 'style-src-elem'],
  })
}

const attacks = [
  `</script><script>window.pwned = 1</script>`,
  `</style><img src=x onerror="window.pwned = 1">`,
  `"><svg onload="window.pwned = 1">`,
]
const hostileManifest = `version: 1
provider: local
defaults: { size: 256x256, outputs: [{ name: s, width: 64, height: 64, formats: [webp] }] }
assets:
${attacks.map((text, index) => `  a${index}: { prompt: ${JSON.stringify(text)}, alt: ${JSON.stringify(text)} }\n`).join('')}`

/** A project in which a branch changes a picture, the prompts of all of them being hostile. */
async function createHostile(): Promise<ComparedProject> {
  const project = await createComparedProject(hostileManifest)
  project.git('switch', '--quiet', '--create', 'branch')
  project.edit('window.pwned = 1</script>', 'window.pwned = 2</script>')
  project.edit('  a1:', '  b1:')
  await project.generate()
  return project
}

test('opens a report of a hostile project from disk, where nothing runs or loads', async () => {
  const hostile = await createHostile()
  const { html } = await makeReport(hostile.project, { maxBytes: 1e7 })
  const { page, requests, problems, close } = await open(hostile, html)
  try {
    await page.getByText('a0').first().waitFor()
    const thumb = page.locator('.thumb').first()
    await expect
      .poll(() =>
        thumb.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth),
      )
      .toBe(256)
    // Nothing can be changed or paid for.
    expect(await page.getByRole('button', { name: /Generate/ }).count()).toBe(0)
    await page.locator('[data-name="a0"]').first().click()
    await page.getByText(attacks[0]!.replace('1', '2')).first().waitFor()
    expect(problems).toEqual([])
    await expectLocked(page, requests)
  } finally {
    await close()
  }
})

test('opens a comparison of a hostile project from disk, where nothing runs or loads', async () => {
  const hostile = await createHostile()
  const { comparison, previewsByAsset } = await hostile.compare({ withPreviews: true })
  const budget = createBudget(1e7)
  const html = formatHtml(comparison, { previewsByAsset, budget, failures: attacks })
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page, requests, problems, close } = await open(hostile, html, { colorScheme })
    try {
      const text = await page.locator('main').innerText()
      expect(text).toContain(attacks[0]!.replace('1', '12').slice(0, 20))
      expect(problems).toEqual([])
      expect(await findViolations(page)).toEqual([])
      await expectLocked(page, requests)
    } finally {
      await close()
    }
  }
})

test('compares by slider and difference with the keyboard alone, and without scripts', async () => {
  const project = await createComparedProject()
  project.git('switch', '--quiet', '--create', 'branch')
  project.edit('at dusk', 'at dawn')
  await project.generate()
  const { comparison, previewsByAsset } = await project.compare({ withPreviews: true })
  const html = formatHtml(comparison, { previewsByAsset, budget: createBudget(1e7), failures: [] })
  const { page, close } = await open(project, html)
  const shown = async (): Promise<string[]> => {
    const figures = await page.locator('figure:visible').all()
    return Promise.all(figures.map(async (figure) => (await figure.getAttribute('class'))!))
  }
  try {
    expect(await shown()).toEqual(['before', 'after'])
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    const after = page.locator('.after')
    const clip = (): Promise<string> =>
      after.evaluate(
        (figure) => (figure as unknown as { style: { clipPath: string } }).style.clipPath,
      )
    expect(await clip()).toBe('inset(0px 0px 0px 50%)')
    await page.locator('.slide input').focus()
    await page.keyboard.press('End')
    expect(await clip()).toBe('inset(0px 0px 0px 100%)')
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Enter')
    expect(await shown()).toEqual(['after', 'difference'])
    expect(await clip()).toBe('')
  } finally {
    await close()
  }
  const plain = await open(project, html, { javaScriptEnabled: false })
  try {
    expect(await plain.page.locator('figure:visible').count()).toBe(2)
    expect(await plain.page.locator('.bar').isVisible()).toBe(false)
  } finally {
    await plain.close()
  }
})
