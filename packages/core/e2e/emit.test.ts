import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { describe, expect, test } from 'vitest'
import { createTestProject, type TestProject } from './test-project.ts'

const assets = `assets:
  hero: { prompt: A boat, alt: 'A "boat"', outputs: [{ name: card, widths: [60, 90], formats: [webp, jpeg] }, { name: og, width: 40, height: 40, formats: [png] }] }
  product/mug: { prompt: A mug, alt: A mug, outputs: [{ name: a, width: 90, formats: [webp] }] }
  Picture: { prompt: A frame, alt: A frame, outputs: [{ name: a, width: 30, formats: [webp] }] }
`
const manifestOf = (keys: string): string => `version: 1\nprovider: local\n${keys}\n${assets}`
const projectWith = (keys: string): Promise<TestProject> =>
  createTestProject({ files: { 'images.yaml': manifestOf(keys) } })

type Exports = { default: Record<string, { src: string; files: Record<string, string> }> }
const importOf = (project: TestProject, file: string): Promise<Exports & Record<string, unknown>> =>
  import(`${join(project.root, file)}?${Math.random()}`) as Promise<
    Exports & Record<string, unknown>
  >

const hero = {
  src: '/images/hero/card-90.jpg',
  srcset: '/images/hero/card-60.jpg 60w, /images/hero/card-90.jpg 90w',
  sources: { webp: '/images/hero/card-60.webp 60w, /images/hero/card-90.webp 90w' },
  width: 90,
  alt: 'A "boat"',
  placeholder: expect.stringMatching(/^data:image\/png;base64,/),
  files: expect.objectContaining({ 'og.png': '/images/hero/og.png' }),
}

describe('the module of all pictures', () => {
  test('has the URLs of a folder that frameworks serve, and is written only when it changes', async () => {
    const project = await projectWith('out: public/images\nemit: src/pictures.mjs')
    await project.generate()
    const module = await importOf(project, 'src/pictures.mjs')
    expect(module['hero']).toMatchObject(hero)
    expect(module['productMug']).toBe(module.default['product/mug'])
    expect(Object.keys(module).sort()).toEqual(['default', 'hero', 'productMug'])
    expect(module.default['Picture']!.src).toBe('/images/Picture/a.webp')
    const { ino } = statSync(join(project.root, 'src/pictures.mjs'))
    await project.cli(['generate'])
    expect(statSync(join(project.root, 'src/pictures.mjs')).ino).toBe(ino)
    expect(project.text('src/pictures.d.mts')).not.toContain('p0 as Picture')
  })

  test.each([
    ['static/a', 'pictures.json', '/a'],
    ['site/public', '{ file: data/pictures.json }', ''],
    [
      'art',
      '{ file: data/pictures.json, base: https://cdn.example.com/x/ }',
      'https://cdn.example.com/x',
    ],
  ])('has the URLs of %s in JSON: %s', async (out, emit, base) => {
    const project = await projectWith(`out: ${out}\nemit: ${emit}`)
    await project.generate()
    const file = emit.includes('data/') ? 'data/pictures.json' : 'pictures.json'
    const { pictures } = JSON.parse(project.text(file)) as { pictures: Exports['default'] }
    expect(pictures['product/mug']!.src).toBe(`${base}/product/mug/a.webp`)
    await project.cli(['generate'])
  })

  test('imports the files for a bundler, and type-checks strictly', async () => {
    const project = await projectWith('out: art\nemit: src/pictures.ts')
    await project.generate()
    project.write(
      'src/main.ts',
      "import all, { hero, type Picture } from './pictures.ts'\nconst mug: Picture = all['product/mug']\nconsole.log(hero.srcset, mug.src)\n",
    )
    const bundle = await rolldown({
      input: join(project.root, 'src/main.ts'),
      moduleTypes: { '.webp': 'asset', '.jpg': 'asset', '.png': 'asset' },
      logLevel: 'silent',
    })
    const { output } = await bundle.generate({ format: 'esm' })
    expect(output.filter(({ type }) => type === 'asset').length).toBeGreaterThanOrEqual(6)
    const tsc = join(
      createRequire(import.meta.url).resolve('typescript/package.json'),
      '../bin/tsc',
    )
    const flags = '--noEmit --strict --module esnext --moduleResolution bundler --isolatedModules'
    const check = (): string =>
      spawnSync(
        process.execPath,
        [
          tsc,
          ...flags.split(' '),
          '--allowImportingTsExtensions',
          '--lib',
          'es2023,dom',
          '--types',
          '',
          'src/main.ts',
        ],
        { cwd: project.root, encoding: 'utf8' },
      ).stdout
    expect(check()).toBe('')
    project.write('src/main.ts', "import { boat } from './pictures.ts'\nconsole.log(boat)\n")
    expect(check()).toContain("no exported member 'boat'")
  })

  test('is compared by check, and follows renamed and removed pictures', async () => {
    const project = await projectWith('out: public/images\nemit: src/pictures.ts')
    await project.generate()
    expect((await project.cli(['check'])).code).toBe(0)
    project.write('src/pictures.ts', project.text('src/pictures.ts').replaceAll('\n', '\r\n'))
    expect((await project.cli(['check'])).code, 'a checkout with CRLF is current').toBe(0)
    project.write('src/pictures.ts', `${project.text('src/pictures.ts')}// edited\n`)
    const edited = await project.cli(['check'])
    expect(edited).toMatchObject({ code: 1 })
    expect(edited.stderr).toContain('✗ src/pictures.ts is out of date.')
    project.write(
      'images.yaml',
      project
        .text('images.yaml')
        .replace('hero:', 'boat:')
        .replace(/ {2}Picture.*\n/, ''),
    )
    await project.cli(['mv', 'product/mug', 'cup'])
    await project.cli(['generate'])
    expect(project.text('src/pictures.ts')).toContain('p0 as boat,\n  p1 as cup,\n')
    expect(project.text('src/pictures.ts')).not.toContain('hero')
    expect((await project.cli(['check'])).code).toBe(0)
  })

  test.each([
    ['a module of the user', 'src/pictures.js', 'export const mine = 1\n'],
    ['types of the user', 'src/pictures.d.ts', 'export type Mine = string\n'],
    ['a JSON-like text', 'src/pictures.js', '{ "$comment": "mine" }'],
  ])('never replaces %s, and pays for nothing', async (_, file, text) => {
    const project = await createTestProject({
      server: true,
      files: {
        'images.yaml': manifestOf('out: public/images\nemit: src/pictures.js').replace(
          'local',
          'openai',
        ),
        [file]: text,
      },
    })
    const { code, stderr } = await project.cli(['generate', '--yes'])
    expect(code).toBe(1)
    expect(stderr).toContain(`${file} is not a file that Limn wrote.`)
    expect(project.server.requests).toHaveLength(0)
    expect(project.text(file)).toBe(text)
  })
})
