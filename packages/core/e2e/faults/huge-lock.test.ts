import { expect, test } from 'vitest'
import type { CliResult } from '../cli-process.ts'
import { createTestProject, smallManifest, type TestProject } from '../test-project.ts'
import { parsePeakMemory, REPORT_MEMORY } from './memory.ts'

const SIZE = 50_000_000
/** Resident memory that no lock of that size may take, MB. */
const MOST = 1500

const open = (): Promise<TestProject> =>
  createTestProject({
    files: { 'images.yaml': smallManifest({ hero: 'A hill' }, 'provider: local') },
    env: { NODE_OPTIONS: REPORT_MEMORY },
  })

/** Runs a command, which must end by itself and within its memory. */
async function run({ cliProcess }: TestProject, ...args: string[]): Promise<CliResult> {
  const { code, stdout, stderr } = await cliProcess(args)
  expect(parsePeakMemory(stderr), args.join(' ')).toBeLessThan(MOST)
  return { code, stdout, stderr: stderr.replace(/PEAK \d+\n$/, '') }
}

test('reads a lockfile of 50 MB', async () => {
  const { project, count } = await openHuge()
  expect((await run(project, 'plan')).stdout).toMatch(
    new RegExp(`Plan: nothing to do\\. ${count} to prune\\.\n$`),
  )
  expect(await run(project, 'check')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/\nThe only picture matches the manifest and the lockfile\.\n$/),
    stderr: '',
  })
  expect(await run(project, 'list')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('1 asset, nothing to do.'),
  })
})

test.runIf(process.env['MODE'] === 'soak')(
  'keeps all entries of a 50 MB lockfile when one picture is regenerated',
  async () => {
    const { project, count } = await openHuge()
    project.edit('A hill', 'A lake')
    expect(await run(project, 'generate')).toMatchObject({ code: 0, stderr: '' })
    expect(project.lock().assets['hero']!.request['prompt']).toBe('A lake')
    expect(Object.keys(project.lock().assets)).toHaveLength(count + 1)
  },
)

/** Adds many more pictures with the same prompt to a lockfile. */
async function openHuge(): Promise<{ project: TestProject; count: number }> {
  const project = await open()
  await project.generate()
  const { assets, ...head } = project.lock()
  const block = JSON.stringify(assets['hero'])
  const blocks = [`"hero":${block}`]
  for (let size = 0; size < SIZE; size += block.length) {
    blocks.push(
      `"old/p${blocks.length}":${block.replace('images/hero.png', `images/old/p${blocks.length}.png`)}`,
    )
  }
  project.write(
    'images.lock',
    JSON.stringify({ ...head, assets: {} }).replace(
      '"assets":{}',
      () => `"assets":{${blocks.join(',\n')}}`,
    ),
  )
  return { project, count: blocks.length - 1 }
}

test('reports 50 MB that are no lockfile in one sentence', async () => {
  const project = await open()
  const junk: Record<string, string> = {
    'lines of junk': 'a line of junk, and one more ,\n'.repeat(SIZE / 31),
    'one line': 'x'.repeat(SIZE),
    'empty lines between the markers of a merge': `<<<<<<< a\n{,${'\n'.repeat(SIZE)}x\n=======\n>>>>>>> b\n`,
    'one name': `{"lockfileVersion":1,"assets":{"${'a'.repeat(SIZE)}":{}}}`,
    'brackets within brackets': `{"lockfileVersion":1,"assets":{},"x":${'['.repeat(1e6)}${']'.repeat(1e6)}}`,
  }
  for (const [index, [what, text]] of Object.entries(junk).entries()) {
    project.write('images.lock', text)
    const { code, stdout, stderr } = await run(project, ['plan', 'check', 'list'][index % 3]!)
    expect({ code, stdout }, what).toEqual({ code: 1, stdout: '' })
    expect(stderr, what).toMatch(
      /^Error: images\.lock is not a valid lockfile: .{1,800}\n {2}→ Restore the last valid version with git:.*\n$/,
    )
  }
})

test('shortens a prompt of 50 MB in messages', async () => {
  const project = await open()
  await project.generate()
  const lock = project.lock()
  lock.assets['hero']!.request['prompt'] = 'A lake '.repeat(SIZE / 7)
  project.write('images.lock', JSON.stringify(lock))
  const { code, stdout } = await run(project, 'plan')
  expect(code).toBe(0)
  expect(stdout).toMatch(/- A lake A lake .*…\n {6}\+ A hill\n/)
  expect(stdout.length).toBeLessThan(1000)
})
