import { expect, test } from 'vitest'
import { formatPlace } from '../../diagnostic.ts'
import { createComparedProject } from '../compare/testing.ts'
import { findViolations } from './find-violations.ts'
import { isFailing, type PolicyFinding } from './finding.ts'
import { matches } from './matches.ts'

const assets = `assets:
  hero: { prompt: A lighthouse, alt: A lighthouse }
  shop/cup: { prompt: A cup }
  shop/mug: { prompt: A mug }
  line: { prompt: A line, alt: '', decorative: true }
`
const head = `version: 1
provider: local
defaults: { size: 256x256, outputs: [{ name: s, width: 64, height: 64, formats: [webp], quality: 50 }] }
`

/** Returns the findings of a manifest with a policy that is written after its assets. */
async function check(
  policy: string,
  { text = head + assets, base }: { text?: string; base?: string } = {},
): Promise<{ findings: PolicyFinding[]; lines: string[] }> {
  const project = await createComparedProject(`${text}policy:\n${policy}`)
  const { policy: result } = await project.project.check({ withPolicy: true, base })
  return { findings: result.findings, lines: result.findings.map(formatFinding) }
}

function formatFinding({ code, place, subject, acknowledged }: PolicyFinding): string {
  const reason = acknowledged === null ? '' : ` (${acknowledged})`
  return `${formatPlace(place)} ${code} ${subject ?? '-'}${reason}`
}

/** The assets of the manifest by place. */
const nameByPlace: Readonly<Record<string, string>> = {
  '5:3': 'hero',
  '6:3': 'shop/cup',
  '7:3': 'shop/mug',
  '8:3': 'line',
}

function at(code: string): (place: string) => string {
  return (place) => `images.yaml:${place} policy/${code} ${nameByPlace[place]}`
}

test.each<[string, string, string[]]>([
  [
    'models that are not allowed',
    '  models: [gpt-image-2]',
    ['5:3', '6:3', '7:3', '8:3'].map(at('model')),
  ],
  ['models that a pattern allows', '  models: [gpt-image-2, limn-*]', []],
  [
    'providers of the manifest and of the lockfile',
    '  providers: [azure]',
    ['images.yaml:2:11 policy/provider -', ...['5:3', '6:3', '7:3', '8:3'].map(at('provider'))],
  ],
  ['providers that are allowed', '  providers: [local, openai]', []],
  [
    'missing alt texts, not those of decorative pictures',
    '  require: [alt]',
    ['6:3', '7:3'].map(at('alt')),
  ],
])('finds %s', async (_, policy, expected) => {
  expect((await check(policy)).lines.sort()).toEqual(expected.sort())
})

// Each file has 64 x 64 x 50 bytes.
test.each<[string, string, string[]]>([
  ['a page on its own', '  maxPageBytes: 300000', []],
  [
    'pictures of no page',
    '  maxPageBytes: 200000',
    ['5:3', '6:3', '7:3', '8:3'].map(at('page-bytes')),
  ],
  [
    'pages, with assets below a name',
    '  maxPageBytes: 409600\n  pages:\n    home: [hero, line]\n    shop: [shop, hero]',
    ['images.yaml:13:5 policy/page-bytes shop'],
  ],
])('finds what loads too many bytes: %s', async (_, policy, expected) => {
  expect((await check(policy)).lines.sort()).toEqual(expected.sort())
})

const acknowledged = (entry: string): string =>
  `  require: [alt]\n  acknowledge:\n    - { finding: alt, reason: Why not, ${entry} }\n`

