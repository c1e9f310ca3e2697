import { expect, test } from 'vitest'
import type { ImageRequest } from '../identity/request.ts'
import { displayWidth, formatPlan, pad } from './format-plan.ts'
import type { Plan, Step } from './plan.ts'

const request: ImageRequest = {
  operation: 'generate',
  prompt: 'A red mug',
  model: 'gpt-image-2.5-flare',
  size: '1024x1024',
  quality: 'medium',
  background: 'auto',
  format: 'png',
}

function plan(steps: Step[], rest: Partial<Plan> = {}): Plan {
  const prices = steps.flatMap((step) => (step.kind === 'generate' ? [step.usd] : []))
  return {
    version: 1,
    steps,
    unchanged: 0,
    usd: prices.reduce<number>((sum, usd) => sum + (usd ?? 0), 0),
    unknownPrices: prices.filter((usd) => usd === null).length,
    notes: [],
    ...rest,
  }
}

test('formats each kind of step on one line, and the summary below', () => {
  const lines = formatPlan(
    plan(
      [
        {
          kind: 'generate',
          asset: 'hero',
          reasons: [{ code: 'new' }],
          request,
          usd: 0.0132,
          images: 1,
        },
        {
          kind: 'generate',
          asset: 'product/mug/red',
          reasons: [
            {
              code: 'request-changed',
              changes: [
                {
                  field: 'prompt',
                  from: 'A red mug on a table',
                  to: 'A red ceramic mug on a white table',
                },
              ],
            },
          ],
          request,
          usd: 0.0132,
          images: 1,
        },
        {
          kind: 'recover',
          asset: 'lost',
          reasons: [{ code: 'received-before' }],
          request,
          key: 'k',
          from: 'journal',
        },
        {
          kind: 'derive',
          asset: 'banner',
          reasons: [{ code: 'outputs-added', presets: ['og'] }],
          outputs: ['og.jpg'],
        },
        {
          kind: 'move',
          asset: 'team',
          reasons: [{ code: 'renamed', from: 'staff' }],
          from: 'staff',
          outputs: [],
        },
        { kind: 'prune', asset: 'old-hero', reasons: [{ code: 'not-in-manifest' }] },
        { kind: 'keep', asset: 'banner-2', reasons: [{ code: 'edited' }] },
      ],
      { unchanged: 8 },
    ),
  )
  expect(lines.join('\n')).toBe(
    `
  + hero             new                                               1 picture   $0.013
  ~ product/mug/red  stale: prompt changed                             1 picture   $0.013
      - A red mug on a table
      + A red ceramic mug on a white table
  + lost             received: in the journal, already paid for                        $0
  ↻ banner           outputs: preset og added                                          $0
  → team             renamed: from staff                                               $0
  - old-hero         orphaned: no longer in the manifest (limn prune)
  ! banner-2         edited: kept until it is adopted                                  $0
    8 unchanged

Plan: 2 to generate (up to $0.026), 1 to recover, 1 to derive, 1 to rename, 1 edited, 1 to prune.
Run \`limn adopt banner-2\` to accept the edited picture, or restore it with git.`.slice(1),
  )
})

test('aligns Chinese names by their width in cells', () => {
  const lines = formatPlan(
    plan([
      {
        kind: 'generate',
        asset: '产品/杯子',
        reasons: [{ code: 'new' }],
        request,
        usd: 0,
        images: 1,
      },
      { kind: 'generate', asset: 'b', reasons: [{ code: 'new' }], request, usd: 0, images: 1 },
    ]),
  )
  expect(lines.slice(0, 2)).toEqual([
    '  + 产品/杯子  new  1 picture       $0',
    '  + b          new  1 picture       $0',
  ])
})

test('formats a plan without steps as a count of unchanged pictures', () => {
  expect(formatPlan(plan([], { unchanged: 1 }))).toEqual([
    'Nothing to do: 1 picture is up to date.',
  ])
  expect(formatPlan(plan([], { unchanged: 12 }))).toEqual([
    'Nothing to do: 12 pictures are up to date.',
  ])
})

test('says that there is nothing to do if a run would execute no step', () => {
  expect(
    formatPlan(plan([{ kind: 'prune', asset: 'old', reasons: [{ code: 'not-in-manifest' }] }])).at(
      -1,
    ),
  ).toBe('Plan: nothing to do. 1 to prune.')
})

