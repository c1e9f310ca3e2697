import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { LimnError } from '../errors.ts'
import { openProjectFiles } from './files-on-disk.ts'
import { type IncludedFiles, type ProjectFiles, readIncluded } from './read-included.ts'

/** Reads what entries lead to in a folder with these files; `PATH → TARGET` is a link. */
async function readFrom(
  paths: readonly string[],
  entries: readonly string[],
  change?: (root: string) => void,
): Promise<IncludedFiles> {
  const root = mkdtempSync(join(tmpdir(), 'limn-include-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  for (const path of ['images.yaml', ...paths]) {
    const [file, target] = path.split(' → ')
    mkdirSync(dirname(join(root, file!)), { recursive: true })
    if (target === undefined) writeFileSync(join(root, path), `text of ${path}`)
    else symlinkSync(target, join(root, file!))
  }
  change?.(root)
  const files = openProjectFiles(root)
  return readIncluded({ files, manifest: 'images.yaml', entries })
}

const pathsOf = ({ files }: IncludedFiles): string[] => files.map(({ path }) => path)

test.each<[string, string[], string[], string[]]>([
  ['a path', ['shop/images.yaml'], ['./shop/images.yaml'], ['shop/images.yaml']],
  ['a path with a backslash', ['shop/images.yaml'], ['shop\\images.yaml'], ['shop/images.yaml']],
  [
    'a path with signs that globs know',
    ['@shop/c++!.yaml'],
    ['@shop/c++!.yaml'],
    ['@shop/c++!.yaml'],
  ],
  [
    'a glob, by name',
    ['a/c.yaml', 'a/b.yaml', 'a/B.yaml', 'a/x.yml', 'a/deep/d.yaml'],
    ['a/*.yaml'],
    ['a/B.yaml', 'a/b.yaml', 'a/c.yaml'],
  ],
  [
    'a glob through all folders but those of packages and hidden ones',
    ['a/b.yaml', 'a/deep/d.yaml', 'a/node_modules/x/y.yaml', 'a/.hidden/z.yaml'],
    ['a/**/*.yaml'],
    ['a/b.yaml', 'a/deep/d.yaml'],
  ],
  ['braces', ['a/1.yaml', 'b/2.yaml', 'c/3.yaml'], ['{a,b}/*.yaml'], ['a/1.yaml', 'b/2.yaml']],
  [
    'each file once, where it was found first',
    ['a/1.yaml', 'a/2.yaml'],
    ['a/2.yaml', 'a/*.yaml', 'a/1.yaml'],
    ['a/2.yaml', 'a/1.yaml'],
  ],
  [
    'a link within the project, once',
    ['a/1.yaml', 'b.yaml → a/1.yaml'],
    ['a/*.yaml', 'b.yaml'],
    ['a/1.yaml'],
  ],
  ['no links by a glob', ['a/1.yaml', 'a/2.yaml → 1.yaml', 'a/b → ..'], ['a/**'], ['a/1.yaml']],
])('finds %s', async (_, paths, entries, found) => {
  const included = await readFrom(paths, entries)
  expect(included.problems).toEqual([])
  expect(pathsOf(included)).toEqual(found)
  expect(included.files.map(({ text }) => text)).toEqual(found.map((path) => `text of ${path}`))
})

test.each<[string, string[], string, string]>([
  [
    'a file that is not there',
    [],
    'shop.yaml',
    'There is no file shop.yaml. → Check the path: it is relative to the manifest.',
  ],
  [
    'a folder',
    ['shop/a.yaml'],
    'shop',
    'There is no file shop. → Check the path: it is relative to the manifest.',
  ],
  [
    'a glob that finds nothing',
    ['shop/a.yml'],
    'shop/*.yaml',
    'No file matches "shop/*.yaml". → Check the pattern: it is relative to the manifest; * stays within one folder, ** includes all folders below.',
  ],
  [
    'a glob that only takes away',
    ['shop/a.yml'],
    '!shop/*.yml',
    'No file matches "!shop/*.yml". → Check the pattern: it is relative to the manifest; * stays within one folder, ** includes all folders below.',
  ],
  [
    'the manifest itself',
    [],
    './images.yaml',
    'images.yaml is the manifest itself. → Remove it; if a glob finds it, move the other files to a folder of their own, for example campaigns/*.yaml.',
  ],
  [
    'a glob that finds the manifest',
    [],
    '*.yaml',
    'images.yaml is the manifest itself. → Remove it; if a glob finds it, move the other files to a folder of their own, for example campaigns/*.yaml.',
  ],
  [
    'a link to the manifest',
    ['a/b.yaml → ../images.yaml'],
    'a/b.yaml',
    'a/b.yaml is the manifest itself. → Remove it; if a glob finds it, move the other files to a folder of their own, for example campaigns/*.yaml.',
  ],
  [
    'a link out of the project',
    ['a.yaml → /etc/hostname'],
    'a.yaml',
    'a.yaml is a link to a file outside the project. → Replace the link with the file itself.',
  ],
  [
    'a link to nothing',
    ['a/b.yaml → nowhere'],
    'a/b.yaml',
    'There is no file a/b.yaml. → Check the path: it is relative to the manifest.',
  ],
  ...[
    '../x.yaml',
    'a/../../x.yaml',
    '/etc/*.yaml',
    'C:\\x.yaml',
    '{..,a}/*.yaml',
    '@(..|a)/*.yaml',
    './',
  ].map((entry): [string, string[], string, string] => [
    `${entry}, which leads out`,
    [],
    entry,
    `Included files must be inside the project, but "${entry === './' ? '' : entry.replaceAll('\\', '/')}" is not. → Write a path below the manifest's own folder, for example campaigns/*.yaml.`,
  ]),
])('reports %s, and reads the other entries', async (_, paths, entry, problem) => {
  const { problems, files } = await readFrom(['good.yml', ...paths], [entry, 'good.yml'])
  expect(
    problems.map(({ entry: index, message, hint }) => `${index} ${message} → ${hint}`),
  ).toEqual([`0 ${problem}`])
  expect(files.map(({ path }) => path)).toEqual(['good.yml'])
})

test('reports a file that can’t be read with the reader’s message', async () => {
  const root = mkdtempSync(join(tmpdir(), 'limn-include-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  writeFileSync(join(root, 'images.yaml'), '')
  writeFileSync(join(root, 'a.yaml'), '')
  const files: ProjectFiles = {
    ...openProjectFiles(root),
    readText(path) {
      throw new LimnError('manifest/unreadable', `${path} is not UTF-8 text.`, {
        hint: 'Save it as UTF-8.',
      })
    },
  }
  expect(
    (await readIncluded({ files, manifest: 'images.yaml', entries: ['a.yaml'] })).problems,
  ).toEqual([{ entry: 0, message: 'a.yaml is not UTF-8 text.', hint: 'Save it as UTF-8.' }])
})

test('includes a thousand files and no more', async () => {
  const paths = Array.from(
    { length: 1001 },
    (_, index) => `many/${String(index).padStart(4, '0')}.yaml`,
  )
  expect((await readFrom(paths.slice(1), ['many/*.yaml'])).problems).toEqual([])
  const { problems, files } = await readFrom(paths, ['many/*.yaml'])
  expect(problems).toMatchObject([
    {
      entry: 0,
      message: expect.stringMatching(/^The manifest includes more than 1000 files/) as string,
    },
  ])
  expect(files).toHaveLength(1000)
})

test('returns a digest that changes with text, name, order and problems only', async () => {
  const digest = async (
    paths: string[],
    entries: string[],
    change?: (root: string) => void,
  ): Promise<string> => (await readFrom(paths, entries, change)).digest
  const plain = await digest(['a.yaml', 'b.yaml'], ['a.yaml', 'b.yaml'])
  expect(await digest(['b.yaml', 'a.yaml', 'c.txt'], ['a.yaml', 'b.yaml'])).toBe(plain)
  expect(await digest(['a.yaml', 'b.yaml'], ['b.yaml', 'a.yaml'])).not.toBe(plain)
  expect(await digest(['a.yaml', 'b.yaml'], ['a.yaml'])).not.toBe(plain)
  expect(await digest(['a.yaml', 'b.yaml'], ['a.yaml', 'b.yaml', 'c.yaml'])).not.toBe(plain)
  expect(
    await digest(['a.yaml', 'b.yaml'], ['a.yaml', 'b.yaml'], (root) =>
      writeFileSync(join(root, 'b.yaml'), 'other'),
    ),
  ).not.toBe(plain)
})

test('names what to watch: files, including missing ones, and the folders of globs', async () => {
  const { named, folders } = await readFrom(
    ['a/1.yaml', 'b/c/2.yaml'],
    ['nope.yaml', 'a/1.yaml', 'b/**/*.yaml', 'a/?.yaml', '../out.yaml'],
  )
  expect(named).toEqual(['nope.yaml', 'a/1.yaml', 'b/c/2.yaml'])
  expect(folders).toEqual(['b', 'a'])
  expect((await readFrom(['a/1.yaml'], ['*/1.yaml'])).folders).toEqual([''])
})
