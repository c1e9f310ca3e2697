import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { sha256 } from '../digest.ts'
import { hashRequest, type ImageRequest } from '../identity/request.ts'
import { claimKey, pictureKey, receiptKey } from './keys.ts'
import { storeTime } from './probe.ts'
import { formatReceipt } from './receipt.ts'
import { denied } from './remote-errors.ts'
import { findGarbage } from './sweep-store.ts'
import { createMemoryStore, down, type MemoryStore } from './testing.ts'
import { deleteBadObjects, verifyStore } from './verify-store.ts'

const DAY = 24 * 60 * 60_000
const now = 1000 * DAY
const made = { provider: 'openai', at: '2026-11-30T10:00:00.000Z' }

function requestFor(prompt: string): ImageRequest {
  return {
    operation: 'generate',
    prompt,
    model: 'gpt-image-2',
    size: '64x64',
    quality: 'low',
    background: 'auto',
    format: 'png',
  }
}

type Stored = { picture: string; receipt: string; digest: string }

/** Puts an answer of some age with one picture into a store; `number` counts those to a request. */
function put(store: MemoryStore, prompt: string, days: number, number = 1): Stored {
  const bytes = Buffer.from(`picture ${number} of ${prompt}`)
  const digest = sha256(bytes)
  const request = requestFor(prompt)
  const picture = pictureKey(digest)
  const receipt = receiptKey(hashRequest(request), number)
  const pictures = [{ sha256: digest, bytes: bytes.length }]
  store.objects.set(picture, bytes)
  store.objects.set(receipt, formatReceipt({ request, made, pictures }))
  for (const key of [picture, receipt]) store.times.set(key, now - days * DAY)
  return { picture, receipt, digest }
}

async function garbageOf(
  store: MemoryStore,
  { olderThan, kept = [] }: { olderThan?: number; kept?: string[] } = {},
): Promise<string[]> {
  const found = await findGarbage(store, { olderThan, kept: new Set(kept), now })
  return found.map(({ key }) => key)
}

