import { expect, test } from 'vitest'
import { createAuthenticator, hashKey } from './callers.ts'
import { parseConfig } from './config.ts'
import { createRateLimit } from './rate-limit.ts'
import { createSlots } from './slots.ts'

const key = 'limn-0123456789abcdef'
const web = { name: 'web', keySha256: hashKey(key), requestsPerMinute: 3, budgetUsd: 1 }
const app = { ...web, name: 'app', keySha256: hashKey(`${key}-app`) }
const models = { 'gpt-image-2': { sizes: ['1024x1024'], qualities: ['low'] } }

test('finds callers by their key only', () => {
  const authenticate = createAuthenticator([web, app])
  expect(authenticate(`Bearer ${key}`)).toBe(web)
  expect(authenticate(`Bearer ${key}-app`)).toBe(app)
  for (const wrong of [
    undefined,
    '',
    key,
    `Basic ${key}`,
    `Bearer ${key} `,
    `Bearer ${hashKey(key)}`,
    `Bearer ${key.slice(1)}`,
    'Bearer',
  ]) {
    expect(() => authenticate(wrong), wrong).toThrow('The API key is missing or unknown.')
  }
})

test('refills the requests of a caller within a minute', () => {
  let at = 0
  const limit = createRateLimit(() => at)
  for (let count = 0; count < 3; count++) limit.take(web)
  expect(() => limit.take(web)).toThrow(expect.objectContaining({ retryAfter: 20 }))
  limit.take(app)
  at = 19_999
  expect(() => limit.take(web)).toThrow(expect.objectContaining({ retryAfter: 1 }))
  at = 20_001
  limit.take(web)
  at = 10 * 60_000
  for (let count = 0; count < 3; count++) limit.take(web)
  expect(() => limit.take(web)).toThrow('too many requests')
})

test('limits what runs and what waits', async () => {
  const slots = createSlots({ size: 2, waiting: 1 })
  const ends = [1, 2, 3].map(() => Promise.withResolvers<string>())
  const [first, second, third] = ends.map(({ promise }) => slots.run(() => promise))
  await expect(slots.run(async () => 'x')).rejects.toMatchObject({ code: 'overloaded' })
  ends[0]!.resolve('first')
  expect(await first).toBe('first')
  ends[2]!.resolve('third')
  expect(await third).toBe('third')
  ends[1]!.reject(new Error('second'))
  await expect(second).rejects.toThrow('second')
  expect(await slots.run(async () => 'free')).toBe('free')
  slots.close()
  await expect(slots.run(async () => 'x')).rejects.toMatchObject({ code: 'shutting_down' })
})

test.each([
  [{ callers: [web], models, prot: 1 }, 'prot'],
  [{ callers: [{ ...web, keySha256: key }], models }, 'keySha256'],
  [{ callers: [web, { ...app, name: 'web' }], models }, 'Two callers have the same `name`.'],
  [{ callers: [web, { ...web, name: 'x' }], models }, 'Two callers have the same `keySha256`.'],
  [{ callers: [web], models: {} }, '`models` is empty'],
  [{ callers: [], models }, 'callers'],
  [{ callers: [web], models: { 'gpt-image-2': { sizes: ['big'], qualities: ['low'] } } }, 'sizes'],
])('names a mistake in the config: %j', (value, message) => {
  expect(() => parseConfig(value, 'service.json')).toThrow(message)
})
