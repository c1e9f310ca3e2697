import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ToPage } from '@limn/contact-sheet'
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import { LimnError } from '../../errors.ts'
import { createWorld, type World } from '../../plan/testing.ts'
import { projectPaths } from '../../store/paths.ts'
import type { Project } from '../project.ts'
import { streamRun } from '../run-stream.ts'
import type { SheetHost } from './host.ts'
import { createSheetSession, type SheetSession } from './session.ts'
import { createUiSpending } from './ui/ui-spending.ts'

const manifest = `version: 1
provider: openai
assets:
  hero: { prompt: A lighthouse, alt: A lighthouse, outputs: [og] }
  mug: { prompt: A mug, alt: A mug, outputs: [og] }
`

type Tested = {
  session: SheetSession
  world: World
  root: string
  events: ToPage[]
  /** What the next reads fail with. */
  failure: Error | undefined
  /** Whether each read was to be fresh. */
  reads: boolean[]
  bugs: unknown[]
  ask(name: string, input?: unknown): Promise<unknown>
}

/** Creates a session, with a page unless `isOpen` is false. */
function createTested(ownProject: Partial<Project> = {}, isOpen = true): Tested {
  const world = createWorld(manifest)
  const root = mkdtempSync(join(tmpdir(), 'limn-session-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const project = {
    paths: projectPaths(root),
    spentThisMonth: async () => 1,
    history: async () => [],
    pin: async () => {},
    ...ownProject,
  } as unknown as Project
  const tested = {
    world,
    root,
    events: [],
    reads: [],
    bugs: [],
    failure: undefined,
  } as unknown as Tested
  const host: SheetHost = {
    project,
    async read({ isFresh }) {
      tested.reads.push(isFresh)
      if (tested.failure !== undefined) throw tested.failure
      const { manifest: current, lock, inventory } = world
      return { plan: world.plan(), snapshot: { manifest: current, lock, inventory, warnings: [] } }
    },
    loadOutputService: () => Promise.reject(new Error('not needed')),
    spending: { ...createUiSpending(2), leftUsd: () => 2 },
    onBug: (error) => tested.bugs.push(error),
  }
  tested.session = createSheetSession(host)
  if (isOpen) tested.session.listen((event) => tested.events.push(event))
  tested.ask = async (name, input = {}) => tested.session.receive({ id: 7, call: name, input })
  return tested
}

test('reads nothing until a page asks', async () => {
  const tested = createTested()
  await tested.session.update()
  expect(tested.reads).toEqual([])
  expect(await tested.ask('sheet')).toMatchObject({
    type: 'reply',
    id: 7,
    output: {
      assets: [{ name: 'hero' }, { name: 'mug' }],
      budget: { devLeft: 2, spentThisMonth: 1 },
    },
  })
  await tested.session.update()
  expect(tested.events).toEqual([])
})

test('reads nothing while no page is open, and everything for the next one', async () => {
  const tested = createTested({}, false)
  const leave = tested.session.listen(() => {})
  await tested.ask('sheet')
  leave()
  tested.world.rewrite(manifest.replace('A mug,', 'A red mug,'))
  await tested.session.update()
  expect(tested.reads).toEqual([false])
  tested.session.listen((event) => tested.events.push(event))
  await tested.ask('sheet')
  expect(tested.events).toMatchObject([{ type: 'changed', assets: [{ name: 'mug' }] }])
})

test('sends every page what changed, also if another page asked first', async () => {
  const tested = createTested()
  await tested.ask('sheet')
  tested.world.rewrite(manifest.replace('A mug,', 'A red mug,'))
  await tested.ask('sheet')
  expect(tested.events).toMatchObject([
    { type: 'changed', assets: [{ name: 'mug', state: 'stale' }] },
  ])
})

test('shows mistakes from the first read on, and goes on once they are fixed', async () => {
  const tested = createTested()
  tested.failure = new LimnError('lock/invalid', "images.lock can't be read.", {
    hint: 'Restore it.',
  })
  expect(await tested.ask('sheet')).toMatchObject({
    output: {
      assets: [],
      mistakes: [{ code: 'lock/invalid', text: "images.lock can't be read. Restore it." }],
    },
  })
  expect(await tested.ask('asset', { name: 'hero' })).toMatchObject({
    error: { code: 'lock/invalid' },
  })
  tested.failure = undefined
  await tested.session.update()
  expect(tested.events).toMatchObject([
    { assets: [{ name: 'hero' }, { name: 'mug' }], sheet: { mistakes: [] } },
  ])
  tested.failure = new LimnError('lock/invalid', 'Again.')
  await tested.session.update()
  expect(tested.events[1]).toMatchObject({
    assets: [],
    gone: [],
    sheet: { mistakes: [{ code: 'lock/invalid', text: 'Again.' }] },
  })
  expect(await tested.ask('asset', { name: 'hero' })).toMatchObject({
    output: { asset: { name: 'hero' } },
  })
})

test('reads again before it answers a call that writes', async () => {
  const tested = createTested()
  await tested.ask('sheet')
  expect(await tested.ask('pin', { name: 'hero', pinned: true })).toMatchObject({ output: {} })
  expect(tested.reads).toEqual([false, true])
})

test.each([
  undefined,
  null,
  'sheet',
  [],
  {},
  { id: '7', call: 'sheet', input: {} },
  { id: 1.5, call: 'sheet', input: {} },
  { call: 'sheet', input: {} },
])('ignores %j, which is no call', async (message) => {
  const tested = createTested()
  expect(await tested.session.receive(message)).toBeUndefined()
  expect(tested.reads).toEqual([])
})

test('reports a bug to its host, and tells the page', async () => {
  const tested = createTested()
  tested.failure = new TypeError('x is not a function')
  expect(await tested.ask('asset', { name: 'hero' })).toMatchObject({
    error: { code: 'bug', message: 'Limn failed: x is not a function' },
  })
  expect(tested.bugs).toEqual([tested.failure])
})

/** Asks for three runs, of which the first goes on until it is stopped. */
async function askForRuns(): Promise<
  Pick<Tested, 'session' | 'ask'> & { started: unknown[]; replies: Promise<unknown>[] }
> {
  const started: unknown[] = []
  let start = (): void => {}
  const isStarted = new Promise<void>((resolve) => (start = resolve))
  const { session, ask } = createTested({
    generate: (options = {}) =>
      streamRun(options, async ({ names, signal }) => {
        started.push(names)
        start()
        if (names?.[0] === 'hero') {
          await new Promise((resolve) => signal!.addEventListener('abort', resolve))
        }
        return { generated: 1, recovered: 0, failed: [], usd: 0.01 } as never
      }),
    priceVariants: () => Promise.reject(new Error('not needed')),
  })
  const replies = [
    ask('generate', { names: ['hero'], force: true, agreedUsd: 1 }),
    ask('generate', { names: ['mug'], force: true, agreedUsd: 1 }),
    ask('compare', { name: 'mug', variants: [{}], agreedUsd: 1 }),
  ]
  await isStarted
  return { session, ask, started, replies }
}

test('starts no run that waits for its turn once it is closed', async () => {
  const { session, ask, started, replies } = await askForRuns()
  await session.close()
  replies.push(ask('generate', { names: ['mug'], force: true, agreedUsd: 1 }))
  const [first, ...others] = await Promise.all(replies)
  expect(started).toEqual([['hero']])
  expect(first).toMatchObject({ output: { generated: 1 } })
  for (const other of others) expect(other).toMatchObject({ error: { code: 'aborted' } })
})

test('stops the runs that wait for their turn too, and starts those that are asked for later', async () => {
  const { ask, started, replies } = await askForRuns()
  await ask('stop')
  const later = ask('generate', { names: ['mug'], force: false, agreedUsd: 1 })
  const [first, ...others] = await Promise.all(replies)
  expect(first).toMatchObject({ output: { generated: 1 } })
  for (const other of others) expect(other).toMatchObject({ error: { code: 'aborted' } })
  expect(await later).toMatchObject({ output: { generated: 1 } })
  expect(started).toEqual([['hero'], ['mug']])
})

test('lets a browser keep no candidate, whose number another picture may get', async () => {
  const { session, root } = createTested()
  const write = async (path: string, background: string): Promise<void> => {
    const create = { width: 8, height: 8, channels: 3 as const, background }
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), await sharp({ create }).png().toBuffer())
  }
  const digest = '0123456789abcdef'
  const candidate = { kind: 'earlier', asset: 'hero', id: `candidate-${digest}-1` } as const
  await write(`.limn/candidates/hero/${digest}/1.png`, 'red')
  const first = await session.picture(candidate)
  expect(first).toMatchObject({ mime: 'image/png', isExact: false })
  await write(`.limn/candidates/hero/${digest}/1.png`, 'blue')
  expect((await session.picture(candidate))!.bytes).not.toEqual(first!.bytes)
  await write(`.limn/replaced/hero/${digest}.png`, 'green')
  const replaced = { ...candidate, id: `replaced-${digest}` }
  expect(await session.picture(replaced)).toMatchObject({ isExact: true })
})
