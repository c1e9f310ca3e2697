import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { preview } from 'vite'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { useBrowser, waitFor } from './browser.ts'

const repo = fileURLToPath(new URL('../../..', import.meta.url))
const guide = readFileSync(join(repo, 'docs/install.md'), 'utf8')

/** The part of the guide about one way of installation. */
const sectionOf = (start: string, end: string): string =>
  guide.slice(guide.indexOf(start), guide.indexOf(end))
const linked = sectionOf('## Linked', '## Packed')
const packed = sectionOf('## Packed', '## What is in which package')

/** Returns the code blocks of a part, in one language. */
const blocks = (part: string, language: string): string[] =>
  [...part.matchAll(/```(\w+)\n([\s\S]*?)```/g)].flatMap(([, name, code]) =>
    name === language ? [code!] : [],
  )
const linesOf = (block: string): string[] => block.trim().split('\n')

/** The commands of the guide by way and package manager. The first line prepares the clone. */
const ways = {
  'linked, npm': linesOf(blocks(linked, 'sh')[0]!),
  'linked, pnpm': [
    linesOf(blocks(linked, 'sh')[0]!)[0]!,
    /`(pnpm add [^`]+)`/.exec(linked)![1]!,
    'pnpm exec limn init',
  ],
  'packed, npm': linesOf(blocks(packed, 'sh')[0]!),
  'packed, pnpm': [linesOf(blocks(packed, 'sh')[0]!)[0]!, ...linesOf(blocks(packed, 'sh')[1]!)],
}

let root: string
const open = useBrowser()

/** Runs a command line. @throws Error with the output if it fails */
function run(cwd: string, command: string): void {
  const { CI: _ci, VITEST: _vitest, NODE_ENV: _mode, ...env } = process.env
  const path = [join(root, 'bin'), join(repo, 'node_modules/.bin'), env['PATH']].join(delimiter)
  const { status, stdout, stderr } = spawnSync('bash', ['-c', command], {
    cwd,
    // npx asks before it downloads a package.
    env: { ...env, PATH: path, npm_config_yes: 'true' },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${command} failed:\n${stdout}\n${stderr}`)
}

/** Adds two imports, as the README shows; `limn init` has added the plugin. */
function useLimn(folder: string): void {
  const edit = (path: string, change: (text: string) => string): void =>
    writeFileSync(join(folder, path), change(readFileSync(join(folder, path), 'utf8')))
  const entry = existsSync(join(folder, 'src/main.tsx')) ? 'src/main.tsx' : 'src/main.ts'
  edit(
    entry,
    (text) =>
      `import hero from 'virtual:limn/hero'\nimport ogUrl from 'virtual:limn/hero@og'\n${text}\nconsole.log(hero.srcset, ogUrl)\n`,
  )
  edit('index.html', (text) => text.replace('<body>', '<body><img id="hero" src="limn:hero">'))
}

// Takes a quarter of an hour, so only the soak test runs it.
describe.runIf(import.meta.env.MODE === 'soak')('docs/install.md, word for word', () => {
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'limn-readme-'))
    symlinkSync(repo, join(root, 'limn'), 'junction')
    mkdirSync(join(root, 'bin'))
    writeFileSync(join(root, 'bin/pnpm'), '#!/bin/sh\nexec npx -y pnpm@12 "$@"\n')
    chmodSync(join(root, 'bin/pnpm'), 0o755)
    mkdirSync(join(root, 'clone'))
    for (const command of new Set(Object.values(ways).map(([prepare]) => prepare!))) {
      run(join(root, 'clone'), command)
    }
  }, 900_000)
  afterAll(() => {
    if (root !== undefined) rmSync(root, { recursive: true, force: true, maxRetries: 5 })
  })

  it.each(
    Object.keys(ways).flatMap((way) =>
      ['vanilla-ts', 'react-ts', 'vue-ts', 'svelte-ts'].map((template) => [template, way] as const),
    ),
  )('type-checks, builds and shows pictures in %s, %s', async (template, way) => {
    const name = `${template}-${way.replace(/\W+/g, '-')}`
    const folder = join(root, name)
    run(root, `npx -y create-vite@9 ${name} --template ${template} --no-interactive < /dev/null`)
    const manager = way.endsWith('pnpm') ? 'pnpm' : 'npm'
    const [overrides] = blocks(packed, 'yaml')
    if (way === 'packed, pnpm') writeFileSync(join(folder, 'pnpm-workspace.yaml'), overrides!)
    // There is no terminal on which `limn init` could ask.
    for (const command of ways[way as keyof typeof ways].slice(1)) {
      run(folder, command.replace(/limn init$/, '$& --yes'))
    }
    useLimn(folder)
    run(folder, manager === 'npm' ? 'npx limn generate' : 'pnpm exec limn generate')
    run(folder, `${manager} run build`)
    if (template === 'svelte-ts') run(folder, `${manager} run check`)
    const server = await preview({
      root: folder,
      configFile: false,
      logLevel: 'silent',
      preview: { port: 0, host: '127.0.0.1' },
    })
    onTestFinished(() => server.close())
    const { page, problems } = await open(server.resolvedUrls!.local[0]!)
    await waitFor(
      () => page.evaluate(() => document.querySelector<HTMLImageElement>('#hero')!.naturalWidth),
      (width) => width > 0,
    )
    expect(problems).toEqual([])
  })
})
