import { expect, test } from 'vitest'
import { entriesBelow, renameAsset } from './rename-asset.ts'

const rename = (text: string): string =>
  renameAsset(`${text}assets:\n  hero: { prompt: x }\n`, { from: 'hero', to: 'lead', kept: [] })
    .text

test.each([
  ['defaults: { expect: { unlike: hero } } # all', 'defaults: { expect: { unlike: lead } } # all'],
  [
    'defaults: { expect: { like: [logo, hero, hero/a] } }',
    'defaults: { expect: { like: [logo, lead, lead/a] } }',
  ],
  [
    'styles: { hero: { expect: { like: hero, unlike: [ "hero", b ] } } }',
    'styles: { hero: { expect: { like: lead, unlike: [ lead, b ] } } }',
  ],
  [
    'atlases: { a: { file: hero.png, pictures: [logo, hero, hero/night] } }',
    'atlases: { a: { file: hero.png, pictures: [logo, lead, lead/night] } }',
  ],
  [
    'atlases:\n  hero:\n    pictures:\n      - hero # first\n      - heron',
    'atlases:\n  hero:\n    pictures:\n      - lead # first\n      - heron',
  ],
])('renames an asset in %s', (text, expected) => {
  expect(rename(`${text}\n`)).toBe(`${expected}\nassets:\n  lead: { prompt: x }\n`)
})

test('renames an asset where others are compared with it', () => {
  const text = `assets:
  hero: { prompt: x, expect: { not-blank: true } }
  b: { prompt: x, expect: { unlike: hero } }
  c:
    expect:
      like:
        - hero
        - heroes
      text: hero
`
  expect(renameAsset(text, { from: 'hero', to: 'a/b', kept: [] })).toEqual({
    text: `assets:
  a/b: { prompt: x, expect: { not-blank: true } }
  b: { prompt: x, expect: { unlike: a/b } }
  c:
    expect:
      like:
        - a/b
        - heroes
      text: hero
`,
    found: true,
  })
})

test('leaves the names of assets below it with entries of their own', () => {
  const text = `assets:
  hero: { matrix: { a: [x] } }
  hero/night: { edit: { image: hero } }
  hero/day/one: { prompt: x }
  c: { references: [hero/night, hero/x, hero/night/x, hero/day, hero/day/one], variation: { image: hero/night } }
`
  const kept = entriesBelow(text, 'hero')
  expect(kept).toEqual(['hero/night', 'hero/day/one'])
  expect(renameAsset(text, { from: 'hero', to: 'lead', kept }).text).toBe(`assets:
  lead: { matrix: { a: [x] } }
  hero/night: { edit: { image: lead } }
  hero/day/one: { prompt: x }
  c: { references: [hero/night, lead/x, hero/night/x, lead/day, hero/day/one], variation: { image: hero/night } }
`)
})
