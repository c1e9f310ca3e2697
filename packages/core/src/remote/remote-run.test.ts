import { drawPicture } from '@limn/painter'
import { describe, expect, it } from 'vitest'
import { pictureDigest } from '../digest.ts'
import type { LimnError } from '../errors.ts'
import type { LimnEvent } from '../events.ts'
import type { ImageRequest } from '../identity/request.ts'
import type { Clock } from '../limits/clock.ts'
import type { BatchRecord } from '../store/batch-records.ts'
import { withTimeouts } from './limits.ts'
import { createRemoteAccess, type RemoteAccess } from './remote-access.ts'
import { denied, full } from './remote-errors.ts'
import { createRemoteRun, type RemoteRun, type TurnOptions } from './remote-run.ts'
import type { RemoteStore } from './remote-store.ts'
import type { UploadedAnswer } from './store-answer.ts'
import { createMemoryStore, down, type MemoryStore, untilAborted } from './testing.ts'

const made = { provider: 'openai', at: '2026-11-30T10:00:00.000Z', usd: 0.04 }

const requestFor = (prompt: string): ImageRequest => ({
  operation: 'generate',
  prompt,
  model: 'gpt-image-2',
  size: '64x64',
  quality: 'low',
  background: 'auto',
  format: 'png',
})

function answerTo(prompt: string): UploadedAnswer {
  const bytes = drawPicture({ prompt, width: 32, height: 32, transparent: false })
  const picture = { sha256: pictureDigest(bytes), bytes: bytes.length, read: () => bytes }
  return { request: requestFor(prompt), made, pictures: [picture] }
}

/** A clock whose short sleeps end at once, and whose long ones never do. */
function createFastClock(): Clock {
  let time = 0
  return {
    now: () => time,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true })
        if (ms >= 40_000) return
        setImmediate(() => {
          time += ms
          resolve()
        })
      }),
  }
}

/** A clock that a test moves: `advance` ends the sleeps that are over by then. */
function createManualClock(): Clock & { advance(ms: number): Promise<void> } {
  let time = 0
  const sleepers = new Set<{ at: number; wake: () => void }>()
  return {
    now: () => time,
    sleep: (ms) =>
      new Promise((resolve) => void sleepers.add({ at: time + ms, wake: () => resolve() })),
    async advance(ms) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      time += ms
      for (const sleeper of sleepers) {
        if (sleeper.at > time) continue
        sleepers.delete(sleeper)
        sleeper.wake()
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
    },
  }
}

type Opened = { run: RemoteRun; access: RemoteAccess; events: LimnEvent[] }

type OpenOptions = { quit?: AbortSignal; isOnlyCopy?: boolean; isRequired?: boolean; clock?: Clock }

function open(
  store: RemoteStore,
  { clock = createFastClock(), isRequired, ...options }: OpenOptions = {},
): Opened {
  const events: LimnEvent[] = []
  const onEvent = (event: LimnEvent): void => void events.push(event)
  const access = createRemoteAccess(store, { onEvent, clock, isRequired })
  return { run: createRemoteRun({ access, clock, onEvent, ...options }), access, events }
}

const kindsOf = (events: readonly LimnEvent[]): string[] => events.map(({ type }) => type)
const takeTurn = async (run: RemoteRun, prompt: string): Promise<string> =>
  (await run.takeTurn(requestFor(prompt), undefined)).kind

