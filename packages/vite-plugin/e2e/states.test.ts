import { createHash } from 'node:crypto'
import { readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import type { ImageRequest } from '@limn/core'
import { hashRequest } from '@limn/core/for-vite'
import * as vite from 'vite'
import { expect, it, onTestFinished } from 'vitest'
import { createTestProject, type TestProject } from '../../core/e2e/test-project.ts'
import { main } from '../../core/src/cli/main.ts'
import { writeJournalEntry } from '../../core/src/store/journal.ts'
import { limn } from '../src/index.ts'

/*
 * Every state of an asset × every command: each shows the same word, gives the same advice and ends
 * with the exit code that fits, and whoever follows the advice has no problem left.
 */

const manifest = `version: 1
provider: openai
defaults: { outputs: [{ name: s, width: 64, height: 64, formats: [webp] }] }
assets:
  hero: { prompt: A hill, alt: x }
  night: { edit: { image: hero }, prompt: At night, alt: x }
`
const GENERATE = 'Run `limn generate`.'
const HERO = 'images/hero.png'

type Row = {
  state: string
  /** The asset that has the state, default `hero`. */
  asset?: string
  /** Changes the project after everything was generated. */
  change: (project: TestProject) => unknown
  /** The word, and the explanation that follows it, if any. */
  word: string
  why?: string
  /** What all commands advise; absent if there is nothing to do. */
  advice?: string
  /** Whether `limn generate` does it. Default: if the advice starts with it. */
  isWork?: boolean
  /** Whether `check` passes although there is advice: the outputs are only missing on this machine. */
  isLocal?: boolean
  /** Whether a build passes although `check` does not: a build derives the outputs itself. */
  builds?: boolean
  /** Does by hand what the advice says. Default: runs the first command that it names. */
  follow?: (project: TestProject) => unknown
  /** What no command may say. */
  never?: RegExp
}

/** A red PNG of 64x64 px. */
const mine = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAMAAACdt4HsAAAAA1BMVEWqADPMRYR6AAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAG0lEQVRYhe3BgQAAAADDoPlT3+AEVQEAAAB0DRBAAAGx1LfoAAAAAElFTkSuQmCC',
  'base64',
)

