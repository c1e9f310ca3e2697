import type { RunAsset, RunView } from '@limn/contact-sheet'
import { sha256 } from '../../digest.ts'
import { LimnError } from '../../errors.ts'
import type { LimnEvent } from '../../events.ts'

/** What a run is doing, as the page shows it. */
export type RunFollower = {
  /** What the run is doing now. */
  readonly view: RunView
  /** Number of pictures that it makes. */
  readonly size: number
  /** Notes that the run was told to stop. */
  stopping(): void
  /** Takes an event into account. @returns whether the view has changed */
  follow(event: LimnEvent): boolean
}

/** A partial picture as the provider sent it, and a version that distinguishes it in a URL. */
export type Partial = { bytes: Uint8Array; version: string }

/** Creates the view of a run that starts now. `now` returns ms since 1970. */
export function followRun(now: () => number = Date.now): RunFollower {
  const startedAt = now()
  const assets = new Map<string, RunAsset>()
  const view: Omit<RunView, 'assets'> = {
    startedAt: new Date(startedAt).toISOString(),
    done: 0,
    total: 0,
    derived: 0,
    toDerive: 0,
    usd: 0,
    msLeft: null,
    isStopping: false,
  }

  function set(name: string, change: Omit<globalThis.Partial<RunAsset>, 'name'>): void {
    const known = assets.get(name) ?? queued(name)
    assets.set(name, { ...known, retryAt: null, ...change })
  }

  const timeIn = (ms: number): string => new Date(now() + ms).toISOString()

  return {
    get view() {
      return { ...view, assets: [...assets.values()] }
    },
    get size() {
      return assets.size
    },
    stopping: () => void (view.isStopping = true),
    follow(event) {
      switch (event.type) {
        case 'planned':
          plan(event)
          return true
        case 'generating':
          set(event.asset, { stage: 'requested', ...noReason })
          return true
        case 'partial':
          set(event.asset, { stage: 'partial', ...noReason, partial: versionOf(event) })
          return true
        case 'limited':
          set(event.asset, {
            why: reasonByLimit[event.limit],
            code: event.limit,
            retryAt: timeIn(event.ms),
          })
          return true
        case 'retrying':
          set(event.asset, {
            stage: 'retrying',
            why: event.error.message,
            code: codeOfFailure(event.error),
            retryAt: timeIn(event.ms),
          })
          return true
        case 'generated':
          set(event.asset, { stage: 'done', ...noReason, partial: null, usd: event.usd })
          return true
        case 'failed':
          set(event.asset, {
            stage: 'failed',
            why: describeFailure(event),
            code: codeOfFailure(event.error),
            partial: null,
          })
          return true
        case 'progress':
          progress(event)
          return true
        default:
          return false
      }
    },
  }

  function plan({ plan: { steps } }: Extract<LimnEvent, { type: 'planned' }>): void {
    for (const { kind, asset } of steps) {
      if (kind === 'generate' || kind === 'recover') set(asset, {})
    }
    view.total = steps.filter(({ kind }) => kind === 'generate').length
  }

  function progress({ progress: { generate, derive, usd } }: ProgressEvent): void {
    view.done = generate.done
    view.total = generate.total
    view.derived = derive.done
    view.toDerive = derive.total
    view.usd = usd
    const elapsed = now() - startedAt
    const left = generate.total - generate.done
    view.msLeft = generate.done === 0 ? null : Math.round((elapsed / generate.done) * left)
  }
}

/** Of an asset that neither waits nor failed. */
const noReason = { why: '', code: '' }

/** Why a request is not sent yet. */
const reasonByLimit: Readonly<Record<Extract<LimnEvent, { type: 'limited' }>['limit'], string>> = {
  images: 'It waits for the limit of pictures per minute.',
  inputImages: 'It waits for the limit of input pictures per minute.',
  refusal: 'It waits because the server refused another request.',
}

type ProgressEvent = Extract<LimnEvent, { type: 'progress' }>

function queued(name: string): RunAsset {
  return { name, stage: 'queued', ...noReason, retryAt: null, partial: null, usd: null }
}

/** Returns the version of a partial picture. */
export function versionOf({
  index,
  picture,
}: Pick<Extract<LimnEvent, { type: 'partial' }>, 'index' | 'picture'>): string {
  return `partial-${index}-${sha256(picture).slice(0, 8)}`
}

/** Returns the code of a failure; empty if it has none. */
export function codeOfFailure(error: unknown): string {
  return error instanceof LimnError ? error.code : ''
}

/** Describes the failure of an asset, or of one of its files. */
export function describeFailure({
  file,
  error,
}: Pick<Extract<LimnEvent, { type: 'failed' }>, 'file' | 'error'>): string {
  const message = error instanceof Error ? error.message : String(error)
  return file === undefined ? message : `${file}: ${message}`
}
