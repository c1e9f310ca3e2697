import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import type { AssetView, Calls, Sheet, ToPage } from '@limn/contact-sheet'
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import { sha256 } from '../src/digest.ts'
import { createRepository } from '../src/git/testing.ts'
import type { SheetHost } from '../src/project/sheet/host.ts'
import { createSheetSession } from '../src/project/sheet/session.ts'
import { createUiSpending } from '../src/project/sheet/ui/ui-spending.ts'
import { createTestProject, type TestProject, type TestProjectOptions } from './test-project.ts'

const output = 'outputs: [{ name: s, width: 64, height: 48, formats: [png] }]'
const head = `# Pictures of the shop
version: 1
provider: openai
defaults: { model: gpt-image-2, quality: low, ${output} }
`
const manifest = `${head}assets:
  # The first picture
  hero:
    prompt: A lighthouse # draft
    alt: A lighthouse

  mug: { prompt: A mug,   alt: A mug }
`

type SheetProject = TestProject & {
  /** Calls like a page. @returns the output; rejects with the error of the reply */
  ask<Name extends keyof Calls>(
    name: Name,
    input: Calls[Name]['input'],
  ): Promise<Calls[Name]['output']>
  /** What the session sent without being asked. */
  sent: ToPage[]
  view(name: string): Promise<AssetView>
}

/** Creates a project, and the contact sheet of it. `maxUsd` is the limit of its host. */
async function createSheet(
  options: TestProjectOptions = {},
  maxUsd?: number,
): Promise<SheetProject> {
  const files = { 'images.yaml': manifest, '.gitignore': '.limn\nnode_modules\n' }
  const project = await createTestProject({ server: true, files, ...options })
  const host: SheetHost = {
    project: project.project,
    read: () => project.project.planWithSnapshot(),
    loadOutputService: () => Promise.reject(new Error('not used')),
    spending: createUiSpending(maxUsd),
    onBug(error) {
      throw error
    },
  }
  const session = createSheetSession(host)
  const sent: ToPage[] = []
  onTestFinished(session.listen((event) => sent.push(event)))
  let id = 0
  const ask: SheetProject['ask'] = async (name, input) => {
    const reply = (await session.receive({ id: ++id, call: name, input }))!
    if ('error' in reply) throw Object.assign(new Error(reply.error.message), reply.error)
    return reply.output as never
  }
  return { ...project, ask, sent, view: (name) => ask('asset', { name }) }
}

test('previews an edit, saves it, and pays what was shown', async () => {
  const { ask, text, server, lock, expectUpToDate } = await createSheet()
  const price = await ask('price', { names: null, force: false })
  expect(price).toMatchObject({ pictures: 2, usd: expect.any(Number), refusal: null })
  const all = { names: null, force: false }
  expect(await ask('generate', { ...all, agreedUsd: price.usd! })).toMatchObject({
    generated: 2,
    failed: 0,
  })
  await expectUpToDate()
  const edit = { name: 'hero', prompt: 'A harbour: dusk', alt: 'A harbour' }
  const preview = await ask('preview', edit)
  expect(preview).toMatchObject({
    mistakes: [],
    others: [],
    steps: [{ asset: 'hero', kind: 'generate', why: 'prompt changed' }],
    usd: expect.any(Number),
    derived: 0,
  })
  expect(preview.diff).toContain(
    '-    alt: A lighthouse\n+    prompt: "A harbour: dusk" # draft\n+    alt: A harbour\n',
  )
  expect(text('images.yaml')).toBe(manifest)
  await ask('edit', { ...edit, digest: preview.digest })
  expect(text('images.yaml')).toBe(
    manifest
      .replace('prompt: A lighthouse', 'prompt: "A harbour: dusk"')
      .replace('alt: A lighthouse', 'alt: A harbour'),
  )
  const requests = server.requests.length
  const { usd } = await ask('generate', { ...all, agreedUsd: preview.usd! })
  expect(server.requests).toHaveLength(requests + 1)
  expect(usd).toBeLessThanOrEqual(preview.usd!)
  expect(lock().assets['hero']!.request).toMatchObject({ prompt: 'A harbour: dusk' })
  await expectUpToDate()
})