const rows: Row[] = [
  { state: 'current', change: () => {}, word: 'generated' },
  {
    state: 'new',
    change: ({ edit }) => edit('  night:', '  mug: { prompt: A mug, alt: x }\n  night:'),
    asset: 'mug',
    word: 'new',
    advice: GENERATE,
  },
  {
    state: 'stale',
    change: ({ edit }) => edit('A hill', 'A valley'),
    word: 'stale',
    why: 'prompt changed',
    advice: GENERATE,
  },
  {
    state: 'stale, by what it is made from',
    change: ({ edit }) => edit('A hill', 'A valley'),
    asset: 'night',
    word: 'stale',
    why: 'hero changed',
    advice: GENERATE,
  },
  {
    state: 'missing',
    change: remove(HERO),
    word: 'missing',
    why: 'git can restore it',
    advice: 'Restore the picture of hero with git, or run `limn generate` to request it again.',
    isWork: true,
  },
  {
    state: 'edited',
    change: ({ write }) => write(HERO, mine),
    word: 'edited',
    why: 'kept until it is adopted',
    advice: 'Run `limn adopt hero` to accept the edited picture, or restore it with git.',
  },
  {
    state: 'edited, and its prompt changed',
    change({ write, edit }) {
      write(HERO, mine)
      edit('A hill', 'A valley')
    },
    word: 'edited',
    why: 'kept until it is adopted',
    advice: 'Run `limn adopt hero` to accept the edited picture, or restore it with git.',
  },
  { state: 'pinned', change: ({ project }) => project.pin('hero', true), word: 'pinned' },
  {
    state: 'pinned, and its prompt changed',
    async change({ project, edit }) {
      await project.pin('hero', true)
      edit('A hill', 'A valley')
    },
    word: 'pinned',
  },
  { state: 'adopted', change: adoptMine, word: 'adopted' },
  {
    state: 'adopted, and about to be replaced',
    async change(project) {
      await adoptMine(project)
      project.edit('A hill', 'A valley')
    },
    word: 'stale',
    why: 'prompt changed',
    advice: GENERATE,
  },
  {
    state: 'the provider changed to a free one',
    change: ({ edit }) => edit('provider: openai', 'provider: local'),
    word: 'kept',
    why: 'paid for at openai',
  },
  {
    state: 'the provider changed to a free one, and the prompt changed',
    change({ edit }) {
      edit('provider: openai', 'provider: local')
      edit('A hill', 'A valley')
    },
    word: 'stale',
    why: 'paid for at openai, prompt changed',
    advice:
      'Run `limn pin hero` to keep the paid picture, or `limn generate hero --force` to replace it.',
  },
  {
    state: 'the provider changed there and back',
    async change({ edit, project }) {
      edit('provider: openai', 'provider: local')
      await project.generate()
      edit('provider: local', 'provider: openai')
    },
    word: 'generated',
  },
  {
    state: 'on the shelf',
    async change({ edit, project }) {
      edit('A hill', 'A valley')
      await project.generate()
      edit('A valley', 'A hill')
    },
    word: 'shelved',
    why: 'from an earlier run, already paid for',
    advice: GENERATE,
  },
  {
    state: 'received',
    async change({ edit, plan, project: { paths } }) {
      edit('A hill', 'A valley')
      const { steps } = await plan()
      const { request } = steps.find(({ asset }) => asset === 'hero') as { request: ImageRequest }
      const made = { provider: 'openai', at: '2026-11-22T08:00:00.000Z', usd: 0.01 }
      const key = hashRequest(request)
      await writeJournalEntry(paths.journal, { key, bytes: mine, receipt: { request, made } })
    },
    word: 'received',
    why: 'in the journal, already paid for',
    advice: GENERATE,
  },
  {
    state: 'in a batch',
    async change({ edit, project }) {
      edit('A hill', 'A valley')
      await project.generate({ batch: true })
    },
    word: 'in batch',
    advice: 'Run `limn generate` once the batch is finished; `limn batch` shows its progress.',
    isWork: false,
    follow: ({ server }) => server.batches.finish(),
  },
  {
    state: 'made from a picture in a batch',
    asset: 'night',
    async change({ edit, project }) {
      edit('A hill', 'A valley')
      await project.generate({ batch: true })
    },
    word: 'waiting',
    why: 'for hero, in a batch',
    advice: 'Run `limn generate` once the batch is finished; `limn batch` shows its progress.',
    isWork: false,
    follow: ({ server }) => server.batches.finish(),
  },
  {
    state: 'renamed',
    change: ({ text, write }) =>
      write('images.yaml', text('images.yaml').replaceAll('hero', 'cover')),
    asset: 'cover',
    word: 'renamed',
    why: 'from hero',
    advice: GENERATE,
  },
  {
    state: 'an output was added',
    change: ({ edit }) => edit('[webp]', '[webp, png]'),
    word: 'outputs',
    why: 'preset s added',
    advice: GENERATE,
    builds: true,
  },
  {
    state: 'an output is missing on this machine',
    change: remove('node_modules/.cache/limn/outputs'),
    word: 'outputs',
    why: '1 file missing on this machine',
    advice: GENERATE,
    isLocal: true,
    builds: true,
  },
  {
    state: 'adopted, and its file is missing',
    async change(project) {
      await adoptMine(project)
      rmSync(join(project.root, HERO))
    },
    word: 'missing',
    why: 'adopted',
    advice:
      'Restore the picture of hero with git, or run `limn generate hero --force` to replace it.',
  },
  {
    state: 'not in the lockfile',
    change({ edit, write }) {
      edit('  night:', '  mug: { prompt: A mug, alt: x }\n  night:')
      write('images/mug.png', mine)
    },
    asset: 'mug',
    word: 'untracked',
    why: 'images/mug.png is not in the lockfile',
    advice: 'Run `limn adopt mug` to accept the picture, or move it to another folder.',
  },
  {
    state: 'a link',
    change({ root }) {
      renameSync(join(root, HERO), join(root, 'elsewhere.png'))
      symlinkSync('../elsewhere.png', join(root, HERO))
    },
    word: 'link',
    why: 'Limn does not follow images/hero.png',
    advice: 'Replace the link of hero with the picture.',
    follow({ root }) {
      rmSync(join(root, HERO))
      renameSync(join(root, 'elsewhere.png'), join(root, HERO))
    },
  },
  ...(
    [
      ['Git LFS', gitLfsPointer, 'a Git LFS pointer, not the picture', 'git lfs pull'],
      [
        'git-annex',
        () => '/annex/objects/SHA256E-s99--1.png\n',
        'a git-annex pointer, not the picture',
        `git annex get ${HERO}`,
      ],
      ['its disk', () => '', 'an empty file', `git checkout -- ${HERO}`],
    ] as const
  ).map(([tool, pointerTo, problem, fix]): Row => ({
    state: `not downloaded by ${tool}`,
    change: replacePicture(pointerTo),
    word: 'not downloaded',
    why: `${HERO} is ${problem} (${fix})`,
    advice: `Run \`${fix}\`.`,
    follow: returnPicture,
    never: /limn adopt|--force/,
  })),
  {
    state: 'in iCloud Drive',
    change({ root }) {
      renameSync(join(root, HERO), join(root, KEPT))
      writeFileSync(join(root, 'images/.hero.png.icloud'), 'bplist00')
    },
    word: 'not downloaded',
    why: `${HERO} is only in iCloud Drive (brctl download ${HERO})`,
    advice: `Run \`brctl download ${HERO}\`.`,
    follow(project) {
      rmSync(join(project.root, 'images/.hero.png.icloud'))
      returnPicture(project)
    },
    never: /limn adopt|--force/,
  },
  {
    state: 'made from a picture that is not downloaded, and its prompt changed',
    asset: 'night',
    change(project) {
      replacePicture(gitLfsPointer)(project)
      project.edit('At night', 'At noon')
    },
    word: 'not downloaded',
    why: `${HERO} is a Git LFS pointer, not the picture (git lfs pull)`,
    advice: 'Run `git lfs pull`.',
    follow: returnPicture,
    never: /limn adopt|--force/,
  },
  {
    state: 'behind a link that was down',
    async change({ edit, project, server }) {
      edit('A hill', 'A valley')
      const text = JSON.stringify({ data: [{ url: await startPictureServer() }] })
      server.next({ kind: 'body', status: 200, contentType: 'application/json', text })
      await project.generate()
    },
    word: 'linked',
    why: 'already paid for, still to be fetched',
    advice: 'Run `limn generate`, which fetches it at no cost.',
    follow: () => void (isPictureServerDown = false),
    never: /limn adopt|--force/,
  },
  {
    state: 'drawn as a draft',
    async change(project) {
      project.edit('A hill', 'A valley')
      await run(project, ['generate', '--profile', 'draft', '--yes'])
    },
    word: 'stale',
    why: 'prompt changed',
    advice: GENERATE,
  },
  {
    state: 'an output in the repo was altered',
    async change({ edit, project, write }) {
      edit('provider: openai', 'provider: openai\nout: public/img')
      await project.generate()
      write('public/img/hero/s.webp', 'mine')
    },
    word: 'outputs',
    why: 's.webp altered',
    advice: GENERATE,
    builds: true,
  },
  {
    state: 'made from an edited picture, and its prompt changed',
    asset: 'night',
    change({ edit, write }) {
      write(HERO, mine)
      edit('At night', 'At noon')
    },
    word: 'blocked',
    why: 'made from hero',
    advice: 'First adopt or restore hero, then run `limn generate`.',
    isWork: false,
    follow: ({ project }) => project.adopt('hero'),
  },
  {
    state: 'its request failed',
    async change({ edit, project, server }) {
      edit('A hill', 'A valley')
      server.next({
        kind: 'error',
        status: 400,
        code: 'moderation_blocked',
        type: 'image_generation_user_error',
        message: 'no',
      })
      await project.generate()
    },
    word: 'stale',
    why: 'prompt changed',
    advice: GENERATE,
  },
]

