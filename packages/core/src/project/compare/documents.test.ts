import { expect, test } from 'vitest'
import { createBudget } from '../previews.ts'
import type { ComparedAsset, Comparison, Regression } from './comparison.ts'
import { formatMarkdown } from './format-markdown.ts'
import { formatHtml } from './html/format-html.ts'
import { escapeMarkdown } from './markdown-text.ts'
import { diffWords } from './word-diff.ts'

/** Texts that a manifest, a lockfile or a ref may contain. */
const hostile = [
  '<script>fetch("//evil.example")</script>',
  '</style></script><img src=x onerror=alert(1)>',
  '@team please #12 GH-12 a@b.co',
  '| a | b |\n|---|---|\n# Heading',
  '[x](https://evil.example) ![x](//evil.example/x.png) www.evil.example',
  '```\n</details>\n<!-- limn compare -->',
  '**bold** _it_ ~~no~~ $x^2$ :smile: \\@team',
  '\u0007\u001B[31m\u202Eback\u2028line\0',
  '"quoted" \'single\' & &amp; &#64;team',
]

const picture = {
  path: 'images/a.png',
  sha256: 'a'.repeat(64),
  bytes: 1000,
  width: 10,
  height: 10,
  frames: 1,
  state: 'generated',
} as const

function assetOf(name: string, text: string): ComparedAsset {
  return {
    name,
    change: 'changed',
    from: null,
    aspects: ['picture', 'prompt', 'alt', 'settings', 'outputs'],
    before: picture,
    after: picture,
    difference: 0.2,
    notCompared: text,
    prompt: { before: text, after: `${text} more`, words: diffWords(text, `${text} more`) },
    alt: { before: text, after: text },
    settings: [{ field: text, from: text, to: text }],
    usd: 0.04,
    pending: { state: 'stale', why: text, usd: 0.04 },
    bytesBefore: 10,
    bytesAfter: 20,
    pageBytesBefore: 10,
    pageBytesAfter: 20,
    outputs: [{ file: text, before: 10, after: 20 }],
  }
}

function comparisonOf(assets: ComparedAsset[], text = 'main'): Comparison {
  const regressions = assets.map(({ name }): Regression => ({
    asset: name,
    code: 'alt',
    message: text,
  }))
  return {
    version: 1,
    project: text,
    base: { ref: text, commit: 'a'.repeat(40), at: '2026-11-30T10:00:00.000Z', isStart: true },
    head: { ref: text, commit: null, at: null },
    assets,
    totals: {
      added: 0,
      removed: 0,
      changed: assets.length,
      renamed: 0,
      unchanged: 0,
      usd: 0.04,
      unknownPrices: 1,
      planUsd: null,
      bytesBefore: 10,
      bytesAfter: 20,
      pageBytesBefore: 10,
      pageBytesAfter: 20,
    },
    pages: assets.map(({ name }) => ({
      page: name,
      isDeclared: true,
      bytesBefore: 10,
      bytesAfter: 20,
    })),
    regressions,
    notes: [text],
    currency: null,
  }
}

test.each(hostile)('lets no text out of its place in Markdown: %j', (text) => {
  const plain = formatMarkdown(comparisonOf([assetOf('name', 'text')], 'text'), ['text'])
  const markdown = formatMarkdown(comparisonOf([assetOf(text, text)], text), [text])
  // As many rows, cells, tags and lines as with a harmless text.
  expect(markdown.split('\n')).toHaveLength(plain.split('\n').length)
  for (const sign of ['<', '>', '|', '[', ']', '`', '*', '@', '\\', '~', '$', '_']) {
    expect(markdown.split(sign), sign).toHaveLength(plain.split(sign).length)
  }
  expect(markdown).not.toMatch(
    /@|(?<!&)#\w|GH-\d|https?:|www\.|(?!\n)[\p{Cc}\p{Bidi_Control}\u2028]/u,
  )
})

test.each([
  ['@team', '&#64;&#8203;team'],
  ['#12', '&#35;&#8203;12'],
  ['see GH-12', 'see GH-&#8203;12'],
  ['a|b', 'a&#124;b'],
  ['a\nb', 'a\u21B5b'],
  ['A cup, 10 % off. Really?', 'A cup, 10 % off. Really?'],
  ['杯子', '杯子'],
])('escapes %j for Markdown', (text, expected) => {
  expect(escapeMarkdown(text)).toBe(expected)
})

test('keeps Markdown below the limit of a comment, and says what it leaves out', () => {
  const many = Array.from({ length: 10_000 }, (_, index) => assetOf(`asset-${index}`, hostile[0]!))
  const markdown = formatMarkdown(comparisonOf(many), ['Too many.'])
  expect(markdown.length).toBeLessThan(65_536)
  expect(markdown.length).toBeGreaterThan(50_000)
  expect(markdown).toMatch(/… and 9\d{3} more/)
  expect(markdown.trimEnd()).toMatch(/<\/details>$/)
  const long = formatMarkdown(comparisonOf([assetOf('a', 'word | '.repeat(20_000))]), [])
  expect(long.length).toBeLessThan(65_536)
})

test.each(hostile)('lets no text out of its place in HTML: %j', (text) => {
  const options = { previewsByAsset: new Map(), failures: [text] }
  const tagsOf = (html: string): string[] =>
    [...html.replace(/<style>[^]*<\/style>|<script>[^]*?<\/script>/g, '').matchAll(/<[^>]*>/g)].map(
      ([tag]) => tag.replaceAll(/"[^"]*"/g, '""'),
    )
  const plain = formatHtml(comparisonOf([assetOf('name', 'text')], 'text'), {
    ...options,
    budget: createBudget(1e6),
  })
  const html = formatHtml(comparisonOf([assetOf(text, text)], text), {
    ...options,
    budget: createBudget(1e6),
  })
  const count = (tags: readonly string[], pattern: RegExp): number =>
    tags.filter((tag) => pattern.test(tag)).length
  // Words of a difference may be more.
  for (const pattern of [/^<(?!\/?(ins|del))/, /on\w+=/, /^<script|^<img|^<a /]) {
    expect(count(tagsOf(html), pattern)).toBe(count(tagsOf(plain), pattern))
  }
  expect(html).toContain("default-src 'none'; img-src data:; style-src 'sha256-")
  expect(html).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}\u2028]/u)
})

test('shows previews within the budget, a pair whole or not at all', () => {
  const assets = ['a', 'b', 'c'].map((name) => assetOf(name, 'text'))
  const previews = {
    before: Buffer.alloc(300),
    after: Buffer.alloc(300),
    difference: Buffer.alloc(300),
  }
  const previewsByAsset = new Map(assets.map(({ name }) => [name, previews]))
  for (const [maxBytes, shown] of [
    [10_000, 9],
    [2400, 6],
    [1199, 0],
    [0, 0],
  ] as const) {
    const budget = createBudget(maxBytes)
    const html = formatHtml(comparisonOf(assets), { previewsByAsset, budget, failures: [] })
    expect(html.match(/src="data:/g) ?? [], String(maxBytes)).toHaveLength(shown)
    expect(budget.used).toBeLessThanOrEqual(maxBytes)
    expect(budget.refused).toBe((9 - shown) / 3)
  }
})
