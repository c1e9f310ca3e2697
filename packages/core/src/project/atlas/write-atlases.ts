import { join } from 'node:path'
import { canonicalJson, hasDigest, sha256 } from '../../digest.ts'
import { readIfExists } from '../../disk/read-errors.ts'
import { maxBytes, readInside, readTextInside } from '../../disk/read-inside.ts'
import { writeFilesAtomic } from '../../disk/write-atomic.ts'
import { LimnError } from '../../errors.ts'
import type { Lock, LockEntry } from '../../lock/lock.ts'
import type { AtlasSettings, Manifest } from '../../manifest/manifest.ts'
import type { ProjectPaths } from '../../store/paths.ts'
import type { EmitState } from '../emit/emit-pictures.ts'
import {
  type AtlasStamp,
  isAtlasCss,
  readAtlasStamp,
  renderAtlasCss,
  renderAtlasJson,
} from './render-atlas.ts'

type Pictures = { manifest: Manifest; lock: Lock }

/** Raise it when the same pictures are packed in another way. */
const ATLAS_VERSION = 1

/**
 * Writes the atlases that are not up to date. A picture that does not exist yet is left out.
 *
 * @returns the paths of the pictures that were written, relative to the root
 * @throws LimnError `store/failed` and the like, also if Limn did not write the present file;
 *   `atlas/size`; `asset/no-master`
 */
export async function writeAtlases(paths: ProjectPaths, pictures: Pictures): Promise<string[]> {
  const written: string[] = []
  for (const atlas of pictures.manifest.atlases ?? []) {
    const state = stateOf(paths, atlas, pictures.lock)
    if (state === 'current') continue
    if (state === 'foreign') throw foreign(atlas)
    if (await writeAtlas(paths, atlas, pictures.lock)) written.push(atlas.file)
  }
  return written
}

/** Compares the atlases with manifest and lockfile. Returns the first that is not up to date. */
export function checkAtlases(paths: ProjectPaths, { manifest, lock }: Pictures): EmitState | null {
  for (const atlas of manifest.atlases ?? []) {
    const state = stateOf(paths, atlas, lock)
    if (state !== 'current') return { file: atlas.file, state }
  }
  return null
}

/**
 * Checks that atlases replace no file of somebody else, before a run pays for anything.
 *
 * @throws LimnError `store/failed`
 */
export function requireOwnAtlases(paths: ProjectPaths, { manifest, lock }: Pictures): void {
  for (const atlas of manifest.atlases ?? []) {
    if (stateOf(paths, atlas, lock) === 'foreign') throw foreign(atlas)
  }
}

function foreign({ file }: AtlasSettings): LimnError {
  return new LimnError('store/failed', `${file} or a file next to it is not one that Limn wrote.`, {
    hint: 'Move it away, or name another file in `atlases`.',
  })
}

/** Returns the path of the JSON or stylesheet of an atlas. */
function besideOf({ file }: AtlasSettings, extension: 'json' | 'css'): string {
  return file.replace(/\.[^./]+$/, `.${extension}`)
}

/** Returns the entries of the pictures that exist. */
function entriesOf({ pictures }: AtlasSettings, lock: Lock): [name: string, entry: LockEntry][] {
  return pictures.flatMap((name): [string, LockEntry][] => {
    const entry = lock.assets.get(name)
    return entry === undefined ? [] : [[name, entry]]
  })
}

function recipeOf(atlas: AtlasSettings, lock: Lock): string {
  const pictures = entriesOf(atlas, lock).map(([name, { master }]) => [name, master.sha256])
  return sha256(canonicalJson({ v: ATLAS_VERSION, ...atlas, pictures }))
}

function stateOf(paths: ProjectPaths, atlas: AtlasSettings, lock: Lock): EmitState['state'] {
  const read = (path: string): string | undefined =>
    readIfExists(path, () => readTextInside(paths.root, join(paths.root, path), maxBytes.data))
  const picture = readIfExists(atlas.file, () =>
    readInside(paths.root, join(paths.root, atlas.file), maxBytes.picture),
  )
  const json = read(besideOf(atlas, 'json'))
  const css = atlas.css ? read(besideOf(atlas, 'css')) : undefined
  const stamp = json === undefined ? undefined : readAtlasStamp(json)
  if (json === undefined && picture === undefined) {
    return css !== undefined && !isAtlasCss(css) ? 'foreign' : noPictures(atlas, lock)
  }
  if (stamp === undefined || (css !== undefined && !isAtlasCss(css))) return 'foreign'
  if (picture === undefined || (atlas.css && css === undefined)) return 'missing'
  return isCurrent(stamp, recipeOf(atlas, lock), [picture, css]) ? 'current' : 'outdated'
}

/** An atlas without pictures needs no file. */
function noPictures(atlas: AtlasSettings, lock: Lock): 'current' | 'missing' {
  return entriesOf(atlas, lock).length === 0 ? 'current' : 'missing'
}

function isCurrent(
  { recipe, digests }: AtlasStamp,
  wanted: string,
  [picture, css]: [Uint8Array, string | undefined],
): boolean {
  return (
    recipe === wanted &&
    hasDigest(picture, digests[0] ?? '') &&
    (css === undefined || sha256(css.replaceAll('\r\n', '\n')) === digests[1])
  )
}

/** @returns whether there was something to write */
async function writeAtlas(paths: ProjectPaths, atlas: AtlasSettings, lock: Lock): Promise<boolean> {
  const entries = entriesOf(atlas, lock)
  if (entries.length === 0) return false
  const { drawAtlas } = await import('../../derive/atlas/draw-atlas.ts')
  const format = atlas.file.endsWith('.webp') ? 'webp' : 'png'
  const pictures = entries.map(([name, entry]) => ({ name, read: () => readMaster(paths, entry) }))
  const drawn = await drawAtlas(pictures, { ...atlas, format })
  if (drawn === undefined) throw tooLarge(atlas)
  const css = atlas.css ? renderAtlasCss(drawn, atlas) : undefined
  const digests = [sha256(drawn.bytes), ...(css === undefined ? [] : [sha256(css)])]
  const json = renderAtlasJson(drawn, atlas, { recipe: recipeOf(atlas, lock), digests })
  const toWrite = (path: string, data: string | Uint8Array) => ({
    path: join(paths.root, path),
    data,
  })
  await writeFilesAtomic(paths.root, [
    toWrite(atlas.file, drawn.bytes),
    ...(css === undefined ? [] : [toWrite(besideOf(atlas, 'css'), css)]),
    toWrite(besideOf(atlas, 'json'), json),
  ])
  return true
}

/** @throws LimnError `asset/no-master` */
function readMaster({ root }: ProjectPaths, { master }: LockEntry): Uint8Array {
  const bytes = readIfExists(master.path, () =>
    readInside(root, join(root, master.path), maxBytes.picture),
  )
  if (bytes !== undefined && hasDigest(bytes, master.sha256)) return bytes
  throw new LimnError(
    'asset/no-master',
    `${master.path} ${bytes === undefined ? 'is missing' : 'does not match the lockfile'}.`,
    {
      hint: 'Restore it with git, or accept it with `limn adopt`. Then run `limn generate` again.',
    },
  )
}

function tooLarge({ name, pictures }: AtlasSettings): LimnError {
  return new LimnError(
    'atlas/size',
    `The ${pictures.length} pictures of the atlas "${name}" do not fit into 8192x8192 px.`,
    { hint: 'Write a smaller `size`, or split it into several atlases.' },
  )
}