it.each(rows)(
  'shows "$state" as one state in every command, with advice that helps',
  async (row) => {
    const project = await createTestProject({ files: { 'images.yaml': manifest }, server: true })
    await project.project.generate()
    await row.change(project)
    const { asset = 'hero', word, why, advice = '' } = row
    const isWork = row.isWork ?? advice.startsWith(GENERATE.slice(0, -1))
    const isProblem = advice !== '' && row.isLocal !== true
    const shown = why === undefined ? word : `${word}: ${why}`

    const plan = await run(project, ['plan', '--detailed-exitcode'])
    expect(plan.code, plan.text).toBe(isWork ? 2 : 0)
    if (advice !== '') expect(plan.text).toMatch(line(asset, shown))
    if (advice === '') expect(plan.text).toMatch(/[Nn]othing to do/)
    else expect(plan.text).not.toMatch(/[Nn]othing to do/)

    const list = await run(project, ['list'])
    expect(list.code).toBe(0)
    expect(list.text).toMatch(new RegExp(`^${asset} +${word} .*${escape(why ?? '')}`, 'm'))
    if (advice === '') expect(list.text).toContain('nothing to do.')
    else expect(list.text).toContain(advice)

    const show = await run(project, ['show', asset])
    expect(show.code).toBe(0)
    expect(show.text).toMatch(new RegExp(`^ +state +${escape(shown)}`, 'm'))
    if (advice !== '') expect(show.text).toContain(advice)

    const check = await run(project, ['check'])
    expect(check.code, check.text).toBe(isProblem ? 1 : 0)
    if (isProblem) expect(check.text).toMatch(line(asset, shown))
    if (isProblem) expect(check.text).toContain(advice)

    const built = await build(project)
    expect(built.code, built.text).toBe(isProblem && row.builds !== true ? 1 : 0)
    if (built.code === 1) expect(built.text).toMatch(line(asset, shown))
    if (built.code === 1) expect(built.text).toContain(advice)

    const dev = await serve(project)
    if (built.code === 1) expect(dev).toMatch(line(asset, shown))
    if (built.code === 1) expect(dev).toContain(advice)
    if (advice === '') expect(dev).not.toContain('[limn]')

    if (row.never !== undefined) {
      const texts = [plan, list, show, check, built].map(({ text }) => text)
      expect([...texts, dev].join('\n')).not.toMatch(row.never)
    }

    await (row.follow === undefined ? followAdvice(project, advice) : row.follow(project))
    expect(await run(project, ['generate'])).toMatchObject({ code: 0 })
    const after = await run(project, ['check'])
    expect(after.code, after.text).toBe(0)
  },
)

