import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { REPORT_MARK } from './report/report.ts'
import { writeDocument } from './write-document.ts'

function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'limn-document-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const options = { mark: REPORT_MARK, option: 'out' }

test.each<[string, string | undefined, boolean]>([
  ['no file', undefined, true],
  ['an empty file', '', true],
  ['an earlier report', '<meta name="generator" content="limn report"> old', true],
  ['a page', '<p>mine</p>', false],
  ['a page that names the report at its end', `${' '.repeat(3000)}limn report`, false],
  ['a page about the report', '# Pictures\nRun `limn report` to see them.', false],
  ['a page whose title is that of the report', '<title>limn report</title>', false],
  ['a document of another command', '<meta name="generator" content="limn compare">', false],
  ['binary data', '\0\u0001', false],
])('replaces %s', async (_, before, isReplaced) => {
  const root = createFolder()
  const path = join(root, 'a.html')
  if (before !== undefined) writeFileSync(path, before)
  const writing = writeDocument(path, 'new', { ...options, root })
  if (isReplaced) await writing
  else await expect(writing).rejects.toMatchObject({ code: 'output/taken' })
  expect(readFileSync(path, 'utf8')).toBe(isReplaced ? 'new' : before)
})

test('writes nothing through a link that leads out of the project, but where the user says', async () => {
  const [root, outside] = [createFolder(), createFolder()]
  symlinkSync(outside, join(root, 'public'))
  mkdirSync(join(outside, 'deep'))
  for (const path of ['public/a.html', 'public/deep/a.html']) {
    await expect(
      writeDocument(join(root, path), 'new', { ...options, root }),
    ).rejects.toMatchObject({ code: 'store/outside' })
  }
  await writeDocument(join(outside, 'a.html'), 'new', { ...options, root })
  expect(readFileSync(join(outside, 'a.html'), 'utf8')).toBe('new')
})

test('keeps a folder in the place of the file', async () => {
  const root = createFolder()
  mkdirSync(join(root, 'a.html'))
  const writing = writeDocument(join(root, 'a.html'), 'new', { ...options, root })
  await expect(writing).rejects.toMatchObject({ code: 'output/taken' })
})