test('crops around a focal point at no cost', async () => {
  const { ask, text, generate, lock, server } = await createSheet()
  await generate()
  const recipe = (): unknown => lock().assets['hero']!.outputs['s.png']
  const [before, requests] = [recipe(), server.requests.length]
  const edit = { name: 'hero', focus: { x: 0.1, y: 0.9 } }
  expect(await ask('preview', edit)).toMatchObject({
    steps: [{ asset: 'hero', kind: 'derive', usd: 0 }],
    usd: 0,
    derived: 1,
  })
  await ask('edit', edit)
  expect(text('images.yaml')).toContain('alt: A lighthouse\n    position: { x: 0.1, y: 0.9 }\n')
  await ask('generate', { names: ['hero'], force: false, agreedUsd: 0 })
  expect(recipe()).not.toEqual(before)
  expect(server.requests).toHaveLength(requests)
})

test.each<[name: string, edit: Partial<Calls['edit']['input']>, message: RegExp]>([
  ['an unknown style', { styles: ['nothing'] }, /images\.yaml:\d+:\d+ .*nothing/],
  ['an unknown preset', { outputs: ['nothing'] }, /images\.yaml:\d+:\d+ .*nothing/],
  ['an empty prompt', { prompt: '' }, /images\.yaml:\d+:\d+ .*prompt/],
  ['a quality that the model lacks', { quality: 'best' }, /images\.yaml:\d+:\d+ .*best/],
])('shows the mistakes of an edit, and does not save it: %s', async (_, change, message) => {
  const { ask, text } = await createSheet()
  const edit = { name: 'hero', ...change }
  const { mistakes, diff } = await ask('preview', edit)
  expect(mistakes.map(({ text }) => text).join('\n')).toMatch(message)
  expect(diff).toContain('+')
  await expect(ask('edit', edit)).rejects.toMatchObject({ code: /^manifest\// })
  expect(text('images.yaml')).toBe(manifest)
})

test('says which other assets an edit changes, and edits the file that defines the asset', async () => {
  const included = `version: 1
assets:
  mug:
    prompt: A {{color}} mug
    alt: A {{color}} mug
    matrix: { color: [red, blue] }
`
  const { ask, text } = await createSheet({
    files: {
      'images.yaml': `${head}include: [shop/*.yaml]\n`,
      'shop/mugs.yaml': `\uFEFF${included.replaceAll('\n', '\r\n')}`,
    },
  })
  const edit = { name: 'mug/red', prompt: 'A {{color}} cup' }
  const preview = await ask('preview', edit)
  expect(preview.others).toEqual(['mug/blue'])
  expect(preview.steps.map(({ asset }) => asset)).toEqual(['mug/blue', 'mug/red'])
  await ask('edit', { ...edit, digest: preview.digest })
  const after = included.replace('A {{color}} mug', 'A {{color}} cup')
  expect(text('shop/mugs.yaml')).toBe(`\uFEFF${after.replaceAll('\n', '\r\n')}`)
})

test('does not overwrite what a person has changed since the preview', async () => {
  const { ask, text, write } = await createSheet()
  const edit = { name: 'hero', alt: 'A tower' }
  const { digest } = await ask('preview', edit)
  const theirs = manifest.replace('A mug,', 'A blue mug,')
  write('images.yaml', theirs)
  await expect(ask('edit', { ...edit, digest })).rejects.toMatchObject({ code: 'manifest/changed' })
  expect(text('images.yaml')).toBe(theirs)
  // Without a preview, the edit goes into what is there.
  await ask('edit', edit)
  expect(text('images.yaml')).toBe(theirs.replace('alt: A lighthouse', 'alt: A tower'))
})

test('shows what somebody changed by hand in the lockfile or in a file', async () => {
  const { ask, view, lock, text, write, bytes } = await createSheet()
  await ask('generate', { names: null, force: false, agreedUsd: 1 })
  expect([(await view('hero')).faults, (await view('mug')).faults]).toEqual([[], []])
  const { hero, mug } = lock().assets
  const saved = text('images.lock')
  const change = async (from: string, to: string): Promise<string[]> => {
    write('images.lock', saved.replace(from, to))
    await ask('sheet', {})
    return (await view('hero')).faults.map(({ message, hint }) => `${message} ${hint}`)
  }
  expect(await change(`"bytes": ${bytes(hero!.master.path).length}`, '"bytes": 7')).toEqual([
    expect.stringMatching(/but the lockfile says 7\. Restore images\.lock with git\.$/),
  ])
  expect(await change(`"width": ${hero!.master.width}`, '"width": 9')).toEqual([
    expect.stringContaining('but the lockfile says 9x'),
  ])
  expect(await change('', '')).toEqual([])
  write(hero!.master.path, bytes(mug!.master.path))
  expect(await change('', '')).toEqual([expect.stringContaining('is the picture of mug')])
})

test('refuses to spend more than was agreed to, and than the host allows', async () => {
  const { ask, server, sent } = await createSheet({}, 0.005)
  const { usd, refusal } = await ask('price', { names: ['hero'], force: false })
  expect(refusal).toBeNull()
  const one = { names: ['hero'], force: false }
  await expect(ask('generate', { ...one, agreedUsd: usd! / 2 })).rejects.toMatchObject({
    code: 'plan/stale',
    message: expect.stringMatching(/more than the \$0\.\d+ that was agreed to/),
  })
  const all = await ask('price', { names: null, force: false })
  expect(all.refusal).toMatchObject({ kind: 'host', usd: all.usd })
  expect(all.refusal!.text).toMatch(/only \$0\.005 is left\. Start `limn ui` again with a higher/)
  await expect(
    ask('generate', { names: null, force: false, agreedUsd: all.usd! }),
  ).rejects.toMatchObject({ code: 'budget/exceeded', hint: expect.stringContaining('--max-cost') })
  expect(server.requests).toHaveLength(0)
  await ask('generate', { ...one, agreedUsd: usd! })
  expect(server.requests).toHaveLength(1)
  expect((await ask('sheet', {})).budget.devLeft).toBeLessThan(0.005)
  expect(sent.some((event) => event.type === 'run' && event.run !== null)).toBe(true)
})

test.each(['run', 'month'])('obeys budget.%s', async (limit) => {
  const { ask, server, edit } = await createSheet()
  edit('provider: openai', `provider: openai\nbudget: { ${limit}: 0.005 }`)
  const all = { names: null, force: false }
  const { usd, refusal } = await ask('price', all)
  expect(refusal).toMatchObject({
    kind: limit,
    text: expect.stringContaining(`budget.${limit}`) as string,
  })
  // Whoever agrees nevertheless gets what the budget allows.
  const result = await ask('generate', { ...all, agreedUsd: usd! })
  expect(result).toMatchObject({ generated: 1, failed: 1 })
  expect(server.requests).toHaveLength(1)
})

test('regenerates, pins and unpins', async () => {
  const { ask, generate, lock, bytes, server } = await createSheet()
  await generate()
  server.answer(() => ({ kind: 'otherPicture', width: 96, height: 64 }))
  const before = sha256(bytes('images/hero.png'))
  const { usd } = await ask('price', { names: ['hero'], force: true })
  await ask('generate', { names: ['hero'], force: true, agreedUsd: usd! })
  expect(sha256(bytes('images/hero.png'))).not.toBe(before)
  await ask('pin', { name: 'hero', pinned: true })
  expect(lock().assets['hero']!.master.state).toBe('pinned')
  await ask('pin', { name: 'hero', pinned: false })
  expect(lock().assets['hero']!.master.state).toBe('generated')
})

test('compares variants as candidates, pays once, and lets the manifest describe the chosen one', async () => {
  const { ask, generate, lock, bytes, server, text, view, expectUpToDate } = await createSheet()
  await generate()
  const master = sha256(bytes('images/hero.png'))
  const variants = [{}, { quality: 'medium' }, { prompt: 'A lighthouse in a storm' }]
  const { usd, mistakes } = await ask('variantPrice', { name: 'hero', variants })
  expect(mistakes).toEqual([])
  expect(usd).toEqual([0, expect.any(Number), expect.any(Number)])
  const agreedUsd = usd[1]! + usd[2]!
  await expect(
    ask('compare', { name: 'hero', variants, agreedUsd: agreedUsd / 2 }),
  ).rejects.toMatchObject({ code: 'plan/stale' })
  const requests = server.requests.length
  let width = 96
  server.answer(() => ({ kind: 'otherPicture', width: (width += 16), height: 64 }))
  const made = await ask('compare', { name: 'hero', variants, agreedUsd })
  expect(made).toMatchObject({ made: 3, failed: [] })
  expect(server.requests).toHaveLength(requests + 2)
  // Nothing but candidates: the master, the lockfile and the manifest stay.
  expect(sha256(bytes('images/hero.png'))).toBe(master)
  expect(text('images.yaml')).toBe(manifest)
  await expectUpToDate()
  expect(await ask('variantPrice', { name: 'hero', variants })).toMatchObject({ usd: [0, 0, 0] })
  await ask('compare', { name: 'hero', variants, agreedUsd: 0 })
  expect(server.requests).toHaveLength(requests + 2)
  const { earlier } = await view('hero')
  const candidates = earlier.filter(({ origin }) => origin === 'candidate')
  expect(candidates.map(({ number }) => number).sort()).toEqual([1, 2, 3])
  expect(candidates.filter(({ isMaster }) => isMaster)).toHaveLength(1)
  const storm = candidates.find(({ prompt }) => prompt === 'A lighthouse in a storm')!
  expect(storm).toMatchObject({ model: 'gpt-image-2', usd: expect.any(Number) })

  await ask('pick', { name: 'hero', number: storm.number! })
  expect(text('images.yaml')).toBe(manifest.replace('A lighthouse #', 'A lighthouse in a storm #'))
  expect(lock().assets['hero']).toMatchObject({
    request: { prompt: 'A lighthouse in a storm' },
    master: { state: 'generated' },
  })
  await generate()
  await expectUpToDate()
  const medium = candidates.find(({ id, isMaster }) => !isMaster && id !== storm.id)!
  await ask('pick', { name: 'hero', number: medium.number!, id: medium.id })
  expect(text('images.yaml')).toContain('    prompt: A lighthouse # draft\n    quality: medium\n')
  await generate()
  await expectUpToDate()
  expect(server.requests).toHaveLength(requests + 2)
})

test('keeps all variants of a comparison within budget.run, and counts what each has cost', async () => {
  const { ask, edit, sent, server } = await createSheet()
  const variants = [{}, { prompt: 'A lighthouse in a storm' }, { prompt: 'A lighthouse at noon' }]
  const { usd } = await ask('variantPrice', { name: 'hero', variants })
  const agreedUsd = usd.reduce<number>((sum, each) => sum + each!, 0)
  // Each of them fits.
  edit('provider: openai', `provider: openai\nbudget: { run: ${agreedUsd * 0.7} }`)
  const compare = { name: 'hero', variants, agreedUsd }
  await expect(ask('compare', compare)).rejects.toMatchObject({
    code: 'budget/exceeded',
    message: expect.stringContaining('budget.run'),
  })
  expect(server.requests).toHaveLength(0)
  const made = await ask('compare', { ...compare, variants: variants.slice(1) })
  expect(made).toMatchObject({ made: 2, failed: [] })
  const shown = sent.flatMap((event) => (event.type === 'run' && event.run ? [event.run.usd] : []))
  expect(Math.max(...shown)).toBeCloseTo(made.usd)
})

test('explains which variants are impossible', async () => {
  const { ask } = await createSheet()
  const variants = [{ model: 'nothing' }, { quality: 'best' }, { prompt: '' }, {}]
  const { usd, mistakes } = await ask('variantPrice', { name: 'hero', variants })
  expect(usd).toEqual([null, null, null, expect.any(Number)])
  expect(mistakes).toEqual([
    expect.stringMatching(/^Variant 2: .*best/),
    expect.stringMatching(/^Variant 3: .*prompt/),
  ])
  await expect(ask('compare', { name: 'hero', variants, agreedUsd: 10 })).rejects.toMatchObject({
    message: expect.stringMatching(/^Variant 2/),
  })
})

test('requests no variant whose price is unknown', async () => {
  const { ask, server } = await createSheet()
  const compare = { name: 'hero', variants: [{ model: 'of-my-own' }], agreedUsd: 10 }
  expect(await ask('variantPrice', compare)).toEqual({ usd: [null], mistakes: [] })
  await expect(ask('compare', compare)).rejects.toMatchObject({ code: 'budget/exceeded' })
  await ask('edit', { name: 'hero', model: 'of-my-own' })
  const one = { names: ['hero'], force: false }
  expect(await ask('price', one)).toMatchObject({
    pictures: 1,
    usd: null,
    refusal: { kind: 'unknown-price', text: expect.stringContaining('unknown') as string },
  })
  await expect(ask('generate', { ...one, agreedUsd: 10 })).rejects.toMatchObject({
    code: 'budget/exceeded',
  })
  expect(server.requests).toHaveLength(0)
})

test('pins a chosen variant of a matrix, whose template is not its own', async () => {
  const { ask, view, lock, generate, text, server } = await createSheet({
    files: {
      'images.yaml': `${head}assets:
  mug: { prompt: 'A {{color}} mug', alt: A mug, matrix: { color: [red, blue] } }
`,
    },
  })
  await generate()
  const before = text('images.yaml')
  const variants = [{ quality: 'medium' }]
  const { usd } = await ask('variantPrice', { name: 'mug/red', variants })
  server.answer(() => ({ kind: 'otherPicture', width: 96, height: 64 }))
  await ask('compare', { name: 'mug/red', variants, agreedUsd: usd[0]! })
  const [candidate] = (await view('mug/red')).earlier
  await ask('pick', { name: 'mug/red', number: candidate!.number! })
  expect(text('images.yaml')).toBe(before)
  expect(lock().assets['mug/red']!.master.state).toBe('pinned')
  expect(await generate()).toMatchObject({ generated: 0 })
})

test('adopts an uploaded picture, and rejects what is none', async () => {
  const { ask, lock, bytes, list } = await createSheet()
  const png = await sharp({ create: { width: 80, height: 60, channels: 3, background: '#123456' } })
    .png()
    .toBuffer()
  await ask('adopt', { name: 'hero', bytes: png.toString('base64') })
  expect(bytes('images/hero.png')).toEqual(png)
  expect(lock().assets['hero']!.master).toMatchObject({ state: 'adopted', width: 80, height: 60 })
  const files = list()
  for (const wrong of [
    '',
    '!!!',
    Buffer.from('<html>').toString('base64'),
    `${png.toString('base64')}%`,
  ]) {
    await expect(ask('adopt', { name: 'hero', bytes: wrong })).rejects.toMatchObject({
      code: 'picture/unreadable',
    })
  }
  for (const name of ['../hero', '/etc/hero', 'none', '__proto__']) {
    await expect(ask('adopt', { name, bytes: png.toString('base64') })).rejects.toMatchObject({
      code: 'asset/unknown',
    })
  }
  expect(list()).toEqual(files)
})

test('restores pictures that were replaced, and those in the history of git', async () => {
  const { root, ask, generate, edit, bytes, view, lock } = await createSheet()
  await generate()
  const first = sha256(bytes('images/hero.png'))
  createRepository(root).commit()
  edit('A lighthouse #', 'A harbour #')
  await generate()
  const [replaced] = (await view('hero')).earlier
  expect(replaced).toMatchObject({ origin: 'replaced', prompt: 'A lighthouse' })
  await ask('restore', { name: 'hero', id: replaced!.id })
  expect(sha256(bytes('images/hero.png'))).toBe(first)
  expect(lock().assets['hero']!.master.state).toBe('pinned')
  for (const id of ['../../x', 'git-none', replaced!.id.replace('replaced', 'shelf')]) {
    await expect(ask('restore', { name: 'hero', id })).rejects.toMatchObject({
      code: 'asset/no-earlier',
    })
  }
})

test('writes a mask beside the manifest, and names it in the edit', async () => {
  const photo = await sharp({ create: { width: 90, height: 60, channels: 3, background: '#888' } })
    .png()
    .toBuffer()
  const { ask, text, bytes, list, write } = await createSheet({
    files: {
      'images.yaml': `${head}assets:\n  hero:\n    prompt: Add a boat\n    alt: A boat\n    edit: { image: ./photo.png } # ours\n  plain: { prompt: A, alt: A }\n`,
      'photo.png': photo,
    },
  })
  const draw = async (width = 45): Promise<string> => {
    const black = { r: 0, g: 0, b: 0, alpha: 1 }
    const hole = { create: { width: 10, height: 10, channels: 4, background: black } } as const
    const png = await sharp({ create: { width, height: 30, channels: 4, background: black } })
      .composite([{ input: hole, left: 5, top: 5, blend: 'dest-out' }])
      .png()
      .toBuffer()
    return png.toString('base64')
  }
  const { path } = await ask('mask', { name: 'hero', png: await draw() })
  expect(path).toMatch(/^images\.masks\/hero-[0-9a-f]{8}\.png$/)
  expect(text('images.yaml')).toContain(`edit: { image: ./photo.png, mask: ./${path} } # ours`)
  const { width, height, channels } = await sharp(bytes(path)).metadata()
  expect({ width, height, channels }).toEqual({ width: 90, height: 60, channels: 4 })
  // Another mask replaces it, and what a person put there stays.
  write('images.masks/hero-own.png', 'mine')
  const wide = await sharp({
    create: { width: 90, height: 60, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
  })
    .png()
    .toBuffer()
  const { path: next } = await ask('mask', { name: 'hero', png: wide.toString('base64') })
  expect(list('images.masks')).toEqual(['images.masks/hero-own.png', next].sort())
  const manifestBefore = text('images.yaml')
  const black = await sharp({ create: { width: 90, height: 60, channels: 3, background: '#000' } })
    .png()
    .toBuffer()
  for (const [name, png, code] of [
    ['plain', await draw(), 'asset/no-master'],
    ['hero', await draw(200), 'picture/unreadable'],
    ['hero', Buffer.from('GIF89a').toString('base64'), 'picture/unreadable'],
    ['hero', black.toString('base64'), 'picture/unreadable'],
  ] as const) {
    await expect(ask('mask', { name, png })).rejects.toMatchObject({ code })
  }
  expect(text('images.yaml')).toBe(manifestBefore)
})

test('rejects malformed calls without touching the project', async () => {
  const { ask, text } = await createSheet()
  const wrong: [keyof Calls, unknown][] = [
    ['edit', { name: 'hero', prompt: 7 }],
    ['edit', { name: 'hero', focus: { x: 2, y: 0 } }],
    ['edit', { name: 'hero', focus: { x: NaN, y: 0 } }],
    ['edit', { name: 'hero', styles: 'ink' }],
    ['generate', { names: null, force: false }],
    ['generate', { names: null, force: false, agreedUsd: -1 }],
    ['pick', { name: 'hero', number: 0 }],
    ['pick', { name: 'hero', number: 1.5 }],
    ['compare', { name: 'hero', variants: Array.from({ length: 11 }, () => ({})), agreedUsd: 1 }],
    ['adopt', { name: 'hero', bytes: 'A'.repeat(100_000_000) }],
  ]
  for (const [name, input] of wrong) {
    await expect(ask(name, input as never)).rejects.toMatchObject({ code: 'usage' })
  }
  const sheet: Sheet = await ask('sheet', {})
  expect(sheet.assets.map(({ state }) => state)).toEqual(['new', 'new'])
  expect(text('images.yaml')).toBe(manifest)
})

test('keeps a variant that was paid for, and does not pay again', async () => {
  const { root, ask, generate, server, write, list } = await createSheet()
  await generate()
  const compare = { name: 'hero', variants: [{ prompt: 'A storm' }], agreedUsd: 1 }
  const requests = server.requests.length
  // A file in the place of the folder of candidates: the picture arrives and cannot be stored there.
  write('.limn/candidates', 'in the way')
  const failed = await ask('compare', compare)
  expect(failed).toMatchObject({ made: 0, usd: expect.any(Number) })
  expect(failed.failed).toHaveLength(1)
  expect(list('.limn/journal')).toHaveLength(2)
  expect(server.requests).toHaveLength(requests + 1)
  rmSync(join(root, '.limn/candidates'))
  expect(await ask('variantPrice', compare)).toMatchObject({ usd: [0] })
  expect(await ask('compare', { ...compare, agreedUsd: 0 })).toMatchObject({ made: 1, usd: 0 })
  expect(server.requests).toHaveLength(requests + 1)
  expect(list('.limn/journal')).toEqual([])
  // The manifest gets the picture at no cost too.
  await ask('edit', { name: 'hero', prompt: 'A storm' })
  expect(await generate()).toMatchObject({ generated: 0, recovered: 1 })
})

/** Edits `hero` again and again until it is killed, and prints a line for each edit. */
const editor = `
import { openProject } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)}
const project = openProject({ cwd: process.argv[1] })
for (let edit = 0; ; edit++) {
  await project.edit('hero', { prompt: 'Edit ' + edit + ': ' + 'x '.repeat(5000) })
  console.log(edit)
}
`

test('leaves a valid manifest when the process is killed during an edit', async () => {
  const { root, text, cli, list } = await createSheet()
  for (const edits of [1, 2]) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', editor, root], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    let seen = 0
    for await (const chunk of child.stdout.setEncoding('utf8') as AsyncIterable<string>) {
      seen += chunk.split('\n').length - 1
      if (seen >= edits) child.kill('SIGKILL')
    }
    const after = text('images.yaml')
    expect(after).toMatch(/^# Pictures of the shop\n/)
    expect(after.endsWith('\n  mug: { prompt: A mug,   alt: A mug }\n')).toBe(true)
    expect(await cli(['plan'])).toMatchObject({ code: 0, stderr: '' })
  }
  expect(list().filter((path) => path.includes('images'))).toContain('images.yaml')
})
