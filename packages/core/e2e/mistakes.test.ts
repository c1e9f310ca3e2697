import { readdirSync, rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createTestProject, smallManifest } from './test-project.ts'

const hero = { 'images.yaml': smallManifest({ hero: 'A lighthouse' }) }

test.each([
  [
    'an unknown command',
    ['genrate'],
    'Error: There is no command "genrate".\n  → Did you mean "generate"?\n',
  ],
  [
    'a command that is like no other',
    ['frobnicate'],
    'Error: There is no command "frobnicate".\n  → Run `limn --help` to see the commands.\n',
  ],
  [
    'a name that objects have',
    ['constructor'],
    'Error: There is no command "constructor".\n  → Run `limn --help` to see the commands.\n',
  ],
  [
    'an unknown option',
    ['plan', '--detailed-exitcod'],
    'Error: There is no option --detailed-exitcod for limn plan.\n  → Did you mean "--detailed-exitcode"?\n',
  ],
  ['an unknown short option', ['plan', '-x'], 'Error: There is no option -x for limn plan.\n'],
  [
    'an option without its value',
    ['generate', '--max-cost'],
    'Error: --max-cost requires a value.\n  → Write it as --max-cost USD.\n',
  ],
  [
    'a sum that is none',
    ['generate', '--max-cost', 'much'],
    'Error: --max-cost requires an amount in USD, but it is "much".\n  → Write it as --max-cost 0.50.\n',
  ],
  [
    'a negative amount',
    ['generate', '--max-cost', '-1'],
    "Error: --max-cost can't be negative, but it is -1.\n  → Write it as --max-cost 0.50.\n",
  ],
  [
    'a negative amount, with an equals sign',
    ['watch', '--max-cost=-$0.5'],
    "Error: --max-cost can't be negative, but it is -$0.5.\n  → Write it as --max-cost 0.50.\n",
  ],
  [
    'an option for a value',
    ['generate', '--max-cost', '--yes'],
    'Error: --max-cost requires a value.\n  → Write it as --max-cost USD.\n',
  ],
  [
    'an unknown provider',
    ['generate', '--provider', 'dalle'],
    'Error: There is no provider "dalle".\n  → Name one of local, openai.\n',
  ],
  [
    'too many names',
    ['check', 'hero'],
    'Error: limn check takes no arguments, but received hero.\n  → Run `limn check --help`.\n',
  ],
  [
    'too few names',
    ['adopt'],
    'Error: limn adopt takes NAME [FILE], but received none.\n  → Run `limn adopt --help`.\n',
  ],
])('rejects %s with a hint, and writes nothing', async (_, args, message) => {
  const { cli, list, root } = await createTestProject({ files: hero })
  const { code, stdout, stderr } = await cli(args)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr.startsWith(message), stderr).toBe(true)
  expect(list()).toEqual(['images.yaml'])
  expect(readdirSync(root)).toEqual(['images.yaml'])
})

test('reports a missing key with a hint, and writes no picture and no lockfile', async () => {
  const { cli, list } = await createTestProject({ files: hero })
  const { code, stdout, stderr } = await cli(['generate'])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toBe(
    'Error: The provider "openai" requires a key, but OPENAI_API_KEY is not set.\n  → Set OPENAI_API_KEY, or add it to .env next to the manifest; to generate offline and for free, use `provider: local`.\n',
  )
  expect(list()).toEqual(['images.yaml'])
})

test.each([['plan'], ['generate'], ['check'], ['list'], ['prune']])(
  'reports a missing manifest on limn %s, and writes nothing',
  async (command) => {
    const { cli, root } = await createTestProject()
    const { code, stdout, stderr } = await cli([command])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toBe(
      `Error: There is no images.yaml in ${root}.\n  → Run \`limn init\` to create one, or pass the folder with -C or the file with -m.\n`,
    )
    expect(readdirSync(root)).toEqual([])
  },
)

