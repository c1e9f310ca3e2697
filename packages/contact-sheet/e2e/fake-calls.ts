import type { Calls } from '../src/protocol.ts'

/** Answers of a fake server, by call. A function that throws refuses. */
export type FakeCalls = { [Name in keyof Calls]?: (input: Calls[Name]['input']) => unknown }
