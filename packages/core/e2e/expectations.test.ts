import { setTimeout } from 'node:timers/promises'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import type { LockEntry } from '../src/lock/lock.ts'
import { createTestProject, type TestProject } from './test-project.ts'

const head =
  'version: 1\nprovider: openai\njudge: { provider: openai }\npresets: { small: { width: 32, height: 32, formats: [jpeg] } }\nassets:\n'
const manifest = (more: string, prompt = 'A lighthouse'): string =>
  `${head}  hero: { prompt: ${prompt}, alt: A, size: 1024x1024, quality: low, outputs: [small], ${more} }\n`

/** A picture of one colour, which is blank. */
function blank(color = '#336699'): Promise<Buffer> {
  return sharp({ create: { width: 1024, height: 1024, channels: 3, background: color } })
    .png()
    .toBuffer()
}

function create(more: string, files: Record<string, string> = {}): Promise<TestProject> {
  return createTestProject({ files: { 'images.yaml': manifest(more), ...files }, server: true })
}

function entryOf(project: TestProject, name = 'hero'): LockEntry {
  const { assets } = JSON.parse(project.text('images.lock')) as {
    assets: Record<string, LockEntry>
  }
  return assets[name]!
}

describe('pictures that do not pass', () => {
  test('are requested again: a wrong one, then a right one, which is kept', async () => {
    const project = await create("attempts: 2, expect: { 'not-blank': true, shows: a lighthouse }")
    project.server.next({ kind: 'image', bytes: await blank() })
    project.server.judge.see(({ properties }) => ({
      answers: Object.fromEntries(properties.map((id) => [id, project.server.judge.received > 1])),
    }))
    const plan = await project.plan()
    expect(plan.steps.map(({ kind }) => kind)).toEqual(['generate', 'examine'])
    const { requested, events, usd } = await project.generate()
    expect(requested).toHaveLength(2)
    expect(requested).toContain('A lighthouse')
    expect(requested).toContain('A lighthouse. The picture clearly shows: a lighthouse.')
    expect(project.server.judge.received).toBe(2)
    expect(usd).toBeLessThanOrEqual(plan.usd)
    expect(events.filter(({ type }) => type === 'attempt')).toHaveLength(1)
    const { examined, made, request, master } = entryOf(project)
    expect(examined).toMatchObject({
      picture: master.sha256,
      pixels: { verdicts: [{ test: 'not-blank', passed: true }] },
      judge: { verdicts: [{ test: 'shows', of: 'a lighthouse', passed: true }] },
    })
    expect(request).toMatchObject({ prompt: 'A lighthouse' })
    expect(made).toMatchObject({
      sentPrompt: 'A lighthouse. The picture clearly shows: a lighthouse.',
      candidates: 2,
      picked: 1,
    })
    expect((await project.cli(['check'])).code).toBe(0)
    // The other one is kept as a candidate, whose verdict is paid for.
    await project.cli(['pick', 'hero', '2'])
    expect((await project.plan()).steps).toContainEqual(
      expect.objectContaining({ kind: 'examine', usd: 0 }),
    )
    await project.generate()
    expect(project.server.judge.received).toBe(2)
    expect(entryOf(project).examined!.pixels!.verdicts[0]!.passed).toBe(false)
    const check = await project.cli(['check'])
    expect([check.code, check.stderr]).toEqual([1, expect.stringContaining('not passed')])
  })

  test.each([
    ['text', { kind: 'text', text: 'none' }, 'attempts: 2'],
    ['a refusal', { kind: 'refusal', reason: 'no' }, 'stale: ok'],
    ['half of one', { kind: 'incomplete', reason: 'content_filter' }, 'candidates: 2, pick: best'],
  ] as const)('are not judged again in a run if the answer is %s', async (_, fault, more) => {
    const project = await create(`${more}, expect: { shows: a lighthouse }`)
    project.server.judge.next(fault)
    const asked = more.startsWith('candidates') ? 2 : 1
    const { stdout } = await project.cli(['generate'])
    expect(project.server.judge.received).toBe(asked)
    expect(stdout).not.toMatch(/passed *$/m)
    await project.cli(['generate'])
    expect(project.server.judge.received).toBe(asked + 1)
    expect((await project.cli(['check'])).code).toBe(0)
  })

  test('keep the best of all attempts, and stay within the budget', async () => {
    const project = await create("attempts: 3, expect: { 'not-blank': true, sharp: true }")
    for (const color of ['#336699', '#993366', '#669933']) {
      project.server.next({ kind: 'image', bytes: await blank(color) })
    }
    const run = await project.cli(['generate', '--max-cost', '0.015'])
    expect(project.server.requests.length).toBeLessThan(3)
    expect(project.server.requests.length).toBeGreaterThan(0)
    expect(run.stdout + run.stderr).toContain('did not pass')
    expect(entryOf(project).examined!.pixels!.verdicts.some(({ passed }) => !passed)).toBe(true)
    expect((await project.cli(['check'])).code).toBe(1)
    const shown = await project.cli(['show', 'hero'])
    expect(shown.stdout).toContain('not passed')
    expect(shown.stdout).toContain('✗ not-blank: The picture has one colour')
  })

  test('continue after a kill between two attempts, without paying twice', async () => {
    const project = await create("attempts: 3, expect: { 'not-blank': true }")
    project.server.next({ kind: 'image', bytes: await blank() }, { kind: 'hang' })
    const command = project.start(['generate'])
    for (let ms = 0; project.server.requests.length < 2 && ms < 20_000; ms += 50) {
      await setTimeout(50)
    }
    command.kill('SIGKILL')
    await command.done
    expect(project.server.requests).toHaveLength(2)
    const plan = await project.plan()
    expect(plan.steps[0]).toMatchObject({ kind: 'generate', attempts: 2 })
    const { requested } = await project.generate()
    expect(requested).toHaveLength(1)
    const { made, examined } = entryOf(project)
    expect(made.candidates).toBe(2)
    expect(examined!.pixels!.verdicts).toMatchObject([{ test: 'not-blank', passed: true }])
  })
})

