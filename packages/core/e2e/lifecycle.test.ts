import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import { startImageServer } from '../../../fixtures/openai-server/index.ts'
import { createTestProject, KEY, smallManifest, stepsOf } from './test-project.ts'

const ten = Object.fromEntries(
  Array.from({ length: 10 }, (_, index) => [`picture-${index}`, `Hill number ${index} in spring`]),
)

test('goes from init over plan to pictures, and then has nothing to do', async () => {
  const { cli, has, expectUpToDate } = await createTestProject()
  expect(await cli(['init'])).toMatchObject({ code: 0, stderr: '' })
  const before = await cli(['plan', '--detailed-exitcode'])
  expect(before).toMatchObject({ code: 2, stderr: '' })
  expect(before.stdout).toContain('Plan: 1 to generate ($0).')
  expect(has('images.lock')).toBe(false)

  const run = await cli(['generate'])
  expect(run).toMatchObject({ code: 0, stderr: '' })
  expect(run.stdout).toMatch(/Done in .*: 1 generated \(\$0\), 7 files made\./)
  expect(await cli(['plan', '--detailed-exitcode'])).toEqual({
    code: 0,
    stdout: 'Nothing to do: 1 picture is up to date.\n',
    stderr: '',
  })
  expect(await cli(['check'])).toMatchObject({
    code: 0,
    stdout: 'The only picture matches the manifest and the lockfile.\n',
  })
  await expectUpToDate()
})

test('requests ten pictures once each, and keeps them byte for byte', async () => {
  const { generate, lock, server, bytes, expectNoKey } = await createTestProject({
    files: { 'images.yaml': smallManifest(ten) },
    server: true,
  })
  const run = await generate()
  expect(run).toMatchObject({ generated: 10, derived: 10, failed: [] })
  expect(run.requested).toEqual(Object.values(ten).sort())
  expect(server.requests.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200))
  // Two at first, and one more for each that arrives.
  expect(server.maxInFlight).toBeGreaterThanOrEqual(2)
  expect(server.maxInFlight).toBeLessThanOrEqual(4)
  for (const [name, { master, made, request }] of Object.entries(lock().assets)) {
    const facts = await sharp(bytes(master.path)).metadata()
    expect(`${facts.width}x${facts.height}`).toBe(request['size'])
    expect(made).toMatchObject({
      provider: 'openai',
      requestId: expect.stringMatching(/^req_/),
      usd: expect.any(Number),
    })
    expect(master.path).toBe(`images/${name}.png`)
  }
  expectNoKey(run)
})

test('requests only the changed prompt again, and shows the old one', async () => {
  const { generate, edit, plan } = await createTestProject({
    files: { 'images.yaml': smallManifest(ten) },
    server: true,
  })
  await generate()
  edit('Hill number 3 in spring', 'Hill number 3 in autumn')
  const { steps, unchanged } = await plan()
  expect(unchanged).toBe(9)
  expect(steps).toMatchObject([
    {
      kind: 'generate',
      asset: 'picture-3',
      reasons: [
        {
          code: 'request-changed',
          changes: [
            { field: 'prompt', from: 'Hill number 3 in spring', to: 'Hill number 3 in autumn' },
          ],
        },
      ],
    },
  ])
  expect((await generate()).requested).toEqual(['Hill number 3 in autumn'])
})

test('derives an added preset without a request, and writes it to the out folder', async () => {
  const { generate, edit, has } = await createTestProject({
    files: { 'images.yaml': smallManifest(ten, 'provider: openai\nout: public/img') },
    server: true,
  })
  await generate()
  expect(has('public/img/picture-4/s.webp')).toBe(true)
  edit(
    'defaults: { outputs: [',
    'defaults: { outputs: [{ name: wide, width: 80, height: 40, formats: [jpeg] }, ',
  )
  const run = await generate()
  expect(run).toMatchObject({ requested: [], generated: 0, derived: 10 })
  expect(has('public/img/picture-4/wide.jpg')).toBe(true)
})

test('moves the master and the out files of a renamed asset without a request', async () => {
  const { generate, edit, list, bytes } = await createTestProject({
    files: { 'images.yaml': smallManifest(ten, 'provider: openai\nout: public/img') },
    server: true,
  })
  await generate()
  const before = bytes('images/picture-5.png')
  edit('  picture-5:', '  people/team:')
  const run = await generate()
  expect(run).toMatchObject({ requested: [], generated: 0, moved: 1 })
  expect(bytes('images/people/team.png').equals(before)).toBe(true)
  expect(list().filter((path) => path.includes('team'))).toEqual([
    'images/people/team.png',
    'public/img/people/team/s.webp',
  ])
  expect(list().filter((path) => path.includes('picture-5'))).toEqual([])
})

