/*
 * Packs every package as it would be published and checks the tarballs: their size and content, and
 * what publint and are-the-types-wrong say. Run `pnpm build` first.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFaults, formatKilobytes, readPacked } from './packed.ts'

const repo = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'limn-pack-'))
let failures = 0

try {
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
  for (const name of tarballs) check(join(folder, name))
  process.stdout.write(`${tarballs.length} packages checked, ${failures} checks failed\n`)
  process.exitCode = failures === 0 && tarballs.length > 0 ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function check(tarball: string): void {
  const packed = readPacked(tarball)
  process.stdout.write(
    `${packed.name}: ${formatKilobytes(packed.bytes)}, ${packed.files.length} files\n`,
  )
  for (const fault of findFaults(packed)) {
    process.stdout.write(`${fault}\n`)
    failures++
  }
  run('publint', ['run', tarball, '--strict'])
  // Limn is ESM only, which every Node that it supports can also require().
  run('attw', [tarball, '--profile', 'esm-only', '--format', 'table-flipped'])
}

function run(command: string, args: string[]): void {
  const { status } = spawnSync(command, args, { cwd: repo, stdio: 'inherit' })
  if (status !== 0) failures++
}
