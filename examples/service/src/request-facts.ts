import type { Caller } from './config.ts'

/** What is known about a request while it is answered: its caller, its order and its cost, USD. */
export type RequestFacts = { Variables: { caller?: Caller; id?: string; usd?: number } }
