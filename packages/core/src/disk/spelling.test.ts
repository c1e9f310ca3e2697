import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { existsInside, readTextInside } from './read-inside.ts'
import { writeFileAtomic } from './write-atomic.ts'

function createFolder(...files: string[]): string {
  const root = mkdtempSync(join(tmpdir(), 'limn-spelling-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  for (const file of files) {
    mkdirSync(join(root, file, '..'), { recursive: true })
    writeFileSync(join(root, file), 'before')
  }
  return root
}

const names = ['café.png', 'menü/größe.svg', 'が/ぎ.webp', '한국/서울.png', 'a/Ångström.png']

test.each(names)('finds and replaces %s in the other Unicode form', async (name) => {
  for (const [onDisk, asked] of [
    [name.normalize('NFD'), name.normalize('NFC')],
    [name.normalize('NFC'), name.normalize('NFD')],
  ] as const) {
    const root = createFolder(onDisk)
    expect(readTextInside(root, asked, 100)).toBe('before')
    expect(existsInside(root, join(root, asked))).toBe(true)
    await writeFileAtomic(root, join(root, asked), 'after')
    expect(readdirSync(join(root, onDisk, '..'))).toHaveLength(1)
    expect(readFileSync(join(root, onDisk), 'utf8')).toBe('after')
  }
})

test('prefers the form that was asked for', () => {
  const root = createFolder('é.png'.normalize('NFC'), 'é.png'.normalize('NFD'))
  const onDisk = readdirSync(root)
  for (const name of onDisk) {
    writeFileSync(join(root, name), name)
    expect(readTextInside(root, name, 100)).toBe(name)
  }
})

test('does not find a missing file', () => {
  const root = createFolder('cafe.png', 'caff.png')
  expect(existsInside(root, join(root, 'café.png'))).toBe(false)
  expect(() => readTextInside(root, 'café/menü.png', 100)).toThrow('ENOENT')
})
