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
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { machine, currentProcess } from '../src/disk/process.ts'
import { requireWritesAllowed } from '../src/disk/write-guard.ts'
import { runAsSingleWriter, hasWriterCrashed } from '../src/store/single-writer.ts'
import { skipWaitsInTest } from './skip-waits.ts'

type Folder = { state: string; lock: string; owners(): string[]; hold(owner: unknown): void }

function createFolder(): Folder {
  const root = mkdtempSync(join(tmpdir(), 'limn-writer-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const state = join(root, '.limn')
  const lock = join(state, 'writer.lock')
  return {
    state,
    lock,
    owners: () => (existsSync(lock) ? readdirSync(lock) : []),
    hold(owner) {
      mkdirSync(lock, { recursive: true })
      writeFileSync(join(lock, '00000000-another'), JSON.stringify(owner))
    },
  }
}

test('runs one writer at a time, and leaves no lock behind', async () => {
  const folder = createFolder()
  let [running, most] = [0, 0]
  await Promise.all(
    Array.from({ length: 8 }, () =>
      runAsSingleWriter({ paths: folder }, async ({ isAfterCrash }) => {
        most = Math.max(most, ++running)
        await sleep(5)
        running--
        expect(isAfterCrash).toBe(false)
      }),
    ),
  )
  expect(most).toBe(1)
  expect(readdirSync(folder.state)).toEqual(['.gitignore', 'writer.token'])
})

test('acquires the lock again if it is deleted', async () => {
  const folder = createFolder()
  const done = await runAsSingleWriter({ paths: folder }, async ({ lost }) => {
    rmSync(folder.state, { recursive: true })
    while (folder.owners().length === 0) await sleep(50)
    return !lost.aborted
  })
  expect(done).toBe(true)
  expect(folder.owners()).toEqual([])
})

test('aborts the work if another process acquired the lock, and keeps that lock', async () => {
  const folder = createFolder()
  const work = runAsSingleWriter({ paths: folder }, async ({ lost }) => {
    rmSync(folder.state, { recursive: true })
    folder.hold(currentProcess())
    await once(lost, 'abort')
  })
  await expect(work).rejects.toMatchObject({
    name: 'LimnError',
    code: 'store/busy',
    hint: expect.stringContaining('journal'),
  })
  expect(folder.owners()).toEqual(['00000000-another'])
})

test.each([
  ['still holds the lock', true],
  ['has come and gone', false],
])('stops before it writes if another process took over and %s', async (_, isHeld) => {
  const folder = createFolder()
  const work = runAsSingleWriter({ paths: folder }, async ({ lost }) => {
    await requireWritesAllowed()
    // As if this process was paused: another one takes over between two heartbeats.
    rmSync(folder.lock, { recursive: true })
    writeFileSync(join(folder.state, 'writer.token'), 'another')
    if (isHeld) folder.hold(currentProcess())
    await expect(requireWritesAllowed()).rejects.toMatchObject({ code: 'store/busy' })
    expect(lost.aborted).toBe(true)
  })
  await expect(work).rejects.toMatchObject({ code: 'store/busy' })
  expect(folder.owners()).toEqual(isHeld ? ['00000000-another'] : [])
})

test('acquires a deleted lock again before it writes', async () => {
  const folder = createFolder()
  await runAsSingleWriter({ paths: folder }, async () => {
    rmSync(folder.lock, { recursive: true })
    await Promise.all([requireWritesAllowed(), requireWritesAllowed()])
    expect(folder.owners()).toHaveLength(1)
  })
})

test('keeps the lock while the clock is set back', async () => {
  const folder = createFolder()
  const { now } = Date
  const { setInterval } = globalThis
  onTestFinished(() => void Object.assign(globalThis, { setInterval }))
  onTestFinished(() => void (Date.now = now))
  // The heart beats ten times as fast.
  globalThis.setInterval = ((work: () => void, ms = 0) =>
    setInterval(work, ms / 10)) as unknown as typeof setInterval
  await runAsSingleWriter({ paths: folder }, async () => {
    const beats = new Set<number>()
    for (const end = performance.now() + 500; performance.now() < end; await sleep(5)) {
      beats.add(statSync(join(folder.lock, folder.owners()[0]!)).mtimeMs)
      if (beats.size === 2) Date.now = () => now() - 3_600_000
    }
    expect(beats.size).toBeGreaterThanOrEqual(4)
  })
})

test.each([
  ['an unused pid', { ...currentProcess(), pid: 2 ** 22 + 1 }],
  ['a reused pid', { ...currentProcess(), born: '1' }],
])('takes over immediately from an owner with %s, and reports the crash', async (_, owner) => {
  const folder = createFolder()
  folder.hold(owner)
  expect(await hasWriterCrashed(folder)).toBe(true)
  // The crash is reported until it has been cleaned up.
  for (const cleansUp of [false, true]) {
    await runAsSingleWriter({ paths: folder }, async ({ isAfterCrash, markCleanedUp }) => {
      expect(isAfterCrash).toBe(true)
      if (cleansUp) await markCleanedUp()
    })
  }
  await runAsSingleWriter({ paths: folder }, ({ isAfterCrash }) =>
    Promise.resolve(expect(isAfterCrash).toBe(false)),
  )
  expect(await hasWriterCrashed(folder)).toBe(false)
  expect(readdirSync(folder.state)).toEqual(['.gitignore', 'writer.token'])
})

test('takes over from an owner on another machine after 15 s without a heartbeat', async () => {
  const folder = createFolder()
  folder.hold({ ...currentProcess(), machine: `${machine()}-other` })
  skipWaitsInTest()
  const started = performance.now()
  await runAsSingleWriter({ paths: folder }, () => Promise.resolve())
  expect(performance.now() - started).toBeGreaterThan(14_000)
  expect(performance.now() - started).toBeLessThan(25_000)
})

test('stops waiting when the signal aborts', async () => {
  const folder = createFolder()
  folder.hold(currentProcess())
  const stop = new AbortController()
  let waits = 0
  const waiting = runAsSingleWriter(
    { paths: folder, onWait: () => waits++, signal: stop.signal },
    () => Promise.resolve(),
  )
  setTimeout(() => stop.abort(), 250)
  await expect(waiting).rejects.toMatchObject({ name: 'LimnError', code: 'aborted' })
  expect(waits).toBe(1)
  expect(folder.owners()).toEqual(['00000000-another'])
})

/**
 * Starts a process that acquires and releases the lock, and logs when.
 *
 * @param options.speed how much faster than real time its clock runs while it waits. Default: 1
 */
async function startWriter(
  folder: Folder,
  log: string,
  { ms, speed = 1 }: { ms: number; speed?: number },
): Promise<ChildProcess> {
  const program = `
    import { appendFileSync } from 'node:fs'
    import { syncBuiltinESMExports } from 'node:module'
    import timers from 'node:timers/promises'
    import { runAsSingleWriter } from ${JSON.stringify(new URL('../src/store/single-writer.ts', import.meta.url).href)}
    const { now } = performance
    performance.now = () => now.call(performance) * ${speed}
    const wait = timers.setTimeout
    timers.setTimeout = (ms, ...rest) => wait(ms / ${speed}, ...rest)
    syncBuiltinESMExports()
    const log = (word) => appendFileSync(${JSON.stringify(log)}, word + ' ' + process.pid + '\\n')
    log('ready')
    await runAsSingleWriter({ paths: { state: ${JSON.stringify(folder.state)} } }, async () => {
      log('in')
      await new Promise((resolve) => setTimeout(resolve, ${ms}))
      log('out')
    })`
  const child = spawn(execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' })
  onTestFinished(() => void child.kill('SIGKILL'))
  while (!existsSync(log) || !readFileSync(log, 'utf8').includes(`ready ${child.pid}\n`)) {
    await sleep(20)
  }
  return child
}

test('lets one process at a time take over a crashed owner’s lock', async () => {
  const folder = createFolder()
  const log = join(folder.state, '..', 'log')
  const first = await startWriter(folder, log, { ms: 60_000 })
  while (!readFileSync(log, 'utf8').includes('in ')) await sleep(20)
  const others = await Promise.all(
    Array.from({ length: 5 }, () => startWriter(folder, log, { ms: 100 })),
  )
  appendFileSync(log, 'kill\n')
  first.kill('SIGKILL')
  await Promise.all(others.map((child) => once(child, 'exit')))
  const lines = readFileSync(log, 'utf8').split('kill\n')[1]!.trim().split('\n')
  expect(lines).toHaveLength(10)
  for (const [index, line] of lines.entries()) {
    if (index % 2 === 0) {
      expect([line, lines[index + 1]]).toEqual([
        expect.stringMatching(/^in /),
        line.replace('in', 'out'),
      ])
    }
  }
})

test('never takes over from a suspended process', async () => {
  const folder = createFolder()
  const log = join(folder.state, '..', 'log')
  const first = await startWriter(folder, log, { ms: 500 })
  while (!readFileSync(log, 'utf8').includes('in ')) await sleep(20)
  first.kill('SIGSTOP')
  const other = await startWriter(folder, log, { ms: 10, speed: 20 })
  await sleep(40_000 / 20)
  expect(readFileSync(log, 'utf8').match(/^in /gm)).toHaveLength(1)
  first.kill('SIGCONT')
  await once(other, 'exit')
  const lines = readFileSync(log, 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[0])
  expect(lines).toEqual(['ready', 'in', 'ready', 'out', 'in', 'out', ''])
})
