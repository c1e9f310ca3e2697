import { expect } from 'vitest'
import { readHistory } from '../../../src/history/history-file.ts'
import { spentIn } from '../../../src/history/tally.ts'
import type { Project } from '../../../src/index.ts'
import { parseLock } from '../../../src/lock/codec.ts'
import type { DiskState } from './disk-tree.ts'
import { digestOf, fingerprint, type PaidPicture, ROOT, type World } from './world.ts'

/** A command, or several after one another, in one process. */
export type Command = (project: Project) => Promise<unknown>

/** A state that a crash left: what was paid for until then, and what happened. */
type Crash = {
  state: DiskState
  batches: World['batches']
  paid: readonly PaidPicture[]
  trace: readonly string[]
}

/** How far to explore. */
type Bounds = {
  /** The most crashes after one another. */
  crashes: number
  /** The most states to recover from after each number of crashes, spread over all of them. */
  states: number
}

/**
 * Runs a command, and then, for every state that a crash at any of its changes may leave on the
 * disk, the command that follows; for every crash of that one the same, and so on. Checks after
 * each crash and each completed run that nothing is lost or paid for twice: neither what the
 * command pays for, nor what was paid for since `world.forget`.
 *
 * @param recover what the user runs after a crash
 * @returns the number of different states
 */
export async function exploreCrashes(
  world: World,
  command: Command,
  { recover, bounds }: { recover: Command; bounds: Bounds },
): Promise<number> {
  const seen = new Set<string>()
  const { batches } = world
  const start: Crash = { state: world.disk.state, batches, paid: [...world.paid], trace: [] }
  let crashes = sampleOf(await crashesOf(world, start, command, seen), bounds.states)
  for (let depth = 1; depth <= bounds.crashes; depth++) {
    const next: Crash[] = []
    for (const crash of crashes) {
      const isLast = depth === bounds.crashes
      next.push(...(await crashesOf(world, crash, recover, isLast ? undefined : seen)))
      await expectRecovered(world, crash)
    }
    crashes = sampleOf(next, bounds.states)
  }
  return seen.size
}

function sampleOf(crashes: readonly Crash[], most: number): Crash[] {
  const step = Math.max(1, crashes.length / most)
  return crashes.filter((_, index) => Math.floor(index % step) === 0)
}

/**
 * Runs a command from a state.
 *
 * @param seen the states that are known; `undefined` to look for none
 * @returns the new states that crashes during it may leave
 */
async function crashesOf(
  world: World,
  { state, batches, paid, trace }: Crash,
  command: Command,
  seen: Set<string> | undefined,
): Promise<Crash[]> {
  const { disk } = world
  disk.restore(state)
  world.batches = batches
  world.forget()
  const crashes: Crash[] = []
  disk.onStep = (step) => {
    if (seen === undefined) return
    for (const { name, state: left } of disk.crashStates()) {
      const print = fingerprint(left)
      if (seen.has(print)) continue
      seen.add(print)
      const at = `before ${step.action} ${step.path.slice(ROOT.length + 1)}: ${name}`
      crashes.push({
        state: left,
        batches: world.batches,
        paid: [...paid, ...world.paid],
        trace: [...trace, at],
      })
    }
  }
  try {
    await world.asNewProcess(command)
  } catch (error) {
    throw new Error(`The command fails after: ${trace.join('; ')}`, { cause: error })
  } finally {
    disk.onStep = () => {}
  }
  return crashes
}

/** Checks what a completed run has made of a crash. */
async function expectRecovered(world: World, { state, paid, trace }: Crash): Promise<void> {
  const context = trace.join('; ')
  const kept = paid.filter((picture) => isExpected(state, picture))
  expectLockReadable(state, context)
  // A picture that was anywhere but in the journal was in the journal before, and synced.
  const again = world.paid.filter(({ prompt }) => kept.some((picture) => picture.prompt === prompt))
  expect(again, `paid for again after: ${context}`).toEqual([])
  for (const { sha256, prompt } of kept) {
    expect(hasPicture(world.disk.state, sha256), `"${prompt}" is lost after: ${context}`).toBe(true)
  }
  const billed = [...paid, ...world.paid].reduce((sum, { usd }) => sum + usd, 0)
  const month = new Date().toISOString().slice(0, 7)
  const recorded = spentIn(month, readHistory(`${ROOT}/.limn`))
  expect(recorded, `spending recorded after: ${context}`).toBeGreaterThanOrEqual(billed - 1e-9)
  await world.asNewProcess(async (project) => {
    const { problems, faults } = await project.check()
    expect({ problems, faults }, `check after: ${context}`).toEqual({ problems: [], faults: [] })
  })
  const left = [...world.disk.state.keys()].filter((path) =>
    /\/\.limn\/(intents\/[^.]|batches\/[^.]|journal\/[^.].*\.(picture|links)$)/.test(path),
  )
  expect(left, `left in intents and journal after: ${context}`).toEqual([])
}

/** Returns whether a state has a picture, a link to it, or the record of the batch that has it. */
function isExpected(state: DiskState, { sha256, prompt }: PaidPicture): boolean {
  const isRecorded = [...state].some(([path, bytes]) => {
    if (bytes === null) return false
    if (/\/journal\/[^/.]+\.links$/.test(path)) return bytes.includes(sha256)
    return /\/batches\/[^/.]+\.json$/.test(path) && bytes.includes(JSON.stringify(prompt))
  })
  return isRecorded || hasPicture(state, sha256)
}

/** Returns whether a state has a complete copy of a picture where Limn finds it again. */
function hasPicture(state: DiskState, sha256: string): boolean {
  return [...state].some(
    ([path, bytes]) =>
      bytes !== null && isPicturePath(path) && !path.endsWith('.tmp') && digestOf(bytes) === sha256,
  )
}

function isPicturePath(path: string): boolean {
  return /\/project\/(images|\.limn\/(journal|shelf|replaced|candidates|rejected))\//.test(path)
}

function expectLockReadable(state: DiskState, context: string): void {
  const lock = state.get(`${ROOT}/images.lock`)
  if (lock !== undefined && lock !== null) {
    expect(() => parseLock(lock.toString(), 'images.lock'), context).not.toThrow()
  }
}
