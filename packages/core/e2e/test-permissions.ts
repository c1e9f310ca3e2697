import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'vitest'
import { changeOwner, unprivilegedUser } from './unprivileged-user.ts'

/** Why permissions can't be tested on this machine; `undefined` if they can. */
export const permissionsSkipReason: string | undefined = (() => {
  if (process.getuid === undefined) return 'Windows has no such permissions'
  if (unprivilegedUser === undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'limn-user-'))
  changeOwner(folder, unprivilegedUser)
  const paths = ['../src/pictures/decode.ts', '../src/providers/openai/openai.ts'].map(
    (path) => new URL(path, import.meta.url).href,
  )
  const { status } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', paths.map((path) => `await import('${path}');`).join('')],
    { ...unprivilegedUser, cwd: folder, stdio: 'ignore' },
  )
  rmSync(folder, { recursive: true })
  return status === 0
    ? undefined
    : 'users other than root have no access to the code or the temporary folder'
})()

/** Defines a test of file permissions. Skips it, with the reason, where they can't be tested. */
export function testPermissions(title: string, run: () => Promise<void>): void {
  if (permissionsSkipReason === undefined) test(title, run)
  else test.skip(`${title} (skipped: ${permissionsSkipReason})`, run)
}
