import { basename } from 'node:path'
import {
  type Commit,
  findMergeBase,
  openRepository,
  type Repository,
  resolveCommit,
} from '../../git/repository.ts'
import type { ProjectContext } from '../context.ts'
import { planSnapshot } from '../plan-snapshot.ts'
import { chooseEdge } from '../previews.ts'
import { readCommit } from './commit.ts'
import { type AssetPair, compareAsset, findSides } from './compare-asset.ts'
import type { ComparedAsset, Comparison, Regression, Totals } from './comparison.ts'
import { fillsOutputs, findRegressions } from './find-regressions.ts'
import {
  inspectPictures,
  type Inspected,
  type PictureFile,
  type Previews,
} from './inspect-pictures.ts'
import { matchAssets } from './match-assets.ts'
import { comparePages } from './pages.ts'
import { findPaid } from './paid.ts'
import type { Side } from './side.ts'
import { readWorkingTree } from './working-tree.ts'

export type CompareOptions = {
  /** A branch, tag or commit. */
  base: string
  /** The same. Default: the working tree. */
  head?: string | undefined
  /** Whether to make previews of the pictures. Default false. */
  withPreviews?: boolean | undefined
  /** Receives how many of the pictures that may differ were compared. */
  onProgress?: ((done: number, total: number) => void) | undefined
  signal?: AbortSignal | undefined
}

/** A comparison, and previews of the pictures by the name of the asset. */
export type Compared = { comparison: Comparison; previewsByAsset: Map<string, Previews> }

/**
 * Compares the pictures of a branch with those of a commit. Reads git objects and files, writes
 * only the cache, and runs no program but git.
 *
 * @throws ManifestError for mistakes in the working tree; LimnError `git/…`, `lock/invalid`
 */
export async function compare(context: ProjectContext, options: CompareOptions): Promise<Compared> {
  const repository = await openRepository(context.paths.root, options.signal)
  try {
    return await compareIn(repository, context, options)
  } finally {
    repository.objects.close()
  }
}

async function compareIn(
  repository: Repository,
  context: ProjectContext,
  options: CompareOptions,
): Promise<Compared> {
  const { base: ref, head: headRef, signal } = options
  const tip = await resolveCommit(repository, ref)
  const commit = await resolveCommit(repository, headRef ?? 'HEAD')
  const start = await findMergeBase(repository, [tip, commit], signal)
  const from = start ?? tip
  const read = (at: Commit, label: string): ReturnType<typeof readCommit> =>
    readCommit({ repository, commit: at, label, paths: context.paths, signal })
  const base = await read(from, ref)
  const head = headRef === undefined ? await readTreeOf(context) : await read(commit, headRef)
  const found = await compareSides(base, head, options)
  const currency = head.manifest?.currency ?? base.manifest?.currency ?? null
  const { previewsByAsset, totals, ...rest } = found
  const comparison: Comparison = {
    version: 1,
    project: basename(context.paths.root),
    base: { ref, commit: from.id, at: from.at, isStart: from.id !== tip.id },
    head:
      headRef === undefined
        ? { ref: 'the working tree', commit: null, at: null }
        : { ref: headRef, commit: commit.id, at: commit.at },
    ...rest,
    totals: { ...totals, planUsd: head.planUsd },
    notes: [...base.notes, ...head.notes],
    currency,
  }
  return { comparison, previewsByAsset }
}

async function readTreeOf({ read, paths }: ProjectContext): Promise<Side> {
  const snapshot = await read()
  return readWorkingTree({ plan: planSnapshot(snapshot), snapshot }, paths.root)
}

type ComparedSides = Pick<Comparison, 'assets' | 'pages' | 'regressions'> &
  Pick<Compared, 'previewsByAsset'> & { totals: Omit<Totals, 'planUsd'> }

