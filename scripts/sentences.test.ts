import { expect, test } from 'vitest'
import { findSentences } from './sentences.ts'

/** Wordings that Limn does not use, each with the replacement. */
const bannedWordings: readonly (readonly [wording: RegExp, replacement: string])[] = [
  [/\b(is|are) told\b/, 'is reported'],
  [/\btells?\b/, 'reports'],
  [/\bmend(s|ed)?\b/, 'fix'],
  [/\b(nobody|somebody)\b/i, 'a passive, or the process or person'],
  [/\bwhoever\b/i, 'the provider, the person'],
  [/\bgoes without saying\b/, 'the default'],
  [/\b(be|is|are) had\b/, 'available'],
  [/\basked for\b/, 'requested'],
  [/\bbeside\b/i, 'next to'],
  [/\b(lies|lie|stands?) (in|at|on|there|where)\b/, 'is stored in'],
  [/\b(gives?|gave) way\b/, 'is replaced by'],
  [/\btakes? no\b/, 'does not accept'],
  [/\bin the place of\b/, 'instead of'],
  [/\bcut(s|ting)? (from|its|again|the)\b/, 'derive'],
  [/\ban? images? (is|was|that)\b|\bimages? (is|are) not\b/, 'picture'],
  [/\bcannot\b/, "can't"],
]

test('finds the sentences of all packages', () => {
  expect(findSentences().length).toBeGreaterThan(900)
})

test('finds no sentence in a banned wording', () => {
  const findings = findSentences().flatMap(({ file, line, text }) =>
    bannedWordings
      .filter(([wording]) => wording.test(text))
      .map(([, replacement]) => `${file}:${line} ${text} → ${replacement}`),
  )
  expect(findings).toEqual([])
})
