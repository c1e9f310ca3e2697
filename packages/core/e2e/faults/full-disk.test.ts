import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import { type ImageServer, startImageServer } from '../../../../fixtures/openai-server/index.ts'
import { parseLock } from '../../src/lock/codec.ts'
import { listLeftovers, manyManifest, manyPrompts } from './many.ts'
import { mountSmallDisk, type SmallDisk, smallDiskSkipReason } from './small-disk.ts'

const title = (text: string): string =>
  smallDiskSkipReason === undefined ? text : `${text} (skipped: ${smallDiskSkipReason})`
const promptByName = manyPrompts(12)

type Site = {
  disk: SmallDisk
  server: ImageServer
  bytes: Buffer
  requested(): string[]
  limn: (...args: string[]) => ReturnType<SmallDisk['limn']>
  locked(): string[]
}

/** Creates a project with twelve pictures of two megabytes each. */
async function createSite(megabytes: number): Promise<Site> {
  const [disk, server] = [
    await mountSmallDisk(megabytes),
    await startImageServer({ latencyMs: 150 }),
  ]
  onTestFinished(() => server.close())
  const bytes = await sharp({
    create: {
      width: 816,
      height: 816,
      channels: 3,
      background: 'red',
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
  })
    .png()
    .toBuffer()
  server.answer(() => ({ kind: 'image', bytes }))
  writeFileSync(join(disk.root, 'images.yaml'), manyManifest(12, 6))
  return {
    disk,
    server,
    bytes,
    requested: () => server.requests.map(({ body }) => String(body['prompt'])),
    limn: (...args) => disk.limn(args, { OPENAI_BASE_URL: server.baseURL }),
    locked() {
      const file = join(disk.root, 'images.lock')
      return existsSync(file)
        ? [...parseLock(readFileSync(file, 'utf8'), 'images.lock').assets.keys()]
        : []
    },
  }
}

/**
 * Asserts that each picture was requested once and is in the lockfile, and that nothing is left
 * over.
 */
async function expectDone({ disk, requested, limn, locked }: Site): Promise<void> {
  expect(await limn('generate').done).toMatchObject({ code: 0 })
  expect(requested().sort()).toEqual(Object.values(promptByName).sort())
  expect(locked().sort()).toEqual(Object.keys(promptByName).sort())
  expect(await limn('check').done).toMatchObject({ code: 0 })
  expect(listLeftovers(disk.root)).toEqual([])
}

test.skipIf(smallDiskSkipReason !== undefined)(
  title('requests no picture that the disk has no room for, and continues once it has'),
  async () => {
    const site = await createSite(36)
    const { code, stderr } = await site.limn('generate').done
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /✗ boats\/p\d+[^:]*: The disk is too full: up to [\d.]+ MB may be needed, but only [\d.]+ MB is free\. The request was not sent\.\n\s+→ Free up space/,
    )
    expect(stderr).not.toMatch(/bug|\n\s+at /)
    // Every requested picture was kept.
    expect(site.requested().length).toBeGreaterThan(0)
    expect(site.locked()).toHaveLength(site.requested().length)
    expect(listLeftovers(site.disk.root)).toEqual([])
    site.disk.resize(400)
    await expectDone(site)
  },
)

test.skipIf(smallDiskSkipReason !== undefined)(
  title(
    'leaves no partial file if the disk fills up, and recovers received pictures from the temporary folder',
  ),
  async () => {
    const site = await createSite(400)
    // The fallback in the temporary folder must be on another disk.
    site.disk.run('mkdir /mnt/tmp && mount -t tmpfs -o size=100m tmpfs /mnt/tmp')
    const env = { OPENAI_BASE_URL: site.server.baseURL, TMPDIR: '/mnt/tmp' }
    const { bytes } = site
    site.server.answer(() => ({
      kind: 'delay',
      ms: site.server.requests.length === 1 ? 0 : 4000,
      fault: { kind: 'image', bytes },
    }))
    const run = site.disk.limn(['generate'], env)
    const images = join(site.disk.root, 'images', 'boats')
    while (!existsSync(images)) await sleep(10)
    // Five requests are in flight now, and there will be no space for their pictures.
    site.disk.shrink()
    const { code, stderr } = await run.done
    expect(code).toBe(1)
    const failures =
      stderr.match(/can't be written: the disk is full\. The picture was saved to \/mnt\/tmp\//g) ??
      []
    expect(failures.length).toBeGreaterThan(2)
    // Depending on the moment, because the disk is too full or because a write failed before.
    expect(stderr).toContain('The request was not sent')
    expect(site.requested().length).toBeLessThan(12)
    expect(stderr).not.toMatch(/bug|\n\s+at /)
    expect(listLeftovers(site.disk.root).filter((path) => path.endsWith('.tmp'))).toEqual([])
    expect(
      readdirSync(images).filter((name) => !readFileSync(join(images, name)).equals(bytes)),
    ).toEqual([])
    site.disk.resize(400)
    expect(await site.disk.limn(['generate'], env).done).toMatchObject({ code: 0 })
    expect(
      readdirSync(join(site.disk.root, '..', 'tmp')).filter((name) => name.startsWith('limn')),
    ).toEqual([])
    await expectDone(site)
  },
)
