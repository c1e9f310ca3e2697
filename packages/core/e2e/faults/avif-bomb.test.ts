import { expect, test } from 'vitest'
import { largeAvif, lyingAvif } from '../../../../fixtures/hostile-repo/avif-bomb.ts'
import { decode } from '../../src/pictures/decode.ts'

test.each([
  ['decodes to 256 megapixels', largeAvif(), /takes more than 2000 MB of memory/],
  ['claims to be tiny', lyingAvif(1, 1), /incomplete or damaged/],
  ['claims more pixels than Limn reads', lyingAvif(65_535, 65_535), /at most 268 megapixels/],
  ['claims as many pixels as fit the header', lyingAvif(0x7fffffff, 0x7fffffff), /can't be read/],
])('does not read an AVIF of 3 KB that %s', async (_, bytes, problem) => {
  const before = process.resourceUsage().maxRSS
  await expect(decode(bytes)).rejects.toThrow(problem)
  // In KB: nothing of that size was decoded in this process.
  expect(process.resourceUsage().maxRSS - before).toBeLessThan(300_000)
})
