import { cpSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { openProject } from '../../../src/index.ts'
import type { TestProject } from '../../test-project.ts'

const output = 'outputs: [{ name: s, width: 64, height: 64, formats: [webp] }]'
export const manifest = `version: 1
provider: openai
out: public/img
defaults: { model: gpt-image-2, quality: low, ${output} }
assets:
  hero: { prompt: A lighthouse, alt: x }
  logo: { prompt: A mark, alt: x, candidates: 3 }
  # A person drew this one.
  mug: { prompt: A mug, alt: x }
`

/** A command that writes, in a project where it has something to do. */
export type Case = {
  args: readonly string[]
  /** Changes the project after everything was generated. */
  prepare?: (project: TestProject) => Promise<unknown> | void
  /** What the user runs after the kill. Default: `generate`. */
  again?: readonly string[]
  /** The exit codes that it may have. Default: only 0. */
  codes?: readonly number[]
  /** Whether the project has to be up to date then. Default: true. */
  isComplete?: boolean
  /** Whether the project has a remote store. Default: false. */
  hasStore?: boolean
  /** A manifest whose pictures are all paid for: another `generate` requests none of them. */
  returning?: string
}

/** Commands that change no file but caches, and others whose changes another case covers. */
export const notKilled: Readonly<Record<string, string>> = {
  plan: 'reads only; --out writes a file that the user names',
  check: 'reads only',
  explain: 'reads only',
  show: 'reads only',
  print: 'reads only',
  list: 'reads only',
  cost: 'reads only',
  stats: 'reads only',
  doctor: 'reads only',
  presets: 'reads only',
  styles: 'reads only',
  schema: 'reads only',
  compare: 'reads only; its options write documents that the user names',
  report: 'reads only; writes a document that it replaces as a whole',
  ui: 'never ends by itself; changes files by the functions of the other commands',
  watch: 'never ends by itself; has a test of its own',
  worker: 'never ends by itself; the tests of queues kill it',
  mcp: 'never ends by itself; changes files by the functions of the other commands',
  completion: 'reads only',
}

/** Stands for the id of the batch that the project waits for. */
export const BATCH = 'the batch'

export const changed = manifest.replace('A lighthouse', 'A harbour')

export const cases: Record<string, Case> = {
  mv: { args: ['mv', 'hero', 'harbour'] },
  'mv of a pinned asset with another prompt': {
    args: ['mv', 'hero', 'shop/harbour'],
    async prepare({ project, write }) {
      await project.pin('hero', true)
      write('images.yaml', changed)
    },
  },
  pin: { args: ['pin', 'hero'] },
  'adopt of a file with another format': {
    args: ['adopt', 'mug', 'drawn.svg'],
    prepare: ({ write }) =>
      write('drawn.svg', '<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512"/>'),
  },
  pick: { args: ['pick', 'logo', '2'] },
  'pin --off': {
    args: ['pin', 'hero', '--off'],
    prepare: ({ project }) => project.pin('hero', true),
  },
  'mv over two manifest files': {
    args: ['mv', 'hero', 'harbour'],
    async prepare({ write, generate }) {
      write('images.yaml', `${manifest}include: [more.yaml]\n`)
      const night = `{ prompt: At night, alt: x, ${output}, edit: { image: hero } }`
      write('more.yaml', `version: 1\nassets:\n  night: ${night}\n`)
      await generate()
    },
  },
  restore: {
    args: ['restore', 'hero', '1'],
    returning: changed,
    async prepare({ write, generate }) {
      write('images.yaml', changed)
      await generate()
    },
  },
  init: {
    args: ['init'],
    prepare: ({ root }) => rmSync(join(root, 'images.yaml')),
    again: ['init'],
    codes: [0, 1],
    isComplete: false,
  },
  'import --as masters': {
    args: ['import', 'photos', '--as', 'masters', '--yes'],
    again: ['import', 'photos', '--as', 'masters', '--yes'],
    prepare: ({ root, write }) =>
      write('photos/boat.png', readFileSync(join(root, 'images/hero.png'))),
  },
  migrate: {
    args: ['migrate', 'imagetools', '--yes'],
    again: ['migrate', 'imagetools', '--yes'],
    isComplete: false,
    prepare({ root, write }) {
      write('src/boat.png', readFileSync(join(root, 'images/hero.png')))
      write('src/main.js', "import boat from './boat.png?w=64&format=webp'\nconsole.log(boat)\n")
    },
  },
  examine: {
    args: ['examine'],
    again: ['examine'],
    prepare: ({ write }) =>
      write(
        'images.yaml',
        manifest.replace('A lighthouse,', 'A lighthouse, expect: { sharp: true },'),
      ),
    codes: [0, 1],
    isComplete: false,
  },
  trust: {
    args: ['trust', 'grant', 'RELAY_API_KEY@relay.example.com'],
    again: ['trust', 'grant', 'RELAY_API_KEY@relay.example.com'],
  },
  describe: {
    args: ['describe'],
    again: ['describe'],
    prepare: ({ write }) => write('images.yaml', manifest.replaceAll(', alt: x', '')),
  },
  'describe --confirm': {
    args: ['describe', '--confirm'],
    again: ['describe', '--confirm'],
    prepare: ({ write }) =>
      write('images.yaml', manifest.replaceAll('alt: x', 'alt: x, altSuggested: true')),
  },
  prune: {
    args: ['prune'],
    again: ['prune'],
    prepare: ({ write }) => write('images.yaml', manifest.replace(/^ {2}hero.*\n/m, '')),
    returning: manifest,
  },
  'merge of a shard that replaces, adds and moves pictures': {
    args: ['merge', 'shards/1'],
    again: ['merge', 'shards/1'],
    returning: manifest,
    async prepare({ root, env, write }) {
      const next = changed
        .replace('  mug:', '  cup:')
        .replace('A mark', 'A seal')
        .replace('assets:\n', 'assets:\n  team: { prompt: Four people, alt: x }\n')
      write('images.yaml', next)
      const shard = `${root}-shard`
      cpSync(root, shard, { recursive: true })
      await openProject({ cwd: shard, env }).generate({ shard: { index: 1, count: 1 } })
      renameSync(shard, join(mkdirSync(join(root, 'shards'), { recursive: true })!, '1'))
    },
  },
  'cache pull of a master that is gone': {
    args: ['cache', 'pull'],
    hasStore: true,
    prepare: ({ root }) => rmSync(join(root, 'images/hero.png')),
  },
  'generate, which moves a renamed asset': {
    args: ['generate'],
    prepare: ({ write }) => write('images.yaml', manifest.replace('  hero:', '  tower:')),
  },
  'generate, which collects a batch': {
    args: ['generate'],
    async prepare({ write, project, server }) {
      write('images.yaml', changed)
      await project.generate({ batch: true })
      await server.batches.finish()
    },
  },
  'generate, which recovers a picture from the shelf, and what was made from it': {
    args: ['generate'],
    returning: changed,
    async prepare({ write, generate }) {
      const night = '  night: { edit: { image: hero }, prompt: At night, alt: x }\n'
      write('images.yaml', manifest + night)
      await generate()
      write('images.yaml', changed + night)
      await generate()
      write('images.yaml', manifest + night)
    },
  },
  'generate, which replaces and adds files in out': {
    args: ['generate'],
    prepare: ({ write }) =>
      write(
        'images.yaml',
        manifest.replace(
          'width: 64, height: 64, formats: [webp]',
          'width: 48, height: 48, formats: [webp, png]',
        ),
      ),
  },
  'generate, which replaces edited files in out': {
    args: ['generate'],
    prepare({ write, list }) {
      for (const path of list('public/img')) write(path, 'edited')
    },
  },
  'generate, which writes to a new out': {
    args: ['generate'],
    prepare: ({ write }) => write('images.yaml', manifest.replace('public/img', 'public/other')),
  },
  'batch, which lists one': {
    args: ['batch'],
    async prepare({ write, project, server }) {
      write('images.yaml', changed)
      await project.generate({ batch: true })
      await server.batches.finish()
    },
  },
  'batch cancel of a batch that is finished': {
    args: ['batch', 'cancel', BATCH],
    async prepare({ write, project, server }) {
      write('images.yaml', changed)
      await project.generate({ batch: true })
      await server.batches.finish()
    },
  },
  'batch cancel of a batch that the server does not know': {
    args: ['batch', 'cancel', BATCH],
    again: ['batch', 'cancel', BATCH],
    codes: [0, 1],
    async prepare({ write, project, server }) {
      write('images.yaml', changed)
      await project.generate({ batch: true })
      write('images.yaml', manifest)
      server.batches.forget()
    },
  },
  'generate, which replaces a picture by a source': {
    args: ['generate'],
    returning: manifest,
    prepare({ write }) {
      write('drawn.svg', '<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512"/>')
      write('images.yaml', manifest.replace('prompt: A lighthouse', 'source: ./drawn.svg'))
    },
  },
}
