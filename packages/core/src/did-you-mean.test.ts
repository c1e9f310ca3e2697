import { expect, test } from 'vitest'
import { didYouMean, suggest } from './did-you-mean.ts'

test.each([
  ['promt', 'prompt'],
  ['Prompt', 'prompt'],
  ['outptus', 'outputs'],
  ['stlye', 'style'],
  ['ogg', 'og'],
  ['al', 'alt'],
  ['灯答', '灯塔'],
])('takes %s for a typo of %s', (word, name) => {
  expect(suggest(word, ['og', 'prompt', 'outputs', 'style', 'alt', '灯塔'])).toBe(name)
})

test.each(['banana', 'x', '', 'a-name-that-is-very-long-and-like-no-other'])(
  'finds nothing near %j',
  (word) => {
    expect(suggest(word, ['prompt', 'outputs', 'style'])).toBeUndefined()
    expect(didYouMean(word, ['prompt'])).toBeUndefined()
  },
)

test('suggests the nearest name, and of equally near ones the first', () => {
  expect(suggest('prompts', ['prompted', 'prompt'])).toBe('prompt')
  expect(suggest('cat', ['bat', 'rat'])).toBe('bat')
  expect(didYouMean('plam', ['plan', 'palm'])).toBe('Did you mean "plan"?')
})
