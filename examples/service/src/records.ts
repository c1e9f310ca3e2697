import { join } from 'node:path'
import { z } from 'zod'
import { readIfExists, writeDurably } from './files.ts'

const record = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('drawn'),
    /** ISO 8601 in UTC. */
    created: z.string(),
    /** Paths of the pictures, relative to the folder of the project. */
    files: z.array(z.string()).min(1),
  }),
  z.object({ state: z.literal('refused'), message: z.string() }),
])

/** The outcome of an order that will not change. */
export type OrderRecord = z.output<typeof record>
export type Drawn = Extract<OrderRecord, { state: 'drawn' }>
/** Moderation refused the order: another request could cost money, and changes nothing. */
export type Refused = Extract<OrderRecord, { state: 'refused' }>

/** Reads the outcome of an order; `undefined` if there is none yet. */
export async function readRecord(folder: string): Promise<OrderRecord | undefined> {
  const text = await readIfExists(pathIn(folder))
  if (text === undefined) return undefined
  try {
    return record.parse(JSON.parse(text))
  } catch {
    // Limn's own files say what was paid for: the record is written again.
    return undefined
  }
}

/** Writes the outcome of an order. */
export async function writeRecord(folder: string, outcome: OrderRecord): Promise<void> {
  await writeDurably(pathIn(folder), `${JSON.stringify(outcome)}\n`)
}

function pathIn(folder: string): string {
  return join(folder, 'picture.json')
}
