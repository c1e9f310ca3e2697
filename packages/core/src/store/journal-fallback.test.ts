import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { sha256 } from '../digest.ts'
import { createWorld } from '../plan/testing.ts'
import { recoverFromFallback, writeToFallback } from './journal-fallback.ts'
import type { JournalEntry } from './journal.ts'

const { request } = createWorld(
  'version: 1\nprovider: openai\nassets: { a: { prompt: A hill, alt: A } }\n',
).lock.assets.get('a')!

const entry: JournalEntry = {
  key: 'a'.repeat(64),
  bytes: new Uint8Array([1, 2, 3]),
  receipt: { request, made: { provider: 'openai', at: '2026-01-01T00:00:00.000Z' } },
}

/** Creates a project whose journal can't be written, and a temporary folder of its own. */
function createProject(): { paths: { root: string; journal: string }; fallback: string } {
  const folder = mkdtempSync(join(tmpdir(), 'limn-fallback-'))
  onTestFinished(() => {
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  })
  const root = join(folder, 'project')
  for (const name of ['project/.limn', 'tmp', 'other']) {
    mkdirSync(join(folder, name), { recursive: true })
  }
  writeFileSync(join(root, '.limn/journal'), 'a file in place of the folder')
  for (const name of ['TMPDIR', 'TMP', 'TEMP']) vi.stubEnv(name, join(folder, 'tmp'))
  const fallback = `limn-${userInfo().username}-${sha256(root).slice(0, 16)}`
  return {
    paths: { root, journal: join(root, '.limn/journal') },
    fallback: join(folder, 'tmp', fallback),
  }
}

test('keeps a picture in the temporary folder, and recovers it', async () => {
  const { paths, fallback } = createProject()
  expect(await writeToFallback(paths.root, entry)).toBe(fallback)
  rmSync(paths.journal)
  expect(await recoverFromFallback(paths)).toBe(true)
  expect(readdirSync(paths.journal).sort()).toEqual([`${entry.key}.json`, `${entry.key}.picture`])
  expect(await recoverFromFallback(paths)).toBe(false)
})

test.each(['other', 'tmp/planted', 'gone'])(
  'uses no link to %s that another user planted in the temporary folder',
  async (target) => {
    const { paths, fallback } = createProject()
    const folder = join(paths.root, '..', target)
    if (target !== 'gone') mkdirSync(folder, { recursive: true })
    symlinkSync(folder, fallback)
    expect(await writeToFallback(paths.root, entry)).not.toBe(fallback)
    if (target !== 'gone') {
      expect(readdirSync(folder)).toEqual([])
      const planted = 'b'.repeat(64)
      writeFileSync(join(folder, `${planted}.picture`), 'planted')
      writeFileSync(join(folder, `${planted}.json`), JSON.stringify(entry.receipt))
    }
    rmSync(paths.journal)
    await recoverFromFallback(paths)
    expect(readdirSync(paths.journal).sort()).toEqual([`${entry.key}.json`, `${entry.key}.picture`])
  },
)
