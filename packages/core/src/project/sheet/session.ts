import type { Calls, PictureRef, Sheet, SheetAsset, ToPage } from '@limn/contact-sheet'
import { LimnError } from '../../errors.ts'
import type { HistoryEntry } from '../../history/entry.ts'
import { isObject } from '../../is-object.ts'
import { ManifestError } from '../../manifest/manifest-error.ts'
import { describeMistakes, toCallError } from './call-error.ts'
import type { Call } from './call.ts'
import { calls } from './calls.ts'
import type { SheetContext } from './context.ts'
import type { SheetHost } from './host.ts'
import { createSheet } from './read-sheet.ts'
import { createSheetRuns, type ShownRun } from './runs.ts'
import { type SentPicture, sendPicture } from './send-picture.ts'
import { indexState, type SheetState } from './session-state.ts'
import { openThumbs } from './thumbs.ts'

/** What the server of a page sends without being called. */
export type SheetEvent = Exclude<ToPage, { type: 'reply' }>
export type Reply = Extract<ToPage, { type: 'reply' }>

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
  /** Stops the runs that a page started. Resolves when every call has been answered. */
  close(): Promise<void>
}

/** Creates the contact sheet of a project. Reads nothing until a page asks. */
export function createSheetSession(host: SheetHost): SheetSession {
  const listeners = new Set<(event: SheetEvent) => void>()
  const send = (event: SheetEvent): void => {
    for (const listener of listeners) listener(event)
  }
  const runs = createSheetRuns((run) => send({ type: 'run', run }))
  const thumbs = openThumbs(host.project.paths)
  const reader = createReader(host, { runs, send })
  const context: SheetContext = {
    host,
    runs,
    failureOf: reader.failureOf,
    requireState: reader.requireState,
    sheet: reader.sheet,
    update: reader.update,
  }
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
    update: reader.update,
    showRun: runs.start,
    async close() {
      runs.stop()
      await Promise.all(answering)
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
    throw new LimnError('usage', 'The page calls something that this version of Limn cannot do.', {
      hint: 'Reload the page.',
    })
  }
  return call as unknown as Call<keyof Calls>
}

type Reader = Pick<SheetContext, 'requireState' | 'failureOf' | 'sheet' | 'update'>

/** Reads the project for the pages, one read at a time, and finds what changed. */
function createReader(
  host: SheetHost,
  { runs, send }: Pick<SheetContext, 'runs'> & { send: (event: SheetEvent) => void },
): Reader {
  let state: SheetState | undefined
  let failure: unknown
  let spentThisMonth = 0
  let outcomeByAsset = new Map<string, string>()
  let reading: Promise<void> = Promise.resolve()
  let next: Promise<void> | undefined
  let isNextFresh = false
  let sent: Map<string, string> | undefined

  async function read(isFresh: boolean): Promise<void> {
    try {
      state = indexState(await host.read({ isFresh }))
      failure = undefined
      spentThisMonth = await host.project.spentThisMonth()
      outcomeByAsset = lastOutcomes(await host.project.history())
    } catch (error) {
      failure = error
    }
  }
  /** Reads once for all who ask during a read. */
  function refresh(isFresh = false): Promise<void> {
    isNextFresh ||= isFresh
    next ??= reading.then(() => {
      next = undefined
      reading = read(isNextFresh)
      isNextFresh = false
      return reading
    })
    return next
  }
  const current = (): Sheet =>
    createSheet(state, {
      paths: host.project.paths,
      mistakes: mistakesOf(failure),
      spentThisMonth,
      devLeft: host.spending.leftUsd(),
      failureOf,
    })

  /** A failure of this session is known in full, an earlier one by its code. */
  function failureOf(asset: string): string | undefined {
    const known = runs.failureByAsset.get(asset)
    const outcome = outcomeByAsset.get(asset) ?? 'ok'
    if (known !== undefined) return known
    return outcome === 'ok' || outcome === 'sent'
      ? undefined
      : `the last request failed (${outcome})`
  }

  return {
    failureOf,
    async requireState() {
      if (state === undefined) await refresh()
      if (state === undefined) throw failure
      return state
    },
    async sheet() {
      await refresh()
      const sheet = current()
      sent = textByAsset(sheet.assets)
      return sheet
    },
    async update({ isFresh = false } = {}) {
      if (state === undefined) return
      await refresh(isFresh)
      if (sent === undefined) return
      const { assets, ...sheet } = current()
      const texts = textByAsset(assets)
      const changed = assets.filter(({ name }) => sent!.get(name) !== texts.get(name))
      const gone = [...sent.keys()].filter((name) => !texts.has(name))
      sent = texts
      send({ type: 'changed', sheet, assets: changed, gone })
    },
  }
}

/** Returns the outcome of the last request of each asset. */
function lastOutcomes(history: readonly HistoryEntry[]): Map<string, string> {
  return new Map(
    history.flatMap((entry) => (entry.kind === 'request' ? [[entry.asset, entry.outcome]] : [])),
  )
}

function mistakesOf(failure: unknown): string[] {
  if (failure === undefined) return []
  if (failure instanceof ManifestError) return describeMistakes(failure)
  const message = failure instanceof Error ? failure.message : String(failure)
  const hint = failure instanceof LimnError ? failure.hint : undefined
  return [hint === undefined ? message : `${message} ${hint}`]
}

function textByAsset(assets: readonly SheetAsset[]): Map<string, string> {
  return new Map(assets.map((asset) => [asset.name, JSON.stringify(asset)]))
}
