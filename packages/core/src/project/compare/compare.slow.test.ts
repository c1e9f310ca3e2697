import { rmSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import type { ComparedAsset } from './comparison.ts'
import { createComparedProject, manifest } from './testing.ts'

/** The parts of an asset by which tests tell what was found. */
function summarize({ name, change, from, aspects }: ComparedAsset): string {
  const source = from === null ? '' : ` from ${from}`
  return `${change} ${name}${source}: ${aspects.join(', ')}`
}

test('finds nothing if nothing differs', async () => {
  const { compare, folder } = await createComparedProject()
  const { comparison } = await compare()
  expect(comparison).toMatchObject({
    version: 1,
    project: folder.split('/').at(-1),
    base: { ref: 'main', isStart: false },
    head: { ref: 'the working tree', commit: null, at: null },
    assets: [],
    regressions: [],
    notes: [],
    totals: { added: 0, removed: 0, changed: 0, renamed: 0, unchanged: 3, usd: 0, planUsd: 0 },
  })
})

test('finds what is new, removed, renamed and changed, in the tree and in a commit', async () => {
  const { compare, edit, generate, git } = await createComparedProject()
  git('switch', '--quiet', '--create', 'branch')
  edit('  cup: {', '  kitchen/cup: {')
  edit('at dusk', 'at dawn')
  edit('  product/mug: { prompt: A red mug, alt: A mug }\n', '  team: { prompt: A team, alt: x }\n')
  const expected = [
    'changed hero: picture, prompt',
    'renamed kitchen/cup from cup: ',
    'removed product/mug: picture',
    'added team: picture',
  ]
  // Before the run, the pictures do not exist yet.
  const planned = (await compare()).comparison
  expect(planned.assets.map(summarize)).toEqual([
    'changed hero: prompt',
    'renamed kitchen/cup from cup: ',
    'removed product/mug: picture',
    'added team: ',
  ])
  expect(planned.assets.map(({ pending }) => pending?.state)).toEqual([
    'stale',
    'renamed',
    undefined,
    'new',
  ])
  await generate()
  for (const head of [undefined, 'branch', 'HEAD']) {
    const { comparison } = await compare({ head })
    expect(comparison.assets.map(summarize), head).toEqual(expected)
    expect(comparison.totals).toMatchObject({ added: 1, removed: 1, changed: 1, renamed: 1 })
    const [hero] = comparison.assets
    expect(hero!.difference).toBeGreaterThan(0)
    expect(hero!.prompt!.words).toEqual([
      { kind: 'same', text: 'A lighthouse at ' },
      { kind: 'removed', text: 'dusk' },
      { kind: 'added', text: 'dawn' },
    ])
    expect(comparison.regressions).toEqual([])
  }
  // Seen from the other side.
  const back = (await compare({ base: 'branch', head: 'main' })).comparison
  expect(back.assets).toEqual([])
  expect(back.base.isStart).toBe(true)
})

test('compares with the commit at which the branch started', async () => {
  const { compare, edit, generate, git } = await createComparedProject()
  git('switch', '--quiet', '--create', 'branch')
  edit('A red mug', 'A blue mug')
  await generate()
  git('switch', '--quiet', 'main')
  edit('at dusk', 'at noon')
  await generate()
  const { comparison } = await compare({ head: 'branch' })
  expect(comparison.assets.map(summarize)).toEqual(['changed product/mug: picture, prompt'])
  expect(comparison.base.isStart).toBe(true)
})

test.each<[string, [from: string, to: string], string, object]>([
  ['alt', ['alt: A lighthouse', 'alt: A tower'], 'changed hero: alt', {}],
  [
    'outputs in the manifest',
    ['alt: A lighthouse', 'alt: A lighthouse, outputs: [{ name: b, width: 90, formats: [png] }]'],
    'changed hero: outputs',
    {
      outputs: [
        { file: 'b.png', before: null },
        { file: 's.webp', after: null },
      ],
    },
  ],
  [
    'the encoding of an output',
    [
      'alt: A lighthouse',
      'alt: A lighthouse, outputs: [{ name: s, width: 64, height: 64, formats: [webp], quality: 20 }]',
    ],
    'changed hero: outputs',
    { outputs: [{ file: 's.webp' }], difference: null },
  ],
  [
    'a setting of the request',
    ['alt: A lighthouse', 'alt: A lighthouse, size: 320x256'],
    'changed hero: picture, settings',
    { settings: [{ field: 'size', from: '256x256', to: '320x256' }], difference: null },
  ],
  [
    'a prompt in Chinese',
    ['prompt: A lighthouse at dusk', 'prompt: 黄昏时的灯塔'],
    'changed hero: picture, prompt',
    {},
  ],
])('finds a change of %s', async (_, [from, to], expected, facts) => {
  const { compare, edit, generate, git } = await createComparedProject()
  git('switch', '--quiet', '--create', 'branch')
  edit(from, to)
  await generate()
  for (const head of [undefined, 'HEAD']) {
    const { comparison } = await compare({ head })
    expect(comparison.assets.map(summarize)).toEqual([expected])
    expect(comparison.assets[0]).toMatchObject(facts)
  }
})

test('finds a picture that a person edited, committed or not, and adopted', async () => {
  const { compare, commit, git, project, read, write } = await createComparedProject()
  git('switch', '--quiet', '--create', 'branch')
  const edited = await sharp(read('images/hero.png')).negate({ alpha: false }).png().toBuffer()
  write('images/hero.png', edited)
  expect((await compare()).comparison.assets.map(summarize)).toEqual(['changed hero: picture'])
  commit()
  const { assets } = (await compare({ head: 'branch' })).comparison
  expect(assets.map(summarize)).toEqual(['changed hero: picture'])
  expect(assets[0]!.difference).toBeGreaterThan(0.5)
  // The base has the edit too; only the lockfile differs then.
  git('branch', '--force', 'edited', 'HEAD')
  expect((await compare({ base: 'edited' })).comparison.assets).toEqual([])
  await project.adopt('hero')
  const adopted = (await compare({ base: 'edited' })).comparison
  expect(adopted.assets.map(summarize)).toEqual(['changed hero: state'])
})

test('compares a first commit of pictures with a base that has none', async () => {
  const { compare, git } = await createComparedProject()
  git('switch', '--quiet', '--orphan', 'empty')
  git('commit', '--quiet', '--allow-empty', '--message', 'Empty')
  const { comparison } = await compare({ base: 'empty', head: 'main' })
  expect(comparison.assets.map(summarize)).toEqual([
    'added cup: picture',
    'added hero: picture',
    'added product/mug: picture',
  ])
  expect(comparison.base.isStart).toBe(false)
})

test('reads the prompts of a base with a mistake from its lockfile', async () => {
  const { compare, commit, edit, generate, git } = await createComparedProject()
  edit('version: 1', 'version: 1\nfuture: 2')
  commit('Use a key of a later version')
  edit('\nfuture: 2', '')
  git('switch', '--quiet', '--create', 'branch')
  edit('at dusk', 'at dawn')
  await generate()
  const { comparison } = await compare()
  expect(comparison.assets.map(summarize)).toEqual(['changed hero: picture, prompt'])
  expect(comparison.notes).toEqual([expect.stringMatching(/^The manifest of main has a mistake/)])
})

test('reads included files from the commit', async () => {
  const { compare, commit, generate, git, write } = await createComparedProject(
    manifest.replace('provider', 'include: [shop/*.yaml]\nprovider'),
    { 'shop/a.yaml': 'version: 1\nassets:\n  shoe: { prompt: A shoe, alt: A shoe }\n' },
  )
  git('switch', '--quiet', '--create', 'branch')
  write('shop/a.yaml', 'version: 1\nassets:\n  shoe: { prompt: A black shoe, alt: A shoe }\n')
  write('shop/b.yaml', 'version: 1\nassets:\n  hat: { prompt: A hat, alt: A hat }\n')
  await generate()
  for (const head of [undefined, 'branch']) {
    expect((await compare({ head })).comparison.assets.map(summarize)).toEqual([
      'added hat: picture',
      'changed shoe: picture, prompt',
    ])
  }
  write('shop/b.yaml', 'assets: [')
  commit('Break it')
  const { notes } = (await compare({ head: 'branch' })).comparison
  expect(notes).toEqual([expect.stringMatching(/^The manifest of branch has a mistake/)])
})

test('counts what was paid for the new pictures only', async () => {
  const { compare, edit, generate, git } = await createComparedProject()
  git('switch', '--quiet', '--create', 'branch')
  const paid = async (made: { at: string; usd: number | undefined }): Promise<object> => {
    await generate({ provider: 'openai', ...made })
    return (await compare({ head: 'branch' })).comparison.totals
  }
  // The record of main, as of a renamed or picked picture.
  edit('at dusk', 'at dawn')
  const at = '2026-11-30T10:00:00.000Z'
  expect(await paid({ at, usd: 0.04 })).toMatchObject({ usd: 0, unknownPrices: 0 })
  const later = '2026-11-30T12:00:00.000Z'
  expect(await paid({ at: later, usd: 0.04 })).toMatchObject({ usd: 0.12, unknownPrices: 0 })
  expect(await paid({ at: later, usd: undefined })).toMatchObject({ usd: 0, unknownPrices: 3 })
})

const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 9\n`

test.each([
  ['a pointer of Git LFS', pointer, /hero\.png of main is a Git LFS pointer/],
  ['an empty file', '', /hero\.png of main is an empty file/],
  ['no picture', 'hello', /hero\.png of main can't be read/],
])('says why it does not compare a picture whose base is %s', async (_, content, reason) => {
  const { compare, commit, edit, generate, git, read, write } = await createComparedProject()
  const picture = read('images/hero.png')
  write('images/hero.png', content)
  commit()
  write('images/hero.png', picture)
  git('switch', '--quiet', '--create', 'branch')
  edit('at dusk', 'at dawn')
  await generate()
  const [hero] = (await compare({ head: 'branch' })).comparison.assets
  expect(hero).toMatchObject({
    name: 'hero',
    difference: null,
    notCompared: expect.stringMatching(reason),
  })
})

test('says why it does not compare a picture that git does not have', async () => {
  const { compare, edit, generate, git, folder } = await createComparedProject()
  git('rm', '--quiet', '--cached', 'images/hero.png')
  git('commit', '--quiet', '--message', 'Untrack it')
  git('switch', '--quiet', '--create', 'branch')
  edit('at dusk', 'at dawn')
  await generate()
  const [hero] = (await compare()).comparison.assets
  expect(hero!.notCompared).toBe('images/hero.png is not in main.')
  rmSync(join(folder, 'images/hero.png'))
  expect((await compare()).comparison.assets[0]!.notCompared).toMatch(
    /not in main\. images\/hero\.png is not in the working tree\./,
  )
})

test.each([
  [
    'markers of a conflict',
    (ours: string, theirs: string) => `<<<<<<< ours\n${ours}=======\n${theirs}>>>>>>> theirs\n`,
    undefined,
  ],
  ['binary data', () => '\0\u0001\u0002', /^images\.lock of HEAD is not a valid lockfile/],
  ['half of a file', (ours: string) => ours.slice(0, 200), /^images\.lock of HEAD is not a valid/],
  [
    'a later version',
    () => '{"lockfileVersion": 99}',
    /^images\.lock of HEAD was written by a newer/,
  ],
])('reads a lockfile with %s', async (_, change, message) => {
  const { compare, commit, edit, generate, git, read, write } = await createComparedProject()
  const before = read('images.lock').toString()
  git('switch', '--quiet', '--create', 'branch')
  edit('at dusk', 'at dawn')
  await generate()
  write('images.lock', change(read('images.lock').toString(), before))
  commit()
  const comparing = compare({ head: 'HEAD' })
  if (message !== undefined) await expect(comparing).rejects.toThrow(message)
  else {
    const { comparison } = await comparing
    expect(comparison.assets.map(summarize)).toEqual(['changed hero: picture, prompt'])
  }
})

test('makes previews of what differs', async () => {
  const { compare, edit, generate, git } = await createComparedProject()
  git('switch', '--quiet', '--create', 'branch')
  edit('at dusk', 'at dawn')
  edit('  product/mug: { prompt: A red mug, alt: A mug }\n', '  team: { prompt: A team, alt: x }\n')
  await generate()
  const { previewsByAsset } = await compare({ withPreviews: true })
  const kinds = [...previewsByAsset].map(([name, previews]) => [
    name,
    Object.entries(previews).flatMap(([kind, bytes]) => (bytes === undefined ? [] : [kind])),
  ])
  expect(kinds.sort()).toEqual([
    ['hero', ['before', 'after', 'difference']],
    ['product/mug', ['before']],
    ['team', ['after']],
  ])
  const facts = await sharp(previewsByAsset.get('hero')!.difference).metadata()
  expect(facts).toMatchObject({ format: 'webp', width: 256, height: 256 })
})

test('sums the bytes of the pages that the manifest declares, in the tree and in a commit', async () => {
  const { compare, edit, generate, git } = await createComparedProject(
    manifest.replace(
      'assets:',
      'policy: { pages: { home: [hero, product], shop: [product] } }\nassets:',
    ),
  )
  git('switch', '--quiet', '--create', 'branch')
  const larger = 'outputs: [{ name: s, width: 128, height: 64, formats: [webp] }]'
  edit('alt: A mug', `alt: A mug, ${larger}`)
  edit('alt: A cup', `alt: A cup, ${larger}`)
  await generate()
  const bytes = 64 * 64 * 80
  for (const head of [undefined, 'branch']) {
    const { pages, totals } = (await compare({ head })).comparison
    const one = { bytesBefore: bytes, bytesAfter: 2 * bytes }
    expect(pages).toEqual([
      { page: 'cup', isDeclared: false, ...one },
      { page: 'home', isDeclared: true, bytesBefore: 2 * bytes, bytesAfter: 3 * bytes },
      { page: 'shop', isDeclared: true, ...one },
    ])
    expect(totals).toMatchObject({ pageBytesBefore: 3 * bytes, pageBytesAfter: 5 * bytes })
  }
})
