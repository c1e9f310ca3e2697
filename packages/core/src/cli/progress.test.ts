import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LimnError } from '../errors.ts'
import type { LimnEvent } from '../events.ts'
import type { Step } from '../plan/plan.ts'
import type { Output } from './output.ts'
import { printProgress, type RunPrinter } from './progress.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

type Printed = RunPrinter & { notes: string[]; problems: string[] }

function createPrinter({ verbose = false } = {}): Printed {
  const notes: string[] = []
  const problems: string[] = []
  const output: Output = {
    json: false,
    quiet: false,
    verbose,
    columns: undefined,
    paint: (_, text) => text,
    nameCommands: (text) => text,
    line: () => {},
    data: () => {},
    problem: (text) => void problems.push(...[text].flat()),
    annotation: () => {},
    status: () => {},
    note: (text) => void notes.push(text),
    confirm: () => Promise.resolve(undefined),
    notice: () => {},
    ask: async () => undefined,
    document: () => {},
    event: () => {},
  }
  return { ...printProgress(output), notes, problems }
}

function planned(pictures: number): LimnEvent {
  const steps = Array.from({ length: pictures }, (_, index) => ({
    kind: 'generate',
    asset: `p${index}`,
    reasons: [{ code: 'new' }],
    request: { operation: 'generate' },
    usd: 0.01,
    images: 1,
  })) as unknown as Step[]
  return {
    type: 'planned',
    currency: null,
    plan: { version: 1, steps, unchanged: 0, usd: pictures * 0.01, unknownPrices: 0, notes: [] },
  }
}

function progress(done: number, usd: number): LimnEvent {
  const generate = { done, total: 60, inFlight: 4 }
  return { type: 'progress', progress: { generate, derive: { done: 0, total: 0 }, usd } }
}

function failed(asset: string, message = 'It is damaged.'): LimnEvent {
  const error = new LimnError('picture/unreadable', message, { hint: 'Replace it.' })
  return { type: 'failed', asset, error }
}

test('says how far a run is every ten seconds, then more rarely, and stops with the run', () => {
  const { print, finish, notes } = createPrinter()
  print(planned(60))
  vi.advanceTimersByTime(9000)
  expect(notes).toEqual([])
  vi.advanceTimersByTime(2000)
  print(progress(12, 0.24))
  vi.advanceTimersByTime(9500)
  expect(notes).toEqual(['  0/60 pictures, 10 s', '  12/60 pictures, 4 in flight, $0.240, 20 s'])
  vi.advanceTimersByTime(3_600_000)
  expect(notes.length).toBeLessThan(40)
  const { length } = notes
  finish()
  vi.advanceTimersByTime(600_000)
  expect(notes).toHaveLength(length)
})

test('prints no progress for a short run, or one with nothing to do', () => {
  const { print, finish, notes } = createPrinter()
  print(planned(0))
  vi.advanceTimersByTime(60_000)
  print(planned(2))
  print(progress(2, 0.02))
  vi.advanceTimersByTime(3000)
  finish()
  vi.advanceTimersByTime(60_000)
  expect(notes).toEqual([])
})

test('prints the failures of a run at its end, each cause once', () => {
  const { print, finish, problems } = createPrinter()
  for (const asset of ['c', 'a', 'd', 'b']) print(failed(asset))
  print(failed('e', 'It is empty.'))
  expect(problems).toEqual([])
  finish()
  expect(problems).toEqual([
    '  ✗ a, b, c and 1 more (4 assets): It is damaged.',
    '      → Replace it.',
    '  ✗ e: It is empty.',
    '      → Replace it.',
  ])
})

test('prints them during a long run, and counts them in its progress', () => {
  const { print, finish, notes, problems } = createPrinter()
  print(planned(60))
  print(failed('a'))
  vi.advanceTimersByTime(5000)
  expect(problems).toHaveLength(2)
  print(failed('b'))
  vi.advanceTimersByTime(5000)
  expect(notes).toEqual(['  0/60 pictures, 2 failed, 10 s'])
  finish()
  expect(problems.filter((line) => line.includes('✗'))).toEqual([
    '  ✗ a: It is damaged.',
    '  ✗ b: It is damaged.',
  ])
})

test('prints each failure at once with --verbose', () => {
  const { print, problems } = createPrinter({ verbose: true })
  print(failed('b'))
  print(failed('a'))
  expect(problems.filter((line) => line.includes('✗'))).toEqual([
    '  ✗ b: It is damaged.',
    '  ✗ a: It is damaged.',
  ])
})
