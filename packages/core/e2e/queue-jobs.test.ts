import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Queue } from 'bullmq'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { errors } from '../../../fixtures/openai-server/index.ts'
import {
  redisMissing,
  type RedisServer,
  startRedis,
  withRedis,
} from '../../../fixtures/redis-server.ts'
import { hashRequest, type ImageRequest } from '../src/identity/request.ts'
import { openProject } from '../src/project/project.ts'
import type { OnWorkerEvent, WorkerEvent } from '../src/project/queue.ts'
import { type OpenQueue, openQueue } from '../src/queue/open-queue.ts'
import { createOrderRecords } from '../src/queue/order-record.ts'
import { parseQueueAddress } from '../src/queue/queue-address.ts'
import { writeJournalEntry } from '../src/store/journal.ts'
import { createTestProject, smallManifest, type TestProject } from './test-project.ts'

describe.skipIf(redisMissing !== undefined)(withRedis('a job'), () => {
  let redis: RedisServer
  let names = 0
  beforeAll(async () => void (redis = await startRedis()))
  afterAll(() => redis.close())

  type Pair = {
    project: TestProject
    address: string
    store: string
    link: OpenQueue
    /** Starts a worker in the folder of the project. It ends after the test. */
    work(options?: { maxUsd?: number; retryUncertain?: boolean }): WorkerEvent[]
    requestOf(name: string): Promise<ImageRequest>
  }

  /** Creates a project with a store, and a queue of its own. */
  async function createPair(manifest: string, files: Record<string, string> = {}): Promise<Pair> {
    const store = mkdtempSync(join(tmpdir(), 'limn-store-'))
    const env = { LIMN_REMOTE: store }
    const all = { 'images.yaml': manifest, ...files }
    const project = await createTestProject({ files: all, server: true, env })
    const address = `${redis.url}#q${names++}`
    const link = await openQueue(parseQueueAddress(address, {}))
    const stop = new AbortController()
    const working: Promise<void>[] = []
    onTestFinished(async () => {
      stop.abort()
      await Promise.all(working)
      link.client.disconnect()
      rmSync(store, { recursive: true, force: true })
    })
    return {
      project,
      address,
      store,
      link,
      work(options = {}) {
        const events: WorkerEvent[] = []
        const onEvent: OnWorkerEvent = (event) => events.push(event)
        const { signal } = stop
        working.push(project.project.work({ queue: address, onEvent, signal, ...options }))
        return events
      },
      async requestOf(name) {
        const { steps } = await project.plan()
        const step = steps.find(({ asset }) => asset === name)
        if (step?.kind !== 'generate') throw new Error(`${name} is not generated.`)
        return step.request
      },
    }
  }

  test('has its inputs and masks, and shares the picture of an equal request', async () => {
    const manifest = `${smallManifest({ base: 'A mug', same: 'A mug' })}  red: { prompt: Make it red, edit: { image: base }, alt: x }\n  more: { prompt: Cups, candidates: 2, alt: x }\n`
    const { project, address, work } = await createPair(manifest)
    work()
    const { failed, generated, recovered } = await project.generate({ queue: address })
    expect(failed).toEqual([])
    expect(generated + recovered).toBe(4)
    const prompts = project.server.requests.map(({ body }) => body['prompt'])
    expect(prompts.filter((prompt) => prompt === 'A mug')).toHaveLength(1)
    expect(project.bytes('images/same.png')).toEqual(project.bytes('images/base.png'))
    const edit = project.server.requests.find(({ path }) => path.endsWith('/edits'))
    expect(edit?.status).toBe(200)
    expect(project.list('.limn/candidates').length).toBeGreaterThan(0)
    // The worker has given everything to the store.
    expect(project.list('.limn/worker/journal')).toEqual([])
  })

  test('leaves nothing to upload where only the store keeps masters', async () => {
    const manifest = smallManifest({ hero: 'A mug' }, 'provider: openai\nmasters: remote')
    const { project, address, work, store } = await createPair(manifest)
    work()
    expect(await project.generate({ queue: address })).toMatchObject({ generated: 1, unsent: 0 })
    expect(project.list('.limn/unsent')).toEqual([])
    const clone = await createTestProject({
      files: { 'images.yaml': manifest, 'images.lock': project.text('images.lock') },
      env: { LIMN_REMOTE: store },
    })
    expect(await clone.cli(['cache', 'pull'])).toMatchObject({ code: 0 })
    expect(clone.bytes('images/hero.png')).toEqual(project.bytes('images/hero.png'))
  })

  test('replaces a picture on purpose, each time', async () => {
    const { project, address, work } = await createPair(smallManifest({ hero: 'A mug' }))
    work()
    await project.generate({ queue: address })
    for (const requests of [2, 3]) {
      await project.generate({ queue: address, names: ['hero'], force: true })
      expect(project.server.requests).toHaveLength(requests)
    }
    await project.expectUpToDate()
  })

  test('waits while the store is away, and is not paid for twice', async () => {
    const { project, address, store, work } = await createPair(smallManifest({ hero: 'A mug' }))
    const events = work()
    await expect.poll(() => events.map(({ type }) => type)).toContain('worker-ready')
    project.server.next({ kind: 'delay', ms: 400 })
    const run = project.generate({ queue: address })
    await expect.poll(() => project.server.requests.length).toBe(1)
    renameSync(store, `${store}-away`)
    await expect.poll(() => events.map(({ type }) => type)).toContain('remote-awaited')
    renameSync(`${store}-away`, store)
    expect(await run).toMatchObject({ generated: 1, failed: [] })
    expect(project.server.requests).toHaveLength(1)
  })

  test('reaches the store although the disk of its worker fails, and that worker leaves', async () => {
    const assets = { hero: 'A mug', team: 'Four people', sea: 'A sea' }
    const { project, address, work } = await createPair(
      smallManifest(assets, 'provider: openai\nlimits: { inFlight: 1 }'),
    )
    const journal = join(project.root, '.limn/worker/journal')
    const events: WorkerEvent[] = []
    const onEvent: OnWorkerEvent = (event) => events.push(event)
    const working = project.project.work({ queue: address, onEvent })
    const left = expect(working).rejects.toMatchObject({ code: expect.stringMatching(/^store\//) })
    await expect.poll(() => events.map(({ type }) => type)).toContain('worker-ready')
    // The second request is sent before the first picture is written, the third only after that.
    for (let i = 0; i < 2; i++) project.server.next({ kind: 'delay', ms: 1000 })
    const run = project.generate({ queue: address })
    await expect.poll(() => project.server.requests.length).toBe(1)
    rmSync(journal, { recursive: true, force: true })
    writeFileSync(journal, '')
    await left
    rmSync(journal)
    work()
    expect(await run).toMatchObject({ failed: [] })
    expect(project.server.requests).toHaveLength(3)
    await project.expectUpToDate()
  })

  test('is not sent again after its worker died, unless the user says so', async () => {
    const pair = await createPair(smallManifest({ hero: 'A mug', team: 'Four people' }))
    const { project, address, link, work, requestOf } = pair
    const records = createOrderRecords(link)
    const id = hashRequest(await requestOf('hero'))
    await records.open(id)
    await records.markSent(id, 'a worker that died', undefined)
    work()
    const first = await project.generate({ queue: address })
    expect(first.failed).toMatchObject([
      { asset: 'hero', error: { code: 'queue/failed', isUncertain: true } },
    ])
    expect(first.usd, 'counts what may have been billed').toBeGreaterThan(0.015)
    expect(project.server.requests).toHaveLength(1)
    // To run the command again is to say so.
    expect(await project.generate({ queue: address })).toMatchObject({ generated: 1, failed: [] })
  })

  test('is taken over with --retry-uncertain', async () => {
    const pair = await createPair(smallManifest({ hero: 'A mug' }))
    const { project, address, link, work, requestOf } = pair
    const records = createOrderRecords(link)
    const id = hashRequest(await requestOf('hero'))
    await records.open(id)
    await records.markSent(id, 'a worker that died', undefined)
    work({ retryUncertain: true })
    expect(await project.generate({ queue: address })).toMatchObject({ generated: 1, failed: [] })
  })

  test.each([
    ['may spend no more', { maxUsd: 0.02 }, undefined, 'budget/exceeded', 3],
    ['has spent what its account has', {}, errors.billingHardLimit, 'provider/quota', 4],
    ['has a key that the server rejects', {}, errors.invalidApiKey, 'provider/auth', 4],
  ])('is left to others by a worker that %s', async (_, limits, fault, code, requests) => {
    const { project, address, work } = await createPair(smallManifest({ a: 'A', b: 'B', c: 'C' }))
    if (fault !== undefined) project.server.next(fault)
    const unable = openProject({ cwd: project.root, env: project.env })
    const leaves = expect(unable.work({ queue: address, jobs: 1, ...limits })).rejects
    const run = project.generate({ queue: address })
    await leaves.toMatchObject({ code })
    work()
    expect(await run).toMatchObject({ generated: 3, failed: [] })
    expect(project.server.requests).toHaveLength(requests)
  })

  test('is taken back when the run stops before a worker begins', async () => {
    const { project, address, link } = await createPair(smallManifest({ a: 'A', b: 'B' }))
    const queue = new Queue(link.name, { connection: link.connection })
    onTestFinished(() => queue.close())
    const stop = new AbortController()
    const run = project.project.generate({ queue: address, signal: stop.signal })
    await expect.poll(() => queue.getJobCountByTypes('waiting')).toBe(2)
    stop.abort()
    const { failed, usd } = await run
    expect(failed.map(({ error }) => error)).toMatchObject([
      { code: 'aborted' },
      { code: 'aborted' },
    ])
    expect(usd).toBe(0)
    expect(await queue.getJobCountByTypes('waiting')).toBe(0)
  })

  test('whose picture a dead worker received is not paid for again', async () => {
    const pair = await createPair(smallManifest({ hero: 'A mug' }))
    const { project, address, link, work, requestOf } = pair
    const request = await requestOf('hero')
    const records = createOrderRecords(link)
    await records.open(hashRequest(request))
    await records.markSent(hashRequest(request), 'a worker that died', undefined)
    const bytes = await sharp({
      create: { width: 816, height: 816, channels: 3, background: 'red' },
    })
      .png()
      .toBuffer()
    const made = { provider: 'openai', at: new Date().toISOString(), usd: 0.01 }
    const folder = join(project.root, '.limn/worker/journal')
    const key = hashRequest(request)
    await writeJournalEntry(folder, { key, bytes, receipt: { request, made, asset: 'hero' } })
    const events = work()
    // The order has paid for it, so it counts.
    const result = await project.generate({ queue: address })
    expect(result).toMatchObject({ generated: 1, usd: 0.01, failed: [] })
    expect(events).toContainEqual({ type: 'leftovers-stored', pictures: 1 })
    expect(project.server.requests).toEqual([])
    expect(project.bytes('images/hero.png')).toEqual(bytes)
  })

  test('that Limn did not place is rejected, and sends nothing', async () => {
    const { project, link, work, requestOf } = await createPair(smallManifest({ hero: 'A mug' }))
    const request = await requestOf('hero')
    const queue = new Queue(link.name, { connection: link.connection })
    onTestFinished(() => queue.close())
    const order = { asset: 'hero', request, images: 1, usd: 1, replaces: null }
    const data = { version: 1, ...order, inputs: [], outputs: [] }
    await queue.add('picture', { ...data, baseURL: 'http://evil.example' }, { jobId: 'a1' })
    await queue.add('picture', data, { jobId: 'another' })
    await queue.add('x', 'text', { jobId: 'b1' })
    await queue.add('picture', { ...data, usd: 0.000001 }, { jobId: hashRequest(request) })
    const events = work()
    await expect
      .poll(() => events.flatMap((event) => (event.type === 'job-failed' ? [event.error] : [])))
      .toMatchObject([
        { code: 'queue/failed' },
        { code: 'queue/failed' },
        { code: 'queue/failed' },
        { code: 'budget/exceeded' },
      ])
    expect(project.server.requests).toEqual([])
  })

  test('needs a store', async () => {
    const project = await createTestProject({ files: { 'images.yaml': smallManifest({ a: 'A' }) } })
    mkdirSync(join(project.root, 'elsewhere'))
    for (const args of [['generate', '--yes'], ['worker']]) {
      const { code, stderr } = await project.cli([...args, '--queue', redis.url])
      expect(code).toBe(1)
      expect(stderr).toContain('A queue needs a remote store for its pictures.')
    }
    const batch = await project.cli(['generate', '--batch', '--queue', redis.url])
    expect(batch.stderr).toContain('--queue and --batch exclude each other.')
    const missing = await project.cli(['worker'])
    expect(missing.stderr).toContain('limn worker requires the address of a queue.')
  })
})
