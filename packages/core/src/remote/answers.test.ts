import { drawPicture } from '@limn/painter'
import { describe, expect, it } from 'vitest'
import { pictureDigest, sha256 } from '../digest.ts'
import { hashRequest, type ImageRequest } from '../identity/request.ts'
import type { LockEntry } from '../lock/lock.ts'
import { findAnswer, type FoundAnswer, hasAnswer } from './find-answer.ts'
import { parseKey, pictureKey, receiptKey } from './keys.ts'
import { formatReceipt, parseReceipt } from './receipt.ts'
import { storeAnswer, type UploadedAnswer } from './store-answer.ts'
import { createMemoryStore, down, type MemoryStore } from './testing.ts'

const request: ImageRequest = {
  operation: 'generate',
  prompt: 'A lighthouse at dawn',
  model: 'gpt-image-2',
  size: '64x64',
  quality: 'low',
  background: 'auto',
  format: 'png',
}
const hash = hashRequest(request)
const made = { provider: 'openai', at: '2026-11-30T10:00:00.000Z', usd: 0.04 }

const drawn = (prompt: string): Uint8Array =>
  drawPicture({ prompt, width: 64, height: 64, transparent: false })

function answerOf(...pictures: Uint8Array[]): UploadedAnswer {
  return {
    request,
    made,
    pictures: pictures.map((bytes) => ({
      sha256: pictureDigest(bytes),
      bytes: bytes.length,
      read: () => bytes,
    })),
  }
}

async function find(
  store: MemoryStore,
  locked?: LockEntry,
): Promise<{ answer: FoundAnswer | undefined; damaged: string[] }> {
  const damaged: string[] = []
  const onDamaged = (key: string): void => void damaged.push(key)
  return { answer: await findAnswer(request, locked, { store, onDamaged }), damaged }
}

function removePictures({ objects }: MemoryStore): void {
  for (const key of objects.keys()) if (parseKey(key)?.kind === 'picture') objects.delete(key)
}

function damageReceipts({ objects }: MemoryStore): void {
  for (const key of objects.keys()) {
    if (parseKey(key)?.kind === 'receipt') objects.set(key, Buffer.from('{}'))
  }
}

