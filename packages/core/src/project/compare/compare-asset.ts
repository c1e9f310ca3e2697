import { canonicalJson, compareText } from '../../digest.ts'
import {
  compareRequests,
  type FieldChange,
  type ImageRequest,
  requestOf,
} from '../../identity/request.ts'
import type { LockEntry } from '../../lock/lock.ts'
import type { Asset } from '../../manifest/manifest.ts'
import { explainStep } from '../../plan/describe-step.ts'
import { stateWord } from '../../plan/states.ts'
import { priceOfStep } from '../../plan/steps.ts'
import type { Aspect, ComparedAsset, ComparedPicture } from './comparison.ts'
import type { Pair } from './match-assets.ts'
import { paidSince } from './paid.ts'
import type { Side } from './side.ts'
import { diffWords } from './word-diff.ts'

/** What one side has of an asset. */
type SideOfAsset = { name: string; asset: Asset | undefined; entry: LockEntry | undefined }

/** An asset of two sides; `undefined` where it does not exist. */
export type AssetPair = { before: SideOfAsset | undefined; after: SideOfAsset | undefined }

/** Finds what each side has of an asset. */
export function findSides(base: Side, head: Side): (pair: Pair) => AssetPair {
  const assetsOf = ({ manifest }: Side): Map<string, Asset> =>
    new Map(manifest?.assets.map((asset) => [asset.name, asset]))
  const [before, after] = [assetsOf(base), assetsOf(head)]
  return ({ before: from, after: name }) => ({
    before:
      from === null
        ? undefined
        : { name: from, asset: before.get(from), entry: base.lock.assets.get(from) },
    after:
      name === null
        ? undefined
        : { name, asset: after.get(name), entry: entryOf(head, name, from) },
  })
}

/** Until a run moves a renamed asset, the lockfile has it under its old name. */
function entryOf({ lock }: Side, name: string, from: string | null): LockEntry | undefined {
  return lock.assets.get(name) ?? (from === null ? undefined : lock.assets.get(from))
}

/**
 * Compares what manifest and lockfile say about an asset. Whether its picture differs is still to
 * be found out from its bytes: `aspects` has `picture` if it may.
 *
 * @param isPaidBefore as in `findPaid`
 */
export function compareAsset(
  pair: AssetPair,
  {
    base,
    head,
    isPaidBefore,
  }: { base: Side; head: Side; isPaidBefore: (entry: LockEntry) => boolean },
): ComparedAsset {
  const { before, after } = pair
  const isRenamed = before !== undefined && after !== undefined && before.name !== after.name
  const facts = {
    prompt: comparePrompts(pair),
    alt: compareAlt(pair),
    settings: compareSettings(pair),
    outputs: compareOutputs(pair),
  }
  return {
    name: (after ?? before)!.name,
    change:
      before === undefined
        ? 'added'
        : after === undefined
          ? 'removed'
          : isRenamed
            ? 'renamed'
            : 'changed',
    from: isRenamed ? before.name : null,
    aspects: listAspects(pair, facts, { base, head }),
    before: pictureOf(before),
    after: pictureOf(after),
    difference: null,
    notCompared: null,
    ...facts,
    settings: facts.settings.filter(({ field }) => field !== 'inputs'),
    usd: paidSince(after?.entry, isPaidBefore),
    pending: pendingOf(after, head),
    bytesBefore: bytesOf(before),
    bytesAfter: bytesOf(after),
    pageBytesBefore: pageBytesOf(before),
    pageBytesAfter: pageBytesOf(after),
  }
}

type Facts = Pick<ComparedAsset, 'prompt' | 'alt' | 'settings' | 'outputs'>

function listAspects(
  pair: AssetPair,
  { prompt, alt, settings, outputs }: Facts,
  sides: { base: Side; head: Side },
): Aspect[] {
  const { before, after } = pair
  const isOne = before === undefined || after === undefined
  const found: [Aspect, boolean][] = [
    ['picture', mayDiffer(pair, sides)],
    ['prompt', !isOne && prompt !== null],
    ['settings', !isOne && settings.some(({ field }) => field !== 'inputs')],
    ['inputs', !isOne && settings.some(({ field }) => field === 'inputs')],
    ['alt', !isOne && alt !== null],
    // Another picture has other files anyway.
    ['outputs', !isOne && (haveOtherOutputs(pair) || (outputs.length > 0 && haveSameMaster(pair)))],
    ['state', !isOne && before.entry?.master.state !== after.entry?.master.state],
  ]
  return found.flatMap(([aspect, isFound]) => (isFound ? [aspect] : []))
}

/** Whether the picture may differ: its digest does, or that of the file in its place. */
function mayDiffer(
  { before, after }: AssetPair,
  { base, head }: { base: Side; head: Side },
): boolean {
  const [old, current] = [before?.entry?.master, after?.entry?.master]
  if (old === undefined || current === undefined) return old !== current
  if (old.sha256 !== current.sha256) return true
  const [was, is] = [base.identify(old.path), head.identify(current.path)]
  if (was === undefined || is === undefined) return false
  if ('sha256' in is) return is.sha256 !== current.sha256
  return 'blob' in was && was.blob !== is.blob
}

