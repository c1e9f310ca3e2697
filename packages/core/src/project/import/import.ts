import { posix, relative, resolve, sep } from 'node:path'
import { existsInside, maxBytes, readTextInside, statInside } from '../../disk/read-inside.ts'
import { LimnError } from '../../errors.ts'
import { listIgnored } from '../../git/ignored-files.ts'
import { addEntries, type NewEntry } from '../../manifest/edit/add-asset.ts'
import { ManifestError } from '../../manifest/manifest-error.ts'
import { MAX_BYTES } from '../../manifest/read-text.ts'
import type { ProjectContext } from '../context.ts'
import { emptyManifest, findSchema } from '../init/starter.ts'
import type { Snapshot } from '../snapshot.ts'
import { diffLines } from '../text-diff.ts'
import { applyImport, type PlannedEntry, withoutMark } from './apply-import.ts'
import { chooseNames } from './choose-names.ts'
import { describePicture, type ImportKind } from './describe-picture.ts'
import { findUses, mergeUses } from './find-uses.ts'
import { type FoundPicture, readPictures, type UnusableFile } from './read-pictures.ts'
import { EXTENSIONS } from './scan-code.ts'
import { walkFiles } from './walk-files.ts'

export type { ImportKind } from './describe-picture.ts'

/** Options of `prepareImport`. */
export type ImportOptions = {
  /** Folder with the pictures, relative to `cwd`. */
  folder: string
  /** Default `sources`. */
  kind?: ImportKind | undefined
  signal?: AbortSignal | undefined
}

/** A picture that becomes an asset. */
export type ImportedPicture = { name: string; path: string; width: number; height: number }

/** What an import found and would do. Nothing is written before `apply`. */
export type Import = {
  /** Path of the manifest, and whether it is new. */
  manifest: string
  isNew: boolean
  /** The added lines of the manifest, as a unified diff; empty if nothing is added. */
  diff: string
  assets: readonly ImportedPicture[]
  /** Pictures that are assets already. */
  known: readonly string[]
  /** Pictures with the same content as another one, which stands for them. */
  copies: readonly { path: string; of: string }[]
  /** Files that can't be imported, by cause. */
  unusable: readonly { reason: string; paths: readonly string[] }[]
  /**
   * Adds the assets to the manifest, and with `masters` copies the pictures. Writes all or nothing
   * of the manifest.
   *
   * @returns what could not be imported after all
   * @throws LimnError `manifest/changed`, `store/…`; ManifestError
   */
  apply(): Promise<readonly UnusableFile[]>
}

const PICTURE = new RegExp(`\\.(?:${EXTENSIONS})$`, 'i')

/**
 * Finds the pictures in a folder and how the code of the project uses them, and proposes an asset
 * for each that is none yet.
 *
 * @throws LimnError `usage`, `manifest/not-editable`; ManifestError
 */
export async function prepareImport(
  context: ProjectContext,
  { folder, kind = 'sources', signal }: ImportOptions,
): Promise<Import> {
  const { root, shownManifest } = context.paths
  const inside = folderInside(context, folder)
  const isNew = !existsInside(root, context.paths.manifest)
  const snapshot = isNew ? undefined : await readBefore(context)
  const ignored = await listIgnored(root, signal)
  const found = findFiles(inside, { context, snapshot, ignored })
  const { pictures, unusable } = await readPictures(root, found.paths, signal)
  const sorted = sortOut(pictures, snapshot)
  const names = chooseNames(
    sorted.fresh.map(({ path }) => posix.relative(inside, path)),
    takenNames(context, snapshot),
  )
  const uses = findUses(
    pictures.map(({ path }) => path),
    { root, ignored },
  )
  const planned = sorted.fresh.map((picture, index): PlannedEntry => {
    const copies = sorted.copies.filter(({ of }) => of === picture.path)
    const use = mergeUses([picture, ...copies].map(({ path }) => uses.get(path)))
    const name = names[index]!
    return { picture, name, entry: describePicture(picture, { name, use, kind }) }
  })
  const before = isNew ? null : readTextInside(root, context.paths.manifest, maxBytes.text)
  const write = (entries: readonly NewEntry[]): string => addAll(context, before, entries)
  const after = planned.length === 0 ? (before ?? '') : write(planned.map(({ entry }) => entry))
  return {
    manifest: shownManifest,
    isNew,
    diff: planned.length === 0 ? '' : diffLines(before ?? '', after),
    assets: planned.map(({ name, picture: { path, width, height } }) => {
      return { name, path, width, height }
    }),
    known: sorted.known,
    copies: sorted.copies,
    unusable: groupByReason([...found.skipped, ...unusable]),
    apply: () => applyImport(context, { planned, kind, before, write, signal }),
  }
}

/** The asset with which a manifest without assets is read. */
const PROBE = 'limn-import'

