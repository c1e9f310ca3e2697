import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { packManifest, unpackManifest } from './pack.ts'
import { parseManifest } from './parse.ts'
import { patchManifest, type Patched } from './patch.ts'
import { resolveManifest } from './resolve.ts'
import type { Manifest } from './manifest.ts'

/** What a text stands for, read whole; `undefined` where it has a mistake. */
function readWhole(text: string): Manifest | undefined {
  const parsed = parseManifest(text, 'images.yaml')
  if (parsed.file === undefined || parsed.diagnostics.length > 0) return undefined
  const { manifest, diagnostics } = resolveManifest({ ...parsed, file: parsed.file })
  return diagnostics.some(({ severity }) => severity === 'error') ? undefined : manifest
}

/** As it is after it was kept: JSON knows no `undefined`. */
function kept<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

function patch(before: string, text: string): Patched | undefined {
  return patchManifest({ text, before: { text: before, manifest: kept(packManifest(readWhole(before)!)) }, file: 'images.yaml', provider: undefined, profile: undefined })
}

const head = 'version: 1\nprovider: openai\nstyles:\n  brand: { append: Warm. }\ndefaults:\n  outputs: [{ name: s, width: 64, height: 64, formats: [webp] }]\nassets:\n'
const base = `${head}  hero:\n    prompt: A lighthouse\n    alt: A\n  team: { prompt: Four people, alt: B }\n\n  # The last one\n  shop:\n    prompt: >-\n      A shop\n      by the sea\n    style: brand\n`

const lines = ['    prompt: A windmill', '    prompt: "A windmill"', "    prompt: 'A", "      windmill'", '    alt: C', '    style: brand', '    style: none', '    matrix: { n: [1, 2] }', '    matrix: {', '      n: [1]', '  }', '  }', '  hero:', '  team: { prompt: D }', '  mug:', '    edit: { image: hero }', '    source: a.png', '    outputs: [og]', '    outputs:', '      - og', '      - { width: 32 }', '    prompt: |', '     A', '     B', '', '# left', '  # in', '\t', 'presets: {}', 'styles: {}', '  x', '   y: z', '    prompt: &a A', '    alt: *a', '    model: nothing', '    quality: low', '    decorative: true', 'provider: local', '    prompt: 灯塔：晨光', '\u2028    alt: D', '    prompt: Four people', ']', '...', '---'].map((line) => `${line}\n`)

const cut = (text: string, at: number): number => at % (text.length + 1)

/** A text with some lines, or any characters, in place of others. */
const edited = fc
  .tuple(fc.constantFrom(base, `${base}vars: { a: b }\n`, base.replace('    style: brand\n', ''), base.replaceAll('\n', '\r\n')), fc.nat(), fc.nat({ max: 60 }), fc.oneof(fc.array(fc.constantFrom(...lines), { maxLength: 4 }).map((own) => own.join('')), fc.string({ maxLength: 6 }), fc.constantFrom('x', '\n', '  ', '"', '{', 'prompt')), fc.boolean())
  .map(([before, from, length, insert, atLines]) => {
    const place = (offset: number): number => (atLines ? before.lastIndexOf('\n', offset) + 1 : offset)
    const start = place(cut(before, from))
    const end = Math.max(start, place(Math.min(before.length, start + length)))
    return { before, text: before.slice(0, start) + insert + before.slice(end) }
  })

test('gives what reading the whole text gives, or nothing, whatever was edited', () => {
  let patched = 0
  fc.assert(
    fc.property(edited, ({ before, text }) => {
      const found = patch(before, text)
      if (found === undefined) return
      patched++
      expect(unpackManifest(kept(found.manifest))).toEqual(kept(readWhole(text)))
    }),
    { numRuns: 600 },
  )
  expect(patched, 'texts that were patched').toBeGreaterThan(20)
})

const among = (count: number, change: (text: string) => string): [string, string] => {
  const text = head + Array.from({ length: count }, (_, number) => `  asset-${number}:\n    prompt: Picture ${number}\n`).join('')
  return [text, change(text)]
}

test('reads only the entries that changed, and moves those behind them', () => {
  const [before, text] = among(50, (whole) => whole.replace('Picture 7\n', 'Picture seven\n    alt: A\n'))
  const found = patch(before, text)!
  expect(found.changed).toEqual(['asset-7'])
  expect(unpackManifest(found.manifest)).toEqual(readWhole(text))
  expect(readWhole(text)!.warnings).toHaveLength(49)
})

test.each<[what: string, change: (text: string) => string]>([
  ['a name is new', (text) => text.replace('asset-7:', 'other:')],
  ['an entry is gone', (text) => text.replace('  asset-7:\n    prompt: Picture 7\n', '')],
  ['another asks for the same', (text) => text.replace('Picture 7\n', 'Picture 8\n')],
  ['one is made from another', (text) => text.replace('Picture 7\n', 'Picture 7\n    edit: { image: asset-8 }\n')],
  ['there is a mistake', (text) => text.replace('Picture 7\n', 'Picture 7\n    promt: x\n')],
  ['an anchor is set', (text) => text.replace('Picture 7\n', '&x Picture seven\n')],
  ['something else changed', (text) => text.replace('Warm.', 'Cold.')],
  ['something else changed too', (text) => text.replace('Warm.', 'Cold.').replace('Picture 7\n', 'Picture seven\n')],
  ['a key at the left edge ends the entries', (text) => text.replace('Picture 7\n', 'Picture seven\nvars:\n')],
])('leaves it to reading the whole text where %s', (_, change) => {
  const [before, text] = among(20, change)
  expect(patch(before, text)).toBeUndefined()
})
