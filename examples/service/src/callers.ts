import { createHash, timingSafeEqual } from 'node:crypto'
import type { Caller } from './config.ts'
import { Problem } from './problem.ts'

/** A key is printable ASCII: at most so many characters are hashed. */
const KEY = /^Bearer ([\x21-\x7e]{16,200})$/

/** Returns the SHA-256 of a key, as the config stores it. */
export function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

/**
 * Creates a function that finds the caller of an `Authorization` header. It compares with every
 * caller and in constant time, so that its duration tells nothing about keys.
 *
 * @throws Problem `invalid_api_key`
 */
export function createAuthenticator(
  callers: readonly Caller[],
): (authorization: string | undefined) => Caller {
  const known = callers.map((caller) => ({ caller, hash: Buffer.from(caller.keySha256, 'hex') }))
  return (authorization) => {
    const key = KEY.exec(authorization ?? '')?.[1]
    const hash = Buffer.from(hashKey(key ?? ''), 'hex')
    const matches = known.filter((each) => timingSafeEqual(each.hash, hash))
    const found = key === undefined ? undefined : matches[0]?.caller
    if (found !== undefined) return found
    throw new Problem(
      'invalid_api_key',
      'The API key is missing or unknown. Send it as `Authorization: Bearer KEY`.',
    )
  }
}
