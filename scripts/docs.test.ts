import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { layers, openToCli } from '../oxlint.config.ts'
import { commands } from '../packages/core/src/cli/registry.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const architecture = read('docs/architecture.md')

/** Returns the names in backticks of a text. */
function namesIn(text: string): string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, name]) => name!)
}

/** Splits the page at each statement of a folder that the paths after it are relative to. */
function sectionsOf(page: string): { folder: string; text: string }[] {
  const parts = page.split(
    /^(?:### (packages\/[\w-]+\/src)$|#{2,3} Other folders$|Paths are relative to `(.*?)`\.)/m,
  )
  return Array.from({ length: (parts.length - 1) / 3 }, (_, index) => ({
    folder: parts[3 * index + 1] ?? parts[3 * index + 2] ?? '.',
    text: parts[3 * index + 3]!,
  }))
}

/** Returns the first cells of the rows of a table. */
function firstCells(text: string): string[] {
  return [...text.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell]) => namesIn(cell!))
}

/** Whether a path, which may contain `*`, exists below the repository's root. */
function exists(path: string): boolean {
  return globSync(path, { cwd: root }).length > 0
}

const sources = globSync('packages/*/src/**/*.ts', { cwd: root })
const code = sources.map(read).join('\n')

describe('docs/architecture.md', () => {
  test('names only files and folders that exist', () => {
    const missing = sectionsOf(architecture).flatMap(({ folder, text }) =>
      namesIn(text)
        .filter((name) => /^[a-z][\w./-]*(?:\.ts|\/)$/.test(name))
        // A file may be named without the folder that the sentence has just named.
        .filter((name) => ![name, `${folder}/${name}`, `${folder}/**/${name}`].some(exists)),
    )
    expect(missing).toEqual([])
  })

  test('names only functions and types that exist', () => {
    const names = namesIn(architecture).filter((name) => /^[a-z]+[A-Z]\w*$/.test(name))
    expect(names.length).toBeGreaterThan(20)
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(code))).toEqual([])
  })

  test.each(['core', 'vite-plugin', 'painter', 'contact-sheet'] as const)(
    'lists every file and folder at the top of the sources of %s',
    (pkg) => {
      const folder = `packages/${pkg}/src`
      const { text } = sectionsOf(architecture).find((section) => section.folder === folder)!
      const listed = firstCells(text).map((name) => name.replace(/\/.*$|\.ts$/, ''))
      const existing = readdirSync(join(root, folder))
        .filter((name) => !/\.test\.ts$|\.d\.ts$/.test(name))
        .map((name) => name.replace(/\.ts$/, ''))
      expect(existing.filter((name) => !listed.includes(name))).toEqual([])
      expect(listed.filter((name) => !existing.includes(name))).toEqual([])
      expect(existing.filter((name) => !(layers[pkg] as readonly string[]).includes(name))).toEqual(
        [],
      )
    },
  )
})

test('defines every state of an asset in the glossary', () => {
  const words = read('packages/core/src/plan/states.ts').matchAll(/\bword: '(.+?)'/g)
  const [, table] = read('docs/glossary.md').split('## States')
  const defined = firstCells(table!.split('\n## ')[0]!)
  // The states of a master in the lockfile are among the terms.
  const terms = [...defined, 'generated', 'adopted', 'pinned']
  expect([...words].map(([, word]) => word!).filter((word) => !terms.includes(word))).toEqual([])
})

test.each(globSync('docs/{security,decisions/*}.md', { cwd: root }))(
  'names only source files that exist in %s',
  (page) => {
    const bases = ['', 'packages/*/', 'packages/*/src/']
    const paths = namesIn(read(page)).filter((name) => /^[a-z][\w-]*(?:\/[\w.-]+)+\.ts$/.test(name))
    expect(paths.filter((path) => !bases.some((base) => exists(`${base}${path}`)))).toEqual([])
  },
)

test.each(['AGENTS.md', 'docs/architecture.md'])(
  'states in %s what the command line may import',
  (page) => {
    const text = read(page).replaceAll(/\s+/g, ' ').replaceAll('/`', '`')
    const names = openToCli.map((name) => `\`${name}\``)
    expect(text).toContain(`only from ${names.slice(0, -1).join(', ')} and ${names.at(-1)}`)
  },
)

test.each(['AGENTS.md', 'CONTRIBUTING.md', 'SECURITY.md'])(
  'names only paths of the repository that exist in %s',
  (page) => {
    const paths = namesIn(read(page)).filter((name) =>
      /^(?:packages|fixtures|docs|bench|scripts|\.ci)\/[\w@*./-]+$/.test(name),
    )
    expect(paths.filter((path) => !exists(path))).toEqual([])
  },
)

/** Pages that the build of the docs site writes. */
const [, pages = ''] = /^const pages = \{\n([^}]*)\}/m.exec(read('docs/scripts/prepare.ts'))!
const generated = [...pages.matchAll(/^ {2}(\w+):/gm)].map(
  ([, name]) => `docs/reference/${name}.md`,
)

test.each(
  globSync(['*.md', 'docs/**/*.md', '{packages,examples}/*/*.md'], {
    cwd: root,
    exclude: ['docs/{reference,node_modules}/**', 'docs/.vitepress/**'],
  }),
)('links only to files that exist in %s', (page) => {
  const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!)
  const paths = links.filter((link) => !/^(?:[a-z]+:|#)/.test(link))
  const missing = paths.filter((link) => {
    const path = join(dirname(page), link.replace(/#.*$/, ''))
    return !existsSync(join(root, path)) && !generated.includes(path)
  })
  expect(missing).toEqual([])
})

test('describes every command in the table of docs/cli.md', () => {
  const cells = firstCells(read('docs/cli.md')).map((name) =>
    name.replace(/^limn /, '').replace(/ .*$/, ''),
  )
  const names = Object.keys(commands)
  expect(names.filter((name) => !cells.includes(name))).toEqual([])
  expect(cells.filter((name) => !names.includes(name))).toEqual([])
})

test('names every option of the command line in docs/cli.md', () => {
  const section = read('docs/cli.md')
  const options = Object.values(commands).flatMap(({ options = {} }) => Object.keys(options))
  expect(options.filter((option) => !section.includes(`--${option}`))).toEqual([])
})

test('describes each change in one sentence, for packages that exist', () => {
  const packages = globSync('packages/*/package.json', { cwd: root }).map(
    (path) => (JSON.parse(read(path)) as { name: string }).name,
  )
  const changesets = globSync('.changeset/*.md', { cwd: root }).filter(
    (path) => !path.endsWith('README.md'),
  )
  const mistaken = changesets.filter((path) => {
    const [, bumps, sentence] = /^---\n((?:'.+': (?:patch|minor|major)\n)+)---\n\n(.+\.)\n$/.exec(
      read(path),
    ) ?? ['', '', '']
    const names = [...bumps!.matchAll(/^'(.+)':/gm)].map(([, name]) => name!)
    return (
      names.length === 0 ||
      names.some((name) => !packages.includes(name)) ||
      /[.!?] \p{Lu}/u.test(sentence!)
    )
  })
  expect(mistaken).toEqual([])
})
