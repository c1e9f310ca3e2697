import { appendFile, open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { z } from 'zod'
import type { Caller } from './config.ts'
import { readIfExists, writeDurably } from './files.ts'
import { Problem } from './problem.ts'

/*
 * The ledger is a file of JSON lines. A reservation is on the disk before the model is asked; the
 * line that settles it follows when the cost is known. A reservation without that line was
 * interrupted: the next start settles it with what Limn's own history says.
 */

const line = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sum'), caller: z.string(), month: z.string(), usd: z.number() }),
  z.object({
    kind: z.literal('reserve'),
    entry: z.string(),
    caller: z.string(),
    month: z.string(),
    /** The request, as the gallery names it. */
    id: z.string(),
    /** The most that it can cost, USD. */
    usd: z.number(),
    /** What the history of the request summed up to before, USD. */
    before: z.number(),
  }),
  z.object({ kind: z.literal('settle'), entry: z.string(), usd: z.number() }),
])

type Line = z.output<typeof line>

/** Money that is set aside for a request. */
export type Reservation = Extract<Line, { kind: 'reserve' }>

/** What a caller has spent and set aside this month, USD. */
type Spending = { month: string; spentUsd: number; reservedUsd: number; budgetUsd: number }

/** The budgets of all callers. */
export type Ledger = {
  /** Reservations that an earlier process left open, which count until they are settled. */
  readonly interrupted: readonly Reservation[]
  /** Sets money aside, durably. @throws Problem `budget_exceeded` */
  reserve(caller: Caller, request: Pick<Reservation, 'id' | 'usd' | 'before'>): Promise<Reservation>
  /** Replaces a reservation by what was spent, USD. */
  settle(reservation: Reservation, usd: number): Promise<void>
  spendingOf(caller: Caller): Spending
  close(): Promise<void>
}

/** Tolerance for sums of decimal fractions, USD. */
const EPSILON = 1e-9

/** Opens the ledger, and replaces its lines by their sums. */
export async function openLedger(
  path: string,
  now: () => Date = () => new Date(),
): Promise<Ledger> {
  const { spent, openByEntry } = replay((await readIfExists(path)) ?? '')
  const interrupted = [...openByEntry.values()]
  await writeDurably(path, formatLines([...sumsOf(spent), ...interrupted]))
  const lines = createAppender(await open(path, 'a'))
  const thisMonth = (): string => now().toISOString().slice(0, 7)
  const prefix = `${now().getTime().toString(36)}-${process.pid}`
  let serial = 0

  function spendingOf({ name, budgetUsd }: Caller): Spending {
    const month = thisMonth()
    const reservedUsd = [...openByEntry.values()]
      .filter((each) => each.caller === name && each.month === month)
      .reduce((sum, { usd }) => sum + usd, 0)
    return { month, spentUsd: spent.get(keyOf(name, month)) ?? 0, reservedUsd, budgetUsd }
  }

  return {
    interrupted,
    spendingOf,
    async reserve(caller, { id, usd, before }) {
      const { month, spentUsd, reservedUsd, budgetUsd } = spendingOf(caller)
      if (spentUsd + reservedUsd + usd > budgetUsd + EPSILON) throw overBudget(usd)
      const entry = `${prefix}-${serial++}`
      const reservation: Reservation = {
        kind: 'reserve',
        entry,
        caller: caller.name,
        month,
        id,
        usd,
        before,
      }
      openByEntry.set(entry, reservation)
      try {
        await lines.append(reservation)
      } catch (error) {
        openByEntry.delete(entry)
        throw error
      }
      return reservation
    },
    async settle({ entry, caller, month }, usd) {
      openByEntry.delete(entry)
      add(spent, keyOf(caller, month), usd)
      await lines.append({ kind: 'settle', entry, usd })
    },
    close: lines.close,
  }
}

function overBudget(usd: number): Problem {
  return new Problem(
    'budget_exceeded',
    `The request can cost $${usd.toFixed(4)}, which exceeds what is left of the budget of this API key this month.`,
  )
}

/** Sums up the lines of a file. Its last line may be torn. */
function replay(text: string): {
  spent: Map<string, number>
  openByEntry: Map<string, Reservation>
} {
  const spent = new Map<string, number>()
  const openByEntry = new Map<string, Reservation>()
  for (const each of parseLines(text)) {
    if (each.kind === 'sum') add(spent, keyOf(each.caller, each.month), each.usd)
    if (each.kind === 'reserve') openByEntry.set(each.entry, each)
    if (each.kind === 'settle') {
      const reservation = openByEntry.get(each.entry)
      if (reservation === undefined) continue
      openByEntry.delete(each.entry)
      add(spent, keyOf(reservation.caller, reservation.month), each.usd)
    }
  }
  return { spent, openByEntry }
}

/** @throws Error if a line other than the last one is damaged: a budget would be forgotten */
function parseLines(text: string): Line[] {
  const lines = text.split('\n')
  return lines.flatMap((each, index) => {
    if (each === '') return []
    const parsed = line.safeParse(tryParse(each))
    if (parsed.success) return [parsed.data]
    if (index === lines.length - 1) return []
    throw new Error(`Line ${index + 1} of the ledger is damaged.`)
  })
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function formatLines(lines: readonly Line[]): string {
  return lines.map((each) => `${JSON.stringify(each)}\n`).join('')
}

function sumsOf(spent: ReadonlyMap<string, number>): Line[] {
  return [...spent].map(([key, usd]) => {
    const [month = '', caller = ''] = key.split(' ')
    return { kind: 'sum', caller, month, usd }
  })
}

function keyOf(caller: string, month: string): string {
  return `${month} ${caller}`
}

function add(sums: Map<string, number>, key: string, usd: number): void {
  sums.set(key, (sums.get(key) ?? 0) + usd)
}

type Appender = { append(line: Line): Promise<void>; close(): Promise<void> }

/** Appends lines durably. Lines that arrive during a write share the next one. */
function createAppender(file: FileHandle): Appender {
  let pending: Line[] = []
  let writing = Promise.resolve()
  let next: Promise<void> | undefined
  async function write(): Promise<void> {
    next = undefined
    const lines = pending
    pending = []
    const { size } = await file.stat()
    try {
      await appendFile(file, formatLines(lines))
      await file.sync()
    } catch (error) {
      // A full disk can tear a line, and another one must not follow it.
      await file.truncate(size)
      throw error
    }
  }
  return {
    append(line) {
      pending.push(line)
      next ??= writing = writing.catch(() => {}).then(write)
      return next
    },
    async close() {
      await writing.catch(() => {})
      await file.close()
    },
  }
}
