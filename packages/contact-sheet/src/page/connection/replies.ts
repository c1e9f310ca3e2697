import type { CallError, Calls, ToPage, ToServer } from '../../protocol.ts'
import { CallFailure, type ServerEvent } from './connection.ts'

type Waiting = { resolve: (output: never) => void; reject: (error: CallFailure) => void }

/** Calls that wait for their reply, and listeners of events. */
export type Replies = {
  /** Sends a call and returns its output. */
  call<Name extends keyof Calls>(
    name: Name,
    input: Calls[Name]['input'],
    send: (message: ToServer) => void,
  ): Promise<Calls[Name]['output']>
  /** Passes a message on to the call or the listeners that it is for. */
  receive(message: ToPage): void
  /** Fails every call that waits: the connection is lost. */
  fail(error: CallError): void
  listen(listener: (event: ServerEvent) => void): () => void
}

/** Creates the part of a connection that matches replies with calls. */
export function createReplies(): Replies {
  const waitingById = new Map<number, Waiting>()
  const listeners = new Set<(event: ServerEvent) => void>()
  let lastId = 0
  return {
    call(name, input, send) {
      lastId += 1
      const id = lastId
      return new Promise((resolve, reject) => {
        waitingById.set(id, { resolve, reject })
        send({ id, call: name, input } as ToServer)
      })
    },
    receive(message) {
      if (message.type !== 'reply') {
        for (const listener of listeners) listener(message)
        return
      }
      const waiting = waitingById.get(message.id)
      waitingById.delete(message.id)
      if ('error' in message) waiting?.reject(new CallFailure(message.error))
      else waiting?.resolve(message.output as never)
    },
    fail(error) {
      for (const { reject } of waitingById.values()) reject(new CallFailure(error))
      waitingById.clear()
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
