import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Command, exploreCrashes } from './model/explore.ts'
import { createWorld, paint, type World } from './model/world.ts'

const isSoak = process.env['MODE'] === 'soak'
const bounds = isSoak ? { crashes: 2, states: 300 } : { crashes: 1, states: 60 }

const output = 'outputs: [{ name: s, width: 32, height: 32, formats: [webp] }]'
const manifest = `version: 1
provider: openai
out: public/img
defaults: { model: gpt-image-1-mini, quality: low, ${output} }
assets:
  hero: { prompt: A lighthouse, alt: x }
  logo: { prompt: A mark, alt: x, candidates: 2 }
`
const changed = manifest.replace('A lighthouse', 'A harbour')
const linked = manifest.replace('A lighthouse', 'A link').replace('A mark', 'Another link')
const more = `version: 1
assets:
  night: { prompt: The same at night, alt: x, ${output}, edit: { image: hero } }
`
const generate: Command = (project) => project.generate()

type Scenario = {
  /** Commands that run before, without a crash. */
  before?: (world: World) => Promise<void>
  command: Command
  /** What the user runs after a crash. Default: `generate`. */
  recover?: Command
}

const cancelAll: Command = async (project) => {
  for (const { batch } of await project.batches()) await project.cancelBatch(batch)
}

const generated = async (world: World, next: string): Promise<void> => {
  await world.asNewProcess(generate)
  world.write('images.yaml', next)
}
/** Everything is generated, and `hero` has replaced another picture. */
const replaced = async (world: World): Promise<void> => {
  await generated(world, changed)
  await world.asNewProcess(generate)
}

const scenarios: Record<string, Scenario> = {
  'the first pictures': { command: generate },
  'a picture that replaces another': {
    before: (world) => generated(world, changed),
    command: generate,
  },
  'a picture that comes back from the shelf': {
    async before(world) {
      await replaced(world)
      world.write('images.yaml', manifest)
    },
    command: generate,
  },
  'a batch that is sent': {
    before: (world) => generated(world, changed),
    command: (project) => project.generate({ batch: true }),
  },
  'a batch that is collected': {
    async before(world) {
      await generated(world, changed.replace('A mark', 'A seal'))
      await world.asNewProcess((project) => project.generate({ batch: true }))
      expect(world.batches.size).toBeGreaterThan(0)
    },
    command: generate,
  },
  'limn batch cancel': {
    async before(world) {
      await generated(world, changed.replace('A mark', 'A seal'))
      world.batchesAreSlow = true
      await world.asNewProcess((project) => project.generate({ batch: true }))
      world.batchesAreSlow = false
    },
    // The command itself writes little: the run after it collects what the batch has done.
    async command(project) {
      await cancelAll(project)
      await generate(project)
    },
    async recover(project) {
      await cancelAll(project)
      await generate(project)
      // What the batch did not get to is requested only in the run after that which says so.
      await generate(project)
    },
  },
  'limn batch cancel of a batch that the server does not know': {
    async before(world) {
      await generated(world, changed)
      await world.asNewProcess((project) => project.generate({ batch: true }))
      world.batches = new Map()
      world.forget()
    },
    command: cancelAll,
    async recover(project) {
      await cancelAll(project)
      await generate(project)
    },
  },
  'pictures behind links': { before: (world) => generated(world, linked), command: generate },
  'pictures behind links that were down': {
    async before(world) {
      await generated(world, linked)
      world.linksAreDown = true
      await world.asNewProcess(generate)
      world.linksAreDown = false
      expect([...world.disk.state.keys()].filter((path) => path.endsWith('.links'))).toHaveLength(2)
    },
    command: generate,
  },
  'an asset that is renamed in the manifest': {
    before: (world) => generated(world, manifest.replace('hero:', 'tower:')),
    command: generate,
  },
  'limn mv': {
    before: (world) => generated(world, manifest),
    command: (project) => project.rename('hero', 'shop/tower'),
  },
  'limn mv over two manifest files': {
    async before(world) {
      world.write('more.yaml', more)
      await generated(world, `${manifest}include: [more.yaml]\n`)
      await world.asNewProcess(generate)
    },
    command: (project) => project.rename('hero', 'tower'),
  },
  'limn pick': {
    before: (world) => generated(world, manifest),
    command: (project) => project.pick('logo', 2),
  },
  'limn adopt': {
    async before(world) {
      await generated(world, manifest)
      world.write('mine.png', await paint('mine'))
    },
    command: (project) => project.adopt('hero', 'mine.png'),
  },
  'limn pin': {
    before: (world) => generated(world, manifest),
    command: (project) => project.pin('hero', true),
  },
  'limn restore': { before: replaced, command: (project) => project.restore('hero', 1) },
  'limn prune': {
    before: (world) => generated(world, manifest.replace(/^ {2}hero.*\n/m, '')),
    command: (project) => project.prune(),
    recover: (project) => project.prune(),
  },
}

let world: Awaited<ReturnType<typeof createWorld>>
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

test.each(Object.entries(scenarios))(
  'loses nothing and pays for nothing twice after any crash: %s',
  { timeout: isSoak ? 1_800_000 : 120_000 },
  async (_, { before, command, recover = generate }) => {
    world.disk.restore(new Map())
    world.batches = new Map()
    world.forget()
    world.write('images.yaml', manifest)
    await before?.(world)
    const states = await exploreCrashes(world, command, { recover, bounds })
    expect(states).toBeGreaterThan(20)
  },
)