it.each([
  [
    'the size of a picture',
    (text: string) => text.replace(/"width": ?\d+/, '"width": 7'),
    /hero: images\/hero\.png is \d+x\d+ px, but the lockfile says 7x\d+\./,
  ],
  [
    'the bytes of a picture',
    (text: string) => text.replace(/"bytes": ?\d+/, '"bytes": 7'),
    /hero: images\/hero\.png has \d+ bytes, but the lockfile says 7\./,
  ],
  [
    'the size of an output',
    (text: string) => text.replace(/("s\.webp"[^}]*"width": ?)64/, '$165'),
    /hero: s\.webp is 64x64 px, but the lockfile says 65x64\./,
  ],
])(
  'reports %s that was changed in the lockfile, with the same advice',
  async (_, change, problem) => {
    const project = await createTestProject({ files: { 'images.yaml': manifest }, server: true })
    await project.project.generate()
    const lock = project.text('images.lock')
    project.write('images.lock', change(lock))
    const check = await run(project, ['check'])
    expect(check.code).toBe(1)
    expect(check.text).toMatch(problem)
    const advice = /→ (.*)/.exec(check.text)![1]!
    expect(advice).toMatch(/^Restore images\.lock with git/)
    const list = await run(project, ['list'])
    expect(list.text).toMatch(/^hero +tampered /m)
    expect(list.text).toContain(advice)
    const show = await run(project, ['show', 'hero'])
    expect(show.text).toMatch(/^ +state +tampered: /m)
    expect(show.text).toContain(advice)
    const before = project.server.requests.length
    expect((await run(project, ['generate'])).code).toBe(0)
    expect(project.server.requests).toHaveLength(before)
    project.write('images.lock', lock)
    expect((await run(project, ['check'])).code).toBe(0)
  },
)

