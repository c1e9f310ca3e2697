import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { elapsed } from './debug.ts'

const source = fileURLToPath(new URL('./debug.ts', import.meta.url))

/** Logs three lines in a process of its own, since DEBUG is read when the process starts. */
function log(env: Record<string, string>): { stdout: string; stderr: string } {
  const program = `
    const { createDebug, redactKeysOf } = await import(${JSON.stringify(source)})
    createDebug('plan')('hero: %s', 'generate, key ' + process.env.MY_API_KEY)
    redactKeysOf({ FILE_API_KEY: 'only-in-a-file' })
    createDebug('plan')('mug: only-in-a-file')
    createDebug('lock')('wrote %d entries', 2)
    createDebug('plan')('fetched %s', 'https://x.example/a.png?sig=0123\\nlimn:plan all paid')`
  const args = ['--no-warnings', '--input-type=module', '-e', program]
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env })
  return { stdout, stderr }
}

describe('createDebug', () => {
  test('logs nothing without DEBUG', () => {
    expect(log({ MY_API_KEY: 'abc-123-def' })).toEqual({ stdout: '', stderr: '' })
  })

  test('logs the stages that DEBUG names to stderr, with keys redacted', () => {
    const { stdout, stderr } = log({ DEBUG: 'limn:plan', MY_API_KEY: 'abc-123-def' })
    expect(stdout).toBe('')
    expect(stderr).toMatch(/limn:plan hero: generate, key \[key\]/)
    expect(stderr).toMatch(/limn:plan mug: \[key\]/)
    expect(stderr).not.toContain('limn:lock')
  })

  test('logs every stage under limn:*', () => {
    const { stderr } = log({ DEBUG: 'limn:*', MY_API_KEY: 'abc-123-def' })
    expect(stderr).toMatch(/limn:plan/)
    expect(stderr).toMatch(/limn:lock wrote 2 entries/)
  })
})

test('elapsed formats the time since a start', () => {
  expect(elapsed(performance.now())).toMatch(/^\d\.\d ms$/)
  expect(elapsed(performance.now() - 50)).toMatch(/^\d\d+ ms$/)
})
