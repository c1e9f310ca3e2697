import { describe, expect, test } from 'vitest'
import { parseQueueAddress } from './queue-address.ts'

describe('parseQueueAddress', () => {
  test.each([
    ['redis://127.0.0.1', 'redis://127.0.0.1:6379/0', 'limn'],
    ['redis://cache.example:7000/3', 'redis://cache.example:7000/3', 'limn'],
    ['redis://cache.example#shop', 'redis://cache.example:6379/0#shop', 'shop'],
    ['rediss://me:secret@cache.example/1#a-b_1', 'rediss://cache.example:6379/1#a-b_1', 'a-b_1'],
    ['redis://[::1]:6380/', 'redis://[::1]:6380/0', 'limn'],
  ])('reads %s', (text, shown, name) => {
    expect(parseQueueAddress(text, {})).toMatchObject({ shown, name })
  })

  test('takes the password from the address, or else from the environment', () => {
    const env = { LIMN_QUEUE_PASSWORD: 'other' }
    expect(parseQueueAddress('redis://:s%40e@h', env).connection.password).toBe('s@e')
    expect(parseQueueAddress('redis://u@h', env).connection).toMatchObject({
      username: 'u',
      password: 'other',
    })
    expect(parseQueueAddress('redis://h', {}).connection).toEqual({ host: 'h', port: 6379, db: 0 })
    expect(parseQueueAddress('rediss://h', {}).connection.tls).toEqual({ servername: 'h' })
  })

  test.each([
    'localhost:6379',
    'http://:secret@127.0.0.1',
    'redis://',
    'redis://:secret@h/zero',
    'redis://:secret@h#a b',
    'redis://:%zzsecret@h',
    'postgres://:secret@h/db',
  ])('rejects %s without showing its password', (text) => {
    const parse = (): unknown => parseQueueAddress(text, {})
    expect(parse).toThrow(expect.objectContaining({ code: 'queue/invalid' }))
    expect(parse).not.toThrow(/secret/)
  })
})
