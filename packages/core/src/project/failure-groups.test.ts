import { expect, test } from 'vitest'
import { LimnError } from '../errors.ts'
import { createFailureGroups } from './failure-groups.ts'

type Failed = { asset: string; error: unknown; file?: string }

function group(failures: readonly Failed[]): [label: string, message: string][] {
  const groups = createFailureGroups()
  for (const failure of failures) groups.add({ type: 'failed', ...failure })
  return groups.take('end').map(({ label, error }) => [label, (error as Error).message])
}

function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value, index) => ({ value, at: (index * 7919 + 3) % values.length }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ value }) => value)
}

const unreadable = (asset: string): Failed => ({
  asset,
  error: new LimnError('picture/unreadable', "a.png can't be read: it is empty.", {
    hint: 'Replace it with a good copy.',
    location: `images.yaml:${asset.length}:3`,
  }),
})

test('reports a cause that a thousand assets share once, with the count and the first names', () => {
  const failures = Array.from({ length: 1000 }, (_, index) =>
    unreadable(`photo-${String(index).padStart(3, '0')}`),
  )
  const expected = [
    [
      'photo-000, photo-001, photo-002 and 997 more (1000 assets)',
      "a.png can't be read: it is empty.",
    ],
  ]
  expect(group(failures)).toEqual(expected)
  expect(group(shuffled(failures))).toEqual(expected)
})

test('keeps causes apart, and sorts them by their first names', () => {
  const error = (message: string, hint?: string): LimnError =>
    new LimnError('provider/refused', message, hint === undefined ? {} : { hint })
  const failures = [
    { asset: 'd', error: error('No size.') },
    { asset: 'c', error: error('No size.', 'Run `limn adopt c`.') },
    { asset: 'b', error: error('No size.', 'Run `limn adopt b`.') },
    { asset: 'a', error: error('No size.') },
    { asset: 'e', error: new TypeError('A bug.') },
  ]
  const expected = [
    ['a, d (2 assets)', 'No size.'],
    ['b', 'No size.'],
    ['c', 'No size.'],
    ['e', 'A bug.'],
  ]
  expect(group(failures)).toEqual(expected)
  expect(group(failures.toReversed())).toEqual(expected)
})

test('ignores the ids of requests, and the amounts that a budget has left', () => {
  const refused = (id: string): LimnError =>
    new LimnError('provider/auth', `The provider rejects the key (request ${id}).`)
  const tooMuch = (left: string): LimnError =>
    new LimnError('budget/exceeded', `Only ${left} is left.`, { hint: 'Raise --max-cost.' })
  expect(
    group([
      { asset: 'a', error: refused('req_1a') },
      { asset: 'b', error: refused('req_2b') },
      { asset: 'c', error: tooMuch('$0.010') },
      { asset: 'd', error: tooMuch('$0.005') },
    ]).map(([label]) => label),
  ).toEqual(['a, b (2 assets)', 'c, d (2 assets)'])
})

test('names files, counts failures, and leaves out what a stop ended', () => {
  const groups = createFailureGroups()
  const error = new LimnError('output/too-large', 'It is too large.')
  groups.add({ type: 'failed', asset: 'a', file: 'og.jpg', error })
  groups.add({ type: 'failed', asset: 'b', file: 'og.jpg', error })
  groups.add({ type: 'failed', asset: 'c', error: new LimnError('aborted', 'Stopped.') })
  expect(groups.count).toBe(2)
  expect(groups.take('end').map(({ label }) => label)).toEqual(['a/og.jpg, b/og.jpg (2 files)'])
  expect(groups.take('end')).toEqual([])
})

test('keeps the failures with a cause that was reported before for the end of the run', () => {
  const groups = createFailureGroups()
  const labels = (moment: 'during' | 'end'): string[] =>
    groups.take(moment).map(({ label }) => label)
  const add = (...names: string[]): void => {
    for (const name of names) groups.add({ type: 'failed', ...unreadable(name) })
  }
  add('b', 'a')
  expect(labels('during')).toEqual(['a, b (2 assets)'])
  add('d', 'c')
  groups.add({ type: 'failed', asset: 'e', error: new LimnError('store/failed', 'Another.') })
  expect(labels('during')).toEqual(['e'])
  expect(labels('end')).toEqual(['c, d (2 further assets)'])
  // The next run reports it again.
  add('a')
  expect(labels('during')).toEqual(['a'])
})

test('reports the place of each picture that could not be stored', () => {
  const saved = (asset: string): Failed => ({
    asset,
    error: new LimnError(
      'store/no-space',
      `images/ can't be written: the disk is full. The picture was saved to /tmp/${asset}.`,
    ),
  })
  expect(group([saved('b'), saved('a')]).map(([label]) => label)).toEqual(['a', 'b'])
})
