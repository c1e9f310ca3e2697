import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type CliResult, startCli } from '../cli-process.ts'
import { createProjectFiles } from '../project-files.ts'
import { createTestProject, KEY, type TestProject } from '../test-project.ts'
import { smallPicture } from './many.ts'

/** The number of operations at which each command is killed. `test:soak` kills it at all of them. */
const SAMPLE = process.env['MODE'] === 'soak' ? Infinity : 4

const hook = new URL('kill-at.mjs', import.meta.url).href
const output = 'outputs: [{ name: s, width: 64, height: 64, formats: [webp] }]'
const manifest = `version: 1
provider: openai
out: public/img
defaults: { model: gpt-image-2, quality: low, ${output} }
assets:
  hero: { prompt: A lighthouse, alt: x }
  logo: { prompt: A mark, alt: x, candidates: 3 }
  # A person drew this one.
  mug: { prompt: A mug, alt: x }
`

type Case = {
  args: readonly string[]
  /** Changes the project after everything was generated. */
  prepare?: (project: TestProject) => Promise<unknown> | void
}

const changed = manifest.replace('A lighthouse', 'A harbour')

const cases: Record<string, Case> = {
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
  prune: {
    args: ['prune'],
    prepare: ({ write }) => write('images.yaml', manifest.replace(/^ {2}hero.*\n/m, '')),
  },
  'generate, which moves a renamed asset': {
    args: ['generate'],
    prepare: ({ write }) => write('images.yaml', manifest.replace('  hero:', '  tower:')),
  },
  'generate, which recovers a picture from the shelf, and what was made from it': {
    args: ['generate'],
    async prepare({ write, generate }) {
      const night = '  night: { edit: { image: hero }, prompt: At night, alt: x }\n'
      write('images.yaml', manifest + night)
      await generate()
      write('images.yaml', changed + night)
      await generate()
      write('images.yaml', manifest + night)
    },
  },
  'generate, which replaces a picture by a source': {
    args: ['generate'],
    prepare({ write }) {
      write('drawn.svg', '<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512"/>')
      write('images.yaml', manifest.replace('prompt: A lighthouse', 'source: ./drawn.svg'))
    },
  },
}

test.each(Object.entries(cases))(
  'completes or takes back after a kill at any file operation: %s',
  { timeout: SAMPLE === Infinity ? 600_000 : 60_000 },
  async (_, { args, prepare }) => {
    const project = await createTestProject({ files: { 'images.yaml': manifest }, server: true })
    let serial = 0
    project.server.answer(() => smallPicture(serial++))
    await project.generate()
    await prepare?.(project)
    const operations = await countOperations(project, args)
    for (const at of sampleOf(operations)) {
      const { root, run } = copyOf(project)
      const killed = await run(args, { KILL_AT: String(at) })
      if (killed.code !== null) continue
      const requests = project.server.requests.length
      const context = `killed at ${at} of ${operations}`
      const again = args[0] === 'prune' ? args : ['generate']
      expect(await run(again), context).toMatchObject({ code: 0 })
      expect(project.server.requests.length - requests, `requests, ${context}`).toBe(0)
      const { code, stdout, stderr } = await run(['check'])
      expect({ code, stdout: code === 0 ? '' : stdout, stderr }, context).toEqual({
        code: 0,
        stdout: '',
        stderr: '',
      })
      expect((await run(['plan'])).stdout, context).toMatch(/[Nn]othing to do/)
      const left = createProjectFiles(root).list('.limn')
      expect(
        left.filter((path) => /\/(intents|journal)\//.test(path)),
        context,
      ).toEqual([])
    }
  },
)

/** Returns the operations to kill at: all of them, or a sample spread over the whole command. */
function sampleOf(operations: number): number[] {
  const all = Array.from({ length: operations }, (_, index) => index + 1)
  const step = operations / SAMPLE
  return all.filter((at) => step <= 1 || Math.floor(at % step) === 0)
}

async function countOperations(project: TestProject, args: readonly string[]): Promise<number> {
  const { root, run } = copyOf(project)
  const counted = join(root, '..', `${root.split('/').at(-1)}.count`)
  onTestFinished(() => rmSync(counted, { force: true }))
  const { code, stderr } = await run(args, { KILL_AT: '0', COUNTED: counted })
  expect({ code, stderr }).toMatchObject({ code: 0 })
  return Number(readFileSync(counted, 'utf8'))
}

type Copy = {
  root: string
  run: (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<CliResult>
}

/** Copies a project. The copy is removed after the test. */
function copyOf({ root: original, server }: TestProject): Copy {
  const root = mkdtempSync(`${original}-`)
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  cpSync(original, root, { recursive: true, preserveTimestamps: true })
  return {
    root,
    run: (args, { ...own } = {}) =>
      startCli(args, {
        cwd: root,
        env: {
          PATH: process.env['PATH'],
          OPENAI_API_KEY: KEY,
          OPENAI_BASE_URL: server.baseURL,
          ...(own['KILL_AT'] === undefined ? {} : { NODE_OPTIONS: `--import ${hook}` }),
          ...own,
        },
      }).done,
  }
}
