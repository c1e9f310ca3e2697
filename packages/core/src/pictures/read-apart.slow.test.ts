import { expect, test } from 'vitest'
import { decode } from './decode.ts'
import { readApart } from './read-apart.ts'
import { hugePng, plain, scanBomb } from './testing.ts'

const tooSlow = (): Error => new Error('too slow')

/** A TIFF whose only strip claims to be the whole picture. */
function tiffBomb(width: number, height: number): Buffer {
  const entries = [
    [256, 4, width],
    [257, 4, height],
    [258, 3, 8],
    [259, 3, 5],
    [262, 3, 1],
    [273, 4, 150],
    [277, 3, 1],
    [278, 4, height],
    [279, 4, 64],
  ] as const
  const bytes = Buffer.alloc(300)
  bytes.write('II*\0', 'latin1')
  bytes.writeUInt32LE(8, 4)
  bytes.writeUInt16LE(entries.length, 8)
  for (const [index, [tag, type, value]] of entries.entries()) {
    const at = 10 + index * 12
    bytes.writeUInt16LE(tag, at)
    bytes.writeUInt16LE(type, at + 2)
    bytes.writeUInt32LE(1, at + 4)
    bytes.writeUInt32LE(value, at + 8)
  }
  return bytes
}

test('ends a decoder that takes too long, and reads the next picture', async () => {
  const slow = scanBomb(5600, 40_000)
  await expect(readApart(slow, {}, { timeLimit: 1500, tooSlow })).rejects.toThrow('too slow')
  const small = await plain(8, 8).tiff().toBuffer()
  expect(await decode(small)).toMatchObject({ width: 8, height: 8 })
})

test('ends a decoder when it is aborted', async () => {
  const stop = new AbortController()
  const reading = decode(scanBomb(5600, 40_000), { signal: stop.signal })
  setTimeout(() => stop.abort(new Error('stopped')), 300)
  await expect(reading).rejects.toThrow('stopped')
})

test('ends a decoder that takes too much memory', async () => {
  const large = await plain(8000, 8000).png({ progressive: true, compressionLevel: 1 }).toBuffer()
  const reading = readApart(
    large,
    { size: { width: 100, height: 100 } },
    { timeLimit: 60_000, memoryLimit: 90_000_000, tooSlow },
  )
  await expect(reading).rejects.toMatchObject({
    code: 'picture/unreadable',
    message: "The picture can't be read: decoding it takes more than 90 MB of memory.",
  })
})

test.each([
  ['a PNG without its pixels', hugePng(16_000, 16_000)],
  ['a TIFF of one strip', tiffBomb(16_000, 16_000)],
  ['a TIFF of one row', tiffBomb(30_000_000, 1)],
  ['a PNG of one row', hugePng(90_000_000, 1)],
])('rejects %s', async (_, bytes) => {
  await expect(decode(bytes)).rejects.toMatchObject({ code: 'picture/unreadable' })
})
