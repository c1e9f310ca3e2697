import { posix } from 'node:path'
import { count } from '../count.ts'
import type { LimnEvent, PictureForm, Progress } from '../events.ts'
import { type Currency, formatUsd } from '../models/cost.ts'
import { formatBytes } from '../project/byte-text.ts'
import { displayWidth, nameOfTest, pad, shortenMiddle } from '../project/plan-text.ts'
import { draftOption } from './draft-hints.ts'
import { type ErrorEvent, errorEvent } from './report-error.ts'
import { formatDuration } from './text.ts'

/** The event of a type. */
export type EventOf<Type extends LimnEvent['type']> = Extract<LimnEvent, { type: Type }>

/**
 * `images/hero.png 816x816 3.4 s $0.013`.
 *
 * @param width of the longest name of an asset of the run: the columns after it are aligned
 * @param most cells that the path takes
 */
export function generatedText(
  event: EventOf<'generated'>,
  currency: Currency | null,
  width = 0,
  most = Infinity,
): string {
  const cells = Math.min(most, displayWidth(event.path) - displayWidth(event.asset) + width)
  const path = pad(most === Infinity ? event.path : shortenMiddle(event.path, most), cells)
  const size = `${event.width}x${event.height}`
  return `${path}  ${width === 0 ? size : size.padEnd(9)}  ${originText(event, currency, width > 0)}`
}

function originText(
  { batch, recovered, ms, usd }: EventOf<'generated'>,
  currency: Currency | null,
  isAligned: boolean,
): string {
  if (batch !== undefined) return `from a batch  ${formatUsd(usd, currency)}`
  return recovered
    ? 'recovered, already paid for'
    : `${formatDuration(ms).padStart(isAligned ? 6 : 0)}  ${formatUsd(usd, currency)}`
}

/**
 * Returns where the candidates of a picture are stored and how to pick another; nothing if there is
 * only one.
 *
 * @param profile profile of the run
 */
export function candidatesText(
  { asset, candidateFiles: files }: EventOf<'generated'>,
  profile: string | undefined,
): string[] {
  if (files.length === 0) return []
  const names = files.map((file) => posix.basename(file)).join(', ')
  return [
    `${files.length} candidates in ${posix.dirname(files[0]!)}: ${names}`,
    `\`limn pick ${asset} K${draftOption(profile)}\` picks another`,
  ]
}

/** Returns how a picture differs from what was requested. */
export function mismatchText({ asset, asked, got }: EventOf<'mismatch'>): string {
  return `${asset}: requested ${differenceTo(asked, got)}, received ${differenceTo(got, asked)}. Limn keeps the picture and derives the outputs from it.`
}

/**
 * Returns the lines about a picture that was examined: `hero: passed quiet, sharp`, and a line for
 * each test that it did not pass.
 */
export function examinedText({ asset, verdicts }: EventOf<'examined'>): string[] {
  const failed = verdicts.filter(({ passed }) => !passed)
  const names = (some: typeof verdicts): string => [...new Set(some.map(nameOfTest))].join(', ')
  if (failed.length === 0) return [`${asset}: passed ${names(verdicts)}`]
  return [
    `${asset}: did not pass ${names(failed)}`,
    ...failed.map((verdict) => `    ${nameOfTest(verdict)}: ${verdict.reason}`),
  ]
}

/** Returns why a picture has fewer candidates than requested. */
export function fewerText({ asset, asked, got }: EventOf<'fewer'>): string {
  return `${asset}: received ${got} of ${asked} pictures, and the server may have billed for all. Limn requests no more, to stay within the price of the plan or the budget. If the server returns one picture at a time, set \`quirks: { maxImages: 1 }\` of the provider.`
}

/** `3 pictures of gpt-image-2 sent in batch_1 up to $0.020`. */
export function batchSentText(
  { assets, model, batch, usd }: EventOf<'batch-sent'>,
  currency: Currency | null,
): string {
  const price = usd === null ? 'price unknown' : `up to ${formatUsd(usd, currency)}`
  return `${count(assets.length, 'picture')} of ${model} sent in ${batch}  ${price}`
}