test('derives again without a request if the size of an output changes', async () => {
  const { generate, edit, bytes } = await createTestProject({
    files: { 'images.yaml': smallManifest(ten, 'provider: openai\nout: public/img') },
    server: true,
  })
  await generate()
  edit('width: 64, height: 64', 'width: 48, height: 48')
  expect(await generate()).toMatchObject({ requested: [], derived: 10 })
  expect(await sharp(bytes('public/img/picture-0/s.webp')).metadata()).toMatchObject({
    width: 48,
    height: 48,
  })
})

test('has nothing to do if only an alt changes', async () => {
  const { generate, edit, plan } = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A lighthouse' }) },
    server: true,
  })
  await generate()
  edit('alt: hero', 'alt: A lighthouse at dawn')
  expect((await plan()).steps).toEqual([])
})

test('has nothing to do after comments, key order and white space change', async () => {
  const { generate, write, plan } = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A lighthouse' }) },
    server: true,
  })
  await generate()
  write(
    'images.yaml',
    '# Pictures\r\nassets:\r\n  hero: { alt: hero, prompt: "A lighthouse" }\r\ndefaults:\r\n  outputs:\r\n    - { formats: [webp], height: 64, width: 64, name: s }\r\nprovider: openai\r\nversion: 1\r\n',
  )
  expect((await plan()).steps).toEqual([])
})

test('returns a result of its own from each call with nothing to do', async () => {
  const { project } = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A hill' }, 'provider: local') },
  })
  await project.generate()
  const first = await project.generate()
  first.sent.push({ asset: 'hero' } as never)
  expect((await project.generate()).sent).toEqual([])
})

test('requests only the assets whose style changed, and names the field', async () => {
  const manifest = `version: 1
provider: openai
styles:
  brand: { append: Warm colours. }
  plain: { append: Grey. }
defaults: { outputs: [{ name: s, width: 64, height: 64, formats: [webp] }] }
assets:
  a: { prompt: A mug, style: brand, alt: A mug }
  b: { prompt: A cup, style: brand, alt: A cup }
  c: { prompt: A bowl, style: plain, alt: A bowl }
  d: { prompt: A plate, alt: A plate }
`
  const { generate, edit, plan, cli } = await createTestProject({
    files: { 'images.yaml': manifest },
    server: true,
  })
  await generate()
  edit('Warm colours', 'Cold colours')
  expect(stepsOf(await plan())).toEqual(['generate a', 'generate b'])
  const { stdout } = await cli(['plan'])
  expect(stdout).toContain('prompt changed')
  expect(stdout).toContain('      - A mug. Warm colours.\n      + A mug. Cold colours.\n')
  expect((await generate()).requested).toEqual(['A cup. Cold colours.', 'A mug. Cold colours.'])
})

test('plans two assets that swap names as two changes, and loses neither picture', async () => {
  const { generate, write, list } = await createTestProject({
    files: { 'images.yaml': smallManifest({ a: 'A mug', b: 'A cup' }) },
    server: true,
  })
  await generate()
  write('images.yaml', smallManifest({ a: 'A cup', b: 'A mug' }))
  await generate()
  expect(list('.limn/replaced')).toHaveLength(2)
})

test('generates the named assets and those below a name, and no others', async () => {
  const { generate, plan, cli } = await createTestProject({
    files: {
      'images.yaml': smallManifest({
        'mug/red': 'A red mug',
        'mug/blue': 'A blue mug',
        mugshot: 'A face',
      }),
    },
    server: true,
  })
  expect((await generate({ names: ['mug'] })).requested).toEqual(['A blue mug', 'A red mug'])
  expect(stepsOf(await plan())).toEqual(['generate mugshot'])
  const unknown = await cli(['generate', 'mugshto'])
  expect(unknown).toEqual({
    code: 1,
    stdout: '',
    stderr: 'Error: There is no asset "mugshto" in the manifest.\n  → Did you mean "mugshot"?\n',
  })
})

