import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openRepository, resolveCommit } from '../git/repository.ts'
import { createRepository, type TestRepository } from '../git/testing.ts'
import { readTree } from '../git/tree.ts'
import { openCommittedFiles } from './files-of-commit.ts'
import { openProjectFiles } from './files-on-disk.ts'
import { type ProjectFiles, readIncluded } from './read-included.ts'

const paths = [
  'images.yaml',
  'a/1.yaml',
  'a/2.yaml',
  'a/.hidden.yaml',
  'a/deep/er/3.yaml',
  'a/node_modules/x/4.yaml',
  'b/5.yml',
  'b/[x].yaml',
  'caf\u00e9/6.yaml',
]

function createFiles(): TestRepository {
  const repository = createRepository()
  for (const path of paths) repository.write(path, `text of ${path}`)
  repository.commit()
  return repository
}

const entries = [
  'a/*.yaml',
  'a/**/*.yaml',
  '{a,b}/*.{yaml,yml}',
  '**/*.yaml',
  '*.yaml',
  'a/1.yaml',
  './a/2.yaml',
  String.raw`b\5.yml`,
  'caf\u00e9/*.yaml',
  'a',
  'none.yaml',
  'none/*.yaml',
  '../out.yaml',
  'a/../images.yaml',
]

test('finds the same files in a commit as on the disk', async () => {
  const { folder } = createFiles()
  const repository = await openRepository(folder)
  onTestFinished(() => repository.objects.close())
  const tree = await readTree(repository, await resolveCommit(repository, 'HEAD'))
  const read = (files: ProjectFiles, entry: string): ReturnType<typeof readIncluded> =>
    readIncluded({ files, manifest: 'images.yaml', entries: [entry] })
  for (const entry of entries) {
    expect(await read(openCommittedFiles(repository, tree), entry), entry).toEqual(
      await read(openProjectFiles(folder), entry),
    )
  }
})

test('follows no link of a commit, and reads what the commit has', async () => {
  const { folder, write, commit } = createFiles()
  symlinkSync('/etc/passwd', join(folder, 'a/link.yaml'))
  commit()
  write('a/1.yaml', 'changed since')
  const repository = await openRepository(folder)
  onTestFinished(() => repository.objects.close())
  const tree = await readTree(repository, await resolveCommit(repository, 'HEAD'))
  const { files, problems } = await readIncluded({
    files: openCommittedFiles(repository, tree),
    manifest: 'images.yaml',
    entries: ['a/*.yaml', 'a/link.yaml'],
  })
  expect(files.map(({ text }) => text)).toEqual(['text of a/1.yaml', 'text of a/2.yaml'])
  expect(problems).toMatchObject([{ entry: 1, message: 'There is no file a/link.yaml.' }])
})