it.each([
  ['an asset that left the manifest', 'hero-2', /  hero-2: .*\n/, 'orphaned'],
  ['a preset that left the manifest', 'hero-2', /, outputs: .*(?= \}\n)/, 'unused'],
  ['a format that left the manifest', 'hero-2', /, png/, 'unused'],
])('advises `limn prune` for %s, and passes', async (_, asset, removed, word) => {
  const preset = '{ name: t, width: 32, height: 32, formats: [webp, png] }'
  const own = `outputs: [{ name: s, width: 64, height: 64, formats: [webp] }, ${preset}]`
  const project = await createTestProject({
    files: { 'images.yaml': `${manifest}  hero-2: { prompt: A wood, alt: x, ${own} }\n` },
    server: true,
  })
  await project.project.generate()
  project.write('images.yaml', project.text('images.yaml').replace(removed, ''))
  const plan = await run(project, ['plan', '--detailed-exitcode'])
  expect(plan).toMatchObject({ code: 0 })
  expect(plan.text).toMatch(line(asset, word))
  expect(plan.text).toMatch(/nothing to do\. 1 to prune\./)
  expect(plan.text).toContain('limn prune')
  expect(await run(project, ['check'])).toMatchObject({ code: 0 })
  expect((await run(project, ['list'])).text).toContain('nothing to do.')
  expect(await build(project)).toEqual({ code: 0, text: '' })
  expect(await serve(project)).not.toContain(asset)
  expect(await run(project, ['generate'])).toMatchObject({ code: 0 })
  expect(await run(project, ['prune'])).toMatchObject({ code: 0 })
  expect((await run(project, ['plan'])).text).toMatch(/^Nothing to do/)
})

const shared: [cause: string, change: Row['change'], word: string, advice: string][] = [
  [
    'edits',
    ({ root, write }) => each(root, (path) => write(path, mine)),
    'edited',
    'Run `limn adopt NAME` to accept the edited pictures, or restore them with git.',
  ],
  [
    'pointers of Git LFS',
    ({ root, write, bytes }) => each(root, (path) => write(path, gitLfsPointer(bytes(path)))),
    'not downloaded',
    'Run `git lfs pull`.',
  ],
  [
    'empty files',
    ({ root, write }) => each(root, (path) => write(path, '')),
    'not downloaded',
    'Run `git checkout -- FILE`.',
  ],
  [
    'another prompt',
    ({ text, write }) =>
      write('images.yaml', text('images.yaml').replaceAll('prompt: A', 'prompt: One')),
    'stale',
    GENERATE,
  ],
]

it.each(shared)('gives the advice for %s of many assets once', async (_, change, word, advice) => {
  const names = Array.from({ length: 6 }, (_, index) => `hero-${index}`)
  const head = manifest.slice(0, manifest.indexOf('  hero:'))
  const assets = names.map((name) => `  ${name}: { prompt: A ${name}, alt: x }\n`)
  const project = await createTestProject({
    files: { 'images.yaml': head + assets.join('') },
    server: true,
  })
  await project.project.generate()
  await change(project)
  const isWork = advice === GENERATE
  const [plan, list, check] = [
    await run(project, ['plan']),
    await run(project, ['list']),
    await run(project, ['check']),
  ]
  for (const { text } of isWork ? [list, check] : [plan, list, check]) {
    expect(text.split(advice)).toHaveLength(2)
  }
  for (const name of names) expect(check.text).toMatch(line(name, word))
  const built = await build(project)
  expect(built.text.split(advice)).toHaveLength(2)
  expect((await serve(project)).split(advice)).toHaveLength(2)
})

/** Calls back with the path of each master. */
function each(root: string, work: (path: string) => void): void {
  for (const name of readdirSync(join(root, 'images'))) work(`images/${name}`)
}

it('names an adopted picture that is about to be replaced', async () => {
  const project = await createTestProject({ files: { 'images.yaml': manifest }, server: true })
  await project.project.generate()
  await adoptMine(project)
  project.edit('A hill', 'A valley')
  const { text } = await run(project, ['plan'])
  expect(text).toContain('! replaces the picture that a person supplied: `limn pin hero` keeps it.')
})

