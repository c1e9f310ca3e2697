import { join } from 'node:path'
import { openPlaceholders } from '../../cache/placeholders.ts'
import { readIfExists } from '../../disk/read-errors.ts'
import { maxBytes, readTextInside } from '../../disk/read-inside.ts'
import { writeFilesAtomic } from '../../disk/write-atomic.ts'
import { LimnError } from '../../errors.ts'
import type { EmitSettings } from '../../manifest/manifest.ts'
import type { ProjectPaths } from '../../store/paths.ts'
import type { Snapshot } from '../snapshot.ts'
import { emittedPictures } from './emitted-pictures.ts'
import { isEmitted, type RenderedFile, renderEmitted } from './render-emitted.ts'

/** How an emitted module compares with manifest and lockfile. `foreign`: Limn did not write it. */
export type EmitState = {
  /** Path relative to the root. */
  file: string
  state: 'current' | 'outdated' | 'missing' | 'foreign'
}

type Pictures = Pick<Snapshot, 'manifest' | 'lock'>

/**
 * Writes the module of all pictures, unless it is up to date.
 *
 * @returns the path of the file that was written, relative to the root
 * @throws LimnError `store/failed` and the like, also if Limn did not write the present file
 */
export async function emitPictures(
  paths: ProjectPaths,
  snapshot: Pictures,
): Promise<string | undefined> {
  const { emit } = snapshot.manifest
  if (emit === null) return undefined
  const files = await render(paths, { snapshot, settings: emit })
  const changed = files.filter((file) => stateOf(paths, file) !== 'current')
  if (changed.length === 0) return undefined
  requireOwnFiles(paths, emit)
  await writeFilesAtomic(
    paths.root,
    changed.map(({ file, text }) => ({ path: join(paths.root, file), data: text })),
  )
  return emit.file
}

/** Compares the emitted module with the pictures. Returns `null` if the manifest wants none. */
export async function checkEmitted(
  paths: ProjectPaths,
  snapshot: Pictures,
): Promise<EmitState | null> {
  const { emit } = snapshot.manifest
  if (emit === null) return null
  const files = await render(paths, { snapshot, settings: emit })
  const states = files.map((file) => ({ file: file.file, state: stateOf(paths, file) }))
  return states.find(({ state }) => state !== 'current') ?? { file: emit.file, state: 'current' }
}

/**
 * Checks that the emitted module replaces no file of somebody else, before a run pays for anything.
 *
 * @throws LimnError `store/failed`
 */
export function requireOwnFiles(paths: ProjectPaths, { file }: EmitSettings): void {
  const files = renderEmitted({ pictures: [], imports: [] }, { file, manifest: '' })
  for (const each of files) {
    if (stateOf(paths, each) !== 'foreign') continue
    throw new LimnError('store/failed', `${each.file} is not a file that Limn wrote.`, {
      hint: 'Move it away, or name another file in `emit`.',
    })
  }
}

async function render(
  paths: ProjectPaths,
  { snapshot, settings }: { snapshot: Pictures; settings: EmitSettings },
): Promise<RenderedFile[]> {
  const placeholders = openPlaceholders(paths.root, paths.cache)
  const { assets } = snapshot.manifest
  const hashes = assets.flatMap(
    ({ name }) => snapshot.lock.assets.get(name)?.master.thumbhash ?? [],
  )
  await placeholders.load(hashes)
  const pictures = emittedPictures({
    snapshot,
    settings,
    placeholder: (thumbhash) => placeholders.of(thumbhash),
  })
  placeholders.save()
  return renderEmitted(pictures, { file: settings.file, manifest: paths.shownManifest })
}

/** Compares a file with its text. Git may have checked it out with CRLF line endings. */
function stateOf({ root }: ProjectPaths, { file, text }: RenderedFile): EmitState['state'] {
  const before = readIfExists(file, () => readTextInside(root, join(root, file), maxBytes.data))
  if (before === undefined) return 'missing'
  if (before.replaceAll('\r\n', '\n') === text) return 'current'
  return isEmitted(before) ? 'outdated' : 'foreign'
}
