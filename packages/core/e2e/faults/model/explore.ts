import { expect } from 'vitest'
import { readHistory } from '../../../src/history/history-file.ts'
import { spentIn } from '../../../src/history/tally.ts'
import type { Project } from '../../../src/index.ts'
import { parseLock } from '../../../src/lock/codec.ts'
import type { DiskState } from './memory-disk.ts'
import { digestOf, fingerprint, type PaidPicture, ROOT, type World } from './world.ts'

/** A command, or several after one another, in one process. */
export type Command = (project: Project) => Promise<unknown>

/** A state that a crash left: what was paid for until then, and what happened. */
type Crash = { state: DiskState; paid: readonly PaidPicture[]; trace: readonly string[] }

/** How far to explore. */
type Bounds = {
  /** The most crashes after one another. */
  crashes: number
  /** The number of states from which on no further crashes are looked for. */
  states: number
}

/**
 * Runs a command, and then, for every state that a crash at any of its changes may leave on the
 * disk, the command that follows; for every crash of that one the same, and so on. Checks after
 * each crash and each completed run that nothing is lost or paid for twice.
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
  const start: Crash = { state: world.disk.state, paid: [], trace: [] }
  let crashes = await crashesOf(world, start, command, seen)
  for (let depth = 1; depth <= bounds.crashes; depth++) {
    const next: Crash[] = []
    for (const crash of crashes) {
      const isLast = depth === bounds.crashes || seen.size >= bounds.states
      next.push(...(await crashesOf(world, crash, recover, isLast ? undefined : seen)))
      await expectRecovered(world, crash)
    }
    crashes = next
  }
  return seen.size
}

/**
 * Runs a command from a state.
 *
 * @param seen the states that are known; `undefined` to look for none
 * @returns the new states that crashes during it may leave
 */
async function crashesOf(
  world: World,
  { state, paid, trace }: Crash,
  command: Command,
  seen: Set<string> | undefined,
): Promise<Crash[]> {
  const { disk } = world
  disk.restore(state)
  world.forget()
  const crashes: Crash[] = []
  disk.onStep = (step) => {
    if (seen === undefined) return
    for (const { name, state: left } of disk.crashStates()) {
      const print = fingerprint(left)
      if (seen.has(print)) continue
      seen.add(print)
      const at = `before ${step.action} ${step.path.slice(ROOT.length + 1)}: ${name}`
      crashes.push({ state: left, paid: [...paid, ...world.paid], trace: [...trace, at] })
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
  const kept = paid.filter(({ sha256 }) => hasPicture(state, sha256))
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
  const left = [...world.disk.state.keys()].filter((path) => /\/\.limn\/intents\/./.test(path))
  expect(left, `intents after: ${context}`).toEqual([])
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