test('shows the plan and requests nothing in a dry run', async () => {
  const { cli, server, has } = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A lighthouse' }) },
    server: true,
  })
  const { code, stdout } = await cli(['generate', '--dry-run'])
  expect(code).toBe(0)
  expect(stdout).toContain('+ hero')
  expect(server.requests).toEqual([])
  expect(has('images.lock')).toBe(false)
})

test('plans without a key and without a request', async () => {
  const { cli, server } = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A lighthouse' }) },
    server: true,
  })
  const { code, stdout } = await cli(['plan'], { OPENAI_API_KEY: '' })
  expect(code).toBe(0)
  expect(stdout).toMatch(/\+ hero {2}new {2}1 picture {3}\$0\.\d{3}/)
  expect(server.requests).toEqual([])
})

test('reads key and base URL from .env next to the manifest', async () => {
  const { cli, write, server, expectUpToDate } = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A lighthouse' }) },
    server: true,
  })
  write('.env', `OPENAI_API_KEY=sk-wrong\nOPENAI_BASE_URL=${server.baseURL}\nSECRET=1\n`)
  write('.env.local', 'OPENAI_API_KEY=sk-from-file\n')
  const child = await cli(['generate'])
  expect(child.code).toBe(0)
  expect(server.requests[0]?.headers['authorization']).toBe(`Bearer …${KEY.slice(-4)}`)
  await expectUpToDate()
})

test('restores the picture of an old prompt without paying for it again', async () => {
  const { generate, edit, bytes, server, plan } = await createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A hill' }) },
    server: true,
  })
  await generate()
  const first = bytes('images/hero.png')
  edit('A hill', 'A valley')
  expect(await generate()).toMatchObject({ generated: 1 })
  edit('A valley', 'A hill')
  expect(await plan()).toMatchObject({
    steps: [{ kind: 'recover', reasons: [{ code: 'had-before' }] }],
    usd: 0,
  })
  expect(await generate()).toMatchObject({ generated: 0, recovered: 1 })
  expect(bytes('images/hero.png').equals(first)).toBe(true)
  edit('A hill', 'A valley')
  expect(await generate()).toMatchObject({ generated: 0, recovered: 1 })
  expect(server.requests).toHaveLength(2)
})

test('reads key and base URL from .env next to a manifest in another folder', async () => {
  const server = await startImageServer()
  onTestFinished(() => server.close())
  const { cli, has } = await createTestProject({
    files: {
      'sub/images.yaml': smallManifest({ hero: 'A lighthouse' }),
      'sub/.env': `OPENAI_API_KEY=${KEY}\nOPENAI_BASE_URL=${server.baseURL}\n`,
      '.env': 'OPENAI_API_KEY=sk-other\n',
    },
  })
  expect(await cli(['generate', '-m', 'sub/images.yaml'])).toMatchObject({ code: 0, stderr: '' })
  expect(has('sub/images/hero.png')).toBe(true)
  expect(server.requests[0]?.headers['authorization']).toBe(`Bearer …${KEY.slice(-4)}`)
})

test('sends no key of the shell to a server that the repo names, and reports it', async () => {
  const { cli } = await createTestProject({
    files: {
      'images.yaml': smallManifest({ hero: 'A lighthouse' }),
      '.env': 'OPENAI_BASE_URL=http://127.0.0.1:9/v1\n',
    },
    env: { OPENAI_API_KEY: KEY },
  })
  const { code, stderr } = await cli(['plan'])
  expect(code).toBe(0)
  expect(stderr).toMatch(/^Limn ignores OPENAI_BASE_URL from \.env because .*\n$/)
})

test('refers editors to a schema only if one is installed', async () => {
  const { cli, text, write } = await createTestProject({ files: { 'node_modules/.keep': '' } })
  const bare = await cli(['init'])
  expect(text('images.yaml')).not.toContain('$schema')
  expect(bare.stdout).toContain('`limn schema > images.schema.json`')
  write('node_modules/@limn/core/images.schema.json', '{}')
  expect((await cli(['init', '-m', 'site/images.yaml'])).stdout).not.toContain('limn schema')
  expect(text('site/images.yaml').split('\n')[0]).toBe(
    '# yaml-language-server: $schema=../node_modules/@limn/core/images.schema.json',
  )
  await cli(['init', '-m', 'more.yaml'])
  expect(text('more.yaml').split('\n')[0]).toBe(
    '# yaml-language-server: $schema=./node_modules/@limn/core/images.schema.json',
  )
})
