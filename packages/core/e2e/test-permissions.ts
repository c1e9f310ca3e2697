import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'vitest'
import { handOver, plainUser } from './plain-user.ts'

/** Why permissions can't be tested here; `undefined` where they can. */
export const whyNoPermissions: string | undefined = (() => {
  if (process.getuid === undefined) return 'Windows has no such permissions'
  if (plainUser === undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'limn-user-'))
  handOver(folder, plainUser)
  const paths = ['../src/pictures/decode.ts', '../src/providers/openai/openai.ts'].map(
    (path) => new URL(path, import.meta.url).href,
  )
  const { status } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', paths.map((path) => `await import('${path}');`).join('')],
    { ...plainUser, cwd: folder, stdio: 'ignore' },
  )
  rmSync(folder, { recursive: true })
  return status === 0
    ? undefined
    : 'another user than root does not reach the code or the temporary folder'
})()

/** A test of what permissions do; skipped with the reason where they can't be tested. */
export function testPermissions(title: string, run: () => Promise<void>): void {
  if (whyNoPermissions === undefined) test(title, run)
  else test.skip(`${title} (skipped: ${whyNoPermissions})`, run)
}