test('reports all mistakes of a manifest at once, each with place, frame and hint', async () => {
  const manifest = `version: 1
provider: opnai
assets:
  hero:
    promt: A lighthouse at dawn
    style: brnad
    outputs: [ogg]
  HERO: { prompt: Another, alt: Another, size: 1000x1000 }
styles:
  brand: { append: Warm. }
`
  const { cli, list } = await createTestProject({ files: { 'images.yaml': manifest } })
  const { code, stdout, stderr } = await cli(['generate'])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toContain(`images.yaml:2:11 error manifest/unknown-provider
  There is no provider "opnai".

    1 | version: 1
  > 2 | provider: opnai
      |           ^^^^^
    3 | assets:

  → Did you mean "openai"?
`)
  const places = [...stderr.matchAll(/^images\.yaml:(\d+:\d+) error (\S+)$/gm)].map(
    ([, place, code]) => `${place} ${code}`,
  )
  expect(places).toEqual([
    '2:11 manifest/unknown-provider',
    '5:5 manifest/unknown-key',
    '6:12 manifest/unknown-style',
    '7:15 manifest/unknown-preset',
    '8:3 manifest/name-collision',
    '8:48 manifest/size',
  ])
  expect(stderr).toContain('Did you mean "prompt"?')
  expect(stderr).toContain('The manifest has 6 mistakes.')
  expect(stderr).not.toMatch(/^\s+at /m)
  expect(list()).toEqual(['images.yaml'])
})

test('reports the findings of schema and rules together', async () => {
  const manifest = `version: 1
assets:
  hero: { prompt: A lighthouse, alt: A lighthouse, style: brnad, outputs: [ogg], qualty: high }
  HERO: { prompt: Another, alt: Another }
  a/../b: { prompt: Out, alt: Out }
styles:
  brand: { append: Warm. }
`
  const { cli } = await createTestProject({ files: { 'images.yaml': manifest } })
  const { stderr } = await cli(['plan'])
  const places = [...stderr.matchAll(/^images\.yaml:(\d+:\d+) error (\S+)$/gm)].map(
    ([, place, code]) => `${place} ${code}`,
  )
  expect(places).toEqual([
    '3:59 manifest/unknown-style',
    '3:76 manifest/unknown-preset',
    '3:82 manifest/unknown-key',
    '4:3 manifest/name-collision',
    '5:3 manifest/name',
  ])
})

test('reports a damaged lockfile, and changes neither it nor the pictures', async () => {
  const project = await createTestProject({ files: hero, server: true })
  await project.generate()
  for (const [text, why] of [
    ['{ "lockfileVersion": 1, "assets": {', 'it is not JSON'],
    ['<<<<<<< ours\n{}\n=======\n{}\n>>>>>>> theirs\n', '`lockfileVersion` is missing'],
    [
      project.text('images.lock').replace('images/hero.png', 'images/../../hero.png'),
      'the entry of "hero" names a master outside images/',
    ],
  ] as const) {
    project.write('images.lock', text)
    const { code, stderr } = await project.cli(['generate'])
    expect(code).toBe(1)
    expect(stderr).toContain(`Error: images.lock is not a valid lockfile: ${why}.`)
    expect(project.text('images.lock')).toBe(text)
  }
  expect(project.server.requests).toHaveLength(1)
})

test('keeps paid pictures if the masters folder can’t be written, and recovers them later', async () => {
  const project = await createTestProject({
    files: { ...hero, images: 'a file where the folder would be' },
    server: true,
  })
  const { code, stderr } = await project.cli(['generate'])
  expect(code).toBe(1)
  expect(stderr).toMatch(
    /✗ hero: .*images\/hero\.png can't be written: another file has that name\.\n\s+→ Check the path and its folder, then run the command again\./,
  )
  expect(project.text('images')).toBe('a file where the folder would be')
  expect(project.list('.limn/journal').filter((path) => path.endsWith('.picture'))).toHaveLength(1)
  rmSync(`${project.root}/images`)
  expect(await project.generate()).toMatchObject({ recovered: 1, requested: [] })
})

test('runs without a writable cache', async () => {
  const project = await createTestProject({
    files: { ...hero, node_modules: 'a file' },
    server: true,
  })
  const plan = await project.cli(['plan'])
  expect(plan).toMatchObject({ code: 0, stderr: '' })
})

test('selects manifest and folder with -m and -C', async () => {
  const project = await createTestProject({
    files: { 'site/pictures.yaml': smallManifest({ hero: 'A lighthouse' }) },
    server: true,
  })
  expect(await project.cli(['generate', '-C', 'site', '-m', 'pictures.yaml'])).toMatchObject({
    code: 0,
  })
  expect(
    project
      .list('site')
      .filter((path) => !path.includes('/.limn/') && !path.includes('/node_modules/')),
  ).toEqual(['site/images/hero.png', 'site/pictures.lock', 'site/pictures.yaml'])
  expect(await project.cli(['-C', 'site', 'check', '--manifest=pictures.yaml'])).toMatchObject({
    code: 0,
  })
})
