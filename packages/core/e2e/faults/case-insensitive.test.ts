import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getuid, platform } from 'node:process'
import { expect, onTestFinished, test } from 'vitest'
import { createTestProject, smallManifest, stepsOf, type TestProject } from '../test-project.ts'

const TOOLS = ['mkfs.exfat', 'mount.exfat-fuse', 'losetup']

/** Why this machine can't mount a case-insensitive disk; `undefined` if it can. */
const why = ((): string | undefined => {
  if (platform !== 'linux' || getuid?.() !== 0 || !existsSync('/dev/fuse')) {
    return 'it takes Linux, its root and FUSE'
  }
  try {
    for (const tool of TOOLS) execFileSync('sh', ['-c', `command -v ${tool}`], { stdio: 'ignore' })
    return undefined
  } catch {
    return `one of ${TOOLS.join(', ')} is missing`
  }
})()

/** Mounts an exFAT disk, which is case-insensitive, as a project's folder until the test ends. */
async function mountOver(root: string): Promise<void> {
  const image = join(mkdtempSync(join(tmpdir(), 'limn-disk-')), 'disk')
  writeFileSync(image, '')
  truncateSync(image, 64 * 1024 * 1024)
  execFileSync('mkfs.exfat', [image], { stdio: 'ignore' })
  const device = execFileSync('losetup', ['--find', '--show', image], { encoding: 'utf8' }).trim()
  onTestFinished(() => {
    execFileSync('losetup', ['--detach', device])
    rmSync(join(image, '..'), { recursive: true })
  })
  onTestFinished(() => {
    execFileSync('umount', [root])
  })
  execFileSync('mount.exfat-fuse', [device, root], { stdio: 'ignore' })
  await expect
    .poll(() => readFileSync('/proc/mounts', 'utf8'), { timeout: 10_000, interval: 20 })
    .toContain(` ${root} `)
}

async function openThere(manifest: string): Promise<TestProject> {
  const project = await createTestProject({ server: true })
  await mountOver(project.root)
  project.write('images.yaml', manifest)
  return project
}

test.skipIf(why !== undefined)(
  `keeps its pictures on a disk where Hero and hero are one name${why === undefined ? '' : ` (${why})`}`,
  async () => {
    const project = await openThere(
      smallManifest({ Hero: 'A hill', 'Shop/mug': 'A mug' }, 'provider: openai\nout: public'),
    )
    expect(await project.generate()).toMatchObject({ generated: 2, failed: [] })
    expect(existsSync(join(project.root, 'images/hero.png')), 'the disk is case-insensitive').toBe(
      true,
    )
    const picture = project.bytes('images/Hero.png')

    // A new spelling renames the asset.
    project.edit('Hero:', 'hero:')
    project.edit('Shop/', 'shop/')
    expect(stepsOf(await project.plan())).toEqual(['move hero', 'move shop/mug'])
    expect(await project.generate()).toMatchObject({ generated: 0, moved: 2, failed: [] })
    expect(project.list('images')).toEqual(['images/hero.png', 'images/shop/mug.png'])
    expect(project.list('public').map((path) => path.replace(/[^/]+$/, ''))).toEqual([
      'public/hero/',
      'public/shop/mug/',
    ])
    expect(project.bytes('images/hero.png').equals(picture)).toBe(true)

    // Replaced masters are backed up, and pruning one spelling keeps the other.
    project.edit('A hill', 'A lake')
    expect(await project.generate()).toMatchObject({ generated: 1, failed: [] })
    project.edit('hero:', 'lake:')
    project.edit('A lake', 'A wood')
    expect(await project.generate()).toMatchObject({ generated: 1, failed: [] })
    await project.project.prune()
    expect(project.list('images')).toEqual(['images/lake.png', 'images/shop/mug.png'])
    expect((await project.cli(['check'])).code).toBe(0)
    expect(project.server.requests).toHaveLength(4)
  },
)
