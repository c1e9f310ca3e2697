import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type ProjectPaths, projectPaths } from '../../store/paths.ts'
import { copyJournal } from './copy-journal.ts'

function folder(files: Record<string, string>): ProjectPaths {
  const paths = projectPaths(mkdtempSync(join(tmpdir(), 'limn-merge-')), 'images.yaml')
  mkdirSync(paths.journal, { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(paths.journal, name), text)
  return paths
}

const hash = 'a'.repeat(64)

test.each([`${hash}`, `${hash}+2`, `${'b'.repeat(64)}`])(
  'copies a paid picture whose record is lost: %s',
  async (key) => {
    const way = { from: folder({ [`${key}.picture`]: 'paid' }), to: folder({}) }
    expect(await copyJournal(way)).toBe(1)
    expect(await copyJournal(way)).toBe(0)
    expect(readdirSync(way.to.journal)).toEqual([`${key.slice(0, 64)}.picture`])
  },
)
