import { describe, expect, test } from 'vitest'
import { formatPlace } from '../diagnostic.ts'
import type { Asset } from './manifest.ts'
import { resolveText } from './testing.ts'

const head = 'version: 1\nprovider: openai\n'
const judge = 'judge: { provider: openai }\n'

/** Resolves a manifest without errors. @returns its assets by name */
function resolve(body: string): Record<string, Asset> {
  const { manifest, diagnostics } = resolveText(`${head}${body}`)
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return Object.fromEntries(manifest!.assets.map((asset) => [asset.name, asset]))
}

/** Returns the errors of a manifest as `line:column code: message`. */
function errorsOf(body: string): string[] {
  return resolveText(`${head}${body}`)
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ place, code, message }) => {
      const at = formatPlace(place).replace('images.yaml:', '')
      return `${at} ${code.replace('manifest/', '')}: ${message}`
    })
}

describe('expectations', () => {
  test('merge key by key: the asset overrides its styles, and styles override defaults', () => {
    const { hero, icon, plain } = resolve(
      `defaults: { expect: { sharp: true, quiet: left, palette: { near: ['#fff'] } } }
styles:
  brand: { append: Warm., expect: { quiet: right, 'not-blank': true } }
  cut: { append: Cut out., expect: { transparent: true, sharp: false } }
assets:
  hero: { prompt: A, alt: A, style: brand, expect: { quiet: top-left, contrast: { at: top, with: '#000' } } }
  icon: { prompt: B, alt: B, style: [brand, cut] }
  plain: { prompt: C, alt: C }
`,
    )
    expect(hero!.expect).toEqual({
      quiet: 'top-left',
      contrast: { at: 'top', with: '#000', ratio: 4.5 },
      palette: { near: ['#fff'], most: 20 },
      sharp: true,
      'not-blank': true,
    })
    expect(icon!.expect).toEqual({
      transparent: true,
      quiet: 'right',
      palette: { near: ['#fff'], most: 20 },
      'not-blank': true,
    })
    expect(plain!.expect).toEqual({
      quiet: 'left',
      palette: { near: ['#fff'], most: 20 },
      sharp: true,
    })
  })

  test('are switched off by `false`: one test, or all of them', () => {
    const { all, one, styled, none } = resolve(
      `defaults: { expect: { sharp: true, 'not-blank': true } }
styles: { free: { append: Free., expect: false } }
assets:
  all: { prompt: A, alt: A, expect: false }
  one: { prompt: B, alt: B, expect: { sharp: false } }
  styled: { prompt: C, alt: C, style: free }
  none: { prompt: D, alt: D, expect: { sharp: false, not-blank: false } }
`,
    )
    expect([all!.expect, one!.expect, styled!.expect, none!.expect]).toEqual([
      null,
      { 'not-blank': true },
      null,
      null,
    ])
  })

  test('fill variables, and compare no picture with itself', () => {
    const assets = resolve(
      `${judge}defaults: { expect: { unlike: [card/red, card/blue] } }
assets:
  card: { prompt: 'A {{color}} card', alt: A, matrix: { color: [red, blue] }, expect: { shows: 'a {{color}} card', text: ['{{color}}', SALE] } }
`,
    )
    expect(assets['card/red']!.expect).toEqual({
      unlike: ['card/blue'],
      shows: ['a red card'],
      text: ['red', 'SALE'],
    })
    expect(assets['card/blue']!.expect!.unlike).toEqual(['card/red'])
  })

  test('come with attempts and a choice among candidates', () => {
    const { hero, plain } = resolve(
      `defaults: { attempts: 3 }
assets:
  hero: { prompt: A, alt: A, candidates: 2, pick: best, expect: { sharp: true } }
  plain: { prompt: B, alt: B }
`,
    )
    expect([hero!.attempts, hero!.picksBest]).toEqual([3, true])
    expect([plain!.attempts, plain!.picksBest]).toEqual([1, false])
  })
})

describe('mistakes in expectations', () => {
  const entry = (more: string): string => `assets:\n  hero: { prompt: A, alt: A, ${more} }\n`

  test.each<[what: string, body: string, errors: string[]]>([
    [
      'an unknown asset',
      entry('expect: { unlike: [hero2] }'),
      ['4:49 unknown-asset: There is no asset "hero2" to compare the picture with.'],
    ],
    [
      'an unknown asset in defaults',
      `defaults: { expect: { unlike: gone } }\n${entry('expect: { sharp: true }')}`,
      ['3:31 unknown-asset: There is no asset "gone" to compare the picture with.'],
    ],
    [
      'an unknown asset in a style',
      `styles: { s: { append: X, expect: { unlike: gone } } }\n${entry('style: s')}`,
      ['3:45 unknown-asset: There is no asset "gone" to compare the picture with.'],
    ],
    [
      'a picture that is unlike itself',
      entry('expect: { unlike: hero }'),
      ['4:48 circle: "hero" can\'t be unlike itself.'],
    ],
    [
      'pictures that are like each other',
      `${judge}assets:\n  a: { prompt: A, alt: A, expect: { like: b } }\n  b: { prompt: B, alt: B, expect: { like: a } }\n`,
      ['5:3 circle: "a" depends on itself: a → b → a.'],
    ],
    [
      'a picture that is like what is made from it',
      `${judge}assets:\n  a: { prompt: A, alt: A, expect: { like: b } }\n  b: { prompt: B, alt: B, edit: { image: a } }\n`,
      ['5:3 circle: "a" depends on itself: a → b → a.'],
    ],
    [
      'a bad colour',
      entry("expect: { palette: { near: ['red'] } }"),
      ['4:58 wrong-value: `near` of "hero" can\'t be "red".'],
    ],
    [
      'a bad area',
      entry('expect: { quiet: middle }'),
      ['4:47 wrong-value: `quiet` of "hero" can\'t be "middle".'],
    ],
    [
      'a number in place of tests',
      entry('expect: 3'),
      ['4:38 wrong-type: `expect` of "hero" must be a map of tests, or false, not a number.'],
    ],
    [
      'a number in place of texts',
      entry('expect: { unlike: 3 }'),
      [
        '4:48 wrong-type: `unlike` of "hero" must be text, a list of texts, or false, not a number.',
      ],
    ],
    [
      'an unknown test',
      entry('expect: { sharpe: true }'),
      [expect.stringContaining('unknown-key: Unknown key "sharpe"') as string],
    ],
    [
      'transparency of a JPEG',
      entry('format: jpeg, expect: { transparent: true }'),
      ['4:54 expect: "hero" can\'t be transparent: its `format` is jpeg.'],
    ],
    [
      'transparency of an opaque picture',
      `defaults: { background: opaque, expect: { transparent: true } }\n${entry('stale: ok')}`,
      ['3:43 expect: "hero" can\'t be transparent: its `background` is opaque.'],
    ],
    [
      'transparency of a photo',
      'assets:\n  hero: { source: ./a.jpg, alt: A, expect: { transparent: true } }\n',
      ['4:46 expect: "hero" can\'t be transparent: its `source` is a JPEG.'],
    ],
    [
      'attempts without tests',
      entry('attempts: 2'),
      ['4:30 attempts: `attempts` has no effect on a picture that expects nothing.'],
    ],
    [
      'a choice without candidates',
      entry('pick: best, expect: { sharp: true }'),
      ['4:30 attempts: `pick` has no effect on a single candidate.'],
    ],
  ])('reports %s', (_, body, errors) => {
    expect(errorsOf(body)).toEqual(errors)
  })
})
