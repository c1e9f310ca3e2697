import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { shownPictures, useBrowser, waitFor } from './browser.ts'
import { createMachine, edit, type Machine, readBlocks, repo } from './new-user-machine.ts'

const page = readFileSync(join(repo, 'docs/start.md'), 'utf8')
const install = readBlocks(page, '## Install', '## Set up')
const commands = ['## Set up', '## Plan and generate'].map(
  (title) => readBlocks(page, title).find(({ language }) => language === 'sh')!.text,
)
const manifest = readBlocks(page, '## Describe a picture')[0]!.text
const shown = readBlocks(page, '## Show it', '## Use a model')

/** How each template shows the component of the page. */
const templates: Readonly<Record<string, (folder: string, code: string) => void>> = {
  React: (folder, code) => {
    writeFileSync(join(folder, 'src/Hero.tsx'), code)
    edit(
      folder,
      'src/App.tsx',
      (text) => `import { Hero } from './Hero'\n${text.replace('<>', '<><Hero />')}`,
    )
  },
  Vue: (folder, code) => {
    writeFileSync(join(folder, 'src/Hero.vue'), code)
    edit(folder, 'src/App.vue', (text) =>
      text
        .replace('<template>', '<template>\n  <Hero />')
        .replace(/(<script.*>)/, "$1\nimport Hero from './Hero.vue'"),
    )
  },
  Svelte: (folder, code) => {
    writeFileSync(join(folder, 'src/Hero.svelte'), code)
    edit(folder, 'src/App.svelte', (text) =>
      `${text}\n<Hero />\n`.replace(/(<script.*>)/, "$1\n  import Hero from './Hero.svelte'"),
    )
  },
  HTML: (folder, code) =>
    edit(folder, 'index.html', (text) => text.replace('<body>', `<body>\n${code}`)),
}
const generatorNames: Readonly<Record<string, string>> = {
  React: 'react-ts',
  Vue: 'vue-ts',
  Svelte: 'svelte-ts',
  HTML: 'vanilla-ts',
}

/** Each manager with each Node, and each framework at least twice. */
const cases = [
  ['npm', 22, 'React'],
  ['npm', 24, 'HTML'],
  ['npm', 26, 'Vue'],
  ['pnpm', 22, 'Vue'],
  ['pnpm', 24, 'React'],
  ['pnpm', 26, 'Svelte'],
  ['Yarn', 22, 'Svelte'],
  ['Yarn', 24, 'Vue'],
  ['Yarn', 26, 'React'],
] as const

let machine: Machine
const open = useBrowser()

/** Returns the commands as the page says for a package manager. */
function forManager(manager: string, text: string): string {
  return manager === 'npm' ? text : text.replaceAll('npx limn', `${manager.toLowerCase()} limn`)
}

// Takes ten minutes, so only the soak test runs it.
describe.runIf(import.meta.env.MODE === 'soak')('the start page, word for word', () => {
  beforeAll(() => {
    machine = createMachine()
    mkdirSync(join(machine.root, 'clone'))
    machine.run(join(machine.root, 'clone'), install.find(({ label }) => label === '')!.text)
  }, 900_000)
  afterAll(() => machine?.remove())

  it.each(cases)('leads to a picture on a page with %s, Node %i and %s', async (...given) => {
    const [manager, node, framework] = given
    const folder = createApp(given)
    const run = (command: string): void => machine.run(folder, `set -e\n${command}`, node)
    run(install.find(({ label }) => label === manager)!.text)
    // There is no terminal on which `limn init` could ask.
    run(forManager(manager, commands[0]!).replace('limn init', 'limn init --yes'))
    writeFileSync(join(folder, 'images.yaml'), manifest)
    run(forManager(manager, commands[1]!))
    expect(existsSync(join(folder, 'images.lock'))).toBe(true)
    templates[framework]!(folder, shown.find(({ label }) => label === framework)!.text)
    const runScript = manager === 'npm' ? 'npm run' : manager.toLowerCase()
    run(`${runScript} build`)

    const server = await machine.serve(folder, `${runScript} dev`, node)
    onTestFinished(() => server.stop())
    const { page, problems } = await open(server.url)
    const hero = async (): Promise<{ width: number; alt: string; src: string } | undefined> =>
      (await shownPictures(page))
        .map(({ width, alt, file, version }) => ({ width, alt, src: file + version }))
        .find(({ alt }) => alt.startsWith('A white lighthouse'))
    const first = await waitFor(hero, (found) => (found?.width ?? 0) > 0)
    await page.evaluate(() => Object.assign(globalThis, { isSamePage: true }))
    edit(folder, 'images.yaml', (text) => text.replace('sea at dawn', 'sea at night'))
    await waitFor(hero, (found) => found!.width > 0 && found!.src !== first!.src)
    expect(await page.evaluate(() => 'isSamePage' in globalThis)).toBe(true)
    expect(problems).toEqual([])
  })
})

/** Creates an app with the generator that Vite's documentation names. @returns its folder */
function createApp([manager, node, framework]: readonly [string, number, string]): string {
  const name = `${manager}-${node}-${framework}`.toLowerCase()
  const template = generatorNames[framework]!
  machine.run(
    machine.root,
    `npx -y create-vite@9 ${name} --template ${template} --no-interactive < /dev/null`,
    node,
  )
  const folder = join(machine.root, name)
  const manages = manager.toLowerCase()
  if (manager === 'Yarn') {
    writeFileSync(join(folder, 'yarn.lock'), '')
    // Vite has an optional dependency that not every registry has. Only Yarn insists on it.
    machine.run(folder, "npm pkg set 'resolutions[napi-windows-process-start-time]=link:./public'")
  }
  machine.run(folder, `${manages} install`, node)
  return folder
}