describe('storeAnswer and findAnswer', () => {
  it('find what was stored: the pictures in their order, and how they were made', async () => {
    const store = createMemoryStore()
    const [first, second] = [drawn('sea'), drawn('hill')]
    expect(await storeAnswer(answerOf(first, second), { store })).toBe(2)
    const { answer, damaged } = await find(store)
    expect(answer).toEqual({ made, pictures: [first, second] })
    expect(damaged).toEqual([])
    expect([...store.objects.keys()].map((key) => parseKey(key)?.kind)).toEqual([
      'picture',
      'picture',
      'receipt',
    ])
  })

  it('find nothing in an empty store, with one read', async () => {
    const store = createMemoryStore()
    expect((await find(store)).answer).toBeUndefined()
    expect(store.calls).toEqual([`get ${receiptKey(hash, 1)}`])
  })

  it('write nothing twice', async () => {
    const store = createMemoryStore()
    const answer = answerOf(drawn('sea'))
    await storeAnswer(answer, { store })
    const before = store.objects.size
    expect(await storeAnswer(answer, { store })).toBe(0)
    expect(store.objects.size).toBe(before)
  })

  it('keep a second answer to the same request, and find the first', async () => {
    const store = createMemoryStore()
    const [first, second] = [drawn('sea'), drawn('hill')]
    await storeAnswer(answerOf(first), { store })
    await storeAnswer(answerOf(second), { store })
    expect(store.objects.has(receiptKey(hash, 2))).toBe(true)
    expect((await find(store)).answer?.pictures).toEqual([first])
  })

  it.each([9, 12, 40])('keep every one of %d answers to a request', async (count) => {
    const store = createMemoryStore()
    const answers = Array.from({ length: count }, (_, index) => answerOf(drawn(`sea ${index}`)))
    for (const answer of answers) await storeAnswer(answer, { store })
    const receipts = [...store.objects].filter(([key]) => parseKey(key)?.kind === 'receipt')
    const named = receipts.map(([, bytes]) => parseReceipt(bytes, hash)!.pictures[0]!.sha256)
    expect(named).toEqual(answers.map(({ pictures }) => pictures[0]!.sha256))
    expect(await storeAnswer(answers.at(-1)!, { store })).toBe(0)
    expect(store.objects.size).toBe(2 * count)
  })

  it('read no more pictures than are needed', async () => {
    const store = createMemoryStore()
    const pictures = ['sea', 'hill', 'town'].map(drawn)
    await storeAnswer(answerOf(...pictures), { store })
    for (const images of [1, 2, 3, undefined]) {
      store.calls.length = 0
      const answer = await findAnswer(request, undefined, { store, onDamaged: () => {}, images })
      expect(answer?.pictures).toHaveLength(images ?? 3)
      expect(store.calls).toHaveLength(1 + (images ?? 3))
    }
  })

  it.each([
    ['as the only answer', [8], undefined],
    ['before a usable answer', [8, 1000], 1],
    ['twice before a usable answer', [1, 2, 64], 2],
  ])('pass over a picture that is far too small: %s', async (_, sizes, usable) => {
    const store = createMemoryStore()
    const large: ImageRequest = { ...request, size: '1024x1024' }
    const pictures = sizes.map((width) =>
      drawPicture({ prompt: `${width}`, width, height: width, transparent: false }),
    )
    for (const bytes of pictures) {
      await storeAnswer({ ...answerOf(bytes), request: large }, { store })
    }
    const damaged: string[] = []
    const onDamaged = (key: string): void => void damaged.push(key)
    const answer = await findAnswer(large, undefined, { store, onDamaged })
    expect(answer?.pictures[0]).toEqual(usable === undefined ? undefined : pictures[usable])
    expect(damaged).toEqual([])
  })

  it.each<[string, (store: MemoryStore) => void, boolean]>([
    ['is stored', () => {}, true],
    ['has no picture any more', removePictures, false],
    ['is damaged', damageReceipts, false],
  ])('forecast without downloading whether an answer %s', async (_, change, expected) => {
    const store = createMemoryStore()
    await storeAnswer(answerOf(drawn('sea')), { store })
    change(store)
    store.calls.length = 0
    expect(await hasAnswer(request, undefined, { store, onDamaged: () => {} })).toBe(expected)
    expect(store.calls.filter((call) => call.startsWith('get v1/pictures'))).toEqual([])
  })

  it('fail to store where no reader would look', async () => {
    const store = createMemoryStore()
    for (let number = 1; number <= 8; number++) {
      store.objects.set(receiptKey(hash, number), Buffer.from('<html>'))
    }
    const stored = storeAnswer(answerOf(drawn('sea')), { store })
    await expect(stored).rejects.toMatchObject({ code: 'remote/invalid' })
  })

  it('fail to store if a server refuses what it does not have', async () => {
    const store = createMemoryStore()
    store.putIfAbsent = async () => false
    const stored = storeAnswer(answerOf(drawn('sea')), { store })
    await expect(stored).rejects.toMatchObject({ code: 'remote/unreachable' })
  })

  it('never show a receipt without its pictures, wherever a writer stops', async () => {
    for (let stopAt = 1; stopAt <= 5; stopAt++) {
      const store = createMemoryStore()
      let operations = 0
      store.fault = () => {
        if (++operations === stopAt) throw down()
      }
      const bytes = drawn('sea')
      await storeAnswer(answerOf(bytes), { store }).catch(() => {})
      store.fault = () => {}
      const isComplete = store.objects.has(receiptKey(hash, 1))
      expect((await find(store)).answer?.pictures).toEqual(isComplete ? [bytes] : undefined)
      await storeAnswer(answerOf(bytes), { store })
      expect((await find(store)).answer?.pictures).toEqual([bytes])
    }
  })

  it('leave out what is only true for one project, whoever wrote it', async () => {
    const store = createMemoryStore()
    const bytes = drawn('sea')
    const own = { ...made, ownPrompt: 'dawn', candidates: 4, picked: 2 }
    await storeAnswer({ ...answerOf(bytes), made: own }, { store })
    const stored = JSON.parse(Buffer.from(store.objects.get(receiptKey(hash, 1))!).toString())
    expect(stored.made).toEqual(made)
    const pictures = [{ sha256: pictureDigest(bytes), bytes: bytes.length }]
    store.objects.set(receiptKey(hash, 1), formatReceipt({ request, made: own, pictures }))
    expect((await find(store)).answer?.made).toEqual(made)
  })

  it("do not give out a person's picture as an answer of a model", async () => {
    const store = createMemoryStore()
    const answer = answerOf(drawn('sea'))
    await storeAnswer({ ...answer, made: { ...made, provider: 'adopted' } }, { store })
    expect((await find(store)).answer).toBeUndefined()
  })
})

