import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createWorkspace, type Workspace } from './apps-workspace.ts'
import type { BuiltApp } from './apps.ts'
import { useBrowser, waitFor } from './browser.ts'

const names = ['vanilla', 'vue', 'react', 'preact', 'lit', 'svelte', 'solid']
const templates: BuiltApp[] = names
  .flatMap((name) => [name, `${name}-ts`])
  .map((template) => ({
    name: template,
    scaffold: ['create-vite@9', '--template', template, '--no-interactive'],
    isSetUp: false,
    build: ['build'],
    lines: {},
  }))

const open = useBrowser()
let workspace: Workspace

function git(folder: string, ...args: string[]): string {
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@example.com']
  return spawnSync('git', [...who, ...args], { cwd: folder, encoding: 'utf8' }).stdout
}

// Installs and builds fourteen apps, so only the soak test runs it.
describe.runIf(import.meta.env.MODE === 'soak')('limn init in a template of create-vite', () => {
  beforeAll(async () => {
    workspace = await createWorkspace(templates)
  }, 900_000)
  afterAll(() => workspace?.remove())

  it.each(templates)('sets up $name, and undoes it', { timeout: 300_000 }, async (app) => {
    const folder = workspace.folder(app)
    rmSync(join(folder, 'images.yaml'))
    const page = join(folder, 'index.html')
    const html = readFileSync(page, 'utf8')
    writeFileSync(page, html.replace(/<body>/, '<body><img id="limn" src="limn:hero">'))
    git(folder, 'init', '-q')
    git(folder, 'add', '-A')
    git(folder, 'commit', '-qm', 'start')

    await workspace.command(app, ['limn', 'init', '--yes'])
    const isTyped = app.name.endsWith('-ts')
    const hasConfig = !/^(?:vanilla|lit)/.test(app.name)
    const config = `vite.config.${isTyped ? 'ts' : 'js'}`
    expect(
      git(folder, 'status', '--porcelain', '-uall')
        .trim()
        .split('\n')
        .map((line) => line.trim())
        .sort(),
    ).toEqual(
      [
        'M .gitignore',
        'M package.json',
        hasConfig ? `M ${config}` : `?? ${config}`,
        '?? .gitattributes',
        '?? images.yaml',
        ...(isTyped ? ['?? src/limn.d.ts'] : []),
      ].sort(),
    )
    if (hasConfig) expect(git(folder, 'diff', '-U0', config)).toMatch(/^\+import limn from .*$/m)
    const before = git(folder, 'diff')
    await workspace.command(app, ['limn', 'init', '--yes'])
    expect(git(folder, 'diff')).toBe(before)

    await workspace.command(app, ['limn', 'generate'])
    await workspace.script(app, 'build')
    const server = await workspace.serve(app, ['vite', 'preview'])
    onTestFinished(() => server.stop())
    const { page: shown, problems } = await open(server.url)
    await waitFor(
      () => shown.evaluate(() => document.querySelector<HTMLImageElement>('#limn')!.naturalWidth),
      (width) => width > 0,
    )
    expect(problems).toEqual([])

    await workspace.command(app, ['limn', 'init', '--undo', '--yes'])
    expect(git(folder, 'status', '--porcelain', '-uall')).toBe('')
  })
})
