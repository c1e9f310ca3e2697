import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { ImageRequest } from '../identity/request.ts'
import {
  type LinkRecord,
  listLinkKeys,
  readLinkRecord,
  writeLinkRecord,
} from '../store/pending-links.ts'
import { createLinkJournal } from './link-journal.ts'

const request: ImageRequest = {
  operation: 'generate',
  prompt: 'A lighthouse',
  model: 'some',
  size: '816x816',
  quality: 'low',
  background: 'auto',
  format: 'png',
}
const made = { provider: 'mine', at: '2026-11-30T00:00:00.000Z' }

function createFolder(): string {
  const root = mkdtempSync(join(tmpdir(), 'limn-links-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  return join(root, 'journal')
}

test('keeps the links of an answer until its pictures are in the journal', async () => {
  const folder = createFolder()
  const journal = createLinkJournal(folder, { asset: 'hero', request })
  await journal.keep(['https://a.example/1', 'https://a.example/2'], made)
  const [key] = listLinkKeys(folder)
  expect(readLinkRecord(folder, key!)).toMatchObject({ asset: 'hero', request, made })
  await journal.settle(['https://a.example/2'])
  expect(readLinkRecord(folder, key!).links).toEqual(['https://a.example/2'])
})

test('keeps the links that an earlier answer left', async () => {
  const folder = createFolder()
  const journal = createLinkJournal(folder, { asset: 'hero', request })
  await journal.keep(['https://a.example/1'], made)
  await journal.settle(['https://a.example/1'])
  await journal.keep(['https://a.example/2'], made)
  await journal.settle([])
  expect(listLinkKeys(folder)).toHaveLength(1)
  await journal.settle([])
  expect(listLinkKeys(folder)).toHaveLength(1)
})

test('does not fail if the links cannot be recorded', async () => {
  const folder = createFolder()
  writeFileSync(folder, '')
  const journal = createLinkJournal(folder, { asset: 'hero', request })
  await journal.keep(['https://a.example/1'], made)
  await journal.settle([])
  expect(readdirSync(join(folder, '..'))).toEqual(['journal'])
})

test.each([
  ['a name that leads out of the project', { asset: '../hero' }],
  ['a request without a model', { request: { ...request, model: undefined } }],
  ['a request for the user’s own file', { request: { operation: 'source', source: 'a.png' } }],
  ['a time that is none', { made: { ...made, at: 'yesterday' } }],
  ['a cost that is a text', { made: { ...made, usd: '0.01' } }],
])('rejects a record with %s', async (_, damage) => {
  const folder = createFolder()
  const record = { version: 1, asset: 'hero', request, links: [], made }
  await writeLinkRecord(folder, 'a', record as LinkRecord)
  expect(readLinkRecord(folder, 'a')).toEqual(record)
  await writeLinkRecord(folder, 'a', { ...record, ...damage } as LinkRecord)
  expect(() => readLinkRecord(folder, 'a')).toThrow("can't be read")
})
