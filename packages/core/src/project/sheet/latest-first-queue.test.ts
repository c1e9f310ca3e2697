import { expect, test } from 'vitest'
import { createLatestFirstQueue } from './latest-first-queue.ts'

/** A job that ends when it is told to. */
function createJob(name: string, log: string[]): { run: () => Promise<string>; end: () => void } {
  let end = (): void => {}
  const ended = new Promise<void>((resolve) => (end = resolve))
  return {
    run: async () => {
      log.push(name)
      await ended
      return name
    },
    end: () => end(),
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('runs a few jobs at a time, the latest first', async () => {
  const queue = createLatestFirstQueue(2)
  const log: string[] = []
  const jobs = ['a', 'b', 'c', 'd', 'e'].map((name) => createJob(name, log))
  const results = jobs.map(({ run }) => queue.add(run))
  expect(log).toEqual(['a', 'b'])
  for (const { end } of jobs) {
    end()
    await settled()
  }
  expect(await Promise.all(results)).toEqual(['a', 'b', 'c', 'd', 'e'])
  expect(log).toEqual(['a', 'b', 'e', 'd', 'c'])
})

test('goes on after a job that fails, and leaves out one that nobody waits for', async () => {
  const queue = createLatestFirstQueue(1)
  const log: string[] = []
  const [first, gone, last] = ['first', 'gone', 'last'].map((name) => createJob(name, log))
  const failing = queue.add(async () => {
    await first!.run()
    throw new Error('failed')
  })
  const leaving = new AbortController()
  const left = queue.add(gone!.run, leaving.signal)
  const rest = queue.add(last!.run)
  leaving.abort()
  await expect(left).rejects.toMatchObject({ name: 'AbortError' })
  await expect(queue.add(gone!.run, leaving.signal)).rejects.toMatchObject({ name: 'AbortError' })
  first!.end()
  last!.end()
  await expect(failing).rejects.toThrow('failed')
  expect(await rest).toBe('last')
  expect(log).toEqual(['first', 'last'])
})
