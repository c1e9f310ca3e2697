import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { launchBrowser } from '../../../fixtures/browser.ts'
import { createTestProject, type TestProject } from './test-project.ts'

const page = readFileSync(new URL('../../../docs/without-vite.md', import.meta.url), 'utf8')
const sectionOf = (heading: string): string =>
  page.split(new RegExp(`^#+ ${heading}\n`, 'm'))[1]!.split(/^##/m)[0]!
const blockIn = (section: string, language: string): string =>
  new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(section)![1]!

/** Returns the commands of a recipe. */
const commandsOf = (recipe: string): string[] => blockIn(sectionOf(recipe), 'sh').trim().split('\n')

/** Creates a project from the files of a recipe, and generates. The recipe may name other keys. */
async function projectOf(recipe: string, keys?: RegExp): Promise<TestProject> {
  const section = sectionOf(recipe)
  const [, out, emit] = (keys ?? /Use `(out: .+?)` and `(emit: .+?)`/).exec(section)!
  const manifest = blockIn(sectionOf('Set up'), 'yaml')
    .replace('provider: openai', 'provider: local')
    .replace(/^out: .*/m, out!)
    .replace(/^emit: .*/m, emit!)
  const files: Record<string, string> = { 'images.yaml': manifest, 'package.json': '{}' }
  for (const [, names, text] of section.matchAll(/^(`.+`):\n\n```\w+\n([^]*?)```/gm)) {
    for (const [, name] of names!.matchAll(/`([^`]+)`/g)) files[name!] = text!
  }
  const project = await createTestProject({ files })
  expect(await project.cli(['generate'])).toMatchObject({ code: 0 })
  return project
}

/** Runs a command line in a project. @throws Error with the output if it fails */
function run({ root }: TestProject, command: string): void {
  const { CI: _ci, VITEST: _vitest, NODE_ENV: _mode, ...env } = process.env
  const { status, stdout, stderr } = spawnSync('bash', ['-c', command], {
    cwd: root,
    env: { ...env, npm_config_yes: 'true', NEXT_TELEMETRY_DISABLED: '1' },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${command} failed:\n${stdout}\n${stderr}`)
}

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.avif': 'image/avif',
  '.webp': 'image/webp',
  '.jpg': 'image/jpeg',
}

/** Serves a folder until the test ends. @returns its URL */
async function serve(folder: string): Promise<string> {
  const server = createServer(({ url }, response) => {
    const path = url === '/' ? '/index.html' : new URL(url!, 'http://a').pathname
    try {
      const bytes = readFileSync(join(folder, path))
      response.setHeader('content-type', types[extname(path)] ?? 'text/plain').end(bytes)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

let browser: Awaited<ReturnType<typeof launchBrowser>>
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser?.close())

/** Reads the first picture of a page: what a browser chose, and how wide its file is, px. */
const READ_PICTURE = `(async () => {
  const { currentSrc, alt } = document.images[0]
  const { width } = await createImageBitmap(await (await fetch(currentSrc)).blob())
  return { width, alt, src: new URL(currentSrc).pathname }
})()`

/** Opens a page in two widths. @returns the width and the alt text of the picture in each, px */
async function shownAt(url: string): Promise<{ width: number; alt: string; src: string }[]> {
  const shown = []
  for (const width of [600, 1200]) {
    const tab = await browser.newPage({ viewport: { width, height: 700 } })
    onTestFinished(() => tab.close())
    await tab.goto(url)
    await tab.waitForFunction('document.images[0]?.naturalWidth > 0')
    shown.push(await tab.evaluate<{ width: number; alt: string; src: string }>(READ_PICTURE))
  }
  return shown
}

const lighthouse = (extension: string): unknown[] =>
  [640, 1280].map((width) => ({
    width,
    alt: 'A lighthouse',
    src: expect.stringMatching(new RegExp(`\\.${extension}$`)),
  }))

test('shows the picture in HTML without a bundler', async () => {
  const { root } = await projectOf('HTML without a bundler')
  expect(await shownAt(await serve(join(root, 'public')))).toEqual(lighthouse('jpg'))
})

// Installs packages from the registry, so only the soak test runs it.
const isSoak = process.env['MODE'] === 'soak'
describe.runIf(isSoak)('the recipes, word for word', { timeout: 600_000 }, () => {
  test.each([
    ['webpack', 'webpack@5 webpack-cli', 0],
    ['rspack', '@rspack/core@2 @rspack/cli@2', 1],
  ])('bundle the picture with %s', async (_, packages, index) => {
    const project = await projectOf('webpack and Rspack')
    run(project, `npm install ${packages}`)
    run(project, commandsOf('webpack and Rspack')[index]!)
    const folder = join(project.root, 'dist')
    writeFileSync(join(folder, 'index.html'), '<body><script src="main.js"></script></body>')
    expect(await shownAt(await serve(folder))).toEqual(lighthouse('jpg'))
  })

  test('show the picture with Eleventy', async () => {
    const project = await projectOf('Eleventy')
    run(project, 'npm install @11ty/eleventy@3')
    run(project, commandsOf('Eleventy')[0]!)
    expect(await shownAt(await serve(join(project.root, '_site')))).toEqual(lighthouse('jpg'))
  })

  test.each([
    ['URLs', undefined],
    ['imports', /with `(out: .+?)` and `(emit: .+?)`/],
  ])('show the picture with Next.js and %s', async (_, keys) => {
    const project = await projectOf('Next.js', keys)
    project.write(
      'src/app/layout.tsx',
      `export default function Layout({ children }: { children: React.ReactNode }) {
  return <html lang="en"><body>{children}</body></html>
}
`,
    )
    run(project, 'npm install next@16 react react-dom typescript@5 @types/react @types/node')
    for (const command of commandsOf('Next.js')) {
      rmSync(join(project.root, '.next'), { recursive: true, force: true })
      run(project, command)
      const next = spawn(
        process.execPath,
        ['node_modules/next/dist/bin/next', 'start', '-H', '127.0.0.1', '-p', '0'],
        { cwd: project.root, detached: true },
      )
      const ended = new Promise((resolve) => next.once('close', resolve))
      try {
        let printed = ''
        next.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()))
        const url = await vi.waitFor(() => /http:\/\/127\.0\.0\.1:\d+/.exec(printed)![0], 60_000)
        expect(await shownAt(url), command).toEqual(lighthouse('avif'))
      } finally {
        process.kill(-next.pid!)
        await ended
      }
    }
  })
})
