import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createTestProject, type TestProject } from './test-project.ts'

const output = 'outputs: [{ name: s, width: 64, formats: [webp] }]'
const manifest = `version: 1
provider: openai
defaults: { model: gpt-image-2, quality: low, ${output} }
assets:
  # The first thing that visitors see.
  hero:
    prompt: A lighthouse # at dawn
  logo: { prompt: A mark, alt: Unser Zeichen }
  mug: { prompt: A mug, decorative: true }
  shop/cup: { prompt: "A cup", ${output} } # the blue one
  tile: { prompt: "A {{colour}} tile", matrix: { colour: [red, blue] } }
`

async function open(
  text: string = manifest,
  env: Record<string, string> = {},
): Promise<TestProject> {
  const project = await createTestProject({ files: { 'images.yaml': text }, server: true, env })
  await project.project.generate({ derive: false })
  return project
}

const json = async ({ cli }: TestProject, ...args: string[]): Promise<Record<string, unknown>[]> =>
  (await cli([...args, '--json'])).stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

test('suggests alt texts, shows the price first, and keeps the rest of the manifest', async () => {
  const project = await open()
  const { server, cli, text: read } = project
  server.judge.see(({ data }) => ({ alt: `Bild: ${data.prompt!} {{x}}` }))
  const { stdout, code } = await cli(['describe'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^ {2}tile\/blue: it is one of a matrix, whose pictures share `alt`\n/)
  expect(stdout).toMatch(/\n2 alt texts to suggest with gpt-6-luna: up to \$0\.00\d\.\n/)
  expect(stdout).toContain('  hero  Bild: A lighthouse {x}\n  shop/cup  Bild: A cup {x}\n')
  expect(stdout).toMatch(/\nSuggested 2 alt texts \(<?\$0\.001\)\.\n/)
  expect(read('images.yaml')).toBe(
    manifest
      .replace('# at dawn', '# at dawn\n    alt: "Bild: A lighthouse {x}"\n    altSuggested: true')
      .replace('"A cup", outputs', '"A cup", alt: "Bild: A cup {x}", altSuggested: true, outputs'),
  )
  expect(server.judge.requests.map(({ data }) => data)).toEqual([
    { examples: ['Unser Zeichen'], prompt: 'A lighthouse' },
    { examples: ['Unser Zeichen'], prompt: 'A cup' },
  ])
  // Nothing is left to do, and a second run sends nothing.
  expect((await cli(['describe', 'hero', 'shop'])).stdout).toBe(
    'Every picture has an alt text, or is decorative.\n',
  )
  expect(server.judge.received).toBe(2)
  project.expectNoKey()
})

test('mentions suggestions until a person confirms them or writes another alt', async () => {
  const project = await open(
    `${manifest.replace(/^ {2}tile.*\n/m, '')}policy: { require: [alt] }\n`,
  )
  const { cli, text: read } = project
  await cli(['generate', '--yes'])
  await cli(['describe'])
  const checked = await cli(['check'])
  expect(checked.code).toBe(1)
  expect(checked.stderr).toContain('hero has no confirmed `alt`, which the policy requires.')
  expect((await cli(['list'])).stdout).toContain(
    'Suggested alt texts to confirm (limn describe --confirm): hero, shop/cup.',
  )
  expect((await cli(['plan', '--verbose'])).stderr).toContain('`limn describe --confirm hero`')
  expect((await cli(['describe', '--confirm', 'shop'])).stdout).toBe(
    'Confirmed 1 alt text: shop/cup.\n',
  )
  expect(read('images.yaml').match(/altSuggested/g)).toHaveLength(1)
  await project.project.edit('hero', { alt: 'A lighthouse' })
  expect(read('images.yaml')).not.toContain('altSuggested')
  expect((await cli(['describe', '--confirm'])).stdout).toBe(
    'There is no suggested alt text to confirm.\n',
  )
  expect((await cli(['check'])).code).toBe(0)
})

test('stays within its limits, and counts what it spends', async () => {
  const project = await open()
  const { server, cli } = project
  const refused = await cli(['describe', '--max-cost', '0.000001'])
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain('only <$0.001 of <$0.001 is left')
  expect(server.judge.received).toBe(0)
  const [, spent] = (await json(project, 'describe', 'hero')).filter(
    ({ type }) => type === 'described-all' || type === 'describing',
  )
  expect(spent).toMatchObject({ described: 1, failed: 0 })
  expect(spent!['usd']).toBeGreaterThan(0)
  const history = await project.project.history()
  expect(history.filter((each) => each.kind === 'request').at(-1)).toMatchObject({
    asset: 'hero',
    operation: 'describe',
    model: 'gpt-6-luna',
    pictures: 0,
    usd: spent!['usd'],
    outcome: 'ok',
  })
  expect((await cli(['cost', '--by', 'model'])).stdout).toContain('gpt-6-luna')
})

test('asks before it spends more than the manifest allows', async () => {
  const { server, cli } = await open(`${manifest}budget: { confirm: 0 }\n`)
  const { code, stderr } = await cli(['describe'])
  expect(code).toBe(1)
  expect(stderr).toMatch(/This run may cost up to \$0\.00\d\. Runs over \$0 need confirmation/)
  expect(server.judge.received).toBe(0)
  expect((await cli(['describe', '--yes'])).code).toBe(0)
})

test('refuses a judge of unknown price under a limit', async () => {
  const { server, cli } = await open(`${manifest}judge: { model: gpt-9 }\n`)
  const { code, stdout, stderr } = await cli(['describe', '--max-cost', '1'])
  expect(code).toBe(1)
  expect(stdout).toContain('2 alt texts to suggest with gpt-9: price unknown.')
  expect(stderr).toContain('The price of the request is unknown, so the request might exceed')
  expect(server.judge.received).toBe(0)
})

test('reports each failure, keeps what succeeded, and retries the rest for its own price', async () => {
  const project = await open(`${manifest}limits: { inFlight: 1 }\n`)
  const { server, cli, text: read } = project
  server.judge.next({ kind: 'refusal', reason: 'No.' })
  const { code, stderr, stdout } = await cli(['describe'])
  expect(code).toBe(1)
  expect(stderr).toContain('✗ hero: The judge refused to answer: No. The request was billed.')
  expect(stdout).toContain('Suggested 1 alt text')
  expect(read('images.yaml').match(/altSuggested/g)).toHaveLength(1)
  const requests = (await project.project.history()).filter((each) => each.kind === 'request')
  expect(requests.at(-2)).toMatchObject({ asset: 'hero', outcome: 'provider/moderation' })
  expect((requests.at(-2) as { usd: number }).usd).toBeGreaterThan(0)
  expect((await cli(['describe'])).code).toBe(0)
  expect(server.judge.received).toBe(3)
})

test('names the key that is missing before it shows a price', async () => {
  const { cli } = await open()
  const { code, stderr, stdout } = await cli(['describe'], { OPENAI_API_KEY: '' })
  expect(code).toBe(1)
  expect(stdout).toBe('')
  expect(stderr).toContain('The provider "openai" requires a key, but OPENAI_API_KEY is not set.')
})

/** Lets the manifest be invalid when the answers arrive. */
async function breakManifest({ server, cli, write, text }: TestProject): Promise<void> {
  const whole = text('images.yaml')
  server.judge.see(({ data }) => {
    write('images.yaml', `${whole}nonsense: true\n`)
    return { alt: `About ${data.prompt!}` }
  })
  expect((await cli(['describe'])).code).toBe(1)
  write('images.yaml', whole)
}

/** Kills the command between the first answer and the second one. */
async function kill({ server, start, root }: TestProject): Promise<void> {
  server.judge.see(({ data }) => ({ alt: `About ${data.prompt!}` }))
  server.judge.next({ kind: 'slow', ms: 0 }, { kind: 'hang' })
  const command = start(['describe'])
  // The second request has arrived, and hangs.
  await expect
    .poll(() => [stored(root), server.judge.received], { timeout: 20_000 })
    .toEqual([1, 2])
  command.kill('SIGKILL')
  await command.done
}

function stored(root: string): number {
  const folder = join(root, '.limn/suggestions')
  return existsSync(folder)
    ? readdirSync(folder).filter((name) => name.endsWith('.json')).length
    : 0
}

test.each([
  ['a manifest that has become invalid', breakManifest, 2],
  ['a kill between two answers', kill, 1],
])('pays for no alt text twice after %s', async (_, interrupt, paid) => {
  const project = await open(`${manifest}limits: { inFlight: 1 }\n`)
  const { server, cli, root, text } = project
  await interrupt(project)
  expect(stored(root)).toBe(paid)
  const before = server.judge.received
  const { code, stdout, stderr } = await cli(['describe'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain(`${paid} alt text${paid === 1 ? '' : 's'} already paid for.`)
  expect(server.judge.received - before).toBe(2 - paid)
  expect(text('images.yaml')).toContain('alt: About A lighthouse')
  expect(stored(root)).toBe(0)
})

test('sends nothing more once the server has billed more than the limit', async () => {
  const project = await open(`${manifest}limits: { inFlight: 1 }\n`)
  const { server, cli, text } = project
  server.judge.next({ kind: 'overbill', factor: 1000 })
  const { code, stderr, stdout } = await cli(['describe', '--max-cost', '0.01'])
  expect(code).toBe(1)
  expect(server.judge.received).toBe(1)
  expect(stderr).toContain('✗ shop/cup: The request may cost')
  expect(stdout).toMatch(/Suggested 1 alt text \(\$0\.\d\d\d\), 1 failed\./)
  expect(text('images.yaml').match(/altSuggested/g)).toHaveLength(1)
})