/** `batch_1: in progress, 3 of 10 done`. */
export function batchWaitingText({ batch, status, counts }: EventOf<'batch-waiting'>): string {
  return `${batch}: ${status.replaceAll('_', ' ')}, ${counts.completed + counts.failed} of ${counts.total} done`
}

/** `batch_1: completed, 3 pictures $0.020, 1 failed`. */
export function batchCollectedText(
  { batch, status, pictures, usd, failed }: EventOf<'batch-collected'>,
  currency: Currency | null,
): string {
  const failures = failed > 0 ? `, ${failed} failed` : ''
  return `${batch}: ${status}, ${count(pictures, 'picture')}  ${formatUsd(usd, currency)}${failures}`
}

/** `hero/og.jpg 24 KB 120 ms`. */
export function derivedText({ asset, file, bytes, cached, ms }: EventOf<'derived'>): string {
  return `${asset}/${file}  ${formatBytes(bytes)}  ${cached ? 'from the cache' : formatDuration(ms)}`
}

/** How far a run is, and how many assets and files failed. */
export type RunState = { progress: Progress; failed: number }

/**
 * `3/10 pictures · 2 in flight · 24/60 files · $0.04 · 12 s left`.
 *
 * @param elapsed ms since the run started
 */
export function statusText(state: RunState, elapsed: number, currency: Currency | null): string {
  const { generate, derive } = state.progress
  // Cutting a file takes about a tenth of the time of generating a picture.
  const done = generate.done + derive.done / 10
  const total = generate.total + derive.total / 10
  const isUnderWay = done > 0 && done < total
  return `  ${[
    ...progressParts(state, currency),
    ...(isUnderWay ? [`${formatDuration((elapsed / done) * (total - done))} left`] : []),
  ].join(' · ')}`
}

/**
 * `3/10 pictures, 2 in flight, 24/60 files, $0.04, 35 s`: a line for where there is no terminal.
 *
 * @param elapsed ms since the run started
 */
export function progressText(state: RunState, elapsed: number, currency: Currency | null): string {
  const time = elapsed < 90_000 ? `${Math.round(elapsed / 1000)} s` : formatDuration(elapsed)
  return `  ${[...progressParts(state, currency), time].join(', ')}`
}

function progressParts(
  { progress: { generate, derive, usd }, failed }: RunState,
  currency: Currency | null,
): string[] {
  return [
    ...(generate.total > 0 ? [`${generate.done}/${generate.total} pictures`] : []),
    ...(generate.inFlight > 0 ? [`${generate.inFlight} in flight`] : []),
    ...(derive.total > 0 ? [`${derive.done}/${derive.total} files`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(usd > 0 ? [formatUsd(usd, currency)] : []),
  ]
}

/** An event for JSON: pictures as their size in bytes, errors as code and message. */
export type EventJson<Event> = Event extends { picture: Uint8Array }
  ? Omit<Event, 'picture'> & { picture: number }
  : Event extends { error: unknown }
    ? Omit<Event, 'error'> & { error: Omit<ErrorEvent, 'type'> }
    : Event

/** Returns an event for JSON. */
export function eventJson(event: LimnEvent): EventJson<LimnEvent> {
  if (event.type === 'partial') return { ...event, picture: event.picture.length }
  if (
    event.type === 'failed' ||
    event.type === 'attempts-ended' ||
    event.type === 'retrying' ||
    event.type === 'failover' ||
    event.type === 'passed-over' ||
    event.type === 'batch-unread' ||
    event.type === 'uncached' ||
    event.type === 'queue-failed' ||
    event.type === 'remote-awaited' ||
    event.type === 'remote-failed' ||
    event.type === 'remote-unsent'
  ) {
    const { type: _, ...error } = errorEvent(event.error)
    return { ...event, error }
  }
  return event
}

/** Returns size and format of a picture, as far as they differ: `816x816 PNG`, `816x816`, `PNG`. */
function differenceTo({ size, format }: PictureForm, other: PictureForm): string {
  return [
    ...(size === other.size ? [] : [size]),
    ...(format === other.format ? [] : [format.toUpperCase()]),
  ].join(' ')
}
