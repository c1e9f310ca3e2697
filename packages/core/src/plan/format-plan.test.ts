import { expect, test } from 'vitest'
import type { ImageRequest } from '../identity/request.ts'
import { displayWidth } from './columns.ts'
import { formatPlan } from './format-plan.ts'
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

function matrix(names: readonly string[], change: (step: Step, index: number) => Step): Step[] {
  return names.map((asset, index) =>
    change(
      { kind: 'generate', asset, reasons: [{ code: 'new' }], request, usd: 0.0132, images: 1 },
      index,
    ),
  )
}

const colours = ['red', 'blue', 'green', 'black', 'white'].map((name) => `product/${name}`)

test('groups the pictures of a matrix with the same step, reasons and price', () => {
  const steps = matrix(['hero', ...colours, 'team/ann', 'team/bob'], (step) => step)
  expect(formatPlan(plan(steps))).toEqual([
    '  + hero          new  1 picture   $0.013',
    '  + product/* ×5  new  5 pictures  $0.065',
    '  + team/ann      new  1 picture   $0.013',
    '  + team/bob      new  1 picture   $0.013',
    '',
    'Plan: 8 to generate (up to $0.104).',
  ])
  expect(formatPlan(plan(steps), { verbose: true })).toHaveLength(10)
})

test('lists a picture of a matrix that differs from the others', () => {
  const others = ['f', 'g', 'h', 'i', 'j', 'k'].map((name) => `product/${name}`)
  const steps = matrix([...colours, ...others], (step, index) => {
    if (index === 1) return { ...(step as Extract<Step, { kind: 'generate' }>), usd: 0.05 }
    if (index === 2) return { ...step, reasons: [{ code: 'forced' }] } as Step
    return step
  })
  const lines = formatPlan(plan(steps, { notes: [{ asset: 'product/k', text: 'og is small.' }] }))
  expect(lines.filter((line) => line.startsWith('  '))).toEqual([
    '  + product/* ×8   new     8 pictures  $0.104',
    '  + product/blue   new     1 picture   $0.050',
    '  ~ product/green  forced  1 picture   $0.013',
    '  + product/k      new     1 picture   $0.013',
    '      ! og is small.',
  ])
})

test('shows the changes of one picture of a group, or those that all share', () => {
  const changed = (to: (index: number) => string): string[] =>
    formatPlan(
      plan(
        matrix(colours, (step, index) => ({
          ...step,
          reasons: [
            { code: 'request-changed', changes: [{ field: 'size', from: 'a', to: to(index) }] },
          ],
        })),
      ),
    ).slice(0, -2)
  expect(changed(() => 'b')).toEqual([
    '  ~ product/* ×5  stale: size changed  5 pictures  $0.065',
    '      - size: a',
    '      + size: b',
  ])
  expect(changed(String)).toEqual([
    '  ~ product/* ×5  stale: size changed  5 pictures  $0.065',
    '      product/red, as an example (--verbose shows all):',
    '      - size: a',
    '      + size: 0',
  ])
})

test('fits long names and reasons into a terminal, and keeps them whole elsewhere', () => {
  const long = `一只很长的猫-${'with-a-long-name-'.repeat(3)}end`
  const steps = matrix(['hero', long], (step) => ({
    ...step,
    reasons: [
      {
        code: 'request-changed',
        changes: ['prompt', 'size', 'quality'].map((field) => ({ field, from: 'a', to: 'b' })),
      },
      { code: 'input-changed', inputs: ['logo', 'a-house'] },
    ],
  }))
  const rows = (columns?: number): string[] =>
    formatPlan(plan(steps), { columns }).filter((line) => line.startsWith('  ~'))
  for (const row of rows(80)) {
    expect(row).toMatch(/^ {2}~ (hero|一只.*….*end) +stale +1 picture +\$0\.013$/)
  }
  for (const row of rows(80)) expect(displayWidth(row)).toBeLessThanOrEqual(80)
  expect(new Set(rows(80).map(displayWidth)).size).toBe(1)
  expect(rows()[1]).toContain(
    `${long}  stale: prompt, size, quality changed, logo, a-house changed  1`,
  )
  expect(new Set(rows().map(displayWidth)).size).toBe(1)
  expect(formatPlan(plan(steps), { columns: 80 })[1]).toBe(
    '      prompt, size, quality changed, logo, a-house changed',
  )
})