async function compareSides(
  base: Side,
  head: Side,
  options: CompareOptions,
): Promise<ComparedSides> {
  const isPaidBefore = findPaid(base.lock)
  const all = matchAssets(base, head)
    .map(findSides(base, head))
    .map((pair) => ({ pair, compared: compareAsset(pair, { base, head, isPaidBefore }) }))
  const inspectedByAsset = await inspectAll(all, { base, head, options })
  const rows = all.map(({ pair, compared }) => {
    const inspected = inspectedByAsset.get(compared.name)
    const final = inspected === undefined ? compared : withInspected(compared, inspected)
    return {
      pair,
      compared: final,
      regressions: findRegressions(final, pair, inspected),
      inspected,
    }
  })
  const differing = rows.filter(({ compared }) => isDifferent(compared))
  return {
    assets: differing.map(({ compared }) => compared),
    regressions: differing.flatMap(({ regressions }): Regression[] => regressions),
    previewsByAsset: new Map(
      differing.flatMap(({ compared, inspected }) =>
        inspected?.previews === undefined ? [] : [[compared.name, inspected.previews] as const],
      ),
    ),
    totals: sumUp(rows.map(({ compared }) => compared)),
    pages: comparePages(rows, { base, head }),
  }
}

type Row = { pair: AssetPair; compared: ComparedAsset }

/** Pictures that are compared at the same time: each decodes on several threads. */
const AT_ONCE = 2

/** Longest edge of a picture that did not change, px. */
const THUMB = 320

/** Reads and compares the pictures that may differ. */
async function inspectAll(
  rows: readonly Row[],
  { base, head, options }: { base: Side; head: Side; options: CompareOptions },
): Promise<Map<string, Inspected>> {
  const { withPreviews = false, onProgress, signal } = options
  const isPair = ({ before, after }: ComparedAsset): boolean => before !== null && after !== null
  const isCompared = ({ pair, compared }: Row): boolean =>
    isPair(compared) && (compared.aspects.includes('picture') || fillsOutputs(pair))
  const isShown = ({ compared }: Row): boolean => withPreviews && isDifferent(compared)
  const waiting = rows.filter((row) => isCompared(row) || isShown(row))
  const previewEdge = withPreviews ? chooseEdge(waiting.length * 2) : null
  const inspectedByAsset = new Map<string, Inspected>()
  const total = waiting.length
  const work = async (): Promise<void> => {
    for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) {
      signal?.throwIfAborted()
      const { name, before, after } = row.compared
      // What only looks the same is shown once, and small.
      const isOnce = isPair(row.compared) && !isCompared(row)
      const files = {
        before: isOnce ? undefined : await readPicture(base, before),
        after: await readPicture(head, after),
      }
      const edge = previewEdge === null || !isOnce ? previewEdge : Math.min(previewEdge, THUMB)
      inspectedByAsset.set(name, await inspectPictures(files, { previewEdge: edge, signal }))
      onProgress?.(inspectedByAsset.size, total)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return inspectedByAsset
}

async function readPicture(
  side: Side,
  picture: ComparedAsset['before'],
): Promise<PictureFile | undefined> {
  if (picture === null) return undefined
  return { picture, content: await side.read(picture.path), label: side.label }
}

/** Completes an asset with what its pictures showed. */
function withInspected(compared: ComparedAsset, inspected: Inspected): ComparedAsset {
  const { isSame = false, share, notCompared } = inspected
  if (isSame) {
    return { ...compared, aspects: compared.aspects.filter((aspect) => aspect !== 'picture') }
  }
  return { ...compared, difference: share ?? null, notCompared: notCompared ?? null }
}

function isDifferent({ change, aspects }: ComparedAsset): boolean {
  return change !== 'changed' || aspects.length > 0
}

function sumUp(rows: readonly ComparedAsset[]): Omit<Totals, 'planUsd'> {
  const count = (change: ComparedAsset['change']): number =>
    rows.filter((row) => isDifferent(row) && row.change === change).length
  const sum = (valueOf: (row: ComparedAsset) => number): number =>
    rows.reduce((total, row) => total + valueOf(row), 0)
  return {
    added: count('added'),
    removed: count('removed'),
    changed: count('changed'),
    renamed: count('renamed'),
    unchanged: rows.filter((row) => !isDifferent(row)).length,
    usd: sum(({ usd }) => usd ?? 0),
    unknownPrices: rows.filter(({ usd }) => usd === null).length,
    bytesBefore: sum(({ bytesBefore }) => bytesBefore),
    bytesAfter: sum(({ bytesAfter }) => bytesAfter),
    pageBytesBefore: sum(({ pageBytesBefore }) => pageBytesBefore),
    pageBytesAfter: sum(({ pageBytesAfter }) => pageBytesAfter),
  }
}
