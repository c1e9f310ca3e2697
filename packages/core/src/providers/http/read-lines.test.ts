import { expect, test } from 'vitest'
import { readLines } from './read-lines.ts'

async function* inChunks(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function linesOf(text: string, size: number, maxBytes = 1000): Promise<string[]> {
  const lines: string[] = []
  for await (const line of readLines(inChunks(text, size), maxBytes)) {
    lines.push(line.toString('utf8'))
  }
  return lines
}

test.each([1, 2, 3, 7, 100])('reads lines that arrive in pieces of %i bytes', async (size) => {
  expect(await linesOf('one\n\nzwölf 灯\nlast', size)).toEqual(['one', 'zwölf 灯', 'last'])
  expect(await linesOf('', size)).toEqual([])
})

test('stops at a line that is too long before all of it has arrived', async () => {
  expect(await linesOf('12345\n67890\n', 4, 5)).toEqual(['12345', '67890'])
  await expect(linesOf(`ok\n${'x'.repeat(100)}`, 10, 50)).rejects.toMatchObject({
    code: 'provider/bad-answer',
  })
})
