import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createWorld, ROOT } from './model/world.ts'

const output = 'outputs: [{ name: s, width: 32, height: 32, formats: [webp] }]'
const manifest = `version: 1
provider: openai
out: public/img
include: [more.yaml, shop/shop.yaml]
defaults: { model: gpt-image-1-mini, quality: low, ${output} }
assets:
  hero: { prompt: A lighthouse, alt: x }
  logo: { prompt: A mark, alt: x, candidates: 2 }
`
const more = `version: 1
assets:
  night: { prompt: The same at night, alt: x, ${output}, edit: { image: hero } }
`
const shop = more.replace('night', 'shop').replace('at night', 'in a shop')

let world: Awaited<ReturnType<typeof createWorld>>
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

beforeEach(() => {
  world.disk.restore(new Map())
  world.forget()
  world.write('images.yaml', manifest)
  world.write('more.yaml', more)
  world.write('shop/shop.yaml', shop)
})

const textOf = (path: string): string => String(world.disk.state.get(`${ROOT}/${path}`))
const intents = (): string[] =>
  [...world.disk.state.keys()].filter((path) => /\/\.limn\/intents\/[^.]/.test(path))

/** Lets the replacement of some files fail, as on a full disk. */
function failReplacing(...names: readonly string[]): void {
  world.disk.onStep = ({ action, path }) => {
    if (action === 'rename' && names.some((name) => path.endsWith(`/${name}`))) {
      throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'rename' })
    }
  }
}

test.each([['images.yaml'], ['more.yaml'], ['shop/shop.yaml']])(
  'takes a rename over several files back if %s can’t be written',
  async (name) => {
    await world.asNewProcess((project) => project.generate())
    failReplacing(name)
    const renamed = world.asNewProcess((project) => project.rename('hero', 'tower'))
    await expect(renamed).rejects.toMatchObject({ code: 'store/no-space' })
    world.disk.onStep = () => {}
    expect([textOf('images.yaml'), textOf('more.yaml'), textOf('shop/shop.yaml')]).toEqual([
      manifest,
      more,
      shop,
    ])
    expect(intents()).toEqual([])
    await world.asNewProcess(async (project) =>
      expect(await project.check()).toMatchObject({ problems: [], faults: [] }),
    )
  },
)

test('completes a rename later if the old text can’t be written back either', async () => {
  await world.asNewProcess((project) => project.generate())
  let isWritten = false
  world.disk.onStep = ({ action, path }) => {
    const isFirst = action === 'rename' && path.endsWith('/images.yaml')
    if (isFirst && !isWritten) isWritten = true
    else if (isFirst || path.endsWith('/more.yaml')) {
      throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'rename' })
    }
  }
  const renamed = world.asNewProcess((project) => project.rename('hero', 'tower'))
  await expect(renamed).rejects.toMatchObject({ code: 'store/no-space' })
  world.disk.onStep = () => {}
  expect(textOf('images.yaml')).toContain('tower:')
  expect(intents()).toHaveLength(1)
  world.forget()
  await world.asNewProcess((project) => project.generate())
  expect(textOf('shop/shop.yaml')).toContain('image: tower')
  expect(world.paid).toEqual([])
  await world.asNewProcess(async (project) =>
    expect(await project.check()).toMatchObject({ problems: [], faults: [] }),
  )
})

/**
 * Runs `generate` in a process that is paused after its change number `at`, from 1, then in another
 * one that takes over, and lets the first one go on.
 *
 * @returns whether the first process got that far
 */
async function runTakenOver(at: number): Promise<boolean> {
  const { disk } = world
  let count = 0
  let resume = (): void => {}
  const isPaused = new Promise<true>((resolve) => {
    disk.onDone = ({ action }) => {
      // Both processes are one here, and share the syncs of a folder.
      if (action === 'sync' || ++count !== at) return Promise.resolve()
      resolve(true)
      return new Promise((go) => (resume = go))
    }
  })
  const first = world.asNewProcess((project) => project.generate()).catch((error: unknown) => error)
  const wasPaused = await Promise.race([isPaused, first.then(() => false)])
  disk.onDone = () => Promise.resolve()
  if (wasPaused !== true) return false
  await world.asNewProcess((project) => project.generate())
  const { length } = world.paid
  resume()
  await first
  expect(world.paid.slice(length), `sent by the paused process after change ${at}`).toEqual([])
  return true
}

test(
  'neither pays nor overwrites after another process took over',
  { timeout: 120_000 },
  async () => {
    const start = world.disk.state
    let isPaused = true
    let tried = 0
    for (let at = 1; isPaused; at += process.env['MODE'] === 'soak' ? 1 : 5) {
      world.disk.restore(start)
      world.forget()
      isPaused = await runTakenOver(at)
      tried++
      await world.asNewProcess(async (project) => {
        // Pictures that the first process received after it was paused are in the journal.
        await project.generate()
        const { problems, faults } = await project.check()
        expect({ problems, faults }, `paused after change ${at}`).toEqual({
          problems: [],
          faults: [],
        })
      })
    }
    expect(tried).toBeGreaterThan(5)
  },
)
