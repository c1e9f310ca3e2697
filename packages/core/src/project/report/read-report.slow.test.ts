import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { noise } from '../../pictures/testing.ts'
import { createComparedProject } from '../compare/testing.ts'
import { readReport, type ReadReport } from './read-report.ts'

const namesOf = ({ report }: ReadReport): string[] => report.sheet.assets.map(({ name }) => name)

test('contains every asset with its view and its pictures', async () => {
  const { project } = await createComparedProject()
  const read = await readReport(project, { maxBytes: 1e6 })
  expect(namesOf(read)).toEqual(['cup', 'hero', 'product/mug'])
  expect(read.report.sheet.canAct).toBe(false)
  expect(Object.keys(read.report.views)).toHaveLength(3)
  const paths = Object.keys(read.report.pictures)
  expect(paths.filter((path) => path.startsWith('picture/thumb?asset=product%2Fmug'))).toHaveLength(
    1,
  )
  expect(paths.filter((path) => path.startsWith('picture/master?'))).toHaveLength(3)
  expect(
    Object.values(read.report.pictures).every((url) => url.startsWith('data:image/webp;base64,')),
  ).toBe(true)
})

test.each([3, 40])('runs git a few times for the history of %i assets', async (count) => {
  const assets = Array.from(
    { length: count },
    (_, index) => `  p${index}: { prompt: One ${index} }\n`,
  )
  const { project, edit, generate, read } = await createComparedProject(
    `version: 1\nprovider: local\ndefaults: { size: 64x64 }\nassets:\n${assets.join('')}`,
  )
  // A second picture of each asset: the first is only in git.
  edit(read('images.yaml').toString(), read('images.yaml').toString().replaceAll('One', 'Two'))
  await generate()
  const calls = countCalls()
  const { report } = await readReport(project, { maxBytes: 1e6 })
  expect(calls()).toBeLessThan(8)
  const views = Object.values(report.views)
  expect(views).toHaveLength(count)
  for (const { earlier } of views) {
    expect(earlier).toMatchObject([{ origin: 'git', prompt: expect.stringContaining('One') }])
  }
})

/** Puts a `git` first in PATH that counts its calls. @returns reads the count */
function countCalls(): () => number {
  const folder = mkdtempSync(join(tmpdir(), 'limn-count-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true })
    vi.unstubAllEnvs()
  })
  const git = execFileSync('which', ['git'], { encoding: 'utf8' }).trim()
  const program = join(folder, 'git')
  writeFileSync(
    program,
    `#!/bin/sh\necho "$1 $2 $3 $4 $5 $6" >> "${folder}/calls"\nexec ${git} "$@"\n`,
  )
  chmodSync(program, 0o755)
  vi.stubEnv('PATH', `${folder}:${process.env['PATH'] ?? ''}`)
  return () => readFileSync(join(folder, 'calls'), 'utf8').split('\n').length - 1
}

test('contains only what differs from a commit, or is not up to date', async () => {
  const { project, edit, generate, git } = await createComparedProject()
  const onlyChanged = async (base?: string): Promise<string[]> =>
    namesOf(await readReport(project, { maxBytes: 1e6, onlyChanged: true, base }))
  // That files are missing on this machine does not count.
  expect(await onlyChanged()).toEqual([])
  git('switch', '--quiet', '--create', 'branch')
  edit('alt: A cup', 'alt: A small cup')
  await generate()
  edit('at dusk', 'at dawn')
  expect(await onlyChanged()).toEqual(['hero'])
  expect(await onlyChanged('main')).toEqual(['cup', 'hero'])
  await expect(onlyChanged('nowhere')).rejects.toMatchObject({ code: 'git/unknown-ref' })
})

test('keeps 500 pictures within the bytes, with every thumbnail as long as there is room', async () => {
  const names = Array.from({ length: 500 }, (_, index) => `p${index}`)
  const draw = (index: number): Promise<Buffer> => {
    // Every picture is another one, and the same in every run.
    const brightness = index % 170
    const contrast = 0.3 + index / 5000
    return noise(96, 64).linear(contrast, brightness).jpeg({ quality: 60 }).toBuffer()
  }
  const pictures = await Promise.all(names.map((_, index) => draw(index)))
  const files = Object.fromEntries(
    names.map((name, index) => [`art/${name}.jpg`, pictures[index]!]),
  )
  const assets = names.map(
    (name) => `  ${name}: { source: art/${name}.jpg, alt: x, outputs: [] }\n`,
  )
  const text = `version: 1\nprovider: local\nassets:\n${assets.join('')}`
  const { project } = await createComparedProject(text, files)
  const full = await readReport(project, { maxBytes: 1_000_000 })
  expect(namesOf(full)).toHaveLength(500)
  expect(Buffer.byteLength(JSON.stringify(full.report))).toBeLessThanOrEqual(1_000_000)
  expect(full.embedded.withoutThumb).toBe(0)
  expect(full.embedded.edges.thumb).toBeLessThan(96)
  // Less than the list itself needs.
  const bare = await readReport(project, { maxBytes: 50_000 })
  expect(namesOf(bare)).toHaveLength(500)
  expect(bare.embedded.withoutThumb).toBe(500)
})