describe('two runs', () => {
  it('take turns: the second waits, and finds what the first uploaded', async () => {
    const store = createMemoryStore()
    const [a, b] = [open(store).run, open(store).run]
    expect(await takeTurn(a, 'sea')).toBe('ours')
    expect(await takeTurn(b, 'sea')).toBe('theirs')
    expect(await takeTurn(b, 'hill')).toBe('ours')
    a.upload(answerTo('sea'))
    await b.whenFree(requestFor('sea'))
    expect(await takeTurn(b, 'sea')).toBe('found')
    await a.finish()
  })

  it('pass the turn on if a request fails', async () => {
    const store = createMemoryStore()
    const [a, b] = [open(store).run, open(store).run]
    await takeTurn(a, 'sea')
    a.settle(requestFor('sea'))
    await b.whenFree(requestFor('sea'))
    expect(await takeTurn(b, 'sea')).toBe('ours')
  })

  it('do not pay for what the other one has sent in a batch meanwhile', async () => {
    const store = createMemoryStore()
    const [a, b] = [open(store), open(store)]
    const line = { id: '1', asset: 'sea', request: requestFor('sea'), images: 1, usd: 0.02 }
    const batch: BatchRecord = {
      version: 1,
      uuid: '0f8fad5b-d9cb-469f-a165-70867728950e',
      id: null,
      provider: 'openai',
      host: 'api.openai.com',
      model: 'gpt-image-2',
      at: '2026-11-30T10:00:00.000Z',
      run: 'run-1',
      lines: [line],
    }
    await a.run.shareBatch(batch)
    const unclear = { code: 'batch/unclear' }
    await expect(takeTurn(b.run, 'sea')).rejects.toMatchObject(unclear)
    const uuid = '7c9e6679-7425-40de-944b-e07fc1f90ae7'
    await expect(b.run.shareBatch({ ...batch, uuid })).rejects.toMatchObject(unclear)
    expect(await takeTurn(b.run, 'hill')).toBe('ours')
    // What it lacks is no longer expected from it.
    b.access.knownBatches.add(batch.uuid)
    expect(await takeTurn(b.run, 'sea')).toBe('ours')
    await b.run.shareBatch({ ...batch, uuid })
    await b.run.finish()
  })

  it('pass the turn on if an upload fails', async () => {
    const store = createMemoryStore()
    const [a, b] = [open(store).run, open(store).run]
    await takeTurn(a, 'sea')
    store.fault = (operation, key) => {
      if (operation === 'putIfAbsent' && key.includes('/pictures/')) throw down()
    }
    a.upload(answerTo('sea'))
    await a.finish()
    expect(await takeTurn(b, 'sea')).toBe('ours')
  })
})

