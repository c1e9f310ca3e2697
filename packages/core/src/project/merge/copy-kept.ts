import { dirname, extname, join } from 'node:path'
import { hasDigest, pictureDigest, sha256 } from '../../digest.ts'
import { formatEntry } from '../../history/entry.ts'
import { openHistory, readHistory } from '../../history/history-file.ts'
import { isAssetName } from '../../lock/codec.ts'
import { masterExtensions } from '../../manifest/presets.ts'
import { saveCandidates } from '../../store/candidates.ts'
import { copyJournal, type Way } from './copy-journal.ts'
import { type KeptFile, listKept, readKept, writeIfNew } from './kept-files.ts'

const SHELVED = /^[0-9a-f]{64}(\+[0-9a-z]+){0,3}\.(json|picture)$/
const BATCH = /^[0-9a-f-]{36}\.json$/
const REJECTED = /^[0-9a-f][0-9a-f+-]{0,79}\.(json|picture|links|response)$/
const EXTENSION = String.raw`\.(${masterExtensions.join('|')})`
const REPLACED = new RegExp(`^(.+)/([0-9a-f]{16})${EXTENSION}$`, 'u')
const CANDIDATE = new RegExp(`^(.+)/([0-9a-f]{16})/[1-9]\\d{0,5}${EXTENSION}$`, 'u')

/**
 * Copies what a shard keeps in `.limn` and the project lacks: received pictures, open batches,
 * replaced pictures, candidates, and the history. Overwrites nothing.
 *
 * @returns the number of received pictures: they are not in any lockfile yet
 * @throws LimnError `store/…`
 */
export async function copyKept(way: Way): Promise<number> {
  const received = await copyJournal(way)
  await copyShelf(way)
  await copyReplaced(way)
  await copyCandidates(way)
  await copyRejected(way)
  const { from, to } = way
  for (const { path, read } of listKept(from.root, from.batches, BATCH)) {
    const record = read()
    if (record !== undefined) await writeIfNew(to.root, join(to.batches, path), record)
  }
  await copyHistory(way)
  return received
}

/** Copies the shelf. A key there states the digest of its picture. */
async function copyShelf({ from, to }: Way): Promise<void> {
  // Records come before pictures, so that no picture is ever without one.
  for (const { path, read } of listKept(from.root, from.shelf, SHELVED).toSorted(byPath)) {
    const bytes = read()
    const digest = path.slice(0, path.lastIndexOf('.')).split('+')[1]
    const isWhole =
      path.endsWith('.json') ||
      digest === undefined ||
      (bytes !== undefined && hasDigest(bytes, digest))
    if (bytes !== undefined && isWhole) await writeIfNew(to.root, join(to.shelf, path), bytes)
  }
}

/** Copies replaced masters. Their names begin with their digest. */
async function copyReplaced({ from, to }: Way): Promise<void> {
  for (const { path, read } of listKept(from.root, from.replaced, REPLACED)) {
    const [, asset, digest] = REPLACED.exec(path)!
    const bytes = isAssetName(asset) ? read() : undefined
    if (bytes === undefined || !pictureDigest(bytes).startsWith(digest!)) continue
    await writeIfNew(to.root, join(to.replaced, path), bytes)
  }
}

/**
 * Copies candidates. Those of a request that the project has candidates of are added to them; those
 * of one request are saved together, as two of them may be the same picture.
 */
async function copyCandidates({ from, to }: Way): Promise<void> {
  const files = listKept(from.root, join(from.state, 'candidates'), CANDIDATE).toSorted(byPath)
  const filesBySet = new Map<string, KeptFile[]>()
  for (const file of files) {
    const set = `${dirname(file.path)}${extname(file.path)}`
    const group = filesBySet.get(set)
    if (group === undefined) filesBySet.set(set, [file])
    else group.push(file)
  }
  for (const group of filesBySet.values()) {
    const [, asset, requestHash, extension] = CANDIDATE.exec(group[0]!.path)!
    const pictures = isAssetName(asset) ? group.flatMap(({ read }) => read() ?? []) : []
    if (pictures.length === 0) continue
    const set = { asset: asset!, requestHash: requestHash!, extension: extension! }
    await saveCandidates(to, { ...set, pictures })
  }
}

/** Copies what was rejected. Other content of the same name gets another one. */
async function copyRejected({ from, to }: Way): Promise<void> {
  const [source, target] = [join(from.state, 'rejected'), join(to.state, 'rejected')]
  for (const { path, read } of listKept(from.root, source, REJECTED)) {
    const bytes = read()
    const existing = readKept(to.root, join(target, path))
    if (bytes === undefined || existing?.equals(bytes) === true) continue
    const name = existing === undefined ? path : `${sha256(bytes).slice(0, 16)}-${path}`
    await writeIfNew(to.root, join(target, name), bytes)
  }
}

/** Appends the entries that the history of the project lacks. */
async function copyHistory({ from, to }: Way): Promise<void> {
  const known = new Set(readHistory(to.state).map(formatEntry))
  const entries = readHistory(from.state).filter((entry) => !known.has(formatEntry(entry)))
  if (entries.length === 0) return
  const history = openHistory(to.state)
  try {
    for (const entry of entries) await history.append(entry)
  } finally {
    await history.close()
  }
}

/** Sorts by path; numbers by value. */
function byPath({ path: a }: { path: string }, { path: b }: { path: string }): number {
  return a.localeCompare(b, 'en', { numeric: true })
}
