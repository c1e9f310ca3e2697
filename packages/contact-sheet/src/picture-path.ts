import type { PictureRef } from './protocol.ts'

/**
 * Returns the address of a picture, relative to the page:
 * `picture/thumb?asset=product%2Fmug&version=…`. A report uses it as the key of its embedded
 * pictures.
 */
export function pathOfPicture(ref: PictureRef): string {
  const { kind, ...rest } = ref
  return `picture/${kind}?${new URLSearchParams(rest)}`
}

/** Returns the picture that an address of `pathOfPicture` names; `null` if it names none. */
export function parsePicturePath(path: string): PictureRef | null {
  const [, kind, query] = /^\/?picture\/([a-z]+)\?(.*)$/s.exec(path) ?? []
  if (kind === undefined) return null
  const values = new URLSearchParams(query)
  const [asset, version, file, id] = ['asset', 'version', 'file', 'id'].map((key) =>
    values.get(key),
  )
  if (!asset) return null
  if (kind === 'earlier') return id ? { kind, asset, id } : null
  if (version === null || version === undefined) return null
  if (kind === 'output') return file ? { kind, asset, file, version } : null
  return kind === 'thumb' || kind === 'master' || kind === 'partial' || kind === 'input'
    ? { kind, asset, version }
    : null
}
