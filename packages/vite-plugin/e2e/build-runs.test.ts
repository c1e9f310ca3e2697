import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { openProject } from '@limn/core'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { generatedSite, manifest, page, testSite, vites } from './site.ts'

/** The watcher of a build, in both versions of Vite. */
type Watcher = {
  close(): Promise<void>
  on(
    name: 'event',
    listener: (event: {
      code: string
      error?: Error
      result?: { close(): Promise<void> } | null
    }) => void,
  ): void
}

const source = (path: string): string => join(import.meta.dirname, '..', path)

describe('a build that is killed', () => {
  it('keeps what it derived, and the next one derives only the rest', async () => {
    const widths = Array.from({ length: 10 }, (_, index) => 600 + index * 20)
    const site = testSite({
      files: {
        'images.yaml': `version: 1\nprovider: local\nassets:\n  hero:\n    prompt: A lighthouse at dawn\n    alt: A lighthouse\n    outputs: [{ name: wide, width: 800, height: 450, widths: [${widths.join(', ')}], formats: [avif] }]\n`,
        'index.html': page['index.html']!,
        'main.js': "import hero from 'virtual:limn/hero'\nglobalThis.hero = hero\n",
      },
    })
    site.write(
      'build.mjs',
      `import { build } from ${JSON.stringify(import.meta.resolve('vite'))}\nimport { limn } from ${JSON.stringify(source('src/index.ts'))}\nawait build({ root: ${JSON.stringify(site.root)}, configFile: false, logLevel: 'silent', plugins: [limn()], build: { assetsInlineLimit: 0 } })\n`,
    )
    await openProject({ cwd: site.root }).generate({ derive: false })
    const outputs = join(site.root, 'node_modules/.cache/limn/outputs')
    const finished = (): string[] =>
      existsSync(outputs)
        ? readdirSync(outputs).filter((name) => /^[0-9a-f]{64}\.\w+$/.test(name))
        : []

    const child = spawn(process.execPath, [join(site.root, 'build.mjs')], { stdio: 'ignore' })
    onTestFinished(() => void child.kill('SIGKILL'))
    await vi.waitFor(() => expect(finished().length).toBeGreaterThan(1), {
      timeout: 100_000,
      interval: 5,
    })
    child.kill('SIGKILL')
    await once(child, 'exit')
    const before = new Map(finished().map((name) => [name, statSync(join(outputs, name)).mtimeMs]))
    expect(before.size).toBeLessThan(widths.length)
    expect(existsSync(join(site.root, 'dist'))).toBe(false)

    await site.build({ build: { assetsInlineLimit: 0 } })
    expect(finished()).toHaveLength(widths.length)
    for (const [name, time] of before) {
      expect(statSync(join(outputs, name)).mtimeMs, name).toBe(time)
    }
    expect(site.list('dist').filter((path) => path.endsWith('.avif'))).toHaveLength(widths.length)
  })
})

describe.each(vites)('a build of Vite %s that watches', (_, vite) => {
  it('builds again when the manifest changes, in modules, styles and pages', async () => {
    const site = await generatedSite({
      vite,
      files: {
        'images.yaml': manifest,
        'index.html': page['index.html']!.replace('<body>', '<body><img src="limn:hero@og">'),
        'main.js':
          "import mug from 'virtual:limn/product/mug?no-inline'\nimport './a.css'\nglobalThis.mug = mug\n",
        'a.css': '.a { background: url("~limn/hero@hero-640.webp") }\n',
      },
    })
    const watcher = (await vite.build(
      site.config({ build: { watch: {}, assetsInlineLimit: 0 } }),
    )) as unknown as Watcher
    onTestFinished(() => watcher.close())
    let ended = 0
    const failures: string[] = []
    watcher.on('event', (event) => {
      if (event.code === 'END') ended += 1
      if (event.code === 'ERROR') failures.push(event.error!.message)
      void event.result?.close()
    })
    const named = (): string[] =>
      site.list('dist').filter((path) => /\.(?:webp|jpg|png)$/.test(path))
    const shown = (): { css: string; html: string; js: string } => ({
      css: textOf('.css'),
      html: textOf('index.html'),
      js: textOf('.js'),
    })
    const textOf = (end: string): string =>
      site.read(`dist/${site.list('dist').find((path) => path.endsWith(end))}`)
    await vi.waitFor(() => expect(ended).toBe(1), { timeout: 60_000 })
    const before = { ...shown(), files: named() }

    site.write('images.yaml', manifest.replace('at dawn', 'at night'))
    await vi.waitFor(
      () => {
        expect(named()).not.toEqual(before.files)
        expect(shown().css).not.toBe(before.css)
        expect(shown().html).not.toBe(before.html)
      },
      { timeout: 60_000, interval: 100 },
    )
    expect(named().filter((path) => path.includes('mug'))).toEqual(
      before.files.filter((path) => path.includes('mug')),
    )

    site.write('images.yaml', manifest.replace('    alt: A red mug', '    altt: A red mug'))
    await vi.waitFor(() => expect(failures.join('\n')).toContain('Unknown key "altt"'), {
      timeout: 60_000,
    })
    site.write('images.yaml', manifest.replace('    alt: A red mug', '    alt: A cup'))
    await vi.waitFor(() => expect(shown().js).toContain('A cup'), {
      timeout: 60_000,
      interval: 100,
    })
  })
})