/** Reads a project, whose manifest may have no assets yet. @throws ManifestError */
export async function readBefore(context: ProjectContext): Promise<Snapshot> {
  const { root, manifest, shownManifest } = context.paths
  try {
    return await context.read()
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error
    try {
      const entry = { key: PROBE, fields: [['prompt', PROBE]] } as const
      const text = addEntries(readTextInside(root, manifest, maxBytes.text), [entry])
      const snapshot = await context.read(new Map([[shownManifest, withoutMark(text)]]))
      // With assets of its own, the mistake is not that there are none.
      if (snapshot.manifest.assets.length > 1) throw error
      return { ...snapshot, manifest: { ...snapshot.manifest, assets: [] } }
    } catch {
      throw error
    }
  }
}

/** Returns the folder relative to the root. @throws LimnError `usage` */
function folderInside({ cwd, paths: { root } }: ProjectContext, folder: string): string {
  const path = relative(root, resolve(cwd, folder)).split(sep).join('/')
  if (path === '..' || path.startsWith('../') || resolve(path) === path) {
    throw new LimnError('usage', `${folder} is not inside the folder of the manifest.`, {
      hint: 'Copy the pictures into the project, or pass a manifest above them with -m.',
    })
  }
  if (path !== '' && statInside(root, path)?.isDirectory() !== true) {
    throw new LimnError('usage', `${folder} is not a folder.`, {
      hint: 'Pass the folder that contains the pictures.',
    })
  }
  return path
}

type Search = {
  context: ProjectContext
  snapshot: Snapshot | undefined
  ignored: ReadonlySet<string>
}

/** Finds the files that may be pictures, without those that Limn made. */
function findFiles(
  folder: string,
  { context, snapshot, ignored }: Search,
): { paths: string[]; skipped: UnusableFile[] } {
  const own = new Set(
    [...(snapshot?.lock.assets.values() ?? [])]
      .filter(({ request }) => request.operation !== 'source')
      .map(({ master }) => master.path),
  )
  const out = snapshot?.manifest.out
  const skipped: UnusableFile[] = []
  const walk = {
    root: context.paths.root,
    ignored: out ? new Set([...ignored, out]) : ignored,
    onSkip(path: string, why: 'link' | 'unreadable') {
      if (why === 'unreadable') skipped.push({ path, reason: "the folder can't be read" })
      else if (PICTURE.test(path)) skipped.push({ path, reason: 'it is a link' })
    },
  }
  const paths = [...walkFiles(folder, walk)].filter((path) => PICTURE.test(path) && !own.has(path))
  return { paths, skipped }
}

/** Splits pictures into new ones, assets, and copies of other pictures. */
function sortOut(
  pictures: readonly FoundPicture[],
  snapshot: Snapshot | undefined,
): { fresh: FoundPicture[]; known: string[]; copies: { path: string; of: string }[] } {
  const assets = snapshot?.manifest.assets ?? []
  const sources = new Set(assets.map(({ source }) => source?.path))
  const pathByDigest = new Map<string, string>()
  for (const { name, source } of assets) {
    const master = snapshot!.lock.assets.get(name)?.master
    if (source === null && master !== undefined) pathByDigest.set(master.sha256, master.path)
  }
  for (const { path, digest } of pictures) if (sources.has(path)) pathByDigest.set(digest, path)
  const result = { fresh: [] as FoundPicture[], known: [] as string[], copies: [] as Copy[] }
  for (const picture of pictures) {
    const { path, digest } = picture
    const of = pathByDigest.get(digest)
    if (sources.has(path)) result.known.push(path)
    else if (of !== undefined) result.copies.push({ path, of })
    else {
      pathByDigest.set(digest, path)
      result.fresh.push(picture)
    }
  }
  return result
}

type Copy = Import['copies'][number]

/** Names that assets have, and those at whose place in the folder of masters there is a file. */
export function takenNames(
  { paths: { root, masters } }: ProjectContext,
  snapshot: Snapshot | undefined,
): Set<string> {
  const files = [...walkFiles(masters, { root, ignored: new Set() })]
    .filter((path) => PICTURE.test(path))
    .map((path) => path.slice(masters.length + 1, -posix.extname(path).length))
  const names = snapshot?.manifest.assets.flatMap(({ name, key }) => [name, key]) ?? []
  return new Set([...names, ...files])
}

/** @throws LimnError `manifest/not-editable` */
export function addAll(
  { paths: { root, shownManifest } }: ProjectContext,
  before: string | null,
  entries: readonly NewEntry[],
): string {
  const after = addEntries(before ?? emptyManifest(findSchema(root)), entries)
  const bytes = Buffer.byteLength(after)
  if (bytes <= MAX_BYTES) return after
  throw new LimnError(
    'manifest/not-editable',
    `With ${entries.length} more assets, ${shownManifest} would have ${bytes} bytes; the limit is ${MAX_BYTES}.`,
    { hint: 'Import one subfolder at a time, and move its assets to a file that `include` names.' },
  )
}

function groupByReason(files: readonly UnusableFile[]): { reason: string; paths: string[] }[] {
  const groups = Map.groupBy(files, ({ reason }) => reason)
  return [...groups].map(([reason, each]) => ({ reason, paths: each.map(({ path }) => path) }))
}
