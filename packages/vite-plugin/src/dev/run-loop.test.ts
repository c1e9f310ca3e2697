import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createRunLoop } from './run-loop.ts'

/** A folder without git, so that runs start after the delay alone. */
const root = '/no/such/folder'

it('runs once for requests that arrive together', async () => {
  let runs = 0
  const loop = createRunLoop({
    root,
    signal: new AbortController().signal,
    run: async () => void runs++,
  })
  loop.request()
  loop.request()
  expect(runs).toBe(0)
  await loop.running
  expect(runs).toBe(1)
  expect(loop.running).toBeUndefined()
})

it('runs again for a request that arrives during a run, never twice at once', async () => {
  const log: string[] = []
  const loop = createRunLoop({
    root,
    signal: new AbortController().signal,
    async run() {
      log.push('start')
      if (log.length === 1) loop.request()
      await setImmediate()
      log.push('end')
    },
  })
  loop.request()
  await loop.running
  expect(log).toEqual(['start', 'end', 'start', 'end'])
})

it('runs again after a run that failed if a request arrived meanwhile', async () => {
  let runs = 0
  const loop = createRunLoop({
    root,
    signal: new AbortController().signal,
    async run() {
      runs++
      if (runs > 1) return
      loop.request()
      throw new Error('broken')
    },
  })
  loop.request()
  await expect(loop.running).rejects.toThrow('broken')
  await loop.running
  expect(runs).toBe(2)
})

it('starts no further run once it is stopped', async () => {
  const stopping = new AbortController()
  let runs = 0
  const loop = createRunLoop({
    root,
    signal: stopping.signal,
    async run() {
      runs++
      loop.request()
      stopping.abort()
    },
  })
  loop.request()
  await loop.running
  expect(runs).toBe(1)
})