test('distinguishes unknown prices from a price of zero', () => {
  const unknown: Step = {
    kind: 'generate',
    asset: 'a',
    reasons: [{ code: 'new' }],
    request,
    usd: null,
    images: 1,
  }
  expect(formatPlan(plan([unknown])).at(-1)).toBe('Plan: 1 to generate (1 of unknown price).')
  expect(formatPlan(plan([unknown, { ...unknown, asset: 'b', usd: 0.5, images: 1 }])).at(-1)).toBe(
    'Plan: 2 to generate (up to $0.500 + 1 of unknown price).',
  )
  expect(formatPlan(plan([unknown]))[0]).toBe('  + a  new  1 picture  price unknown')
})

test('converts prices to another currency, and sums the rounded prices', () => {
  const step = (asset: string): Step => ({
    kind: 'generate',
    asset,
    reasons: [{ code: 'new' }],
    request,
    usd: 0.0132,
    images: 1,
  })
  const lines = formatPlan(
    plan([
      step('a'),
      step('b'),
      {
        kind: 'derive',
        asset: 'c',
        reasons: [{ code: 'outputs-added', presets: ['og'] }],
        outputs: ['og.jpg'],
      },
    ]),
    { currency: { code: 'CNY', perUsd: 7.1 } },
  )
  expect(lines).toEqual([
    '  + a  new                       1 picture   CNY 0.094',
    '  + b  new                       1 picture   CNY 0.094',
    '  ↻ c  outputs: preset og added                  CNY 0',
    '',
    'Plan: 2 to generate (up to CNY 0.188), 1 to derive.',
  ])
})

test('labels changed fields other than the prompt, and shortens long values to one line', () => {
  const changes = [
    { field: 'size', from: '1024x1024', to: '1536x1024' },
    { field: 'background', from: null, to: 'transparent' },
    { field: 'prompt', from: 'a\n\n  b', to: 'x'.repeat(150) },
  ]
  const lines = formatPlan(
    plan([
      {
        kind: 'generate',
        asset: 'a',
        reasons: [{ code: 'request-changed', changes }],
        request,
        usd: 0,
        images: 1,
      },
    ]),
  )
  expect(lines[0]).toContain('size, background, prompt changed')
  expect(lines.slice(1, 7)).toEqual([
    '      - size: 1024x1024',
    '      + size: 1536x1024',
    '      - background: (none)',
    '      + background: transparent',
    '      - a b',
    `      + ${'x'.repeat(99)}…`,
  ])
})

test('does not call a picture paid for that a person supplied', () => {
  const kept = (provider: string): Step => ({
    kind: 'keep',
    asset: 'hero',
    reasons: [{ code: 'paid-for', provider }],
  })
  const [first, second] = formatPlan(plan([kept('openai'), kept('adopted')]))
  expect(first).toContain('kept: paid for at openai')
  expect(second).toContain('hero  kept: adopted by hand')
})

test('lists at most three names', () => {
  const lines = formatPlan(
    plan([
      {
        kind: 'derive',
        asset: 'a',
        reasons: [
          { code: 'outputs-added', presets: ['a', 'b', 'c', 'd', 'e'] },
          { code: 'outputs-missing', files: 1 },
        ],
        outputs: [],
      },
    ]),
  )
  expect(lines[0]).toContain(
    'outputs: presets a, b, c and 2 more added, 1 file missing on this machine',
  )
})

test('lists files with verbose, and notes below their asset', () => {
  const lines = formatPlan(
    plan(
      [
        {
          kind: 'derive',
          asset: 'a',
          reasons: [{ code: 'outputs-added', presets: ['og'] }],
          outputs: ['og.jpg'],
        },
      ],
      { notes: [{ asset: 'a', text: 'og is scaled up 1.5×.' }] },
    ),
    { verbose: true },
  )
  expect(lines).toContain('      og.jpg')
  expect(lines).toContain('      ! og is scaled up 1.5×.')
})

test('paints marks and names only', () => {
  const steps: Step[] = [
    { kind: 'generate', asset: 'a', reasons: [{ code: 'new' }], request, usd: 0, images: 1 },
  ]
  expect(formatPlan(plan(steps), { paint: (kind, text) => `<${kind}>${text}</>` })[0]).toBe(
    '  <add>+</> <bold>a</>  new  1 picture       $0',
  )
})

test.each([
  ['abc', 3],
  ['灯塔', 4],
  ['ｆｕｌｌ', 8],
  ['é', 1],
  ['e\u0301', 1],
  ['한글', 4],
  ['🦊', 2],
  ['', 0],
])('measures %s as %d cells', (text, cells) => {
  expect(displayWidth(text)).toBe(cells)
  expect(displayWidth(pad(text, 10))).toBe(10)
})
