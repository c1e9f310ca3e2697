import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { commands } from '../../src/cli/registry.ts'
import { type CliProcess, type CliResult, startCli } from '../cli-process.ts'
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
  /** What the user runs after the kill. Default: `generate`. */
  again?: readonly string[]
  /** The exit codes that it may have. Default: only 0. */
  codes?: readonly number[]
  /** Whether the project has to be up to date then. Default: true. */
  isComplete?: boolean
}

/** Commands that change no file but caches, and others whose changes another case covers. */
const notKilled: Readonly<Record<string, string>> = {
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
  watch: 'never ends by itself; has a test of its own',
}

/** Stands for the id of the batch that the project waits for. */
const BATCH = 'the batch'

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
  trust: {
    args: ['trust', 'grant', 'RELAY_API_KEY@relay.example.com'],
    again: ['trust', 'grant', 'RELAY_API_KEY@relay.example.com'],
  },
  prune: {
    args: ['prune'],
    again: ['prune'],
    prepare: ({ write }) => write('images.yaml', manifest.replace(/^ {2}hero.*\n/m, '')),
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
    prepare({ write }) {
      write('drawn.svg', '<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512"/>')
      write('images.yaml', manifest.replace('prompt: A lighthouse', 'source: ./drawn.svg'))
    },
  },
}

test('kills every command that writes', () => {
  const killed = Object.values(cases).map(({ args }) => args[0]!)
  expect([...new Set([...killed, ...Object.keys(notKilled)])].sort()).toEqual(
    Object.keys(commands).sort(),
  )
})

/** How a command is killed: before its file operation number `at`, from 1. */
type Killer = {
  /** Environment and program of the command. */
  at(number: number): { env: Record<string, string>; wrapper?: readonly string[] }
}

const inNode: Killer = {
  at: (number) => ({ env: { KILL_AT: String(number), NODE_OPTIONS: `--import ${hook}` } }),
}

/** System calls that change files. Reads are left out: between them nothing changes. */
const changes =
  'rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,rmdir,fsync,fdatasync,ftruncate,pwrite64,copy_file_range'
const strace = ['/usr/bin/strace', '/bin/strace'].find((path) => existsSync(path))

const inSystemCalls: Killer = {
  at: (number) => ({
    // All file operations run on one thread, so that their order is the same each time.
    env: { UV_THREADPOOL_SIZE: '1' },
    wrapper: [
      strace!,
      '-f',
      '-qq',
      '--output=/dev/null',
      `--trace=${changes}`,
      `--inject=${changes}:signal=SIGKILL:when=${number}`,
    ],
  }),
}

test.each(Object.entries(cases))(
  'completes or takes back after a kill at any file operation: %s',
  { timeout: SAMPLE === Infinity ? 900_000 : 60_000 },
  async (_, each) => {
    const project = await createGenerated(each)
    const operations = await countOperations(project, each.args)
    for (const at of sampleOf(operations)) {
      await killAndRecover(project, each, { killer: inNode, at })
    }
  },
)

const sampledCalls: readonly [string, Case][] = Object.entries(cases).filter(
  ([name]) => SAMPLE === Infinity || ['mv', 'restore'].includes(name),
)

test.skipIf(strace === undefined).each(sampledCalls)(
  'completes or takes back after a kill at any system call: %s',
  { timeout: SAMPLE === Infinity ? 900_000 : 60_000 },
  async (_, each) => {
    const project = await createGenerated(each)
    const step = SAMPLE === Infinity ? 1 : 10
    let kills = 0
    for (let at = step; at < 1000; at += step) {
      if (!(await killAndRecover(project, each, { killer: inSystemCalls, at }))) break
      kills++
    }
    expect(kills).toBeGreaterThan(0)
  },
)

test.each(SAMPLE === Infinity ? numbersTo(60) : [2, 12, 25, 40])(
  'completes or takes back after `limn watch` is killed at file operation %i, or when it is idle',
  async (at) => {
    const project = await createGenerated(recovering)
    const { root, run, start } = copyOf(project)
    const watch = start(['watch'], inNode.at(at))
    await Promise.race([watch.done, watch.printed(/Watching images\.yaml/)])
    watch.kill('SIGKILL')
    await watch.done
    await expectCompleted({ project, root, run }, recovering, `killed at ${at}`)
  },
)

