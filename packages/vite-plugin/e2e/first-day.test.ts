import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { preview } from 'vite'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { useBrowser, waitFor } from './browser.ts'
import { createMachine, edit, type Machine, readBlocks, repo } from './new-user-machine.ts'

const guide = readFileSync(join(repo, 'docs/install.md'), 'utf8')
const linked = guide.slice(guide.indexOf('## Linked'), guide.indexOf('## Packed'))

/** The code blocks of each way of installation, in one language. */
const blocks = (from: string, to: string, language: string): string[] =>
  readBlocks(guide, from, to).flatMap((block) => (block.language === language ? [block.text] : []))
const linkedCommands = blocks('## Linked', '## Packed', 'sh').map(linesOf)
const packedCommands = blocks('## Packed', '## What is in which package', 'sh').map(linesOf)
const [overrides] = blocks('## Packed', '## What is in which package', 'yaml')

function linesOf(block: string): string[] {
  return block.trim().split('\n')
}

/** The commands of the guide by way and package manager. The first line prepares the clone. */
const ways = {
  'linked, npm': linkedCommands[0]!,
  'linked, pnpm': [
    linkedCommands[0]![0]!,
    /`(pnpm add [^`]+)`/.exec(linked)![1]!,
    'pnpm exec limn init',
  ],
  'packed, npm': packedCommands[0]!,
  'packed, pnpm': [packedCommands[0]![0]!, ...packedCommands[1]!],
}

let machine: Machine
const open = useBrowser()

/** Adds two imports, as the README shows; `limn init` has added the plugin. */
function useLimn(folder: string): void {
  const entry = existsSync(join(folder, 'src/main.tsx')) ? 'src/main.tsx' : 'src/main.ts'
  edit(
    folder,
    entry,
    (text) =>
      `import hero from 'virtual:limn/hero'\nimport ogUrl from 'virtual:limn/hero@og'\n${text}\nconsole.log(hero.srcset, ogUrl)\n`,
  )
  edit(folder, 'index.html', (text) =>
    text.replace('<body>', '<body><img id="hero" src="limn:hero">'),
  )
}

// Takes a quarter of an hour, so only the soak test runs it.
describe.runIf(import.meta.env.MODE === 'soak')('docs/install.md, word for word', () => {
  beforeAll(() => {
    machine = createMachine()
    const clone = join(machine.root, 'clone')
    mkdirSync(clone)
    for (const command of new Set(Object.values(ways).map(([prepare]) => prepare!))) {
      machine.run(clone, command)
    }
  }, 900_000)
  afterAll(() => machine?.remove())

  it.each(
    Object.keys(ways).flatMap((way) =>
      ['vanilla-ts', 'react-ts', 'vue-ts', 'svelte-ts'].map((template) => [template, way] as const),
    ),
  )('type-checks, builds and shows pictures in %s, %s', async (template, way) => {
    const name = `${template}-${way.replace(/\W+/g, '-')}`
    const folder = join(machine.root, name)
    const run = (command: string): void => machine.run(folder, command)
    machine.run(
      machine.root,
      `npx -y create-vite@9 ${name} --template ${template} --no-interactive < /dev/null`,
    )
    const manager = way.endsWith('pnpm') ? 'pnpm' : 'npm'
    if (way === 'packed, pnpm') writeFileSync(join(folder, 'pnpm-workspace.yaml'), overrides!)
    // There is no terminal on which `limn init` could ask.
    for (const command of ways[way as keyof typeof ways].slice(1)) {
      run(command.replace(/limn init$/, '$& --yes'))
    }
    useLimn(folder)
    run(manager === 'npm' ? 'npx limn generate' : 'pnpm exec limn generate')
    run(`${manager} run build`)
    if (template === 'svelte-ts') run(`${manager} run check`)
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
