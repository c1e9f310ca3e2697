import { rmSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { createTestProject, stepsOf, type TestProject } from './test-project.ts'

/** Pictures of different colours: a model never returns the same one twice. */
const pictures = await Promise.all(
  Array.from({ length: 48 }, (_, index) =>
    sharp({
      create: { width: 256, height: 256, channels: 3, background: `hsl(${index * 7}, 60%, 50%)` },
    })
      .png()
      .toBuffer(),
  ),
)

const head = `version: 1
provider: openai
defaults: { model: gpt-image-2, quality: low, outputs: [{ name: s, width: 64, height: 64, formats: [webp] }] }
assets:
`
/** Each manifest has a picture that changes, and what is made from it. */
const projects: [shape: string, assets: string, pictures: number][] = [
  [
    'a chain of three edits',
    `  hero: { prompt: A hill, alt: x }
  night: { edit: { image: hero }, prompt: At night, alt: x }
  snow: { edit: { image: night }, prompt: In snow, alt: x }
  card: { edit: { image: snow }, prompt: As a card, alt: x }
`,
    4,
  ],
  [
    'a diamond, with a picture as reference and as mask',
    `  hero: { prompt: A hill, alt: x }
  left: { edit: { image: hero }, prompt: To the left, alt: x }
  right: { variation: { image: hero }, prompt: To the right, alt: x }
  both: { references: [left, right, hero], prompt: A poster, alt: x }
`,
    4,
  ],
  [
    'a matrix whose rows are edited',
    `  hero: { prompt: A hill, alt: x }
  view: { matrix: { time: [dawn, dusk] }, edit: { image: hero }, prompt: 'At {{time}}', alt: 'x {{time}}' }
  print: { references: [view/dawn, view/dusk], prompt: Both, alt: x }
`,
    4,
  ],
  [
    'two pictures of the same request, each with an edit of its own',
    `  hero: { prompt: A hill, alt: x }
  twin: { prompt: A hill, alt: x }
  hero-night: { edit: { image: hero }, prompt: At night, alt: x }
  twin-snow: { edit: { image: twin }, prompt: In snow, alt: x }
`,
    4,
  ],
]

test.each(projects)(
  'pays once for each prompt of %s, as the plan says',
  async (_, assets, count) => {
    const project = await createTestProject({
      files: { 'images.yaml': head + assets },
      server: true,
    })
    answerAnew(project)
    expect(await runAsPlanned(project), 'A').toBe(count)
    setPrompt(project, 'A valley')
    expect(await runAsPlanned(project), 'B').toBe(count)
    for (const prompt of ['A hill', 'A valley', 'A hill']) {
      setPrompt(project, prompt)
      expect(await runAsPlanned(project), prompt).toBe(0)
      await project.expectUpToDate()
    }
    expect(project.server.requests).toHaveLength(2 * count)
  },
)

/** Changes of outputs that mean another automatic size. */
const sizes: [change: string, outputs: string][] = [
  ['larger outputs', '{ name: s, width: 1400, height: 1400, formats: [webp] }'],
  ['outputs of another shape', '{ name: s, width: 96, height: 32, formats: [webp] }'],
  [
    'one more output',
    '{ name: s, width: 64, height: 64, formats: [webp] }, { name: t, width: 1600, height: 900, formats: [webp] }',
  ],
]

test.each(sizes)(
  'returns to earlier pictures although %s mean another size',
  async (_, outputs) => {
    const project = await createTestProject({
      files: { 'images.yaml': head + projects[0]![1] },
      server: true,
    })
    answerAnew(project)
    expect(await runAsPlanned(project), 'A').toBe(4)
    const size = requestOf(project, 'hero').size
    setPrompt(project, 'A valley')
    expect(await runAsPlanned(project), 'B').toBe(4)
    project.edit('{ name: s, width: 64, height: 64, formats: [webp] }', outputs)
    expect(await runAsPlanned(project), 'B with other outputs').toBe(0)
    for (const prompt of ['A hill', 'A valley', 'A hill']) {
      setPrompt(project, prompt)
      expect(await runAsPlanned(project), prompt).toBe(0)
      await project.expectUpToDate()
    }
    expect(requestOf(project, 'hero').size).toBe(size)
    expect(project.server.requests).toHaveLength(8)
  },
)

test('requests another picture if the manifest sets another size', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': `${head}  hero: { prompt: A hill, alt: x }\n` },
    server: true,
  })
  await runAsPlanned(project)
  setPrompt(project, 'A valley')
  await runAsPlanned(project)
  setPrompt(project, 'A hill')
  project.edit('alt: x', 'alt: x, size: 1536x1024')
  expect(await runAsPlanned(project)).toBe(1)
})

