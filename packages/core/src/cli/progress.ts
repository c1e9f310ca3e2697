import { posix } from 'node:path'
import { formatDiagnostic } from '../diagnostic.ts'
import { LimnError } from '../errors.ts'
import type { LimnEvent, OnEvent, PictureForm, Progress } from '../events.ts'
import { type Currency, formatUsd } from '../models/cost.ts'
import { formatPlan } from '../plan/format-plan.ts'
import { hasWork } from '../plan/steps.ts'
import { forDrafts } from './draft-hints.ts'
import type { Output } from './output.ts'
import { errorEvent, formatError } from './report-error.ts'

/**
 * Prints a run as it goes on: a line a picture, and on a terminal a line of what is under way.
 * `profile` is that of the run.
 */
export function printEvents(output: Output, profile?: string): OnEvent {
  const started = performance.now()
  let currency: Currency | null = null
  let isCacheTold = false
  return (event) => {
    output.event(toJson(event))
    switch (event.type) {
      case 'warning':
        if (output.verbose) output.problem(formatDiagnostic(event.diagnostic))
        return
      case 'waiting':
        output.line('Another Limn is writing to this project: waiting for it.')
        return
      case 'planned':
        currency = event.currency
        for (const line of formatPlan(event.plan, { ...output, currency })) output.line(line)
        if (hasWork(event.plan)) output.line()
        return
      case 'generated':
        output.line(
          `  ${output.paint('add', '✓')} ${event.path}  ${event.width}x${event.height}  ${event.batch !== undefined ? `from a batch  ${formatUsd(event.usd, currency)}` : event.recovered ? 'from the journal' : `${seconds(event.ms)}  ${formatUsd(event.usd, currency)}`}`,
        )
        for (const line of describeCandidates(event, profile)) {
          output.line(output.paint('dim', `      ${line}`))
        }
        return
      case 'moved':
        output.line(`  ${output.paint('change', '→')} ${event.path}  from ${event.from}`)
        return
      case 'mismatch':
        output.problem(
          `  ! ${event.asset}: asked for ${formOf(event.asked, event.got)}, and ${formOf(event.got, event.asked)} came. It is kept; outputs are cut from what it is.`,
        )
        return
      case 'retrying':
        output.line(
          `  … ${event.asset}: ${event.error.message} Trying again in ${seconds(event.ms)}.`,
        )
        return
      case 'failover':
        output.problem(`  ! ${event.to} takes over from ${event.from}: ${event.error.message}`)
        return
      case 'passed-over':
        output.problem(`  ! ${event.provider} is passed over: ${event.error.message}`)
        return
      case 'batch-sent':
        output.line(
          `  ${output.paint('add', '⇢')} ${event.assets.length === 1 ? '1 picture' : `${event.assets.length} pictures`} of ${event.model} sent in ${event.batch}  ${event.usd === null ? 'price unknown' : `≈ ${formatUsd(event.usd, currency)}, half the price`}`,
        )
        return
      case 'batch-waiting':
        output.line(
          `  … ${event.batch}: ${event.status.replaceAll('_', ' ')}, ${event.counts.completed + event.counts.failed} of ${event.counts.total} done`,
        )
        return
      case 'batch-collected':
        output.line(
          `  ${output.paint('add', '⇠')} ${event.batch}: ${event.status}, ${event.pictures === 1 ? '1 picture' : `${event.pictures} pictures`}  ${formatUsd(event.usd, currency)}${event.failed > 0 ? `, ${event.failed} failed` : ''}`,
        )
        return
      case 'batch-unmade':
        output.line(
          `  ! A batch of ${event.assets.length} never reached the server: what it held is asked for anew.`,
        )
        return
      case 'batch-unread':
        output.problem(`  ! ${event.batch}: ${formatError(event.error).replaceAll('\n', '\n    ')}`)
        return
      case 'derived':
        if (output.verbose) {
          output.line(
            output.paint(
              'dim',
              `    ${event.asset}/${event.file}  ${kilobytes(event.bytes)}  ${event.cached ? 'from the cache' : seconds(event.ms)}`,
            ),
          )
        }
        return
      case 'uncached':
        if (!isCacheTold) {
          output.problem(
            `  ! Files can't be kept in the cache, and are cut again each time: ${event.error.message}`,
          )
        }
        isCacheTold = true
        return
      case 'failed':
        if (event.error instanceof LimnError && event.error.code === 'aborted') return
        output.problem(
          `  ✗ ${event.asset}${event.file === undefined ? '' : `/${event.file}`}: ${formatError(event.error).replaceAll('\n', '\n    ')}`,
        )
        return
      case 'progress':
        output.status(statusLine(event.progress, performance.now() - started, currency))
        return
      case 'generating':
      case 'partial':
    }
  }
}

/**
 * Where the candidates of a picture lie, and how another one is taken; nothing where there is only
 * the one.
 */
function describeCandidates(
  { asset, candidateFiles: files }: Extract<LimnEvent, { type: 'generated' }>,
  profile: string | undefined,
): string[] {
  if (files.length === 0) return []
  const names = files.map((file) => posix.basename(file)).join(', ')
  return [
    `${files.length} candidates in ${posix.dirname(files[0]!)}: ${names}`,
    `\`limn pick ${asset} K${forDrafts(profile)}\` takes another`,
  ]
}

/** What a picture is like, as far as it differs from another: `816x816`, `816x816 PNG`, `PNG`. */
function formOf({ size, format }: PictureForm, other: PictureForm): string {
  return [
    ...(size === other.size ? [] : [size]),
    ...(format === other.format ? [] : [format.toUpperCase()]),
  ].join(' ')
}

/** `3/10 pictures · 2 in flight · 24/60 files · $0.04 · 12 s left` */
function statusLine(
  { generate, derive, usd }: Progress,
  elapsed: number,
  currency: Currency | null,
): string {
  const done = generate.done + derive.done / 10
  const total = generate.total + derive.total / 10
  const left =
    done > 0 && done < total ? ` · ${seconds((elapsed / done) * (total - done))} left` : ''
  const parts = [
    ...(generate.total > 0 ? [`${generate.done}/${generate.total} pictures`] : []),
    ...(generate.inFlight > 0 ? [`${generate.inFlight} in flight`] : []),
    ...(derive.total > 0 ? [`${derive.done}/${derive.total} files`] : []),
    ...(usd > 0 ? [formatUsd(usd, currency)] : []),
  ]
  return `  ${parts.join(' · ')}${left}`
}

/** An event without what JSON can't hold: pictures by their size, errors by code and words. */
function toJson(event: LimnEvent): Record<string, unknown> {
  if (event.type === 'partial') return { ...event, picture: event.picture.length }
  if (
    event.type === 'failed' ||
    event.type === 'retrying' ||
    event.type === 'failover' ||
    event.type === 'passed-over' ||
    event.type === 'batch-unread' ||
    event.type === 'uncached'
  ) {
    const { type: _, ...error } = errorEvent(event.error)
    return { ...event, error }
  }
  return event
}

/** `820 ms`, `3.4 s`, `2 min`. */
export function seconds(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  return ms < 90_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`
}

/** `24 KB`; a kilobyte is 1000 bytes. */
export function kilobytes(bytes: number): string {
  return bytes < 1000
    ? `${bytes} B`
    : bytes < 1e6
      ? `${Math.round(bytes / 1000)} KB`
      : `${(bytes / 1e6).toFixed(1)} MB`
}
