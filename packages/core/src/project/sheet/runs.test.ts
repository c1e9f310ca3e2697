import type { RunView } from '@limn/contact-sheet'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LimnError } from '../../errors.ts'
import type { LimnEvent } from '../../events.ts'
import type { Plan, Step } from '../../plan/plan.ts'
import { createSheetRuns } from './runs.ts'

beforeEach(() => vi.useFakeTimers({ now: Date.parse('2026-11-30T08:00:00Z') }))
afterEach(() => vi.useRealTimers())

function planned(...assets: string[]): LimnEvent {
  const steps = assets.map((asset): Step => ({ kind: 'generate', asset, reasons: [] }) as never)
  return { type: 'planned', plan: { steps } as Plan, currency: null }
}

function progress(done: number, total: number): LimnEvent {
  return {
    type: 'progress',
    progress: { generate: { done, total, inFlight: 1 }, derive: { done: 0, total: 0 }, usd: 0.5 },
  }
}

const generated = (asset: string): LimnEvent =>
  ({ type: 'generated', asset, usd: 0.25, candidateFiles: [] }) as never

test('shows each stage of a run, with the reason and the time of a retry', () => {
  const sent: (RunView | null)[] = []
  const runs = createSheetRuns((run) => sent.push(run))
  const run = runs.start(() => {})
  run.onEvent(planned('hero', 'mug', 'logo', 'next'))
  run.onEvent({ type: 'generating', asset: 'hero' })
  run.onEvent({ type: 'partial', asset: 'hero', index: 0, picture: new Uint8Array([1, 2, 3]) })
  run.onEvent({
    type: 'retrying',
    asset: 'mug',
    attempt: 1,
    ms: 5000,
    error: new LimnError('provider/rate-limit', 'Too many.') as never,
  })
  run.onEvent({ type: 'failed', asset: 'logo', error: new Error('The server failed.') })
  run.onEvent({ type: 'limited', asset: 'next', ms: 9000, limit: 'images' })
  vi.advanceTimersByTime(4000)
  run.onEvent(progress(1, 3))
  vi.advanceTimersByTime(1000)
  expect(sent.at(-1)).toEqual({
    startedAt: '2026-11-30T08:00:00.000Z',
    done: 1,
    total: 3,
    derived: 0,
    toDerive: 0,
    usd: 0.5,
    msLeft: 8000,
    isStopping: false,
    assets: [
      {
        name: 'hero',
        stage: 'partial',
        why: '',
        code: '',
        retryAt: null,
        partial: expect.stringMatching(/^partial-0-[0-9a-f]{8}$/) as string,
        usd: null,
      },
      {
        name: 'mug',
        stage: 'retrying',
        why: 'Too many.',
        code: 'provider/rate-limit',
        retryAt: '2026-11-30T08:00:05.000Z',
        partial: null,
        usd: null,
      },
      {
        name: 'logo',
        stage: 'failed',
        why: 'The server failed.',
        code: '',
        retryAt: null,
        partial: null,
        usd: null,
      },
      {
        name: 'next',
        stage: 'queued',
        why: 'It waits for the limit of pictures per minute.',
        code: 'images',
        retryAt: '2026-11-30T08:00:09.000Z',
        partial: null,
        usd: null,
      },
    ],
  })
  expect(runs.partialOf('hero')!.bytes).toEqual(new Uint8Array([1, 2, 3]))
  expect(runs.failureByAsset.get('logo')).toEqual({ code: '', message: 'The server failed.' })
  run.onEvent(generated('hero'))
  expect(runs.partialOf('hero')).toBeDefined()
  vi.advanceTimersByTime(5000)
  expect(runs.partialOf('hero')).toBeUndefined()
})

test('sends at most ten messages a second, fewer in a large run, and the last state of the shortest one', () => {
  const count = (pictures: number): number => {
    let messages = 0
    const runs = createSheetRuns(() => messages++)
    const run = runs.start(() => {})
    run.onEvent(planned(...Array.from({ length: pictures }, (_, index) => `asset-${index}`)))
    for (let ms = 0; ms < 1000; ms++) {
      run.onEvent({ type: 'generating', asset: `asset-${ms % pictures}` })
      vi.advanceTimersByTime(1)
    }
    return messages
  }
  expect(count(1)).toBeLessThanOrEqual(10)
  expect(count(1)).toBeGreaterThan(5)
  expect(count(10_000)).toBeLessThanOrEqual(1)
  const sent: (RunView | null)[] = []
  const short = createSheetRuns((view) => sent.push(view)).start(() => {})
  short.onEvent(planned('hero'))
  short.onEvent(generated('hero'))
  short.end()
  vi.advanceTimersByTime(1000)
  expect(sent.map((view) => view?.assets[0]?.stage ?? null)).toEqual(['done', null])
})

test('sends nothing about a run that makes no picture', () => {
  const sent: unknown[] = []
  const runs = createSheetRuns((run) => sent.push(run))
  const run = runs.start(() => {})
  run.onEvent(planned())
  run.onEvent(progress(0, 0))
  expect(runs.view).toBeNull()
  run.end()
  vi.advanceTimersByTime(1000)
  expect(sent).toEqual([])
})

test('stops every run, and shows the one that goes on when another ends', () => {
  const sent: (RunView | null)[] = []
  const runs = createSheetRuns((run) => sent.push(run))
  const stopped: string[] = []
  const [first, second] = ['first', 'second'].map((name) => {
    const run = runs.start(() => stopped.push(name))
    run.onEvent(planned(name))
    return run
  })
  runs.stop()
  expect(stopped).toEqual(['first', 'second'])
  expect(runs.view).toMatchObject({ isStopping: true, assets: [{ name: 'second' }] })
  second!.end()
  vi.advanceTimersByTime(1000)
  expect(sent.at(-1)).toMatchObject({ assets: [{ name: 'first' }] })
  first!.end()
  vi.advanceTimersByTime(1000)
  expect(sent.at(-1)).toBeNull()
})
