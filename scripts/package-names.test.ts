import { expect, test } from 'vitest'
import { adviseOnNames, type NameState, stateOfName } from './package-names.ts'

const description = 'Vite plugin for Limn'

test.each<[NameState, string, { status: number | null; stdout: string }]>([
  ['free', 'no package', { status: 1, stdout: '{"error":{"code":"E404","summary":"Not Found"}}' }],
  ['own', 'our package', { status: 0, stdout: JSON.stringify({ description }) }],
  ['taken', 'another package', { status: 0, stdout: '{"description":"A limnograph"}' }],
  ['taken', 'a package without a description', { status: 0, stdout: '{"name":"@limn/core"}' }],
  ['unknown', 'no network', { status: 1, stdout: '{"error":{"code":"ENOTFOUND"}}' }],
  ['unknown', 'a proxy that forbids it', { status: 1, stdout: '{"error":{"code":"E403"}}' }],
  ['unknown', 'no answer', { status: null, stdout: '' }],
  ['unknown', 'a page in place of JSON', { status: 0, stdout: '<html></html>' }],
])('reads "%s" from %s', (state, _, viewed) => {
  expect(stateOfName(viewed, description)).toBe(state)
})

test.each<[boolean, string, NameState[]]>([
  [true, 'names that are free or our own', ['free', 'own']],
  [false, 'a name that is taken', ['free', 'taken']],
  [false, 'a name that could not be looked up', ['own', 'unknown']],
])('answers %s for %s', (canPublish, _, states) => {
  const advice = adviseOnNames(new Map(states.map((state, index) => [`@limn/${index}`, state])))
  expect(advice.canPublish).toBe(canPublish)
})

test('names the other scope if a name is taken', () => {
  const { lines } = adviseOnNames(
    new Map([
      ['@limn/core', 'taken'],
      ['@limn/painter', 'unknown'],
    ]),
  )
  expect(lines).toEqual([
    '@limn/core belongs to somebody else.',
    '@limn/painter could not be looked up.',
    'Publish all packages in the scope @limn-images instead.',
  ])
})
