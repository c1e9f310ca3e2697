import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createRepository, type TestRepository } from '../src/git/testing.ts'
import { startCli } from './cli-process.ts'
import { createTestProject, smallManifest, type TestProject } from './test-project.ts'

const prompts = { hero: 'A lighthouse at dusk', team: 'Four people', cup: 'A cup of tea' }
const manifest = smallManifest(prompts)

/** A project whose pictures a test server generated, and its repository. */
async function createPaid(): Promise<TestProject & TestRepository> {
  const project = await createTestProject({
    files: { 'images.yaml': manifest, '.gitignore': '.limn\nnode_modules\nout\n' },
    server: true,
  })
  const repository = createRepository(project.root)
  await project.generate()
  repository.commit()
  repository.git('switch', '--quiet', '--create', 'feature/<b>|@team')
  return { ...project, ...repository }
}

test('compares a branch whose pictures were paid for, from a clone too', async () => {
  const paid = await createPaid()
  paid.edit('at dusk', 'at dawn')
  paid.edit('  cup:', '  kitchen/cup:')
  const planned = await paid.cli(['compare', 'main'])
  expect(planned).toMatchObject({ code: 0, stderr: '' })
  expect(planned.stdout).toMatch(
    /hero +prompt\n.*\[-dusk-\]\{\+dawn\+\}\n.*not generated yet: stale \(prompt changed\); a run costs at most \$0\.\d+/,
  )
  const { usd } = await paid.generate()
  paid.commit()
  const result = await paid.cli(['compare', 'main', '--json'])
  expect(result).toMatchObject({ code: 0, stderr: '' })
  const event = JSON.parse(result.stdout) as Record<string, unknown>
  expect(event).toMatchObject({
    type: 'compared',
    version: 1,
    base: { ref: 'main' },
    failures: [],
    assets: [
      { name: 'hero', change: 'changed', aspects: ['picture', 'prompt'], usd },
      { name: 'kitchen/cup', change: 'renamed', from: 'cup', usd: 0 },
    ],
    totals: { changed: 1, renamed: 1, unchanged: 1, usd, planUsd: 0 },
  })
  // As a workflow does: a clone with the branch of the pull request merged.
  const clone = mkdtempSync(join(tmpdir(), 'limn-clone-'))
  onTestFinished(() => rmSync(clone, { recursive: true, force: true }))
  execFileSync('git', ['clone', '--quiet', `file://${paid.root}`, clone])
  const run = (...args: string[]): ReturnType<typeof startCli>['done'] =>
    startCli(args, { cwd: clone, env: { PATH: process.env['PATH'], HOME: clone } }).done
  const documents = ['--markdown', '-', '--html', 'pictures.html']
  const inClone = await run('compare', 'origin/main', 'HEAD', ...documents)
  expect(inClone).toMatchObject({ code: 0, stderr: '' })
  expect(inClone.stdout).toMatch(
    /^<!-- limn compare -->\n### 2 pictures differ from <code>origin\/main<\/code>\n/,
  )
  expect(inClone.stdout).toContain('| ~ | <code>hero</code> | picture, prompt |')
  // A workflow may redirect it to the comment.
  expect(inClone.stdout).not.toContain('Wrote')
})

test('fails on policies, and keeps files that it did not write', async () => {
  const { cli, edit, git, commit, generate, write, text, has } = await createPaid()
  edit('    alt: team\n', '')
  edit('at dusk', 'at dawn')
  await generate()
  commit()
  const head = git('branch', '--show-current').trim()
  const plain = await cli(['compare', 'main', head])
  expect(plain.code).toBe(0)
  expect(plain.stdout).toContain('team: It has no alt text; it was "team".')
  expect(await cli(['compare', 'main', head, '--fail-on', 'mark,transparency'])).toMatchObject({
    code: 0,
    stderr: '',
  })
  const failed = await cli([
    'compare',
    'main',
    head,
    '--fail-on',
    'regression',
    '--max-bytes',
    '1GB',
  ])
  expect(failed).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('--fail-on found 1 regression.'),
  })
  // With declared pages, the limit applies to each of them.
  expect(plain.stdout).toContain('Pages: `policy.pages` declares none; a page with every picture')
  edit('version: 1', 'version: 1\npolicy: { pages: { "a|<b>": [hero, team], shop: [cup, vase] } }')
  edit('assets:\n', 'assets:\n  vase:\n    prompt: A vase\n    alt: vase\n')
  await generate()
  commit()
  const withPages = await cli(['compare', 'main', head])
  expect(withPages.stdout).toMatch(/Pages, at most:\n {2}The page shop +.+ → .+ \(\+.+\)\n/)
  const limited = await cli(['compare', 'main', head, '--max-bytes', '10', '--markdown', '-'])
  expect(limited).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^✗ The page shop grows by .+; --max-bytes allows 10 B\.\n$/),
  })
  expect(limited.stdout).toMatch(/The page shop \| .+ → .+ \| \+/)
  const documents = ['--markdown', 'out.md', '--html', 'out.html']
  const written = await cli(['compare', 'main', head, ...documents])
  expect(written.code).toBe(0)
  expect(written.stdout).toMatch(/Wrote out\.html \(\d+ KB\)\./)
  expect(text('out.md')).not.toContain('@team')
  expect(text('out.html')).not.toContain('<b>|')
  // Its own files are replaced, and an empty one.
  write('empty.md', '')
  for (const file of ['out.md', 'empty.md']) {
    expect(await cli(['compare', 'main', '--markdown', file])).toMatchObject({ code: 0 })
  }
  for (const option of ['--markdown', '--html']) {
    write('mine.txt', '<p>mine</p>')
    const kept = await cli(['compare', 'main', option, 'mine.txt'])
    expect(kept).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Limn did not write it'),
    })
    expect(text('mine.txt')).toBe('<p>mine</p>')
  }
  expect(has('--output=x')).toBe(false)
})

test.each<[string[], RegExp]>([
  [['compare'], /limn compare takes BASE \[HEAD\]/],
  [['compare', 'nowhere'], /no commit "nowhere"/],
  [['compare', '--', '--output=x'], /no commit "--output=x"/],
  [['compare', 'main..HEAD'], /no commit "main\.\.HEAD"[^]*two arguments/],
  [['compare', 'main', '--fail-on', 'alts'], /does not know "alts"/],
  [['compare', 'main', '--max-bytes', 'many'], /--max-bytes requires a number of bytes/],
  [['compare', 'main', '--max-bytes', '-1'], /--max-bytes requires a number of bytes/],
  [['compare', 'main', '--markdown'], /--markdown requires a value/],
  [['report', '--only', 'new'], /--only does not know "new"/],
  [['report', '--base', 'main'], /only with --only changed/],
  [['report', '--max-size', 'big'], /--max-size requires a number of bytes/],
])('explains what is wrong with %j', async (args, message) => {
  const project = await createTestProject({ files: { 'images.yaml': manifest } })
  const { commit } = createRepository(project.root)
  commit()
  const { code, stderr } = await project.cli(args)
  expect(code).toBe(1)
  expect(stderr).toMatch(message)
})
