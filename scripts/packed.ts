import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** What `check-packages.ts` reads of a packed package. */
export type Packed = {
  name: string
  /** Size of the tarball, bytes. */
  bytes: number
  /** Paths of its files, without the leading `package/`. */
  files: readonly string[]
  manifest: Readonly<Record<string, unknown>>
}

/**
 * Largest size of each tarball, kB of 1,000 bytes: some 5 % above the size on 1 December 2026. A
 * package that outgrows its size fails the check, so that it grows only on purpose.
 */
export const largestKilobytes: Readonly<Record<string, number>> = {
  '@limn/contact-sheet': 127,
  '@limn/core': 645,
  '@limn/painter': 247,
  '@limn/vite-plugin': 81,
}

/** Reads a tarball. @throws Error if `tar` can't */
export function readPacked(tarball: string): Packed {
  const tar = (...args: string[]): string => {
    const { status, stdout, stderr } = spawnSync('tar', args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(`tar can't read ${tarball}: ${stderr}`)
    return stdout
  }
  const manifest = JSON.parse(tar('-xOzf', tarball, 'package/package.json')) as Record<
    string,
    unknown
  >
  return {
    name: String(manifest['name']),
    bytes: readFileSync(tarball).byteLength,
    files: tar('-tzf', tarball)
      .trim()
      .split(/\r?\n/)
      .map((path) => path.replace(/^package\//, '')),
    manifest,
  }
}

/** Returns what would be wrong with a package if it were published, one sentence each. */
export function findFaults({ name, bytes, files, manifest }: Packed): string[] {
  const most = largestKilobytes[name]
  const missing = ['license', 'description', 'engines', 'sideEffects', 'exports'].filter(
    (key) => manifest[key] === undefined,
  )
  const absent = ['LICENSE', 'README.md'].filter((file) => !files.includes(file))
  const foreign = files.filter((file) =>
    /\.test\.|(^|\/)(src|e2e|node_modules)\/|(^|\/)\.env/.test(file),
  )
  const links = JSON.stringify(manifest).match(/"(workspace|link|file|catalog):[^"]*"/g) ?? []
  return [
    ...(most === undefined ? [`${name} has no largest size in scripts/packed.ts.`] : []),
    ...(most !== undefined && bytes > most * 1000
      ? [`${name} packs to ${formatKilobytes(bytes)}; the limit is ${most} kB.`]
      : []),
    ...missing.map((key) => `The package.json of ${name} has no "${key}".`),
    ...absent.map((file) => `${name} has no ${file}.`),
    ...foreign.map((file) => `${name} contains ${file}, which nobody needs who installs it.`),
    ...links.map((link) => `${name} depends on ${link}, which the registry does not know.`),
  ]
}

/** Formats a size: `612.7 kB`. */
export function formatKilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`
}
