import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openProject } from '../project.ts'
import { typesFileOfProject } from './types-file.ts'

/** Creates a folder with files. */
function folderOf(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'limn-types-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

const packageJson = '{ "devDependencies": { "@limn/vite-plugin": "*" } }'
const config = (options: string): string =>
  `import limn from '@limn/vite-plugin'\nexport default { plugins: [limn(${options})] }\n`
const app = {
  'package.json': packageJson,
  'tsconfig.json': '{ "files": [], "references": [{ "path": "./tsconfig.app.json" }] }',
  'vite.config.ts': config(''),
}
const manifest = 'version: 1\nprovider: local\nassets: { hero: { prompt: A boat, alt: A boat } }\n'

it.each([
  [
    'create-vite’s template',
    { ...app, 'tsconfig.app.json': '{\n  /* Linting */\n  "include": ["src"]\n}' },
    'src/limn.d.ts',
  ],
  [
    'patterns in src',
    { ...app, 'tsconfig.app.json': '{ "include": ["./src/**/*.ts", "src/**/*.vue"] }' },
    'src/limn.d.ts',
  ],
  ['a tsconfig that covers everything', app, 'limn.d.ts'],
  [
    'a tsconfig that covers more than src',
    { ...app, 'tsconfig.app.json': '{ "include": ["src", "limn.d.ts"] }' },
    'limn.d.ts',
  ],
  [
    'an existing file',
    { ...app, 'tsconfig.app.json': '{ "include": ["src"] }', 'limn.d.ts': '' },
    'limn.d.ts',
  ],
  [
    'SvelteKit',
    { ...app, 'tsconfig.json': '{ "extends": "./.svelte-kit/tsconfig.json" }' },
    'src/limn.d.ts',
  ],
  [
    'Nuxt',
    {
      'package.json': packageJson,
      'tsconfig.json': '{}',
      'nuxt.config.ts': config("{ manifest: '../images.yaml' }"),
      'app/app.vue': '',
    },
    'app/limn.d.ts',
  ],
  [
    'an option',
    { ...app, 'vite.config.ts': config('{ dts: "types/pictures.d.ts" }') },
    'types/pictures.d.ts',
  ],
  [
    'the option in another config',
    { 'package.json': packageJson, 'astro.config.mjs': config("{ dts: 'env.d.ts' }") },
    'env.d.ts',
  ],
  ['types that are off', { ...app, 'vite.config.ts': config('{ dts: false }') }, undefined],
  ['a place outside', { ...app, 'vite.config.ts': config("{ dts: '../limn.d.ts' }") }, undefined],
  ['an app without the plugin', { 'package.json': '{}', 'tsconfig.json': '{}' }, undefined],
  [
    'an app in JavaScript',
    { 'package.json': packageJson, 'vite.config.js': config('') },
    undefined,
  ],
  ['no package', { 'tsconfig.json': '{}' }, undefined],
])('finds the file of %s', (_, files, expected) => {
  expect(typesFileOfProject(folderOf(files as Record<string, string>))).toBe(expected)
})

it('writes the types once, again after a change, and never over a file of the user', async () => {
  const root = folderOf({ ...app, 'images.yaml': manifest })
  const project = openProject({ cwd: root })
  const file = join(root, 'limn.d.ts')
  expect(await project.writeTypes()).toBe('limn.d.ts')
  const text = readFileSync(file, 'utf8')
  expect(text).toContain('declare module "virtual:limn/hero"')
  const { mtimeMs } = statSync(file)
  expect(await project.writeTypes()).toBeUndefined()
  expect(statSync(file).mtimeMs).toBe(mtimeMs)

  writeFileSync(join(root, 'images.yaml'), manifest.replace('hero:', 'boat:'))
  utimesSync(join(root, 'images.yaml'), Date.now() / 1000 + 5, Date.now() / 1000 + 5)
  expect(await project.writeTypes()).toBe('limn.d.ts')
  expect(readFileSync(file, 'utf8')).toContain('declare module "virtual:limn/boat"')

  writeFileSync(file, 'declare const mine: string\n')
  utimesSync(file, 1, 1)
  await expect(project.writeTypes()).rejects.toThrow(/is not a file of types that Limn wrote/)
  expect(readFileSync(file, 'utf8')).toBe('declare const mine: string\n')
})

const night = 'version: 1\nassets: { night: { prompt: A boat at night, alt: A boat } }\n'
const dawn = night.replaceAll('night', 'dawn')

it.each<[string, string, (root: string) => void, string, string]>([
  [
    'an included file that changed',
    'more.yaml',
    (root) => writeLater(join(root, 'more.yaml'), dawn),
    'dawn',
    'night',
  ],
  [
    'a file that a glob finds now',
    'campaigns/*.yaml',
    (root) => writeLater(join(root, 'campaigns/dawn.yaml'), dawn),
    'dawn',
    'x',
  ],
  [
    'an included file that an older one replaced',
    'campaigns/night.yaml',
    (root) => {
      writeFileSync(join(root, 'old.yaml'), dawn)
      utimesSync(join(root, 'old.yaml'), 1, 1)
      renameSync(join(root, 'old.yaml'), join(root, 'campaigns/night.yaml'))
      setLater(join(root, 'campaigns'))
    },
    'dawn',
    'night',
  ],
  [
    'a file that a glob no longer finds',
    'campaigns/*.yaml',
    (root) => {
      rmSync(join(root, 'campaigns/night.yaml'))
      setLater(join(root, 'campaigns'))
    },
    'hero',
    'night',
  ],
])('writes the types again after a change of %s', async (_, include, change, name, gone) => {
  const root = folderOf({
    ...app,
    'images.yaml': `${manifest}include: ['${include}']\n`,
    'more.yaml': night,
    'campaigns/night.yaml': night,
    'campaigns/other.yaml': night.replaceAll('night', 'other'),
  })
  const file = join(root, 'limn.d.ts')
  const generate = async (): Promise<string | undefined> => {
    const project = openProject({ cwd: root })
    await project.snapshot()
    return project.writeTypes()
  }
  expect(await generate()).toBe('limn.d.ts')
  expect(readFileSync(file, 'utf8')).toContain('virtual:limn/night')
  change(root)
  expect(await generate()).toBe('limn.d.ts')
  expect(readFileSync(file, 'utf8')).toContain(`virtual:limn/${name}`)
  expect(readFileSync(file, 'utf8')).not.toContain(`virtual:limn/${gone}`)
})

function writeLater(path: string, text: string): void {
  writeFileSync(path, text)
  setLater(path)
}

function setLater(path: string): void {
  const later = Date.now() / 1000 + 5
  utimesSync(path, later, later)
}
