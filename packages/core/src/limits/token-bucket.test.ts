import { expect, test } from 'vitest'
import { type Bucket, createBucket } from './token-bucket.ts'

/** Takes `count` pictures one after the other, without an answer. @returns how long that took, ms */
function drain(bucket: Bucket, count: number, from = 0): number {
  let now = from
  for (let index = 0; index < count; index++) {
    now += bucket.wait(1, now)
    bucket.take(1, now)
  }
  return now - from
}

test('has no bottom where nobody knows the rate', () => {
  const bucket = createBucket(null)
  expect(drain(bucket, 1000)).toBe(0)
  expect(bucket.most).toBe(Infinity)
})

test('lets five seconds go at once where a person says the rate, and the rest at that rate', () => {
  expect(drain(createBucket(60), 40)).toBeGreaterThanOrEqual(35_000)
  expect(drain(createBucket(60), 40)).toBeLessThanOrEqual(35_500)
  expect(drain(createBucket(5), 3)).toBe(24_000)
})

test('asks for nothing where nothing is needed', () => {
  const bucket = createBucket(1)
  bucket.take(1, 0)
  expect(bucket.wait(0, 0)).toBe(0)
  expect(bucket.wait(1, 0)).toBe(60_000)
})

test('lets through what is more than it holds when it is full, and makes up for it after', () => {
  const bucket = createBucket(60)
  expect(bucket.wait(10, 0)).toBe(0)
  bucket.take(10, 0)
  expect(bucket.wait(1, 0)).toBe(6250)
})

test('learns rate and depth from the first answer, and counts what was sent since', () => {
  const bucket = createBucket(null)
  const first = bucket.take(1, 0)
  const second = bucket.take(1, 0)
  bucket.hear({ limit: 60, remaining: 4, resetMs: 1000 }, first, 100)
  expect(bucket.most).toBe(5)
  // Three are left of five: two go with the margin.
  expect([bucket.wait(2, 100), bucket.wait(3, 100)]).toEqual([0, 250])
  bucket.answer(first)
  bucket.hear({ limit: 60, remaining: 3, resetMs: 2000 }, second, 100)
  expect([bucket.wait(2, 100), bucket.wait(3, 100)]).toEqual([0, 250])
})

test('is not led astray by answers in another order than the requests came', () => {
  const bucket = createBucket(null)
  const [first, second, third] = [bucket.take(1, 0), bucket.take(1, 0), bucket.take(1, 0)]
  // The server let the third in first.
  bucket.hear({ limit: 60, remaining: 4, resetMs: 1000 }, third, 10)
  bucket.answer(third)
  bucket.hear({ limit: 60, remaining: 3, resetMs: 2000 }, second, 10)
  bucket.answer(second)
  bucket.hear({ limit: 60, remaining: 2, resetMs: 3000 }, first, 10)
  bucket.answer(first)
  expect(bucket.wait(2, 10)).toBeGreaterThan(200)
  expect(bucket.wait(1, 10)).toBe(0)
})

test('gives way where somebody else takes from the same limit', () => {
  const bucket = createBucket(null)
  const first = bucket.take(1, 0)
  bucket.hear({ limit: 60, remaining: 19, resetMs: 1000 }, first, 0)
  bucket.answer(first)
  const second = bucket.take(1, 0)
  bucket.hear({ limit: 60, remaining: 0, resetMs: 20_000 }, second, 0)
  bucket.answer(second)
  expect(bucket.wait(1, 0)).toBeGreaterThan(200)
})

test('goes by the lower of what a person and the server say', () => {
  const slower = createBucket(12)
  slower.hear({ limit: 600, remaining: 500, resetMs: 100 }, slower.take(1, 0), 0)
  expect(slower.wait(1, 0)).toBe(5000)
  const server = createBucket(600)
  server.hear({ limit: 12, remaining: 0, resetMs: 60_000 }, server.take(1, 0), 0)
  expect(server.wait(1, 0)).toBeGreaterThan(4900)
})

test('waits out a reset where the server says nothing of its rate', () => {
  const bucket = createBucket(null)
  bucket.hear({ remaining: 0, resetMs: 7000 }, bucket.take(1, 0), 1000)
  expect(bucket.wait(1, 1000)).toBe(7000)
  expect(bucket.wait(1, 8000)).toBe(0)
})

test('finds the rate between two refusals, and tries a little faster with each answer', () => {
  const bucket = createBucket(null)
  bucket.refuse(bucket.take(1, 0), 1000, 0)
  for (let now = 1000; now <= 10_000; now += 1000) bucket.answer(bucket.take(1, now))
  bucket.refuse(bucket.take(1, 10_000), 1000, 10_000)
  // Ten came through in ten seconds: one a second, and the next when the server said.
  expect(bucket.wait(1, 10_000)).toBe(1250)
  const next = bucket.take(1, 11_250)
  bucket.answer(next)
  expect(bucket.wait(1, 11_250)).toBeLessThan(1250)
})
