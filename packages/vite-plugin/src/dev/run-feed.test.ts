import type { LimnEvent } from '@limn/core'
import { expect, test } from 'vitest'
import type { Context, ShowRun } from '../context.ts'
import { runFeedOf } from './run-feed.ts'

const event = (type: string, asset: string, more: object = {}): LimnEvent =>
  ({ type, asset, ...more }) as unknown as LimnEvent

/** A contact sheet that records what it shows. */
function createSheet(): { show: ShowRun; log: string[] } {
  const log: string[] = []
  return {
    log,
    show(stop) {
      log.push('start')
      return {
        onEvent(shown) {
          log.push('asset' in shown ? `${shown.type} ${shown.asset}` : shown.type)
          if (shown.type === 'generated') stop()
        },
        end: () => log.push('end'),
      }
    },
  }
}

function createFeed(): ReturnType<typeof runFeedOf> {
  const context = { dev: { runs: undefined } } as Context
  expect(runFeedOf(context)).toBe(runFeedOf(context))
  return runFeedOf(context)
}

test('shows a run that began before the contact sheet was opened, as it is now', () => {
  const feed = createFeed()
  let stopped = 0
  const run = feed.start(() => stopped++)
  run.onEvent({ type: 'planned', plan: { steps: [] }, currency: null } as never)
  run.onEvent(event('generating', 'hero'))
  run.onEvent(event('partial', 'hero', { index: 0 }))
  run.onEvent(event('partial', 'hero', { index: 1 }))
  run.onEvent(event('generating', 'mug'))
  run.onEvent(event('progress', ''))
  run.onEvent(event('progress', ''))
  const sheet = createSheet()
  feed.connect(sheet.show)
  expect(sheet.log).toEqual(['start', 'planned', 'partial hero', 'generating mug', 'progress '])
  run.onEvent(event('generated', 'hero'))
  expect(stopped).toBe(1)
  run.end()
  expect(sheet.log.slice(5)).toEqual(['generated hero', 'end'])
})

test('shows every later run, and none that has ended', () => {
  const feed = createFeed()
  feed.start(() => {}).end()
  const sheet = createSheet()
  feed.connect(sheet.show)
  expect(sheet.log).toEqual([])
  const run = feed.start(() => {})
  run.onEvent(event('generating', 'hero'))
  run.end()
  expect(sheet.log).toEqual(['start', 'generating hero', 'end'])
})
