import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { machine, currentProcess } from '../disk/process.ts'
import { runAsSingleWriter, hasWriterCrashed } from './single-writer.ts'

type Folder = { state: string; lock: string; holders(): string[]; hold(owner: unknown): void }

function createFolder(): Folder {
  const root = mkdtempSync(join(tmpdir(), 'limn-writer-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const state = join(root, '.limn')
  const lock = join(state, 'writer.lock')
  return {
    state,
    lock,
    holders: () => (existsSync(lock) ? readdirSync(lock) : []),
    hold(owner) {
      mkdirSync(lock, { recursive: true })
      writeFileSync(join(lock, '00000000-another'), JSON.stringify(owner))
    },
  }
}

const nothing = (): void => {}

test('lets one work at a time, and leaves nothing behind', async () => {
  const folder = createFolder()
  let [inside, most] = [0, 0]
  await Promise.all(
    Array.from({ length: 8 }, () =>
      runAsSingleWriter(folder, nothing, async ({ isAfterCrash }) => {
        most = Math.max(most, ++inside)
        await sleep(5)
        inside--
        expect(isAfterCrash).toBe(false)
      }),
    ),
  )
  expect(most).toBe(1)
  expect(readdirSync(folder.state)).toEqual(['.gitignore'])
})

test('makes its lock again where somebody deletes it, and goes on', async () => {
  const folder = createFolder()
  const done = await runAsSingleWriter(folder, nothing, async ({ lost }) => {
    rmSync(folder.state, { recursive: true })
    while (folder.holders().length === 0) await sleep(50)
    return !lost.aborted
  })
  expect(done).toBe(true)
  expect(folder.holders()).toEqual([])
})

test('tells its work to stop where another has taken over, and leaves them their lock', async () => {
  const folder = createFolder()
  const work = runAsSingleWriter(folder, nothing, async ({ lost }) => {
    rmSync(folder.state, { recursive: true })
    folder.hold(currentProcess())
    await once(lost, 'abort')
  })
  await expect(work).rejects.toMatchObject({
    name: 'LimnError',
    code: 'store/busy',
    hint: expect.stringContaining('journal'),
  })
  expect(folder.holders()).toEqual(['00000000-another'])
})

test.each([
  ['a pid that nobody has', { ...currentProcess(), pid: 2 ** 22 + 1 }],
  ['a pid that was given to another', { ...currentProcess(), born: '1' }],
])('takes over at once from a process with %s, and says that it died', async (_, owner) => {
  const folder = createFolder()
  folder.hold(owner)
  expect(await hasWriterCrashed(folder)).toBe(true)
  // It is said again until somebody has markCleanedUp up.
  for (const tidies of [false, true]) {
    await runAsSingleWriter(folder, nothing, async ({ isAfterCrash, markCleanedUp }) => {
      expect(isAfterCrash).toBe(true)
      if (tidies) await markCleanedUp()
    })
  }
  await runAsSingleWriter(folder, nothing, ({ isAfterCrash }) =>
    Promise.resolve(expect(isAfterCrash).toBe(false)),
  )
  expect(await hasWriterCrashed(folder)).toBe(false)
  expect(readdirSync(folder.state)).toEqual(['.gitignore'])
})

test('takes over after a while where nobody can say whether the owner lives', async () => {
  const folder = createFolder()
  folder.hold({ ...currentProcess(), machine: `${machine()}-other` })
  const started = performance.now()
  await runAsSingleWriter(folder, nothing, () => Promise.resolve())
  expect(performance.now() - started).toBeGreaterThan(14_000)
})

test('stops waiting when it is told to', async () => {
  const folder = createFolder()
  folder.hold(currentProcess())
  const stop = new AbortController()
  let waits = 0
  const waiting = runAsSingleWriter(
    folder,
    () => waits++,
    () => Promise.resolve(),
    stop.signal,
  )
  setTimeout(() => stop.abort(), 250)
  await expect(waiting).rejects.toMatchObject({ name: 'LimnError', code: 'aborted' })
  expect(waits).toBe(1)
  expect(folder.holders()).toEqual(['00000000-another'])
})

/** Processes that each enter and leave the lock, and write down when. */
async function start(folder: Folder, log: string, ms: number): Promise<ChildProcess> {
  const program = `
    import { appendFileSync } from 'node:fs'
    import { runAsSingleWriter } from ${JSON.stringify(new URL('writer.ts', import.meta.url).href)}
    const say = (word) => appendFileSync(${JSON.stringify(log)}, word + ' ' + process.pid + '\\n')
    say('ready')
    await runAsSingleWriter({ state: ${JSON.stringify(folder.state)} }, () => {}, async () => {
      say('in')
      await new Promise((resolve) => setTimeout(resolve, ${ms}))
      say('out')
    })`
  const child = spawn(execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' })
  onTestFinished(() => void child.kill('SIGKILL'))
  while (!existsSync(log) || !readFileSync(log, 'utf8').includes(`ready ${child.pid}\n`)) {
    await sleep(20)
  }
  return child
}

test('lets one in where several processes find the lock of one that died', async () => {
  const folder = createFolder()
  const log = join(folder.state, '..', 'log')
  const first = await start(folder, log, 60_000)
  while (!readFileSync(log, 'utf8').includes('in ')) await sleep(20)
  const others = await Promise.all(Array.from({ length: 5 }, () => start(folder, log, 100)))
  appendFileSync(log, 'kill\n')
  first.kill('SIGKILL')
  await Promise.all(others.map((child) => once(child, 'exit')))
  const said = readFileSync(log, 'utf8').split('kill\n')[1]!.trim().split('\n')
  expect(said).toHaveLength(10)
  for (const [index, line] of said.entries()) {
    if (index % 2 === 0) {
      expect([line, said[index + 1]]).toEqual([
        expect.stringMatching(/^in /),
        line.replace('in', 'out'),
      ])
    }
  }
})

test('never takes over from a process that is stopped', async () => {
  const folder = createFolder()
  const log = join(folder.state, '..', 'log')
  const first = await start(folder, log, 500)
  while (!readFileSync(log, 'utf8').includes('in ')) await sleep(20)
  first.kill('SIGSTOP')
  const other = await start(folder, log, 10)
  await sleep(17_000)
  expect(readFileSync(log, 'utf8').match(/^in /gm)).toHaveLength(1)
  first.kill('SIGCONT')
  await once(other, 'exit')
  const said = readFileSync(log, 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[0])
  expect(said).toEqual(['ready', 'in', 'ready', 'out', 'in', 'out', ''])
})