describe('expectations', () => {
  test('are not judged again in another order, or after an asset is renamed', async () => {
    const ask = (expected: string, logo = 'logo'): string =>
      `${manifest(`expect: { ${expected} }`)}  ${logo}: { prompt: A logo, alt: L, size: 1024x1024, quality: low, outputs: [small] }\n`
    const project = await create('stale: ok')
    project.write('images.yaml', ask('shows: [a, b], without: [c, d], like: logo'))
    await project.generate()
    expect(project.server.judge.received).toBe(1)
    project.server.judge.see({ answers: { shows_1: false } })
    for (const text of [
      ask('like: logo, without: [d, c], shows: [b, a]'),
      ask('shows: [b, a, b], without: [d, c], like: [logo]'),
      ask('shows: [a, b], without: [c, d], like: mark', 'mark'),
    ]) {
      project.write('images.yaml', text)
      expect((await project.plan()).usd).toBe(0)
      await project.generate()
    }
    expect(project.server.judge.received).toBe(1)
    const { verdicts } = entryOf(project).examined!.judge!
    expect(verdicts.map(({ test, of }) => `${test} ${of}`)).toEqual([
      'shows a',
      'shows b',
      'without c',
      'without d',
      'like mark',
    ])
    project.write('images.yaml', ask('shows: [a, b, c], without: d, like: logo'))
    await project.project.generate()
    expect(project.server.judge.received).toBe(2)
  })

  test('that change make no picture stale, and are examined for free', async () => {
    const project = await create('stale: ok')
    await project.generate()
    const lock = project.text('images.lock')
    expect(lock).not.toContain('examined')
    project.write('images.yaml', manifest("expect: { 'not-blank': true }"))
    const check = await project.cli(['check'])
    expect([check.code, check.stderr]).toEqual([1, expect.stringContaining('not examined')])
    const { requested } = await project.generate()
    expect(requested).toEqual([])
    expect(entryOf(project).examined!.pixels!.verdicts).toMatchObject([{ passed: true }])
    expect((await project.cli(['check'])).code).toBe(0)
    project.write('images.yaml', manifest('stale: ok'))
    expect((await project.plan()).steps).toEqual([])
  })

  test('are examined of adopted pictures, sources, and pictures that are unlike others', async () => {
    const project = await createTestProject({
      files: {
        'images.yaml': `${head}  a: { prompt: A hill, alt: A, size: 1024x1024, outputs: [small], expect: { unlike: b } }
  b: { prompt: A dune, alt: B, size: 1024x1024, outputs: [small], expect: { unlike: [a, photo] } }
  photo: { source: ./photo.png, alt: C, outputs: [small], expect: { 'not-blank': true } }
`,
        'photo.png': await blank(),
      },
      server: true,
    })
    const { events } = await project.generate()
    const examined = events.flatMap((event) => (event.type === 'examined' ? [event.asset] : []))
    expect([...new Set(examined)].sort()).toEqual(['a', 'b', 'photo'])
    expect(entryOf(project, 'b').examined!.pixels!.verdicts).toMatchObject([
      { test: 'unlike', of: 'a' },
      { test: 'unlike', of: 'photo' },
    ])
    expect(entryOf(project, 'photo').examined!.pixels!.verdicts).toMatchObject([{ passed: false }])
    project.write('images/a.png', await blank('#112233'))
    expect((await project.cli(['adopt', 'a'])).code).toBe(0)
    expect((await project.plan()).steps.map(({ kind, asset }) => `${kind} ${asset}`)).toEqual([
      'derive a',
      'examine a',
      'examine b',
      'keep photo',
    ])
  })

  test('are judged once per picture, whatever comes back', async () => {
    const project = await create('expect: { shows: a lighthouse }')
    await project.generate()
    expect(project.server.judge.received).toBe(1)
    project.write('images.yaml', manifest('expect: { shows: a lighthouse }', 'A tower'))
    await project.generate()
    expect(project.server.judge.received).toBe(2)
    project.write('images.yaml', manifest('expect: { shows: a lighthouse }'))
    expect((await project.plan()).usd).toBe(0)
    await project.generate()
    project.write('images.yaml', manifest('expect: { shows: [a lighthouse, a cliff] }'))
    await project.generate()
    expect(project.server.judge.received).toBe(3)
    project.write('images.yaml', manifest('expect: { shows: a lighthouse }'))
    await project.generate()
    expect(project.server.judge.received).toBe(3)
    const again = await project.cli(['examine', 'hero'])
    expect([again.code, project.server.judge.received]).toEqual([0, 4])
    const { events } = await project.generate({ names: ['hero'] })
    expect(events.some(({ type }) => type === 'examined')).toBe(false)
    const history = await project.project.history()
    const judged = history.filter((each) => each.kind === 'request' && each.operation === 'judge')
    expect(judged).toHaveLength(4)
  })

  test('need the key of the judge before anything is paid for', async () => {
    const project = await createTestProject({
      files: {
        'images.yaml': manifest('expect: { shows: a lighthouse }').replace(
          'judge: { provider: openai }',
          `providers: { eye: { baseURL: 'http://127.0.0.1:9/v1', key: EYE_KEY } }\njudge: { provider: eye, model: x, price: { input: 1, output: 1 } }`,
        ),
      },
      server: true,
    })
    const run = await project.cli(['generate'])
    expect([run.code, run.stderr]).toEqual([1, expect.stringContaining('EYE_KEY')])
    expect(project.server.requests).toEqual([])
  })

  test('choose among candidates, until a person picks', async () => {
    const project = await create('candidates: 2, pick: best, expect: { shows: a lighthouse }')
    project.server.judge.see(({ properties }) => ({
      answers: Object.fromEntries(
        properties.map((id) => [id, project.server.judge.received === 2]),
      ),
    }))
    await project.generate()
    expect(project.server.judge.received).toBe(2)
    expect(entryOf(project).examined!.judge!.verdicts).toMatchObject([{ passed: true }])
    await project.cli(['pick', 'hero', '2'])
    await project.generate()
    expect(entryOf(project).made.picked).toBe(2)
    expect(entryOf(project).examined!.judge!.verdicts).toMatchObject([{ passed: false }])
  })
})