test('returns to no picture that another asset had in another size', async () => {
  const [square, wide] = ['1400, height: 1400', '1600, height: 900'].map(
    (size) => `outputs: [{ name: s, width: ${size}, formats: [webp] }]`,
  )
  const twins = (names: readonly [string, string][]): string =>
    head + names.map(([name, own]) => `  ${name}: { prompt: A hill, alt: x, ${own} }\n`).join('')
  const project = await createTestProject({
    files: { 'images.yaml': twins([['square', square!]]) },
    server: true,
  })
  await runAsPlanned(project)
  setPrompt(project, 'A valley')
  await runAsPlanned(project)
  project.write(
    'images.yaml',
    twins([
      ['square', square!],
      ['wide', wide!],
    ]),
  )
  expect(await runAsPlanned(project)).toBe(1)
  expect(requestOf(project, 'wide').size).not.toBe(requestOf(project, 'square').size)
})

test('waits for a batch although other outputs mean another size, and installs its pictures', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': `${head}  hero: { prompt: A hill, alt: x }\n` },
    server: true,
  })
  await project.project.generate({ batch: true })
  project.edit('width: 64, height: 64', 'width: 1600, height: 900')
  expect(stepsOf(await project.plan())).toEqual(['keep hero'])
  expect(await runAsPlanned(project)).toBe(0)
  await project.server.batches.finish()
  expect(await project.project.generate()).toMatchObject({ recovered: 1, generated: 0, failed: [] })
  expect(project.server.requests).toHaveLength(0)
  await project.expectUpToDate()
})

test('returns to the candidate that was picked, and to what was made from it', async () => {
  const assets = `  hero: { prompt: A hill, alt: x, candidates: 2 }
  night: { edit: { image: hero }, prompt: At night, alt: x }
`
  const project = await createTestProject({ files: { 'images.yaml': head + assets }, server: true })
  expect(await runAsPlanned(project)).toBe(2)
  setPrompt(project, 'A valley')
  expect(await runAsPlanned(project)).toBe(2)
  setPrompt(project, 'A hill')
  expect(await runAsPlanned(project)).toBe(0)
  await project.project.pick('hero', 2)
  const picked = project.bytes('images/hero.png')
  expect(await runAsPlanned(project)).toBe(1)
  setPrompt(project, 'A valley')
  expect(await runAsPlanned(project)).toBe(0)
  setPrompt(project, 'A hill')
  expect(await runAsPlanned(project)).toBe(0)
  expect(project.bytes('images/hero.png').equals(picked)).toBe(true)
})

test('returns to an earlier picture under another name, and to what was made from it', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': head + projects[0]![1] },
    server: true,
  })
  answerAnew(project)
  await runAsPlanned(project)
  setPrompt(project, 'A valley')
  await runAsPlanned(project)
  project.edit('hero:', 'cover:')
  project.edit('image: hero', 'image: cover')
  setPrompt(project, 'A hill')
  expect(await runAsPlanned(project)).toBe(0)
})

test('returns to an adopted picture as an adopted one, and to what was made from it', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': head + projects[0]![1] },
    server: true,
  })
  answerAnew(project)
  await runAsPlanned(project)
  project.write('images/hero.png', pictures[47]!)
  await project.project.adopt('hero')
  expect(await runAsPlanned(project)).toBe(3)
  setPrompt(project, 'A valley')
  expect(await runAsPlanned(project)).toBe(4)
  setPrompt(project, 'A hill')
  expect(await runAsPlanned(project)).toBe(0)
  expect(project.bytes('images/hero.png').equals(pictures[47]!)).toBe(true)
  expect(project.lock().assets['hero']!.master.state).toBe('adopted')
})

test('returns to a picture that was pruned, and to what was made from it', async () => {
  const manifest = head + projects[0]![1]
  const project = await createTestProject({ files: { 'images.yaml': manifest }, server: true })
  answerAnew(project)
  await runAsPlanned(project)
  project.write('images.yaml', `${head}  other: { prompt: A mug, alt: x }\n`)
  await project.project.prune()
  expect(await runAsPlanned(project)).toBe(1)
  project.write('images.yaml', manifest)
  expect(await runAsPlanned(project)).toBe(0)
})