describe('a run with a store', () => {
  const faults: Record<string, (store: MemoryStore) => void> = {
    'that is unreachable'(store) {
      store.fault = () => {
        throw down()
      }
    },
    'that denies everything'(store) {
      store.fault = () => {
        throw denied('memory')
      }
    },
    'that never answers'(store) {
      store.fault = (_, __, options) => untilAborted(options)
    },
    'that throws an error of another kind'(store) {
      store.fault = () => {
        throw new TypeError('fetch failed')
      }
    },
  }

  it.each(Object.entries(faults))(
    '%s may pay, is warned once, and reports what was not uploaded',
    async (_, fault) => {
      const memory = createMemoryStore()
      fault(memory)
      const { run, events } = open(withTimeouts(memory, { small: 20, large: 20 }))
      for (const prompt of ['sea', 'hill', 'town']) {
        expect(await takeTurn(run, prompt)).toBe('ours')
        run.upload(answerTo(prompt))
      }
      await run.finish()
      expect(kindsOf(events)).toEqual(['remote-failed', 'remote-unsent'])
      expect(events.at(-1)).toMatchObject({ pictures: 3 })
    },
  )

  it.each([
    ['0.04 and 0.02', [0.04, 0.02], 0.06],
    ['one of unknown price', [0.04, null], null],
    ['free ones', [0, 0], 0],
  ])('that was down reports what may be paid twice: %s', async (_, prices, usd) => {
    const store = createMemoryStore()
    store.fault = () => {
      throw down()
    }
    const { run, events } = open(store)
    for (const [index, each] of prices.entries()) {
      const turn = { asset: `a${index}`, usd: each, images: 1 }
      const request = requestFor(turn.asset)
      expect((await run.takeTurn(request, undefined, turn)).kind).toBe('ours')
      run.settle(request)
    }
    await run.finish()
    expect(events.slice(1)).toEqual([
      { type: 'remote-unasked', store: 'memory', assets: ['a0', 'a1'], usd, isSent: true },
    ])
  })

  it('that is lost midway reports only the requests that it was not asked about', async () => {
    const store = createMemoryStore()
    const { run, events } = open(store)
    const turn = (asset: string): TurnOptions => ({ asset, usd: 0.04, images: 1 })
    await run.takeTurn(requestFor('a'), undefined, turn('a'))
    store.fault = () => {
      throw down()
    }
    await run.takeTurn(requestFor('b'), undefined, turn('b'))
    await run.takeTurn(requestFor('a'), undefined, turn('a'))
    run.settle(requestFor('a'))
    run.settle(requestFor('b'))
    await run.finish()
    expect(events.at(-1)).toMatchObject({ type: 'remote-unasked', assets: ['b'], usd: 0.04 })
  })

  it.each([
    ['unreachable', down],
    ['denied', (): Error => denied('memory')],
    ['lost during the look-up', down],
  ])('that is required pays for nothing while it is %s', async (state, error) => {
    const store = createMemoryStore()
    store.fault = (_, key) => {
      if (state !== 'lost during the look-up' || key.includes('/requests/')) throw error()
    }
    const { run, events } = open(store, { isRequired: true })
    const turn = run.takeTurn(requestFor('sea'), undefined, { asset: 'a', usd: 0.04, images: 1 })
    await expect(turn).rejects.toMatchObject({ code: (error() as LimnError).code })
    await run.finish()
    expect(kindsOf(events)).toEqual(['remote-failed'])
    store.fault = () => {}
    expect(await takeTurn(open(store).run, 'sea')).toBe('ours')
  })

  it.each([
    ['read-only', denied],
    ['full', full],
  ])('that is %s reads, reports once, and does not try every upload', async (_, error) => {
    const store = createMemoryStore()
    const { run: other } = open(store)
    other.upload(answerTo('sea'))
    await other.finish()
    store.fault = (operation) => {
      if (operation === 'putIfAbsent' || operation === 'delete') throw error('memory')
    }
    const { run, events } = open(store)
    expect(await takeTurn(run, 'sea')).toBe('found')
    for (const prompt of ['hill', 'town', 'moor', 'lake', 'fen', 'bay', 'dune', 'cove']) {
      expect(await takeTurn(run, prompt)).toBe('ours')
      run.upload(answerTo(prompt))
    }
    store.calls.length = 0
    await run.finish()
    expect(kindsOf(events)).toEqual(['remote-unsent'])
    expect(events[0]).toMatchObject({ pictures: 8, error: { code: error('memory').code } })
    expect(
      store.calls.filter((call) => call.startsWith('putIfAbsent v1/pictures')).length,
    ).toBeLessThan(8)
  })

  it.each([
    ['a connection that was closed', (): Error => new TypeError('fetch failed')],
    ['a server that was busy', down],
  ])('finds what the store has although one read fails: %s', async (_, error) => {
    const store = createMemoryStore()
    const { run: other } = open(store)
    other.upload(answerTo('sea'))
    await other.finish()
    for (let failing = 1; failing <= 5; failing++) {
      let reads = 0
      store.fault = (operation) => {
        if (operation === 'get' && ++reads === failing) throw error()
      }
      const { run, events } = open(withTimeouts(store))
      expect(await takeTurn(run, 'sea')).toBe('found')
      expect(events).toEqual([])
    }
  })

  it('that is lost midway keeps what it has, and reports the rest', async () => {
    const store = createMemoryStore()
    let puts = 0
    store.fault = (operation, key) => {
      if (operation === 'putIfAbsent' && key.includes('/pictures/')) puts++
      if (puts > 2) throw down()
    }
    const { run, events } = open(store)
    const prompts = ['sea', 'hill', 'town', 'moor', 'lake', 'fen']
    for (const prompt of prompts) run.upload(answerTo(prompt))
    await run.finish()
    const [uploaded, unsent] = events as { pictures: number }[]
    expect(kindsOf(events).at(-1)).toBe('remote-unsent')
    expect((unsent ?? uploaded)!.pictures).toBeGreaterThanOrEqual(4)
  })

  it('retries an upload that fails for a moment', async () => {
    const store = createMemoryStore()
    let failures = 0
    store.fault = (operation) => {
      if (operation === 'head' && failures++ < 2) throw down()
    }
    const { run, events } = open(store)
    run.upload(answerTo('sea'))
    await run.finish()
    expect(events).toEqual([{ type: 'remote-uploaded', store: 'memory', pictures: 1 }])
  })

  it('ends its uploads at once when it is told to quit', async () => {
    const store = createMemoryStore()
    store.fault = (_, __, options) => untilAborted(options)
    const quit = new AbortController()
    const { run, events } = open(store, { quit: quit.signal })
    run.upload(answerTo('sea'))
    setImmediate(() => quit.abort())
    await run.finish()
    expect(events).toMatchObject([{ type: 'remote-unsent', pictures: 1 }])
  })

  it.each([
    ['read-only', (): Error => denied('memory')],
    ['full', (): Error => full('memory')],
    ['lost midway', down],
  ])('says which pictures only this machine has if the store is %s', async (_, error) => {
    const store = createMemoryStore()
    let puts = 0
    store.fault = (operation) => {
      if (operation === 'putIfAbsent' && ++puts > 2) throw error()
    }
    const { run, events } = open(store, { isOnlyCopy: true })
    const sent = ['sea', 'hill', 'town'].map((prompt) =>
      run.upload({ ...answerTo(prompt), path: `images/${prompt}.png` }),
    )
    await run.finish()
    const stored = (await Promise.all(sent)).filter(Boolean).length
    const unsent = events.find((event) => event.type === 'remote-unsent')!
    expect(unsent).toMatchObject({ isOnlyCopy: true, error: { code: (error() as LimnError).code } })
    expect(unsent.paths).toHaveLength(3 - stored)
  })

  it.each([
    ['waits for a slow upload of pictures that only this machine has', true, 'remote-uploaded'],
    ['does not wait as long for pictures that git has', false, 'remote-unsent'],
  ])('%s', async (_, isOnlyCopy, expected) => {
    const store = createMemoryStore()
    const clock = createManualClock()
    let upload = (): void => {}
    store.fault = async (operation, key, { signal }) => {
      if (operation !== 'putIfAbsent' || !key.includes('/pictures/')) return
      await new Promise<void>((resolve, reject) => {
        upload = resolve
        signal?.addEventListener('abort', () => reject(signal.reason as Error))
      })
    }
    const { run, events } = open(store, { isOnlyCopy, clock })
    void run.upload(answerTo('sea'))
    const finished = run.finish()
    await clock.advance(200_000)
    upload()
    await finished
    expect(kindsOf(events)).toEqual([expected])
  })

  it('uploads nothing that came from the store', async () => {
    const store = createMemoryStore()
    const first = open(store).run
    first.upload(answerTo('sea'))
    await first.finish()
    const { run } = open(store)
    await takeTurn(run, 'sea')
    store.calls.length = 0
    run.upload(answerTo('sea'))
    await run.finish()
    expect(store.calls).toEqual([])
  })

  it('releases the claim on a request whose earlier upload failed', async () => {
    const store = createMemoryStore()
    const { run } = open(store)
    await takeTurn(run, 'sea')
    store.fault = (operation, key) => {
      if (operation === 'putIfAbsent' && key.includes('/pictures/')) throw denied('memory')
    }
    run.upload(answerTo('sea'))
    await run.finish()
    expect(await takeTurn(run, 'sea')).toBe('ours')
    run.settle(requestFor('sea'))
    await run.finish()
    expect(await takeTurn(open(store).run, 'sea')).toBe('ours')
  })

  it('reports a damaged object once', async () => {
    const store = createMemoryStore()
    const first = open(store).run
    first.upload(answerTo('sea'))
    await first.finish()
    for (const key of store.objects.keys()) {
      if (key.includes('/pictures/')) store.objects.set(key, Buffer.from('x'))
    }
    const { run, events } = open(store)
    expect(await takeTurn(run, 'sea')).toBe('ours')
    run.settle(requestFor('sea'))
    await run.finish()
    expect(await takeTurn(run, 'sea')).toBe('ours')
    expect(kindsOf(events)).toEqual(['remote-damaged'])
  })
})
