import { maxBytes, readTextInside } from '../../disk/read-inside.ts'
import { LimnError } from '../../errors.ts'
import { editAsset } from '../../manifest/edit/edit-asset.ts'
import type { Asset } from '../../manifest/manifest.ts'
import { selectAssets } from '../../manifest/select-assets.ts'
import { addUsd } from '../../models/cost.ts'
import { estimateJudgment, JUDGE_EDGE } from '../../models/judges.ts'
import type { Size } from '../../models/size.ts'
import type { ProjectPaths } from '../../store/paths.ts'
import { readSuggestions, type Suggestion } from '../../store/suggestions.ts'
import type { Snapshot } from '../snapshot.ts'

/** One alt text to request. */
export type PlannedDescription = {
  asset: string
  /** Path of the picture, relative to the root, and its SHA-256. */
  path: string
  picture: string
  /** The most that it costs, USD; `null` if the price is unknown. */
  usd: number | null
}

/** What `describe` would do. Plain data. */
export type DescribePlan = {
  requests: PlannedDescription[]
  /** Alt texts that an earlier run paid for and could not write. */
  stored: Suggestion[]
  /** Assets without an alt text that are left out, and why, as the end of a sentence. */
  skipped: { asset: string; why: string }[]
  /** The most that the requests cost together, USD; without those of unknown price. */
  usd: number
  /** Number of requests of unknown price. */
  unknownPrices: number
}

/** Most alt texts of the project that are sent as examples. */
const MAX_EXAMPLES = 5

/**
 * Plans the alt texts of assets that have a picture and no alt text.
 *
 * @param names assets, or those below them. Default: all
 * @throws LimnError `asset/unknown`
 */
export function planDescriptions(
  snapshot: Snapshot,
  { paths, names }: { paths: ProjectPaths; names: readonly string[] },
): DescribePlan {
  const { manifest } = snapshot
  const selected = names.length === 0 ? undefined : selectAssets(manifest, names)
  const suggestions = readSuggestions(paths)
  const examples = examplesOf(snapshot)
  const plan: DescribePlan = { requests: [], stored: [], skipped: [], usd: 0, unknownPrices: 0 }
  const editor = createEditCheck(paths.root)
  const seen = new Set<string>()
  for (const asset of manifest.assets) {
    if (!lacksAlt(asset) || selected?.has(asset.name) === false || seen.has(asset.key)) continue
    const picture = pictureOf(asset, snapshot)
    // Of the shapes of one picture, the first one that exists is described for all.
    const why = picture === undefined ? 'it has no picture here yet' : editor.findProblem(asset)
    if (picture === undefined || why !== undefined) {
      plan.skipped.push({ asset: asset.name, why: why! })
      continue
    }
    seen.add(asset.key)
    const stored = suggestions.get(asset.name)
    if (stored?.picture === picture.sha256) plan.stored.push(stored)
    else addRequest(plan, asset, { picture, examples, snapshot })
  }
  const described = new Set(manifest.assets.filter(({ key }) => seen.has(key)).map(nameOf))
  return { ...plan, skipped: plan.skipped.filter(({ asset }) => !described.has(asset)) }
}

/** Returns alt texts of people, which set the language and the tone. */
export function examplesOf({ manifest }: Pick<Snapshot, 'manifest'>): string[] {
  const alts = manifest.assets.flatMap(({ alt, isAltSuggested }) =>
    alt === '' || isAltSuggested ? [] : [alt],
  )
  return [...new Set(alts)].slice(0, MAX_EXAMPLES)
}

function nameOf({ name }: Asset): string {
  return name
}

function lacksAlt({ alt, isDecorative }: Asset): boolean {
  return alt === '' && !isDecorative
}

type Picture = { path: string; sha256: string; size: Size }

/** Finds the file of an asset's picture; `undefined` if this machine does not have it. */
function pictureOf({ name, source }: Asset, { lock, inventory }: Snapshot): Picture | undefined {
  const entry = lock.assets.get(name)
  // The size of a source that was not read yet is unknown, and the copy for the judge is small.
  const size = entry?.master ?? { width: JUDGE_EDGE, height: JUDGE_EDGE }
  const path = source?.path ?? entry?.master.path
  const file =
    path === undefined
      ? undefined
      : source === null
        ? inventory.masters.get(path)
        : inventory.sources.get(path)
  return path === undefined || file === undefined || file.pointer !== undefined
    ? undefined
    : { path, sha256: file.sha256, size }
}

function addRequest(
  plan: DescribePlan,
  { name, ownPrompt }: Asset,
  {
    picture: { path, sha256, size },
    examples,
    snapshot: { manifest },
  }: { picture: Picture; examples: readonly string[]; snapshot: Snapshot },
): void {
  const characters = [ownPrompt, ...examples].reduce((sum, { length }) => sum + length, 0)
  const { usd } = estimateJudgment({ pictures: [size], characters }, manifest.judge)
  plan.requests.push({ asset: name, path, picture: sha256, usd })
  plan.usd = addUsd(plan.usd, usd ?? 0)!
  if (usd === null) plan.unknownPrices++
}

/** Finds assets whose entry cannot take an alt text, before anything is paid for. */
function createEditCheck(root: string): { findProblem(asset: Asset): string | undefined } {
  const textByFile = new Map<string, string>()
  const textOf = (file: string): string => {
    const text = textByFile.get(file) ?? readTextInside(root, file, maxBytes.text)
    textByFile.set(file, text)
    return text
  }
  return {
    findProblem({ name, key, family, place }) {
      if (name !== key && family !== key) return 'it is one of a matrix, whose pictures share `alt`'
      try {
        const { line } = place
        editAsset(textOf(place.file), { key, line }, { alt: 'x', altSuggested: true })
        return undefined
      } catch (error) {
        if (error instanceof LimnError) return `its entry can't be edited: ${error.message}`
        throw error
      }
    },
  }
}