test('returns from a source to the generated picture, and to what was made from it', async () => {
  const manifest = head + projects[0]![1]
  const project = await createTestProject({
    files: { 'images.yaml': manifest, 'photo.png': pictures[47]!, 'other.png': pictures[46]! },
    server: true,
  })
  answerAnew(project)
  await runAsPlanned(project)
  const source = manifest.replace('prompt: A hill', 'source: ./photo.png')
  for (const [text, requests] of [
    [source, 3],
    [source.replace('photo', 'other'), 3],
    [manifest, 0],
    [source, 0],
    [source.replace('photo', 'other'), 0],
  ] as const) {
    project.write('images.yaml', text)
    expect(await runAsPlanned(project)).toBe(requests)
  }
})

test('restores a deleted master from the shelf, without a new picture of its edits', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': head + projects[0]![1] },
    server: true,
  })
  answerAnew(project)
  await runAsPlanned(project)
  setPrompt(project, 'A valley')
  await runAsPlanned(project)
  setPrompt(project, 'A hill')
  await runAsPlanned(project)
  rmSync(join(project.root, 'images/hero.png'))
  expect(stepsOf(await project.plan())).toEqual(['recover hero'])
  expect(await runAsPlanned(project)).toBe(0)
})

test('requests nothing for the edits of a damaged picture on the shelf until that is replaced', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': head + projects[0]![1] },
    server: true,
  })
  answerAnew(project)
  await runAsPlanned(project)
  const original = project.bytes('images/hero.png')
  setPrompt(project, 'A valley')
  await runAsPlanned(project)
  const shelved = project
    .list('.limn/shelf')
    .find((path) => path.endsWith('.picture') && project.bytes(path).equals(original))
  project.write(shelved!, pictures[46]!)
  setPrompt(project, 'A hill')
  const before = project.server.requests.length
  const { failed } = await project.generate()
  expect(failed).toMatchObject([
    { asset: 'hero', error: { message: 'The picture of an earlier run is damaged.' } },
  ])
  expect(project.server.requests.length).toBe(before)
})

test('makes nothing from a master that a person edited until it is adopted or restored', async () => {
  const project = await createTestProject({
    files: { 'images.yaml': head + projects[0]![1] },
    server: true,
  })
  answerAnew(project)
  await runAsPlanned(project)
  const original = project.bytes('images/hero.png')
  project.write('images/hero.png', pictures[47]!)
  expect(stepsOf(await project.plan())).toEqual(['keep hero'])
  expect(await runAsPlanned(project)).toBe(0)
  project.edit('At night', 'At noon')
  expect(stepsOf(await project.plan())).toEqual(['keep hero', 'keep night'])
  expect(await runAsPlanned(project)).toBe(0)
  project.write('images/hero.png', original)
  expect(await runAsPlanned(project)).toBe(3)
  project.write('images/hero.png', pictures[47]!)
  await project.project.adopt('hero')
  expect(stepsOf(await project.plan())).toEqual([
    'generate card',
    'generate night',
    'generate snow',
    'derive hero',
  ])
})

function requestOf(project: TestProject, asset: string): { size: string } {
  return project.lock().assets[asset]!.request as { size: string }
}

function answerAnew({ server }: TestProject): void {
  let next = 0
  server.answer(() => ({ kind: 'image', bytes: pictures[next++]! }))
}

function setPrompt({ text, write }: TestProject, prompt: string): void {
  write('images.yaml', text('images.yaml').replaceAll(/A (hill|valley)/g, prompt))
}

/**
 * Plans, and executes the plan: it sends as many requests as planned and costs no more.
 *
 * @returns the number of requests
 */
async function runAsPlanned({ plan, project, server }: TestProject): Promise<number> {
  const planned = await plan()
  const requests = planned.steps.filter(({ kind }) => kind === 'generate').length
  const before = server.requests.length
  const { failed, usd } = await project.generate()
  expect(failed).toEqual([])
  expect(server.requests.length - before, 'requests, as planned').toBe(requests)
  expect(usd, 'cost, as planned').toBeLessThanOrEqual(planned.usd)
  expect(planned.usd > 0).toBe(requests > 0)
  return requests
}
