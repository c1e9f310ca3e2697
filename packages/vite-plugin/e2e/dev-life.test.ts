import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { openProject } from '@limn/core'
import type { Page } from 'playwright-core'
import { createLogger } from 'vite'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  type ImageServerOptions,
  type ImageServer,
  startImageServer,
} from '../../../fixtures/openai-server/index.ts'
import { brokenCandidates, shownPictures, useBrowser, waitFor } from './browser.ts'
import { manifest, page, type Site, testSite } from './site.ts'

const open = useBrowser()

afterEach(() => vi.unstubAllEnvs())

const isFinal = (shown: { version: string; width: number }[]): boolean =>
  shown.length === 3 &&
  shown.every(({ width, version }) => width > 0 && /^\?v=[0-9a-f]+$/.test(version))
const mark = (tab: Page): Promise<void> =>
  tab.evaluate(() => void Object.assign(window, { marker: 'kept' }))
const marker = (tab: Page): Promise<unknown> =>
  tab.evaluate(() => (window as unknown as { marker?: string }).marker)
const overlays = (tab: Page): Promise<number> =>
  tab.evaluate(() => document.querySelectorAll('vite-error-overlay').length)

/** Opens a page in dev, and waits for its final images. */
async function openFinished(site: Site): Promise<Page> {
  const { url } = await site.dev()
  const { page: tab } = await open(url)
  await waitFor(() => shownPictures(tab), isFinal)
  await mark(tab)
  return tab
}

describe('an open page', () => {
  it('reports an asset that was deleted from the manifest, and recovers when it is back', async () => {
    const site = testSite({ files: { 'images.yaml': manifest, ...page } })
    const tab = await openFinished(site)
    site.write('images.yaml', manifest.slice(0, manifest.indexOf('  product/mug')))
    await waitFor(
      () => overlays(tab),
      (count) => count === 1,
    )
    expect(
      await tab.evaluate(
        () => document.querySelector('vite-error-overlay')!.shadowRoot!.textContent,
      ),
    ).toContain('There is no asset "product/mug"')
    site.write('images.yaml', manifest.replace('alt: A red mug', 'alt: A mug'))
    await waitFor(
      () => overlays(tab),
      (count) => count === 0,
    )
    await waitFor(
      () => shownPictures(tab),
      (shown) => isFinal(shown) && shown[1]!.alt === 'A mug',
    )
  })

  it('follows a rename without generating an image', async () => {
    const site = testSite({ files: { 'images.yaml': manifest, ...page } })
    const tab = await openFinished(site)
    const digest = sha256Of(site, 'product/mug')
    site.write('images.yaml', manifest.replace('product/mug:', 'product/cup:'))
    site.write('main.js', page['main.js']!.replace('limn/product/mug', 'limn/product/cup'))
    await waitFor(
      () => shownPictures(tab),
      (shown) => isFinal(shown) && shown[1]!.file.includes('/product/cup/'),
    )
    expect(sha256Of(site, 'product/cup')).toBe(digest)
    expect(site.list('images')).toEqual(['hero.png', 'product/cup.png'])
    expect(await overlays(tab)).toBe(0)
  })

  it.each([
    ['is missing', (path: string) => rmSync(path)],
    ['is broken', (path: string) => writeFileSync(path, 'no picture')],
  ])(
    'shows the draft while a master %s, and the image when the master is back',
    async (_, harm) => {
      const site = testSite({
        files: { 'images.yaml': manifest, ...page },
        limn: { dev: { generate: 'never' } },
      })
      await openProject({ cwd: site.root }).generate()
      const tab = await openFinished(site)
      const before = await shownPictures(tab)
      const lock = site.read('images.lock')
      const master = join(site.root, 'images/hero.png')
      copyFileSync(master, join(site.root, 'kept.png'))
      harm(master)
      await waitFor(
        () => shownPictures(tab),
        (shown) =>
          shown[0]!.version !== before[0]!.version && shown.every(({ width }) => width > 0),
      )
      expect(await brokenCandidates(tab)).toEqual([])
      expect((await shownPictures(tab))[1]).toEqual(before[1])
      copyFileSync(join(site.root, 'kept.png'), master)
      await waitFor(
        () => shownPictures(tab),
        (shown) => JSON.stringify(shown) === JSON.stringify(before),
      )
      expect(site.read('images.lock')).toBe(lock)
      expect(await marker(tab)).toBe('kept')
    },
  )

  it('follows git to another branch with its manifest, lockfile and masters, and generates nothing', async () => {
    const site = testSite({
      files: { 'images.yaml': manifest, ...page, '.gitignore': 'node_modules\n.limn\nlimn.d.ts\n' },
    })
    const git = (...args: string[]): string =>
      execFileSync(
        'git',
        [
          '-c',
          'user.name=t',
          '-c',
          'user.email=t@example.com',
          '-c',
          'core.autocrlf=false',
          ...args,
        ],
        { cwd: site.root, encoding: 'utf8' },
      )
    git('init', '-q', '-b', 'main')
    for (const [branch, text] of [
      ['main', manifest],
      ['night', manifest.replace('at dawn', 'at night').replace('A red ceramic', 'A black glass')],
    ] as const) {
      if (branch === 'night') git('checkout', '-q', '-b', branch)
      site.write('images.yaml', text)
      await openProject({ cwd: site.root }).generate()
      git('add', '-A')
      git('commit', '-q', '-m', branch)
    }
    const replaced = (): string[] =>
      site.list('.limn').filter((path) => path.startsWith('replaced/'))
    const before = replaced()
    const tab = await openFinished(site)
    const night = await shownPictures(tab)
    git('checkout', '-q', 'main')
    const dawn = await waitFor(
      () => shownPictures(tab),
      (shown) =>
        isFinal(shown) && shown.every(({ version }, index) => version !== night[index]!.version),
    )
    git('checkout', '-q', 'night')
    expect(
      await waitFor(
        () => shownPictures(tab),
        (shown) =>
          isFinal(shown) && shown.every(({ version }, index) => version !== dawn[index]!.version),
      ),
    ).toEqual(night)
    expect(git('status', '--porcelain')).toBe('')
    expect(replaced()).toEqual(before)
    expect(await marker(tab)).toBe('kept')
  })
})