it.each(['plan', 'list', 'show hero', 'check', 'generate'])(
  'reports a missing source in %s with the same words',
  async (command) => {
    const project = await createTestProject({
      files: { 'images.yaml': 'version: 1\nassets:\n  hero: { source: ./photo.png, alt: x }\n' },
    })
    const { code, text } = await run(project, command.split(' '))
    expect(code).toBe(1)
    expect(text).toContain('There is no file photo.png inside the project.')
  },
)

const KEPT = 'elsewhere.png'

/** Writes what another tool leaves in the place of the picture of `hero`. */
function replacePicture(pointerTo: (picture: Buffer) => string): Row['change'] {
  return ({ root, bytes, write }) => {
    const pointer = pointerTo(bytes(HERO))
    renameSync(join(root, HERO), join(root, KEPT))
    write(HERO, pointer)
  }
}

/** Does what the command of another tool does. */
function returnPicture({ root }: TestProject): void {
  renameSync(join(root, KEPT), join(root, HERO))
}

function gitLfsPointer(picture: Buffer): string {
  const oid = createHash('sha256').update(picture).digest('hex')
  return `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${picture.length}\n`
}

let isPictureServerDown = false

/** Starts a server of one picture, which is down. @returns the picture's URL */
async function startPictureServer(): Promise<string> {
  isPictureServerDown = true
  const server = createServer((_, response) => {
    response.statusCode = isPictureServerDown ? 503 : 200
    response.end(isPictureServerDown ? '' : mine)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hero.png`
}

async function adoptMine({ write, project }: TestProject): Promise<void> {
  write(HERO, mine)
  await project.adopt('hero')
  await project.generate()
}

function remove(path: string): Row['change'] {
  return ({ root }) => rmSync(join(root, path), { recursive: true })
}

/** Runs the first command that a sentence names; nothing if it names none. */
async function followAdvice(project: TestProject, advice: string): Promise<void> {
  const command = /`limn ([^`]+)`/.exec(advice)?.[1]
  if (command === undefined) return
  const { code, text } = await run(project, command.split(' '))
  expect(code, text).toBe(0)
}

/** Runs a command in this process. */
async function run(
  { root, env }: TestProject,
  args: readonly string[],
): Promise<{ code: number; text: string }> {
  let text = ''
  const stream = (): Writable =>
    new Writable({
      write(chunk, _, done) {
        text += String(chunk)
        done()
      },
    })
  const host = {
    argv: ['node', 'limn'],
    stdin: process.stdin,
    stdout: stream(),
    stderr: stream(),
    env: { ...env },
    cwd: () => root,
    on() {},
    off() {},
    exit() {},
  }
  const code = await main(args, host as unknown as Parameters<typeof main>[1])
  return { code, text }
}

/** Builds a page that shows no picture: a build checks all of them. */
async function build(project: TestProject): Promise<{ code: number; text: string }> {
  try {
    await vite.build(configOf(project))
    return { code: 0, text: '' }
  } catch (error) {
    return { code: 1, text: (error as Error).message }
  }
}

/** Starts a dev server, waits for its first generation run, and returns what it has logged. */
async function serve(project: TestProject): Promise<string> {
  const lines: string[] = []
  const customLogger = vite.createLogger('silent')
  for (const type of ['info', 'warn', 'warnOnce', 'error'] as const) {
    customLogger[type] = (line) => void lines.push(line)
  }
  rmSync(join(project.root, 'limn.d.ts'), { force: true })
  const server = await vite.createServer({
    ...configOf(project),
    customLogger,
    server: { port: 0, host: '127.0.0.1' },
  })
  await server.listen()
  // The types are written during the run, which the end of the server waits for.
  await expect.poll(() => project.has('limn.d.ts'), { timeout: 30_000 }).toBe(true)
  await server.close()
  return lines.filter((each) => each.includes('[limn]')).join('\n')
}

function configOf(project: TestProject): vite.InlineConfig {
  project.write('index.html', '<!doctype html><title>x</title><img src="limn:night" alt="">')
  return {
    root: project.root,
    configFile: false,
    logLevel: 'silent',
    plugins: [limn({ dev: { generate: 'never' }, build: { stale: 'error' } })],
  }
}

/** Matches a line that names an asset and its state. */
function line(asset: string, shown: string): RegExp {
  return new RegExp(`^ +[^ ]? *${escape(asset)} +${escape(shown)}`, 'm')
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