describe('a damaged or foreign picture', () => {
  const changes: Record<string, (bytes: Uint8Array) => Uint8Array> = {
    truncated: (bytes) => bytes.slice(0, bytes.length / 2),
    empty: () => new Uint8Array(0),
    'longer than it was': (bytes) => Buffer.concat([bytes, bytes]),
    'changed in one byte': (bytes) => bytes.map((byte, at) => (at === 100 ? byte ^ 1 : byte)),
    'a web page': () => Buffer.from('<html>Sign in</html>'),
  }

  it.each(Object.entries(changes))('is not used if it is %s', async (_, change) => {
    const store = createMemoryStore()
    const bytes = drawn('sea')
    await storeAnswer(answerOf(bytes), { store })
    const key = pictureKey(pictureDigest(bytes))
    store.objects.set(key, change(bytes))
    expect(await find(store)).toEqual({ answer: undefined, damaged: [key] })
  })

  it('is not used if its digest is right and it is no picture', async () => {
    const store = createMemoryStore()
    const bytes = Buffer.from('no picture')
    await storeAnswer(answerOf(bytes), { store })
    expect(await find(store)).toEqual({ answer: undefined, damaged: [pictureKey(sha256(bytes))] })
  })

  it('leaves the next answer usable', async () => {
    const store = createMemoryStore()
    const [first, second] = [drawn('sea'), drawn('hill')]
    await storeAnswer(answerOf(first), { store })
    await storeAnswer(answerOf(second), { store })
    store.objects.set(pictureKey(pictureDigest(first)), Buffer.from('x'))
    expect((await find(store)).answer?.pictures).toEqual([second])
  })

  it('is replaced by the next upload if its size differs', async () => {
    const store = createMemoryStore()
    const bytes = drawn('sea')
    await storeAnswer(answerOf(bytes), { store })
    store.objects.set(pictureKey(pictureDigest(bytes)), bytes.slice(0, 50))
    await storeAnswer(answerOf(bytes), { store })
    expect((await find(store)).answer?.pictures).toEqual([bytes])
  })
})

describe('a damaged or foreign receipt', () => {
  const sea = { sha256: 'a'.repeat(64), bytes: 10 }
  const receipts: Record<string, unknown> = {
    'no JSON': undefined,
    'of another version': { version: 2, request, made, pictures: [sea] },
    'of another request': {
      version: 1,
      request: { ...request, prompt: 'x' },
      made,
      pictures: [sea],
    },
    'without a request': { version: 1, made, pictures: [sea] },
    'with a negative price': { version: 1, request, made: { ...made, usd: -1 }, pictures: [sea] },
    'without pictures': { version: 1, request, made, pictures: [] },
    'with a path as a digest': {
      version: 1,
      request,
      made,
      pictures: [{ sha256: '../../etc/passwd', bytes: 10 }],
    },
    'with a size of no bytes': { version: 1, request, made, pictures: [{ ...sea, bytes: 0 }] },
    'that is a list': [],
    'that is null': null,
  }

  it.each(Object.entries(receipts))('is not used if it is one %s', async (_, receipt) => {
    const store = createMemoryStore()
    const key = receiptKey(hash, 1)
    store.objects.set(key, Buffer.from(receipt === undefined ? '{"ver' : JSON.stringify(receipt)))
    expect(await find(store)).toEqual({ answer: undefined, damaged: [key] })
    // It does not keep a sound one out either.
    const bytes = drawn('sea')
    await storeAnswer(answerOf(bytes), { store })
    expect((await find(store)).answer?.pictures).toEqual([bytes])
  })

  it('is not used if it is a copy below the key of another request', async () => {
    const store = createMemoryStore()
    const other = { ...request, prompt: 'A harbour' }
    const bytes = formatReceipt({ request: other, made, pictures: [sea] })
    store.objects.set(receiptKey(hash, 1), bytes)
    expect((await find(store)).damaged).toEqual([receiptKey(hash, 1)])
  })
})

describe('the master in the lockfile', () => {
  it('counts before the first answer to its request', async () => {
    const store = createMemoryStore()
    const [first, second] = [drawn('sea'), drawn('hill')]
    await storeAnswer(answerOf(first), { store })
    await storeAnswer(answerOf(second), { store })
    const locked = {
      request,
      master: { sha256: pictureDigest(second), bytes: second.length, state: 'generated' },
      made: { ...made, ownPrompt: 'x', candidates: 2, picked: 2 },
    } as LockEntry
    expect((await find(store, locked)).answer).toEqual({ made, pictures: [second] })
  })
})