describe('dev servers', () => {
  it('share a project: two of them request a paid image once, and both show it', async () => {
    const server = await imageServer()
    const site = paidSite()
    const urls = [(await site.dev()).url, (await site.dev()).url]
    const tabs = await Promise.all(urls.map(async (url) => (await open(url)).page))
    for (const tab of tabs) await waitFor(() => shownPictures(tab), isFinal)
    expect(server.requests).toHaveLength(2)
  })

  it('continue after a restart', async () => {
    const site = testSite({ files: { 'images.yaml': manifest, ...page } })
    const { server, url } = await site.dev()
    const { page: tab } = await open(url)
    const before = await waitFor(() => shownPictures(tab), isFinal)
    await server.restart()
    site.write('images.yaml', manifest.replace('A red ceramic', 'A blue glass'))
    await waitFor(
      () => shownPictures(tab),
      (shown) => isFinal(shown) && shown[1]!.version !== before[1]!.version,
    )
  })

  it('spend no more than maxCost, however often they restart', async () => {
    const requests = (await imageServer()).requests
    const text = manifest
      .slice(0, manifest.indexOf('  product/mug'))
      .replace(
        'provider: local',
        'provider: openai\ndefaults: { model: gpt-image-2, quality: low }',
      )
    // An image costs $0.005, and $0.009 at most.
    const site = testSite({
      files: { 'images.yaml': text, ...page },
      limn: { dev: { generate: 'final', maxCost: 0.01 } },
    })
    const logged: string[] = []
    const customLogger = createLogger('silent')
    for (const type of ['info', 'warn', 'error'] as const) {
      customLogger[type] = (line) => void logged.push(line)
    }
    const { server } = await site.dev({ customLogger })
    await waitFor(
      () => logged,
      (lines) => lines.some((line) => line.includes('images/hero.png generated')),
    )
    expect(logged.join('\n')).toMatch(
      /images\/hero\.png generated for \$0\.00\d, \$0\.00\d of dev\.maxCost left/,
    )
    await server.restart()
    site.write('images.yaml', text.replace('at dawn', 'at night'))
    await waitFor(
      () => logged,
      (lines) => lines.some((line) => line.includes('hero: ') && line.includes('dev.maxCost')),
    )
    expect(requests, logged.join('\n')).toHaveLength(1)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'wait for a paid image before they exit on %s',
    async (signal) => {
      let send = (): void => {}
      const isAllowed = new Promise<void>((resolve) => (send = resolve))
      const server = await imageServer({ pace: () => isAllowed })
      const site = paidSite(manifest.slice(0, manifest.indexOf('  product/mug')))
      site.write(
        'vite.config.js',
        `import limn from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)}\nexport default { server: { port: 0, host: '127.0.0.1' }, plugins: [limn({ dev: { generate: 'final', maxCost: 1 } })] }\n`,
      )
      const vite = join(
        createRequire(import.meta.url).resolve('vite/package.json'),
        '../bin/vite.js',
      )
      const { CI: _, VITEST: __, ...env } = process.env
      const child = spawn(process.execPath, [vite, '--configLoader', 'native'], {
        cwd: site.root,
        env,
        stdio: ['pipe', 'pipe', 'pipe'],
      })
      onTestFinished(() => void child.kill('SIGKILL'))
      let printed = ''
      child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()))
      child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()))
      await waitFor(
        () => server.requests.length,
        (count) => count === 1,
      )
      child.kill(signal)
      if (signal === 'SIGINT') {
        await waitFor(
          () => printed,
          (text) => text.includes('Press Ctrl-C again'),
        )
      }
      send()
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      expect(existsSync(join(site.root, 'images/hero.png')), printed).toBe(true)
      expect(site.read('images.lock')).toContain('"hero"')
      expect(
        (await openProject({ cwd: site.root }).plan()).plan.steps.map(({ kind }) => kind),
      ).toEqual(['derive'])
    },
  )
})

async function imageServer(options?: ImageServerOptions): Promise<ImageServer> {
  const server = await startImageServer(options)
  onTestFinished(() => server.close())
  vi.stubEnv('OPENAI_API_KEY', 'sk-test')
  vi.stubEnv('OPENAI_BASE_URL', server.baseURL)
  return server
}

/** A site whose images cost money, with a `maxCost` that covers them. */
function paidSite(text: string = manifest): Site {
  return testSite({
    files: {
      'images.yaml': text.replace(
        'provider: local',
        'provider: openai\ndefaults: { model: gpt-image-2, quality: low }',
      ),
      ...page,
    },
    limn: { dev: { generate: 'final', maxCost: 1 } },
  })
}

function sha256Of(site: Site, asset: string): string | undefined {
  return (
    JSON.parse(site.read('images.lock')) as {
      assets: Record<string, { master: { sha256: string } } | undefined>
    }
  ).assets[asset]?.master.sha256
}
