import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFailed, onTestFinished, vi } from 'vitest'
import { createWorkspace, filesBelow, type Workspace } from './apps-workspace.ts'
import { apps, type BuiltApp, builtApps, manifest } from './apps.ts'
import { brokenCandidates, layoutShift, useBrowser, waitFor } from './browser.ts'

// Each starts servers, compilers and type checkers of its own.
vi.setConfig({ testTimeout: 300_000 })

const isSoak = process.env['MODE'] === 'soak'
const isRun = ({ isRepeat }: BuiltApp): boolean => isSoak || isRepeat !== true
const [openedApps, otherApps] = [apps.filter(isRun), builtApps.filter(isRun)]

const open = useBrowser()
let workspace: Workspace

beforeAll(async () => {
  workspace = await createWorkspace([...openedApps, ...otherApps])
}, 300_000)
afterAll(() => workspace?.remove())

/** Returns the file of an image without host, its version, and its width; 0 until it has loaded. */
function shown(
  page: Page,
  id: 'hero' | 'mug',
): Promise<{ file: string; version: string; width: number }> {
  return page.evaluate((name) => {
    const image = document.querySelector<HTMLImageElement>(`#${name}`)!
    const { pathname, search } = new URL(image.currentSrc === '' ? 'about:blank' : image.currentSrc)
    return { file: pathname, version: search, width: image.naturalWidth }
  }, id)
}

const count = (page: Page): Promise<string> =>
  page.textContent('.counter').then((text) => text!.trim())

describe.each(
  openedApps.map((app) => ({
    ...app,
    title: app.note === undefined ? app.name : `${app.name}, ${app.note}`,
  })),
)('$title', (app) => {
  it('shows its images in dev, and swaps one while a counter keeps its state', async () => {
    const path = join(workspace.folder(app), 'images.yaml')
    writeFileSync(path, manifest)
    const server = await workspace.serve(app, app.dev)
    onTestFinished(() => server.stop())
    onTestFailed(() => void process.stderr.write(server.printed()))
    const { page, problems } = await open(server.url)
    const before = await waitFor(
      () => shown(page, 'mug'),
      ({ width, version }) => width === 256 && !version.includes('draft'),
    )
    await waitFor(
      () => shown(page, 'hero'),
      ({ width, version }) => width > 0 && !version.includes('draft'),
    )
    await page.click('.counter')
    await page.click('.counter')
    await waitFor(
      () => count(page),
      (text) => text === 'Count is 2',
    )

    writeFileSync(path, manifest.replace('A red ceramic mug', 'A blue glass mug'))
    const after = await waitFor(
      () => shown(page, 'mug'),
      ({ width, version }) =>
        width === 256 && version !== before.version && !version.includes('draft'),
    )
    expect(after.file).toBe(before.file)
    expect(await count(page)).toBe('Count is 2')
    expect(await brokenCandidates(page)).toEqual([])
    expect(problems).toEqual([])
  })

  it('passes its type check and builds', async () => {
    for (const script of app.build) await workspace.script(app, script)
  })

  it.runIf(app.typo !== undefined)('reports a misspelled asset in its type check', async () => {
    const { typo } = app as Required<typeof app>
    const file = join(workspace.folder(app), typo.file)
    const right = readFileSync(file, 'utf8')
    writeFileSync(file, right.replace('virtual:limn/hero', 'virtual:limn/heroo'))
    await expect(workspace.script(app, typo.check)).rejects.toThrow(/virtual:limn\/heroo/)
    writeFileSync(file, right)
  })

  it('ships only the files of Limn that its page shows', () => {
    const folder = workspace.folder(app)
    const pictures = filesBelow(join(folder, app.client))
      .map((path) => basename(path))
      .filter((name) => /^(?:hero|mug)-/.test(name))
    expect(pictures.map((name) => name.replace(/[-.][\w-]{8}(?=\.\w+$)/, '')).sort()).toEqual([
      'hero-hero-320.jpg',
      'hero-hero-320.webp',
      'hero-hero-640.jpg',
      'hero-hero-640.webp',
      'mug-square.png',
    ])
    for (const path of filesBelow(join(folder, app.output))) {
      const text = readFileSync(path, 'latin1')
      const secrets = [
        'calm sea',
        'ceramic',
        'blue glass',
        'sk-of-the-apps-test',
        ...(path.startsWith(join(folder, app.client)) ? [folder] : []),
      ]
      for (const secret of secrets) {
        expect(text.includes(secret), `${secret} in ${path}`).toBe(false)
      }
    }
  })

  it('shows its images in the build, without layout shift', async () => {
    const server = await workspace.serve(app, app.preview)
    onTestFinished(() => server.stop())
    onTestFailed(() => void process.stderr.write(server.printed()))
    const { page, problems } = await open(server.url)
    await waitFor(
      () => shown(page, 'hero'),
      ({ width }) => width > 0,
    )
    await waitFor(
      () => shown(page, 'mug'),
      ({ width }) => width === 256,
    )
    expect(await brokenCandidates(page)).toEqual([])
    await page.click('.counter')
    await waitFor(
      () => count(page),
      (text) => text === 'Count is 1',
    )
    expect(await layoutShift(page)).toBe(0)
    expect(problems).toEqual([])
  })

  it.runIf(app.relative)('resolves its images from a subfolder with a relative base', async () => {
    await workspace.command(app, ['vite', 'build', '--base', './', '--outDir', 'out/some/where'])
    const server = await workspace.serve(app, ['vite', 'preview', '--outDir', 'out'])
    onTestFinished(() => server.stop())
    const { page } = await open(`${server.url}some/where/`)
    await waitFor(
      () => shown(page, 'hero'),
      ({ file, width }) => width > 0 && file.startsWith('/some/where/'),
    )
    expect(await brokenCandidates(page)).toEqual([])
  })
})

describe.each(otherApps)('the component for $name', (app) => {
  it('passes the type check of its template before Vite has run, and builds', async () => {
    await workspace.command(app, ['limn', 'generate'])
    for (const script of app.build) await workspace.script(app, script)
    const pictures = filesBelow(join(workspace.folder(app), 'dist'))
      .map((path) => basename(path))
      .filter((name) => /^(?:hero|mug)-/.test(name))
    expect(pictures).toHaveLength(5)
  })
})