describe('findGarbage', () => {
  it('finds no answer of any age unless it is asked to', async () => {
    const store = createMemoryStore()
    put(store, 'sea', 1)
    put(store, 'hill', 5000)
    expect(await garbageOf(store)).toEqual([])
  })

  it('finds answers older than a limit, receipts first, except those in the lockfile', async () => {
    const store = createMemoryStore()
    put(store, 'new', 10)
    const old = put(store, 'old', 91)
    const locked = put(store, 'locked', 400)
    const kept = [locked.digest]
    expect(await garbageOf(store, { olderThan: 90, kept })).toEqual([old.receipt, old.picture])
    expect(await garbageOf(store, { olderThan: 300, kept })).toEqual([])
  })

  it('keeps a picture that another answer has too', async () => {
    const store = createMemoryStore()
    const old = put(store, 'old', 91)
    const request = requestFor('the same again')
    const pictures = [{ sha256: old.digest, bytes: 14 }]
    const receipt = receiptKey(hashRequest(request), 1)
    store.objects.set(receipt, formatReceipt({ request, made, pictures }))
    store.times.set(receipt, now - DAY)
    expect(await garbageOf(store, { olderThan: 90 })).toEqual([old.receipt])
  })

  it('keeps an old answer before a newer one, which would not be found without it', async () => {
    const store = createMemoryStore()
    const [first, second, third, last] = [200, 100, 5, 100].map((days, at) =>
      put(store, 'sea', days, at + 1),
    )
    expect(await garbageOf(store, { olderThan: 90 })).toEqual([last!.receipt, last!.picture])
    const kept = [second!.digest]
    store.times.set(third!.receipt, now - 99 * DAY)
    expect(await garbageOf(store, { olderThan: 90, kept })).not.toContain(first!.receipt)
  })

  it.each([
    [1, false],
    [6, false],
    [8, true],
  ])('finds a picture without an answer of %d days: %s', async (days, isFound) => {
    const store = createMemoryStore()
    const { picture, receipt } = put(store, 'sea', days)
    store.objects.delete(receipt)
    expect(await garbageOf(store)).toEqual(isFound ? [picture] : [])
  })

  it('finds claims of yesterday, and nothing of unknown age', async () => {
    const store = createMemoryStore()
    const [old, fresh, unknown] = [1, 2, 3].map((number) => claimKey('ab'.repeat(32), number))
    for (const key of [old!, fresh!, unknown!]) store.objects.set(key, Buffer.from('{}'))
    store.times.set(old!, now - 2 * DAY)
    store.times.set(fresh!, now - 1000)
    store.objects.set(pictureKey('ab'.repeat(32)), Buffer.from('x'))
    expect(await garbageOf(store)).toEqual([old])
  })

  it.each([
    ['a year', 365],
    ['a day', 1],
    ['an hour', 1 / 24],
  ])('keeps what is in use if the clock of this machine is %s ahead', async (_, days) => {
    const store = createMemoryStore()
    const claim = claimKey('ab'.repeat(32), 1)
    const orphan = put(store, 'sea', 0)
    store.objects.delete(orphan.receipt)
    store.objects.set(claim, Buffer.from('{}'))
    store.times.set(claim, now)
    // The store says when the probe was written, whatever the clock of this machine shows.
    vi.useFakeTimers({ now: now + days * DAY, toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    store.head = async (key) => ({ key, bytes: 2, modified: now })
    expect(await storeTime(store)).toBe(now)
    expect(await storeTime(createMemoryStore())).toBeNull()
    for (const time of [await storeTime(store), null]) {
      const found = await findGarbage(store, { kept: new Set(), now: time })
      expect(found).toEqual([])
    }
    expect([...store.objects.keys()].filter((key) => key.includes('/claims/'))).toEqual([claim])
  })

  it.each([
    ['denied', (): Error => denied('memory')],
    ['unreachable', down],
  ])('measures ages from the newest object if nothing can be written: %s', async (_, error) => {
    const store = createMemoryStore()
    put(store, 'new', 10)
    const old = put(store, 'old', 20)
    store.fault = (operation) => {
      if (operation === 'putIfAbsent') throw error()
    }
    const time = await storeTime(store)
    expect(time).toBeNull()
    const find = async (olderThan: number): Promise<string[]> =>
      (await findGarbage(store, { olderThan, kept: new Set(), now: time })).map(({ key }) => key)
    expect(await find(9)).toEqual([old.receipt, old.picture])
    expect(await find(11)).toEqual([])
  })

  it('keeps objects that Limn did not write', async () => {
    const store = createMemoryStore()
    for (const key of ['v1/pictures/readme.txt', 'v1/requests/ab/x', 'v1/claims/x/y', 'other/z']) {
      store.objects.set(key, Buffer.from('x'))
      store.times.set(key, 0)
    }
    expect(await garbageOf(store, { olderThan: 0 })).toEqual([])
  })
})

describe('verifyStore', () => {
  it('finds nothing wrong in a sound store', async () => {
    const store = createMemoryStore()
    put(store, 'sea', 1)
    put(store, 'hill', 1)
    expect(await verifyStore(store, {})).toEqual({ checked: 4, bad: [] })
  })

  it('finds damaged, incomplete and foreign objects, and deletes only those of Limn', async () => {
    const store = createMemoryStore()
    const sound = put(store, 'sound', 1)
    const damaged = put(store, 'damaged', 1)
    const missing = put(store, 'missing', 1)
    const unreadable = put(store, 'unreadable', 1)
    store.objects.set(damaged.picture, Buffer.from('something else'))
    store.objects.delete(missing.picture)
    store.objects.set(unreadable.receipt, Buffer.from('{'))
    store.objects.set('v1/pictures/readme.txt', Buffer.from('hello'))
    const { bad } = await verifyStore(store, {})
    expect(new Map(bad.map(({ key, problem }) => [key, problem]))).toEqual(
      new Map([
        [damaged.picture, 'damaged'],
        [damaged.receipt, 'incomplete'],
        [missing.receipt, 'incomplete'],
        [unreadable.receipt, 'damaged'],
        ['v1/pictures/readme.txt', 'foreign'],
      ]),
    )
    await deleteBadObjects(store, bad, {})
    expect([...store.objects.keys()].sort()).toEqual(
      [sound.picture, sound.receipt, unreadable.picture, 'v1/pictures/readme.txt'].sort(),
    )
  })

  it.each([[[1]], [[2]], [[1, 3]]])(
    'moves the answers that come after deleted ones: %j',
    async (numbers) => {
      const store = createMemoryStore()
      const stored = [1, 2, 3, 4].map((number) => put(store, 'sea', 1, number))
      const texts = stored.map(({ receipt }) => store.objects.get(receipt)!)
      for (const number of numbers) {
        store.objects.set(stored[number - 1]!.receipt, Buffer.from('{'))
      }
      const { bad } = await verifyStore(store, {})
      await deleteBadObjects(store, bad, {})
      const left = stored.map(({ receipt }) => store.objects.get(receipt))
      expect(left.filter((each) => each !== undefined)).toEqual(
        texts.filter((_, at) => !numbers.includes(at + 1)),
      )
      expect(left.slice(0, 4 - numbers.length)).not.toContain(undefined)
    },
  )
})
