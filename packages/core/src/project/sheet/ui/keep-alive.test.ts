import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { keepAlive } from './keep-alive.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function createResponse() {
  const written: unknown[] = []
  const response = { destroyed: false, write: (text: unknown) => written.push(text) > 0 }
  return { response, written }
}

test('sends spaces while a run takes longer than browsers wait, and nothing afterwards', async () => {
  const { response, written } = createResponse()
  let resolve = (text: string): unknown => text
  const kept = keepAlive(response, new Promise<string>((done) => (resolve = done)))
  vi.advanceTimersByTime(300_000)
  expect(written.length).toBeGreaterThan(5)
  expect(JSON.parse(`${written.join('')}{"id":1}`)).toEqual({ id: 1 })
  resolve('done')
  expect(await kept).toBe('done')
  const { length } = written
  vi.advanceTimersByTime(300_000)
  expect(written).toHaveLength(length)
})

test('sends nothing before a short call, to a page that has left, or after a failure', async () => {
  const { response, written } = createResponse()
  expect(await keepAlive(response, Promise.resolve(1))).toBe(1)
  const gone = createResponse()
  gone.response.destroyed = true
  void keepAlive(gone.response, new Promise(() => {}))
  await expect(keepAlive(response, Promise.reject(new Error('No.')))).rejects.toThrow('No.')
  vi.advanceTimersByTime(300_000)
  expect([...written, ...gone.written]).toEqual([])
})