test.each<[string, string, string[]]>([
  [
    'one asset',
    'for: [shop/cup]',
    ['images.yaml:6:3 policy/alt shop/cup (Why not)', 'images.yaml:7:3 policy/alt shop/mug'],
  ],
  [
    'the assets below a name, until a day to come',
    'for: [shop], until: 2999-12-31',
    [
      'images.yaml:6:3 policy/alt shop/cup (Why not)',
      'images.yaml:7:3 policy/alt shop/mug (Why not)',
    ],
  ],
  [
    'nothing any more',
    'for: [shop], until: 2026-01-31',
    [
      'images.yaml:6:3 policy/alt shop/cup',
      'images.yaml:7:3 policy/alt shop/mug',
      'images.yaml:12:7 policy/expired-acknowledgement -',
    ],
  ],
  [
    'an asset without a finding',
    'for: [hero]',
    [
      'images.yaml:6:3 policy/alt shop/cup',
      'images.yaml:7:3 policy/alt shop/mug',
      'images.yaml:12:7 policy/unused-acknowledgement -',
    ],
  ],
])('acknowledges %s', async (_, entry, expected) => {
  const { findings, lines } = await check(acknowledged(entry))
  expect(lines).toEqual(expected)
  const failing = findings.filter(isFailing)
  expect(failing.every(({ acknowledged }) => acknowledged === null)).toBe(true)
  expect(failing.map(({ code }) => code)).not.toContain('policy/unused-acknowledgement')
})

test('limits what a branch pays and would still pay', async () => {
  const text = `${head}${assets}policy: { maxCost: 0.1 }\n`
  const { project, git, edit, generate } = await createComparedProject(text)
  const check = async (): Promise<[string[], unknown]> => {
    const { policy } = await project.check({ withPolicy: true, base: 'main' })
    return [policy.findings.map(({ message }) => message), policy.cost]
  }
  git('switch', '--quiet', '--create', 'branch')
  expect(await check()).toEqual([[], { paidUsd: 0, plannedUsd: 0, unknownPrices: 0 }])
  edit('A lighthouse', 'A harbour')
  const at = (second: number): string => `2026-12-01T00:00:0${second}.000Z`
  await generate({ at: at(1), requestId: 'a', usd: 0.06, provider: 'openai' })
  expect((await check())[0]).toEqual([])
  await generate({ at: at(2), requestId: 'b', usd: 0.11, provider: 'openai' })
  expect((await check())[0]).toEqual([
    expect.stringMatching(/cost \$0\.11.*the policy allows \$0\.1/),
  ])
  // A lockfile that hides a price.
  await generate({ at: at(3), requestId: 'c', usd: undefined, provider: 'openai' })
  expect((await check())[0]).toEqual([expect.stringMatching(/price of 1 picture .* is unknown/)])
})

test.each<[string, [paidUsd: number, plannedUsd: number, unknownPrices: number], RegExp[]]>([
  ['both below the limit', [0.1, 0.2, 0], []],
  ['together above it', [0.2, 0.11, 0], [/cost \$0\.310 \(\$0\.200 paid, \$0\.110 to come\)/]],
  ['unknown', [0.1, 0, 3], [/price of 3 pictures .* is unknown/]],
])(
  'adds up what is paid and what is planned: %s',
  async (_, [paidUsd, plannedUsd, unknownPrices], expected) => {
    const { project } = await createComparedProject(`${head}${assets}policy: { maxCost: 0.3 }\n`)
    const { manifest, lock } = await project.snapshot()
    const cost = { paidUsd, plannedUsd, unknownPrices }
    const found = findViolations({ manifest, lock, policy: manifest.policy!, cost })
    expect(found.map(({ message }) => message)).toEqual(
      expected.map((text) => expect.stringMatching(text)),
    )
  },
)

test('does not check the cost without a base', async () => {
  const { project } = await createComparedProject(`${head}${assets}policy: { maxCost: 0 }\n`)
  const { policy } = await project.check({ withPolicy: true })
  expect(policy).toEqual({ findings: [], cost: null, notChecked: ['cost'] })
})

test.each<[string, string, boolean]>([
  ['gpt-image-2', 'gpt-image-2', true],
  ['gpt-image-2', 'gpt-image-2.5', false],
  ['gpt-*', 'gpt-image-2', true],
  ['*-mini', 'gpt-image-1-mini', true],
  ['a*a', 'a', false],
  ['*', '', true],
  ['a*b*c', 'aXbYc', true],
  ['a*b*c', 'aXcYb', false],
  ['.*', 'x', false],
])('matches %s with %s: %s', (pattern, name, expected) => {
  expect(matches(pattern, name)).toBe(expected)
})
