import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openFileDigests } from '../cache/file-digests.ts'
import { sha256 } from '../digest.ts'
import { type OutFile, writeOutFile } from './out-folder.ts'
import { projectPaths } from './paths.ts'
import { openWrittenFiles } from './written-files.ts'

const PATH = 'public/logo/icon.png'

function createFolder(): {
  file: string
  put(content: string): void
  content(): string
  write(content: string, known?: OutFile['known']): Promise<string | undefined>
  clear(): Promise<void>
} {
  const root = mkdtempSync(join(tmpdir(), 'limn-out-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const paths = projectPaths(root)
  const file = join(root, PATH)
  mkdirSync(dirname(file), { recursive: true })
  return {
    file,
    put: (content) => writeFileSync(file, content),
    content: () => readFileSync(file, 'utf8'),
    // Each write is one run: only the disk remembers the one before.
    write: (content, known) =>
      writeOutFile(
        {
          out: 'public',
          asset: 'logo',
          file: 'icon.png',
          bytes: Buffer.from(content),
          sha256: sha256(content),
          known,
        },
        { paths, digests: openFileDigests(root, paths.cache), written: openWrittenFiles(paths) },
      ),
    clear: () => openWrittenFiles(paths).clear(),
  }
}

test.each(['mine', '', '<svg>mine</svg>'])(
  'keeps a file that Limn did not write: %j',
  async (mine) => {
    const { put, content, write } = createFolder()
    put(mine)
    await expect(write('new')).rejects.toMatchObject({
      code: 'output/taken',
      message: `${PATH} exists and is not a file of Limn's, so Limn keeps it.`,
    })
    expect(content()).toBe(mine)
  },
)

test('keeps a folder and a link at the path of an output', async () => {
  const { file, content, write } = createFolder()
  mkdirSync(file)
  await expect(write('new')).rejects.toMatchObject({ code: 'output/taken' })
  rmSync(file, { recursive: true })
  writeFileSync(`${file}.mine`, 'mine')
  symlinkSync(`${file}.mine`, file)
  await expect(write('new', [sha256('mine')])).rejects.toMatchObject({ code: 'output/taken' })
  expect(content()).toBe('mine')
})

test('accepts a file that has the content already', async () => {
  const { put, content, write } = createFolder()
  put('new')
  expect(await write('new')).toBeUndefined()
  expect(content()).toBe('new')
})

test('overwrites what the lockfile or this machine has recorded', async () => {
  const { put, content, write } = createFolder()
  put('old')
  expect(await write('new', [sha256('before'), sha256('old')])).toBeUndefined()
  expect(content()).toBe('new')
})

test('backs up a file of its own that somebody has changed', async () => {
  const { put, content, write } = createFolder()
  put('retouched')
  const backup = await write('new', [sha256('old')])
  expect(readFileSync(backup!, 'utf8')).toBe('retouched')
  expect(content()).toBe('new')
})

test('recognizes a file that a killed run wrote before the lockfile named it', async () => {
  const { file, content, write, clear } = createFolder()
  await write('first')
  await write('second')
  expect(content()).toBe('second')
  await clear()
  await expect(write('third')).rejects.toMatchObject({ code: 'output/taken' })
  rmSync(file)
  await write('third')
  expect(existsSync(file)).toBe(true)
})
