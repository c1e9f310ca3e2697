import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Command, exploreCrashes } from './model/explore.ts'
import { createWorld, type World } from './model/world.ts'

const isSoak = process.env['MODE'] === 'soak'
const bounds = isSoak ? { crashes: 3, states: 20_000 } : { crashes: 1, states: 2000 }

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
const generate: Command = (project) => project.generate()

type Scenario = {
  /** Commands that run before, without a crash. */
  before?: (world: World) => Promise<void>
  command: Command
  /** What the user runs after a crash. Default: `generate`. */
  recover?: Command
}

const scenarios: Record<string, Scenario> = {
  'the first pictures': { command: generate },
  'a picture that replaces another': {
    before: (world) => generated(world, changed),
    command: generate,
  },
}

async function generated(world: World, next: string): Promise<void> {
  await world.asNewProcess(generate)
  world.write('images.yaml', next)
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
    world.write('images.yaml', manifest)
    await before?.(world)
    const states = await exploreCrashes(world, command, { recover, bounds })
    console.log(states, performance.now())
    expect(states).toBeGreaterThan(20)
  },
)
