import { expect, test } from 'vitest'
import { createTokenBucket, type TokenBucket } from './token-bucket.ts'

/** Takes `count` pictures one after the other, without an answer. @returns the time it took, ms */
function drain(bucket: TokenBucket, count: number, from = 0): number {
  let now = from
  for (let index = 0; index < count; index++) {
    now += bucket.wait(1, now)
    bucket.take(1, now)
  }
  return now - from
}

test('is unlimited while the rate is unknown', () => {
  const bucket = createTokenBucket(null)
  expect(drain(bucket, 1000)).toBe(0)
  expect(bucket.maxPictures).toBe(Infinity)
})

test('allows a burst of five seconds at a rate that the user sets', () => {
  expect(drain(createTokenBucket(60), 40)).toBeGreaterThanOrEqual(35_000)
  expect(drain(createTokenBucket(60), 40)).toBeLessThanOrEqual(35_500)
  expect(drain(createTokenBucket(5), 3)).toBe(24_000)
})

test('never waits for zero pictures', () => {
  const bucket = createTokenBucket(1)
  bucket.take(1, 0)
  expect(bucket.wait(0, 0)).toBe(0)
  expect(bucket.wait(1, 0)).toBe(60_000)
})

test('allows a request beyond its capacity when it is full, and compensates afterwards', () => {
  const bucket = createTokenBucket(60)
  expect(bucket.wait(10, 0)).toBe(0)
  bucket.take(10, 0)
  expect(bucket.wait(1, 0)).toBe(6250)
})

test('adopts rate and capacity of the first answer, and counts requests sent since', () => {
  const bucket = createTokenBucket(null)
  const first = bucket.take(1, 0)
  const second = bucket.take(1, 0)
  bucket.observe({ limit: 60, remaining: 4, resetMs: 1000 }, first, 100)
  expect(bucket.maxPictures).toBe(5)
  // Three of five are left: two are allowed within the margin.
  expect([bucket.wait(2, 100), bucket.wait(3, 100)]).toEqual([0, 250])
  bucket.complete(first)
  bucket.observe({ limit: 60, remaining: 3, resetMs: 2000 }, second, 100)
  expect([bucket.wait(2, 100), bucket.wait(3, 100)]).toEqual([0, 250])
})

test.each([
  // Pictures that can be sent at once: what was left, and what one per second added since, less the
  // second that a request may take to arrive and the other request in flight.
  { answeredAt: 900, remaining: 4, sent: 3 },
  { answeredAt: 2500, remaining: 4, sent: 4 },
  { answeredAt: 3100, remaining: 3, sent: 4 },
  { answeredAt: 60_000, remaining: 4, sent: 4 },
])('counts what the bucket filled up while the first answer took $answeredAt ms', (given) => {
  const { answeredAt, remaining, sent } = given
  const bucket = createTokenBucket(null)
  const first = bucket.take(1, 0)
  bucket.take(1, 0)
  bucket.observe({ limit: 60, remaining, resetMs: (5 - remaining) * 1000 }, first, answeredAt)
  let count = 0
  for (; bucket.wait(1, answeredAt + 250) === 0; count++) bucket.take(1, answeredAt + 250)
  expect(count).toBe(sent)
})

test('handles answers that arrive in another order than the requests', () => {
  const bucket = createTokenBucket(null)
  const [first, second, third] = [bucket.take(1, 0), bucket.take(1, 0), bucket.take(1, 0)]
  // The server admitted the third request first.
  bucket.observe({ limit: 60, remaining: 4, resetMs: 1000 }, third, 10)
  bucket.complete(third)
  bucket.observe({ limit: 60, remaining: 3, resetMs: 2000 }, second, 10)
  bucket.complete(second)
  bucket.observe({ limit: 60, remaining: 2, resetMs: 3000 }, first, 10)
  bucket.complete(first)
  expect(bucket.wait(2, 10)).toBeGreaterThan(200)
  expect(bucket.wait(1, 10)).toBe(0)
})

test('slows down if another client uses the same limit', () => {
  const bucket = createTokenBucket(null)
  const first = bucket.take(1, 0)
  bucket.observe({ limit: 60, remaining: 19, resetMs: 1000 }, first, 0)
  bucket.complete(first)
  const second = bucket.take(1, 0)
  bucket.observe({ limit: 60, remaining: 0, resetMs: 20_000 }, second, 0)
  bucket.complete(second)
  expect(bucket.wait(1, 0)).toBeGreaterThan(200)
})

test('uses the lower of the rates that the user and the server state', () => {
  const slower = createTokenBucket(12)
  slower.observe({ limit: 600, remaining: 500, resetMs: 100 }, slower.take(1, 0), 0)
  expect(slower.wait(1, 0)).toBe(5000)
  const server = createTokenBucket(600)
  server.observe({ limit: 12, remaining: 0, resetMs: 60_000 }, server.take(1, 0), 0)
  expect(server.wait(1, 0)).toBeGreaterThan(4900)
})

test('waits for a reset if the server does not state its rate', () => {
  const bucket = createTokenBucket(null)
  bucket.observe({ remaining: 0, resetMs: 7000 }, bucket.take(1, 0), 1000)
  expect(bucket.wait(1, 1000)).toBe(7000)
  expect(bucket.wait(1, 8000)).toBe(0)
})

test('learns the rate between two refusals, and speeds up slightly with each answer', () => {
  const bucket = createTokenBucket(null)
  bucket.refuse(bucket.take(1, 0), 1000, 0)
  for (let now = 1000; now <= 10_000; now += 1000) bucket.complete(bucket.take(1, now))
  bucket.refuse(bucket.take(1, 10_000), 1000, 10_000)
  // Ten were admitted in ten seconds: one a second, and the next when the server said.
  expect(bucket.wait(1, 10_000)).toBe(1250)
  const next = bucket.take(1, 11_250)
  bucket.complete(next)
  expect(bucket.wait(1, 11_250)).toBeLessThan(1250)
})