function haveSameMaster({ before, after }: AssetPair): boolean {
  return before?.entry?.master.sha256 === after?.entry?.master.sha256
}

function pictureOf(side: SideOfAsset | undefined): ComparedPicture | null {
  if (side?.entry === undefined) return null
  const { path, sha256, bytes, width, height, frames = 1, state } = side.entry.master
  return { path, sha256, bytes, width, height, frames, state }
}

/** The prompt that the manifest describes; without a manifest, that of the lockfile. */
function promptOf(side: SideOfAsset | undefined): string | null {
  if (side?.asset !== undefined) return side.asset.source === null ? side.asset.prompt : null
  const request = side?.entry?.request
  return request === undefined || request.operation === 'source' ? null : request.prompt
}

function comparePrompts({ before, after }: AssetPair): ComparedAsset['prompt'] {
  const [was, is] = [promptOf(before), promptOf(after)]
  return was === is ? null : { before: was, after: is, words: diffWords(was ?? '', is ?? '') }
}

function compareAlt({ before, after }: AssetPair): ComparedAsset['alt'] {
  if (before?.asset === undefined || after?.asset === undefined) return null
  const [was, is] = [before.asset.alt, after.asset.alt]
  return was === is ? null : { before: was, after: is }
}

/** Compares the requests, apart from the prompt: those of both manifests, or of both lockfiles. */
function compareSettings({ before, after }: AssetPair): FieldChange[] {
  if (before === undefined || after === undefined) return []
  if (before.asset !== undefined && after.asset !== undefined) {
    return compareWanted(before.asset, after.asset)
  }
  const [was, is] = [before.entry?.request, after.entry?.request]
  if (was === undefined || is === undefined || is.operation === 'source') return []
  return compareRequests(was, is).filter(({ field }) => field !== 'prompt')
}

function compareWanted(before: Asset, after: Asset): FieldChange[] {
  const [from, to] = [before.source?.path ?? null, after.source?.path ?? null]
  if (from !== null || to !== null) return from === to ? [] : [{ field: 'source', from, to }]
  const requests = [before, after].map(
    (asset) => requestOf(asset) as ImageRequest & { inputs?: unknown },
  )
  const changes = compareRequests(requests[0]!, requests[1]!).filter(
    ({ field }) => field !== 'prompt' && field !== 'inputs',
  )
  const [was, is] = [before, after].map(({ inputs }) =>
    inputs.map(({ role, target }) => `${role} ${target}`).join(', '),
  )
  return was === is
    ? changes
    : [...changes, { field: 'inputs', from: was === '' ? null : was!, to: is === '' ? null : is! }]
}

/** Lists the output files whose bytes differ; for an added or removed asset, all of them. */
function compareOutputs({ before, after }: AssetPair): ComparedAsset['outputs'] {
  const [was, is] = [outputsOf(before), outputsOf(after)]
  const files = [...new Set([...was.keys(), ...is.keys()])].sort(compareText)
  return files.flatMap((file) => {
    const [old, current] = [was.get(file), is.get(file)]
    if (old?.sha256 === current?.sha256) return []
    return [{ file, before: old?.bytes ?? null, after: current?.bytes ?? null }]
  })
}

/** The derived files of an asset that its manifest requests. */
function outputsOf(side: SideOfAsset | undefined): Map<string, LockEntry['outputs'][string]> {
  const wanted = side?.asset?.outputs.map(({ file }) => file)
  const all = Object.entries(side?.entry?.outputs ?? {})
  return new Map(all.filter(([file]) => wanted === undefined || wanted.includes(file)))
}

function haveOtherOutputs({ before, after }: AssetPair): boolean {
  if (before?.asset === undefined || after?.asset === undefined) return false
  return canonicalJson(before.asset.outputs) !== canonicalJson(after.asset.outputs)
}

function bytesOf(side: SideOfAsset | undefined): number {
  return [...outputsOf(side).values()].reduce((sum, { bytes }) => sum + bytes, 0)
}

/** Bytes of the largest file that a page of the site may load. */
function pageBytesOf(side: SideOfAsset | undefined): number {
  const others = side?.asset?.outputs.filter(({ isForPages }) => isForPages === false) ?? []
  const isForPages = (file: string): boolean => !others.some((output) => output.file === file)
  return [...outputsOf(side)].reduce(
    (most, [file, { bytes }]) => (isForPages(file) ? Math.max(most, bytes) : most),
    0,
  )
}

function pendingOf(after: SideOfAsset | undefined, head: Side): ComparedAsset['pending'] {
  const step = after === undefined ? undefined : head.stepByAsset.get(after.name)
  if (step === undefined) return null
  const usd = priceOfStep(step)
  return { state: stateWord(step), why: explainStep(step), usd }
}
