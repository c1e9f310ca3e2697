/*
 * Files in the place of a picture that another tool has not downloaded. Their text is not the
 * picture, and neither changes nor replaces it.
 */

/**
 * The tool whose file is in the place of a picture: Git LFS, git-annex, iCloud Drive, or an empty
 * file, as other cloud drives and interrupted checkouts leave it. For `remote` there is no file:
 * the remote store has the picture.
 */
export type PointerKind = (typeof pointerKinds)[number] | 'remote'

export const pointerKinds = ['git-lfs', 'git-annex', 'icloud', 'empty'] as const

/** What a pointer says about the picture. `sha256` is the picture's digest; `''` if unknown. */
export type Pointer = { kind: PointerKind; sha256: string }

/** Largest pointer, bytes: a limit of Git LFS. Those of git-annex are shorter. */
const MAX_BYTES = 1024

/** The first bytes of `version …` and `/annex/…`: most small files need not be decoded. */
const FIRST_BYTES: ReadonlySet<number> = new Set(
  Array.from('v/', (letter) => letter.codePointAt(0)!),
)

/**
 * Returns what a file points to, or `undefined` if it is no pointer.
 *
 * @see https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
 * @see https://git-annex.branchable.com/internals/pointer_file/
 */
export function parsePointer(bytes: Uint8Array): Pointer | undefined {
  if (bytes.length === 0) return { kind: 'empty', sha256: '' }
  if (bytes.length > MAX_BYTES || !FIRST_BYTES.has(bytes[0]!)) return undefined
  const text = new TextDecoder().decode(bytes)
  if (/^version https:\/\/(git-lfs\.github\.com|hawser\.github\.com)\/spec\/v\d/.test(text)) {
    return { kind: 'git-lfs', sha256: /^oid sha256:([0-9a-f]{64})\r?$/m.exec(text)?.[1] ?? '' }
  }
  const annex = /^\/annex\/objects\/(.+)/.exec(text)?.[1]
  if (annex === undefined) return undefined
  return { kind: 'git-annex', sha256: /^SHA256E?-.*--([0-9a-f]{64})/.exec(annex)?.[1] ?? '' }
}

/**
 * Returns the name of the file that iCloud Drive replaced by this one when it freed space, or
 * `undefined` if it did not: `hero.png` for `.hero.png.icloud`.
 */
export function nameInCloud(name: string): string | undefined {
  return /^\.(.+)\.icloud$/.exec(name)?.[1]
}

/**
 * Describes a pointer, as the rest of a sentence that starts with its path, and the command that
 * gets the picture.
 *
 * @param path of the file in the command. Default: a placeholder
 */
export function describePointer(
  kind: PointerKind,
  path: string = 'FILE',
): { problem: string; fix: string } {
  switch (kind) {
    case 'git-lfs':
      return { problem: 'is a Git LFS pointer, not the picture', fix: 'git lfs pull' }
    case 'git-annex':
      return { problem: 'is a git-annex pointer, not the picture', fix: `git annex get ${path}` }
    case 'icloud':
      return { problem: 'is only in iCloud Drive', fix: `brctl download ${path}` }
    case 'remote':
      return { problem: 'is in the remote store, not on this machine', fix: 'limn cache pull' }
    case 'empty':
      return { problem: 'is an empty file', fix: `git checkout -- ${path}` }
  }
}
