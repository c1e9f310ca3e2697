import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { pictureDigest } from '../digest.ts'
import type { ImageRequest } from '../identity/request.ts'
import { listJournalKeys, writeJournalEntry } from '../store/journal.ts'
import { decodeReceived } from './decode-received.ts'

const request: ImageRequest = {
  operation: 'generate',
  prompt: 'A logo',
  model: 'some',
  size: '816x816',
  quality: 'low',
  background: 'auto',
  format: 'svg',
}
const lines = [
  '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8">',
  '<rect width="8" height="8" fill="#c00"/>',
  '</svg>',
  '',
]

/** Decodes a picture of the shelf whose key has the digest of another text. */
async function decode(text: string, recorded: string): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'limn-decode-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const folder = join(root, '.limn/shelf')
  const made = { provider: 'mine', at: '2026-11-30T00:00:00.000Z' }
  await writeJournalEntry(folder, {
    key: 'a',
    bytes: Buffer.from(text),
    receipt: { request, made },
  })
  const digest = pictureDigest(Buffer.from(recorded))
  return decodeReceived({ asset: 'logo', request, folder, keys: ['a'], digest }).then(
    ({ master }) => pictureDigest(master.bytes),
    ({ message }: Error) => `${message} ${listJournalKeys(folder).length}`,
  )
}

test.each([
  ['LF', '\n'],
  ['CRLF', '\r\n'],
])('takes an SVG from the shelf whose lines Git ended with %s', async (_, end) => {
  const recorded = pictureDigest(Buffer.from(lines.join('\n')))
  expect(await decode(lines.join(end), lines.join('\n'))).toBe(recorded)
  expect(await decode(lines.join('\n'), lines.join(end))).toBe(recorded)
})

test('takes no picture from the shelf whose content has changed', async () => {
  expect(await decode(lines.join('\n').replace('#c00', '#0c0'), lines.join('\n'))).toBe(
    'The picture of an earlier run is damaged. 0',
  )
})
