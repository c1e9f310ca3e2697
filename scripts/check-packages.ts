/*
 * Packs every package as it would be published and checks the tarballs with publint and
 * are-the-types-wrong. Run `pnpm build` first.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const repo = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'limn-pack-'))
let failures = 0

run('npx', [
  '-y',
  'pnpm@12',
  '-r',
  '--filter',
  './packages/*',
  'pack',
  '--pack-destination',
  folder,
])
const tarballs = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
for (const name of tarballs) {
  const tarball = join(folder, name)
  run('publint', ['run', tarball, '--strict'])
  // Limn is ESM only, which every Node that it supports can also require().
  run('attw', [tarball, '--profile', 'esm-only', '--format', 'table-flipped'])
}
process.stdout.write(`${tarballs.length} packages checked, ${failures} checks failed\n`)
process.exitCode = failures === 0 && tarballs.length > 0 ? 0 : 1

function run(command: string, args: string[]): void {
  const { status } = spawnSync(command, args, { cwd: repo, stdio: 'inherit' })
  if (status !== 0) failures++
}
