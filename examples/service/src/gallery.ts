import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type HistoryEntry, type LimnEvent, openProject, type Plan, type Project } from '@limn/core'
import type { Caller, Config } from './config.ts'
import { readIfExists, writeDurably } from './files.ts'
import type { Ledger, Reservation } from './ledger.ts'
import { ASSET, formatManifest, idOf, type Order } from './order.ts'
import { Problem, toProblem } from './problem.ts'
import { readRecord, type Drawn, type Refused, writeRecord } from './records.ts'
import { createSlots, shuttingDown } from './slots.ts'

/*
 * Each order is a Limn project of its own, in the folder that its id names. So every order has its
 * own lockfile, journal and history: Limn keeps what it paid for through a crash, and orders run
 * side by side. `picture.json` records the outcome, so that a repeated order reads one small file.
 */

/** Pictures, and what this request paid for them, USD: 0 if they existed. */
export type Answer = Drawn & { id: string; usd: number; isCached: boolean }

export type Gallery = {
  /**
   * Returns the pictures of an order. Pays only if nobody has ordered them before; equal orders at
   * the same time share one request to the model.
   *
   * @throws Problem
   */
  draw(order: Order, caller: Caller): Promise<Answer>
  /** Returns the absolute path of picture `number`, from 1; `undefined` if there is none. */
  find(id: string, number: number): Promise<string | undefined>
  /** Settles what an earlier process left open, and recovers its pictures. Pays nothing. */
  recover(): Promise<void>
  /** Refuses new orders, and waits for those in flight. */
  close(): Promise<void>
}

export type GalleryOptions = {
  config: Config
  /** Keys and base URLs of the providers. */
  env: Readonly<Record<string, string | undefined>>
  secret: Uint8Array
  ledger: Ledger
  /** Abandons what is in flight. Received pictures are still stored. */
  quit: AbortSignal
  onEvent?: (id: string, event: LimnEvent) => void
  /** Receives what fails while no caller waits for it. */
  onError?: (id: string, error: unknown) => void
}

