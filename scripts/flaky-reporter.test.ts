import { spawnSync } from 'node:child_process'
import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const repo = join(import.meta.dirname, '..')

/** Runs vitest with the reporter on one test file, with one retry. */
function run(text: string): string {
  const root = mkdtempSync(join(tmpdir(), 'limn-flaky-'))
  symlinkSync(join(repo, 'node_modules'), join(root, 'node_modules'), 'junction')
  writeFileSync(join(root, 'sample.test.ts'), `import { expect, test } from 'vitest'\n${text}`)
  const vitest = join(repo, 'node_modules/vitest/vitest.mjs')
  const reporter = join(import.meta.dirname, 'flaky-reporter.ts')
  const args = [vitest, 'run', '--root', root, '--retry', '1', '--reporter', reporter]
  return spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' }).stdout
}

test('lists a test that passed only on its second attempt, and no other', () => {
  const output = run(`
    let attempts = 0
    test('passes the second time', () => expect(++attempts).toBe(2))
    test('passes at once', () => expect(1).toBe(1))
    test('never passes', () => expect(1).toBe(2))`)
  expect(output).toContain('Passed only on a second attempt (1):')
  expect(output).toContain('sample.test.ts > passes the second time')
  expect(output).not.toMatch(/passes at once|never passes/)
})

test('reports that there is none', () => {
  expect(run(`test('passes', () => expect(1).toBe(1))`)).toContain('on its first attempt')
})
