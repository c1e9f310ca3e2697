import { describe, expect, it } from 'vitest'
import type { RunAsset } from '../../protocol.ts'
import { folderOf, statusOf } from './asset-status.ts'
import { createAsset } from './testing.ts'

const inRun = (stage: RunAsset['stage']): RunAsset => ({
  name: 'a',
  stage,
  why: '',
  code: '',
  retryAt: null,
  partial: null,
  usd: null,
})

describe('statusOf', () => {
  it.each([
    ['fresh', {}],
    ['fresh', { state: 'adopted' }],
    ['fresh', { state: 'kept' }],
    ['pinned', { state: 'pinned', isPinned: true }],
    ['stale', { state: 'stale', need: 'run' }],
    ['stale', { state: 'outputs', need: 'run' }],
    ['draft', { state: 'new', need: 'run', isDraft: true }],
    ['failed', { state: 'stale', need: 'run', failure: { code: '', message: 'It failed.' } }],
    [
      'failed',
      { state: 'new', need: 'run', isDraft: true, failure: { code: '', message: 'It failed.' } },
    ],
    ['edited', { state: 'edited', need: 'person' }],
    ['edited', { state: 'untracked', need: 'person' }],
    ['blocked', { state: 'blocked', need: 'person' }],
    ['blocked', { state: 'not downloaded', need: 'person' }],
    ['waiting', { state: 'in batch', need: 'wait' }],
  ] as const)('is %s for %j', (status, rest) => {
    expect(statusOf(createAsset('a', rest))).toBe(status)
  })

  it.each([
    ['queued', 'generating'],
    ['requested', 'generating'],
    ['partial', 'generating'],
    ['retrying', 'generating'],
    ['failed', 'failed'],
    ['done', 'stale'],
  ] as const)('takes a run that is %s as %s', (stage, status) => {
    expect(statusOf(createAsset('a', { state: 'stale', need: 'run' }), inRun(stage))).toBe(status)
  })
})

it.each([
  ['hero', ''],
  ['product/mug', 'product'],
  ['a/b/c', 'a/b'],
  ['/x', ''],
])('finds the folder of %s', (name, folder) => {
  expect(folderOf(name)).toBe(folder)
})
