import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createIdleWork } from './idle-work.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Creates idle work whose jobs take 100 ms, and the list of those that have started. */
function createTested(): { work: ReturnType<typeof createIdleWork>; started: string[] } {
  const [work, started] = [createIdleWork(), [] as string[]]
  return { work, started }
}

const jobOf =
  (started: string[], name: string, ms: number = 100): (() => Promise<void>) =>
  async () => {
    started.push(name)
    await new Promise((resolve) => setTimeout(resolve, ms))
  }

test('starts no job before the first request, and then once nothing is requested for a while', async () => {
  const { work, started } = createTested()
  work.add('a', jobOf(started, 'a'))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(started).toEqual([])
  for (let request = 0; request < 5; request++) {
    work.onRequest()
    await vi.advanceTimersByTimeAsync(400)
    expect(started).toEqual([])
  }
  await vi.advanceTimersByTimeAsync(101)
  expect(started).toEqual(['a'])
})

test('does one job at a time, each once, and pauses for requests', async () => {
  const { work, started } = createTested()
  for (const name of ['a', 'b', 'a', 'c']) work.add(name, jobOf(started, name))
  work.onRequest()
  await vi.advanceTimersByTimeAsync(550)
  expect(started).toEqual(['a'])
  work.onRequest()
  await vi.advanceTimersByTimeAsync(490)
  expect(started).toEqual(['a'])
  await vi.advanceTimersByTimeAsync(120)
  expect(started).toEqual(['a', 'b', 'c'])
})

test('continues after a job that fails, and with jobs that are added later', async () => {
  const { work, started } = createTested()
  work.onRequest()
  work.add('a', () => Promise.reject(new Error('no master')))
  work.add('b', jobOf(started, 'b'))
  await vi.advanceTimersByTimeAsync(1000)
  work.add('c', jobOf(started, 'c'))
  await vi.advanceTimersByTimeAsync(1000)
  expect(started).toEqual(['b', 'c'])
})

test('drops waiting jobs when it is closed, and waits for the running one', async () => {
  const { work, started } = createTested()
  work.add('a', jobOf(started, 'a', 1000))
  work.add('b', jobOf(started, 'b'))
  work.onRequest()
  await vi.advanceTimersByTimeAsync(600)
  let isClosed = false
  const closing = work.close().then(() => (isClosed = true))
  await vi.advanceTimersByTimeAsync(800)
  expect(isClosed).toBe(false)
  await vi.advanceTimersByTimeAsync(10_000)
  await closing
  expect(started).toEqual(['a'])
})
