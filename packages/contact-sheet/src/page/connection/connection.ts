import type { ReadonlySignal } from '@preact/signals'
import type { CallError, Calls, PictureRef, ToPage } from '../../protocol.ts'

/**
 * `closed` after a connection was lost, until it is open again; `unreachable` if it never opened. A
 * report is always `open`.
 */
export type ConnectionStatus = 'connecting' | 'open' | 'closed' | 'unreachable'

/** What a server sends without being called. */
export type ServerEvent = Extract<ToPage, { type: 'changed' | 'run' }>

/** The page's only way to its server, whatever that is. */
export type Connection = {
  /** Where the page runs. In a `report` every call that writes or spends fails. */
  host: 'dev' | 'ui' | 'report'
  status: ReadonlySignal<ConnectionStatus>
  /** When the report was made, ISO 8601 in UTC; absent with a server. */
  reportedAt?: string
  /**
   * Calls the server.
   *
   * @throws CallFailure if the server refuses, or if the connection is lost.
   */
  call<Name extends keyof Calls>(
    name: Name,
    input: Calls[Name]['input'],
  ): Promise<Calls[Name]['output']>
  /** Calls `listener` for every event, until the returned function is called. */
  listen(listener: (event: ServerEvent) => void): () => void
  /** The address of a picture; `null` if a report does not contain it. */
  urlOf(ref: PictureRef): string | null
}

/** A call that failed, in the words of the server. */
export class CallFailure extends Error {
  readonly code: string
  readonly hint: string

  constructor({ code, message, hint }: CallError) {
    super(message)
    this.code = code
    this.hint = hint
  }
}

/** Why something failed, in English. The page translates it by its code. */
export type Failure = { message: string; hint: string; code?: string }

/** Returns why a call failed, for a person. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof CallFailure) {
    const { message, hint, code } = error
    return { message, hint, code }
  }
  return { message: error instanceof Error ? error.message : String(error), hint: '' }
}
