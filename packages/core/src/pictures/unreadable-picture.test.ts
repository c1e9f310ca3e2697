import { expect, test } from 'vitest'
import { readMaster } from './read-master.ts'
import { noise } from './testing.ts'

/** What is said about a picture, each time that it is read, many times at once. */
async function reasons(bytes: Uint8Array): Promise<string[]> {
  const read = await Promise.allSettled(Array.from({ length: 40 }, () => readMaster(bytes)))
  return [
    ...new Set(
      read.map((result) =>
        result.status === 'rejected' ? (result.reason as Error).message : 'it was read',
      ),
    ),
  ]
}

test.each(['jpeg', 'png', 'webp', 'gif'] as const)(
  'describes half a %s with the same words every time',
  async (format) => {
    const bytes = await noise(300, 200).toFormat(format).toBuffer()
    expect(await reasons(bytes.subarray(0, bytes.length >> 1))).toEqual([
      "The picture can't be read: it is incomplete or damaged.",
    ])
  },
)

test('describes bytes that are no picture with the same words every time', async () => {
  expect(await reasons(Buffer.from('no picture at all, just text'))).toEqual([
    "The picture can't be read: it is not a picture, or of a type that Limn does not know.",
  ])
})
