import type { Calls, PictureRef, Sheet, ToPage } from '@limn/contact-sheet'
import { LimnError } from '../../errors.ts'
import { isObject } from '../../is-object.ts'
import { toCallError } from './call-error.ts'
import type { Call } from './call.ts'
import { calls } from './calls.ts'
import type { SheetContext } from './context.ts'
import type { SheetHost } from './host.ts'
import { createProjectReader } from './project-reader.ts'
import { createSheet } from './read-sheet.ts'
import { createSheetRuns, type RequestFailure, type SheetRuns, type ShownRun } from './runs.ts'
import { type SentPicture, sendPicture } from './send-picture.ts'
import { trackSheetChanges } from './sheet-changes.ts'
import { openThumbs } from './thumbs.ts'

/** What the server of a page sends without being called. */
type SheetEvent = Exclude<ToPage, { type: 'reply' }>
type Reply = Extract<ToPage, { type: 'reply' }>

/** One contact sheet, shared by all its pages. */
export type SheetSession = {
  /** Answers a message of a page; `undefined` if it is no call at all. Never throws. */
  receive(message: unknown): Promise<Reply | undefined>
  /** Passes every event on to a page, until the returned function is called. */
  listen(send: (event: SheetEvent) => void): () => void
  /**
   * Returns a picture of the page; `undefined` if there is none.
   *
   * @param signal takes the request out of the queue
   * @throws LimnError
   */
  picture(ref: PictureRef, signal?: AbortSignal): Promise<SentPicture | undefined>
  /** Reads the project again, and sends the pages what changed. Never throws. */
  update(): Promise<void>
  /** Shows a run of the host. */
  showRun(stop: () => void): ShownRun
  /**
   * Stops the runs that a page started, and starts no other one. Resolves when every call has been
   * answered.
   */
  close(): Promise<void>
}

/** Creates the contact sheet of a project. Reads nothing until a page asks. */
export function createSheetSession(host: SheetHost): SheetSession {
  const listeners = new Set<(event: SheetEvent) => void>()
  const send = (event: SheetEvent): void => {
    for (const listener of listeners) listener(event)
  }
  const runs = createSheetRuns((run) => send({ type: 'run', run }))
  const context = createContext(host, { runs, send })
  const thumbs = openThumbs(host.project.paths)
  const answering = new Set<Promise<unknown>>()
  return {
    receive(message) {
      const answer = receive(message, context)
      answering.add(answer)
      return answer.finally(() => answering.delete(answer))
    },
    listen(listener) {
      listeners.add(listener)
      if (runs.view !== null) listener({ type: 'run', run: runs.view })
      return () => void listeners.delete(listener)
    },
    picture: (ref, signal) => sendPicture(ref, { ...context, thumbs, signal }),
    // A page that opens later reads everything.
    update: async () => (listeners.size === 0 ? undefined : context.update()),
    showRun: runs.start,
    async close() {
      runs.close()
      await Promise.all(answering)
    },
  }
}

/** Creates what the calls of a session work with. */
function createContext(
  host: SheetHost,
  { runs, send }: { runs: SheetRuns; send: (event: SheetEvent) => void },
): SheetContext {
  const reader = createProjectReader(host)
  const changes = trackSheetChanges()
  /** A failure of this session is known in full, an earlier one by its code. */
  function failureOf(asset: string): RequestFailure | undefined {
    const known = runs.failureByAsset.get(asset)
    const outcome = reader.outcomeByAsset.get(asset) ?? 'ok'
    if (known !== undefined) return known
    if (['ok', 'sent'].includes(outcome)) return undefined
    return { code: outcome, message: `the last request failed (${outcome})` }
  }
  /** Returns the sheet of the last read. All pages get what is new in it. */
  function publish(): Sheet {
    const { mistakes, spentThisMonth } = reader
    const devLeft = host.spending.leftUsd()
    const { paths } = host.project
    const sheet = createSheet(reader.state, { paths, mistakes, spentThisMonth, devLeft, failureOf })
    const changed = changes.next(sheet)
    if (changed !== undefined) send(changed)
    return sheet
  }
  return {
    host,
    runs,
    failureOf,
    requireState: reader.require,
    async sheet() {
      await reader.refresh(false)
      return publish()
    },
    async update({ isFresh = false } = {}) {
      if (!reader.hasRead) return
      await reader.refresh(isFresh)
      if (changes.hasPages) publish()
    },
  }
}

/** Answers a message of a page, which anybody may have written. */
async function receive(message: unknown, context: SheetContext): Promise<Reply | undefined> {
  if (!isObject(message) || !Number.isSafeInteger(message['id'])) return undefined
  const { id, call: name, input } = message as { id: number; call: unknown; input: unknown }
  try {
    const call = findCall(name)
    const output = await call.run(context, call.input(input, 'input') as never)
    if (call.writes === true) await context.update({ isFresh: true })
    return { type: 'reply', id, output }
  } catch (error) {
    return { type: 'reply', id, error: toCallError(error, context.host) }
  }
}

function findCall(name: unknown): Call<keyof Calls> {
  const call =
    typeof name === 'string' && Object.hasOwn(calls, name) ? calls[name as keyof Calls] : undefined
  if (call === undefined) {
    throw new LimnError('usage', "The page calls something that this version of Limn can't do.", {
      hint: 'Reload the page.',
    })
  }
  return call as unknown as Call<keyof Calls>
}