/** Opens the gallery in the data folder. */
export function openGallery(options: GalleryOptions): Gallery {
  const { config, env, secret, ledger } = options
  const slots = createSlots({ size: config.inFlight, waiting: config.waiting })
  const flightById = new Map<string, Promise<Answer>>()
  let isClosed = false
  const folderOf = (id: string): string => join(config.data, 'pictures', id.slice(0, 2), id)
  const open = (id: string): Project => openProject({ cwd: folderOf(id), env })

  /** Pays for an order, unless its project has the picture. */
  async function make(id: string, order: Order, caller: Caller): Promise<Answer> {
    const folder = folderOf(id)
    const recorded = await readRecord(folder)
    if (recorded !== undefined) return { ...requireDrawn(recorded), id, usd: 0, isCached: true }
    if (isClosed) throw shuttingDown()
    const isNew = await prepare(folder, order)
    const project = open(id)
    const reservation = await reserve(id, { project, order, caller }).catch(async (error) => {
      // An order that is refused leaves nothing behind.
      if (isNew) await rm(folder, { recursive: true, force: true })
      throw error
    })
    try {
      return await slots.run(() => generate(id, { project, maxUsd: reservation.usd }))
    } finally {
      await settle(reservation, project)
    }
  }

  /** Writes the manifest of an order. @returns whether there was none */
  async function prepare(folder: string, order: Order): Promise<boolean> {
    const path = join(folder, 'images.yaml')
    const text = formatManifest({ [ASSET]: order }, config.manifest)
    const existing = await readIfExists(path)
    if (existing !== text) await writeDurably(path, text)
    return existing === undefined
  }

  /** Sets aside the most that an order can cost. */
  async function reserve(
    id: string,
    { project, order, caller }: { project: Project; order: Order; caller: Caller },
  ): Promise<Reservation> {
    const { plan } = await project.plan()
    const usd = requirePrice(plan, order)
    return ledger.reserve(caller, { id, usd, before: sumUsd(await project.history()) })
  }

  /** Generates the picture of a project, and records the outcome. */
  async function generate(
    id: string,
    { project, maxUsd }: { project: Project; maxUsd: number },
  ): Promise<Answer> {
    const before = sumUsd(await project.history())
    const run = project.generate({ derive: false, maxUsd, quit: options.quit })
    for await (const event of run) options.onEvent?.(id, event)
    const { failed } = await run
    const [failure] = failed
    if (failure !== undefined) {
      const problem = toProblem(failure.error)
      if (problem.code === 'moderation_blocked') await writeRecord(folderOf(id), refusal(problem))
      throw problem
    }
    const drawn = await describe(project)
    await writeRecord(folderOf(id), drawn)
    return { ...drawn, id, usd: sumUsd(await project.history()) - before, isCached: false }
  }

  /** Settles a reservation. If that fails, it stays open, and the next start settles it. */
  async function settle(reservation: Reservation, project: Project): Promise<void> {
    try {
      await ledger.settle(reservation, sumUsd(await project.history()) - reservation.before)
    } catch (error) {
      options.onError?.(reservation.id, error)
    }
  }

  /** Recovers a picture that was received before the process ended. */
  async function recoverOne(reservation: Reservation): Promise<void> {
    const project = open(reservation.id)
    try {
      if ((await readIfExists(project.paths.manifest)) !== undefined) {
        await project.generate({ derive: false, freeOnly: true })
      }
    } catch (error) {
      options.onError?.(reservation.id, error)
    }
    await settle(reservation, project)
  }

  return {
    async draw(order, caller) {
      const id = idOf(order, secret)
      for (;;) {
        const flight = flightById.get(id)
        if (flight === undefined) break
        // oxlint-disable-next-line no-await-in-loop -- the next flight starts when this one ends
        const answer = await flight.catch(throwUnlessOfOther)
        if (answer !== undefined) return { ...answer, usd: 0, isCached: true }
      }
      const flight = make(id, order, caller).finally(() => flightById.delete(id))
      flightById.set(id, flight)
      return flight
    },
    async find(id, number) {
      const record = await readRecord(folderOf(id))
      const path = record?.state === 'drawn' ? record.files[number - 1] : undefined
      return path === undefined ? undefined : join(folderOf(id), path)
    },
    async recover() {
      for (const reservation of ledger.interrupted) {
        // oxlint-disable-next-line no-await-in-loop -- a start has time, and other work has none
        await recoverOne(reservation)
      }
    },
    async close() {
      isClosed = true
      slots.close()
      await Promise.allSettled(flightById.values())
    },
  }
}

/** The budget of another caller says nothing about this one. */
function throwUnlessOfOther(error: unknown): undefined {
  if (error instanceof Problem && error.code === 'budget_exceeded') return undefined
  throw error
}

function requireDrawn(record: Drawn | Refused): Drawn {
  if (record.state === 'drawn') return record
  throw new Problem('moderation_blocked', record.message, { param: 'prompt' })
}

function refusal({ message }: Problem): Refused {
  return { state: 'refused', message }
}

/** Describes the pictures of a project. */
async function describe(project: Project): Promise<Drawn> {
  const { entry, candidates } = await project.show(ASSET)
  const master = entry?.master
  if (entry === undefined || master == null) throw new Error('The project has no picture.')
  return {
    state: 'drawn',
    created: new Date().toISOString(),
    files: candidates.length > 0 ? candidates : [master.path],
  }
}

/**
 * Returns the most that a plan can cost, USD.
 *
 * @throws Problem if the model would receive another prompt, or the price is unknown
 */
function requirePrice({ steps, usd, unknownPrices }: Plan, { prompt }: Order): number {
  for (const step of steps) {
    if (step.kind === 'generate' && !step.request.prompt.includes(prompt)) {
      throw new Problem(
        'invalid_request',
        'The prompt has spaces or characters that would change.',
        { param: 'prompt' },
      )
    }
  }
  if (unknownPrices === 0) return usd
  throw new Problem('provider_unavailable', 'The price of this model is unknown.')
}

/** Sums up what the history of a project says about its cost, USD. */
function sumUsd(history: readonly HistoryEntry[]): number {
  return history.reduce(
    (sum, entry) =>
      entry.kind === 'request' || entry.kind === 'sum' ? sum + (entry.usd ?? 0) : sum,
    0,
  )
}