/** Pictures come back from the shelf, and others are cut, at no cost. */
const recovering: Case = {
  args: ['watch'],
  async prepare({ write, generate }) {
    write('images.yaml', changed)
    await generate()
    write('images.yaml', manifest.replace('formats: [webp]', 'formats: [webp, png]'))
  },
}

function numbersTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1)
}

async function createGenerated({ prepare }: Case): Promise<TestProject> {
  const project = await createTestProject({ files: { 'images.yaml': manifest }, server: true })
  let serial = 0
  project.server.answer(() => smallPicture(serial++))
  await project.generate()
  await prepare?.(project)
  return project
}

/** Kills a command in a copy of the project, and runs another one. @returns whether it was killed */
async function killAndRecover(
  project: TestProject,
  each: Case,
  { killer, at }: { killer: Killer; at: number },
): Promise<boolean> {
  const { root, run } = copyOf(project)
  const { code } = await run(each.args, killer.at(at))
  if (code !== null && code !== KILLED) return false
  await expectCompleted({ project, root, run }, each, `killed at ${at}`)
  return true
}

/** Checks that the command that a user runs after a kill completes it, at no cost. */
async function expectCompleted(
  { project, root, run }: Pick<Copy, 'root' | 'run'> & { project: TestProject },
  { again = ['generate'], codes = [0], isComplete = true }: Case,
  context: string,
): Promise<void> {
  const requests = project.server.requests.length
  const recovered = await run(again)
  expect(codes, `${context}: ${recovered.stderr}`).toContain(recovered.code)
  expect(project.server.requests.length - requests, `requests, ${context}`).toBe(0)
  if (isComplete) {
    const checked = await run(['check'])
    expect(checked, context).toMatchObject({ code: 0, stderr: '' })
    expect((await run(['plan'])).stdout, context).toMatch(/[Nn]othing to do/)
  }
  const left = createProjectFiles(root).list('.limn')
  const records = left.filter((path) => /\/(intents|journal|batches)\//.test(path))
  expect(records, context).toEqual([])
}

/** The exit code of a program that runs another one, if that was killed. */
const KILLED = 128 + 9

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
  const { env } = inNode.at(0)
  const { code, stderr } = await run(args, { env: { ...env, COUNTED: counted } })
  expect({ code, stderr }).toMatchObject({ code: 0 })
  return Number(readFileSync(counted, 'utf8'))
}

type Copy = {
  root: string
  start: (
    args: readonly string[],
    how?: { env: Readonly<Record<string, string>>; wrapper?: readonly string[] },
  ) => CliProcess
  run: (
    args: readonly string[],
    how?: { env: Readonly<Record<string, string>>; wrapper?: readonly string[] },
  ) => Promise<CliResult>
}

/** Returns the id of the batch that a project waits for. */
function batchOf(root: string): string {
  const [record] = createProjectFiles(root).list('.limn/batches')
  return (JSON.parse(readFileSync(join(root, record!), 'utf8')) as { id: string }).id
}

/** Copies a project. The copy is removed after the test. */
function copyOf({ root: original, server }: TestProject): Copy {
  const root = mkdtempSync(`${original}-`)
  onTestFinished(() => {
    for (const path of [root, `${root}.config`]) rmSync(path, { recursive: true, force: true })
  })
  cpSync(original, root, { recursive: true, preserveTimestamps: true })
  const start: Copy['start'] = (args, { env = {}, wrapper } = { env: {} }) =>
    startCli(
      args.map((arg) => (arg === BATCH ? batchOf(original) : arg)),
      {
        cwd: root,
        wrapper,
        env: {
          PATH: process.env['PATH'],
          OPENAI_API_KEY: KEY,
          OPENAI_BASE_URL: server.baseURL,
          // The user's folder is never inside a project.
          XDG_CONFIG_HOME: `${root}.config`,
          ...env,
        },
      },
    )
  return { root, start, run: (args, how) => start(args, how).done }
}
