import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCutter } from '../derive/cutter.ts'
import { sha256 } from '../digest.ts'
import { hashRecipe } from '../identity/recipe.ts'
import type { LockEntry } from '../lock/lock.ts'
import type { Output } from '../manifest/manifest.ts'
import { outputOf, resolveAssetText } from '../manifest/testing.ts'
import { decode } from '../pictures/decode.ts'
import { noise } from '../pictures/testing.ts'
import { entryOf } from '../plan/testing.ts'
import { projectPaths } from '../store/paths.ts'
import { createOutputService, type OutputService } from './output-service.ts'

const root = mkdtempSync(join(tmpdir(), 'limn-quick-'))
const paths = projectPaths(root)
let master: Buffer
let entry: LockEntry

beforeAll(async () => {
  master = await noise(320, 180).png().toBuffer()
  mkdirSync(join(root, 'images'))
  writeFileSync(join(root, 'images/hero.png'), master)
  const locked = entryOf(resolveAssetText('quality: low'))
  const facts = { path: 'images/hero.png', sha256: sha256(master), width: 320, height: 180 }
  entry = { ...locked, master: { ...locked.master, ...facts } }
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

function outputIn(format: Output['format'], others: Partial<Output> = {}): Output {
  const quality = format === 'png' ? null : 80
  return outputOf({ file: `x.${format}`, width: 80, height: 45, format, quality, ...others })
}

/** Returns the file that a build ships. */
async function shipped(output: Output): Promise<Buffer> {
  return (await createCutter(await decode(master))(output)).bytes
}

function cached(): string[] {
  try {
    return readdirSync(paths.outputs)
  } catch {
    return []
  }
}

async function withService(work: (service: OutputService) => Promise<void>): Promise<void> {
  const service = createOutputService(paths)
  await work(service)
  await service.close()
  rmSync(paths.cache, { recursive: true, force: true })
}

test.each(['webp', 'jpeg', 'png', 'avif'] as const)(
  'never gives a build the quick %s of a page, whose size and mark are the same',
  async (format) => {
    await withService(async (service) => {
      const output = outputIn(format, { provenance: true })
      const expected = await shipped(output)
      const soon = await service.soon(entry, output)
      expect(soon.bytes.equals(expected)).toBe(false)
      expect(soon.recipe).not.toBe(hashRecipe(entry.master, output))
      const { width, height, xmp } = await sharp(soon.bytes).metadata()
      expect([width, height]).toEqual([80, 45])
      expect(xmp?.toString()).toContain('trainedAlgorithmicMedia')
      expect(cached()).toEqual([])
      const final = await service.final(entry, output)
      expect(final.bytes.equals(expected)).toBe(true)
    })
  },
)

test.each([
  ['a size limit', outputIn('webp', { maxBytes: 1_000_000 })],
  ['a format whose encoder has one speed', outputIn('gif')],
  ['the format of icons', outputIn('ico', { icons: [16, 32] })],
])('gives a page the file of a build at once if it has %s', async (_, output) => {
  await withService(async (service) => {
    const soon = await service.soon(entry, output)
    expect(soon.recipe).toBe(hashRecipe(entry.master, output))
    expect(soon.bytes.equals(await shipped(output))).toBe(true)
  })
})

test('encodes a quick file once, and gives the finished one once it is cached', async () => {
  await withService(async (service) => {
    const output = outputIn('webp')
    const files = await Promise.all([service.soon(entry, output), service.soon(entry, output)])
    expect(files[0].bytes).toBe(files[1].bytes)
    await service.final(entry, output)
    await expect.poll(() => cached(), { timeout: 5000 }).toHaveLength(1)
    const later = await service.soon(entry, output)
    expect([later.cached, later.recipe]).toEqual([true, hashRecipe(entry.master, output)])
    expect(later.bytes.equals(await shipped(output))).toBe(true)
  })
})

test('cuts the finished file of a quick one in idle time', async () => {
  await withService(async (service) => {
    const output = outputIn('jpeg')
    await service.soon(entry, output)
    await expect.poll(() => cached(), { timeout: 5000 }).toHaveLength(1)
    expect((await service.soon(entry, output)).bytes.equals(await shipped(output))).toBe(true)
  })
})

test('opens the master again for a file that failed', async () => {
  await withService(async (service) => {
    const lost = { ...entry, master: { ...entry.master, path: 'images/lost.png' } }
    await expect(service.soon(lost, outputIn('webp'))).rejects.toThrow('is missing')
    writeFileSync(join(root, 'images/lost.png'), master)
    expect((await service.soon(lost, outputIn('webp'))).bytes.length).toBeGreaterThan(0)
  })
})
