import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { LimnEvent, OnEvent } from '../events.ts'
import { type Run, streamRun } from './run-stream.ts'

type Started = { emit: OnEvent; signal: AbortSignal; end: (error?: Error) => void }

/** Starts a run that does what the test says. */
function startRun(options: { onEvent?: OnEvent; signal?: AbortSignal } = {}): {
  run: Run<string>
  inner: Started
} {
  let inner: Started | undefined
  const run = streamRun(options, ({ onEvent, signal }) => {
    return new Promise<string>((resolve, reject) => {
      inner = {
        emit: onEvent!,
        signal: signal!,
        end: (error) => (error === undefined ? resolve('done') : reject(error)),
      }
    })
  })
  return { run, inner: inner! }
}

const generating = (asset: string): LimnEvent => ({ type: 'generating', asset })

const progress = (done: number): LimnEvent => ({
  type: 'progress',
  progress: { generate: { done, total: 9, inFlight: 0 }, derive: { done: 0, total: 0 }, usd: 0 },
})

async function collect(run: AsyncIterable<LimnEvent>): Promise<LimnEvent[]> {
  const events: LimnEvent[] = []
  for await (const event of run) events.push(event)
  return events
}

test('yields every event in order, and resolves to the result', async () => {
  const seen: LimnEvent[] = []
  const { run, inner } = startRun({ onEvent: (event) => seen.push(event) })
  const collected = collect(run)
  inner.emit(generating('hero'))
  await turn()
  inner.emit(generating('mug'))
  inner.emit(generating('card'))
  inner.end()
  expect(await collected).toEqual(['hero', 'mug', 'card'].map(generating))
  expect(seen).toEqual(await collected)
  expect(await run).toBe('done')
})

test('gives each of two loops every event', async () => {
  const { run, inner } = startRun()
  const loops = [collect(run), collect(run)]
  inner.emit(generating('hero'))
  inner.end()
  expect(await Promise.all(loops)).toEqual([[generating('hero')], [generating('hero')]])
})

test('throws from the loop what the run throws, after the last event', async () => {
  const { run, inner } = startRun()
  const seen: LimnEvent[] = []
  const loop = (async () => {
    for await (const event of run) seen.push(event)
  })()
  inner.emit(generating('hero'))
  inner.end(new Error('disk full'))
  await expect(loop).rejects.toThrow('disk full')
  expect(seen).toEqual([generating('hero')])
  await expect(run).rejects.toThrow('disk full')
})

test.each([
  ['break', (): void => {}],
  [
    'throw',
    (): void => {
      throw new Error('page closed')
    },
  ],
])('stops the run and waits for it when a loop ends with %s', async (_name, leave) => {
  const { run, inner } = startRun()
  let hasLeft = false
  const loop = (async () => {
    for await (const { type } of run) {
      expect(type).toBe('generating')
      leave()
      break
    }
  })()
    .catch(() => {})
    .then(() => (hasLeft = true))
  inner.emit(generating('hero'))
  await turn()
  expect(inner.signal.aborted).toBe(true)
  expect(hasLeft).toBe(false)
  inner.end()
  await loop
})

test('stops with the signal of its caller', () => {
  const caller = new AbortController()
  const { inner } = startRun({ signal: caller.signal })
  expect(inner.signal.aborted).toBe(false)
  caller.abort()
  expect(inner.signal.aborted).toBe(true)
})

test('keeps only the latest progress and partial for a slow loop', async () => {
  const { run, inner } = startRun()
  const events = run[Symbol.asyncIterator]()
  const partial = (asset: string, index: number): LimnEvent => ({
    type: 'partial',
    asset,
    index,
    picture: new Uint8Array(index),
  })
  for (let index = 0; index < 1000; index++) inner.emit(progress(index))
  inner.emit(generating('hero'))
  for (const asset of ['hero', 'mug', 'hero']) inner.emit(partial(asset, 1))
  inner.emit(partial('hero', 2))
  inner.end()
  expect(await collect({ [Symbol.asyncIterator]: () => events })).toEqual([
    progress(999),
    generating('hero'),
    partial('mug', 1),
    partial('hero', 2),
  ])
})
