import { count } from '../../count.ts'
import type { Lock, LockEntry } from '../../lock/lock.ts'
import type { Asset, Manifest, Policy } from '../../manifest/manifest.ts'
import type { Requirement } from '../../manifest/policy-codes.ts'
import { formatUsd } from '../../models/cost.ts'
import { formatBytes } from '../byte-text.ts'
import type { BranchCost } from './branch-cost.ts'
import type { Violation } from './finding.ts'
import { matches } from './matches.ts'

/** What policies are checked against. */
export type Checked = {
  manifest: Pick<Manifest, 'assets' | 'providers'>
  lock: Lock
  policy: Policy
  /** What the branch costs; `undefined` if there is no base to compare with. */
  cost: BranchCost | undefined
}

/** Lists what breaks the policies, in the order of the policies. */
export function findViolations(checked: Checked): Violation[] {
  return [
    ...findModels(checked),
    ...findProviders(checked),
    ...findCost(checked),
    ...findPages(checked),
    ...findMissing(checked),
  ]
}

function findModels({ manifest, lock, policy: { models } }: Checked): Violation[] {
  if (models === null) return []
  const isAllowed = (name: string): boolean => models.some((pattern) => matches(pattern, name))
  const hint = `Use one of ${models.join(', ')}, or acknowledge it in \`policy\`.`
  return manifest.assets.flatMap((asset): Violation[] => {
    const { name, source, model, place } = asset
    if (source === null && !isAllowed(model)) {
      const message = `${name} uses the model ${model}, which the policy does not allow.`
      return [{ code: 'model', subject: name, message, hint, at: place }]
    }
    const made = generatedEntry(lock, name)?.request
    if (made === undefined || made.operation === 'source' || isAllowed(made.model)) return []
    const message = `The picture of ${name} was made by the model ${made.model}, which the policy does not allow.`
    return [{ code: 'model', subject: name, message, hint, at: place }]
  })
}

function findProviders({ manifest, lock, policy: { providers } }: Checked): Violation[] {
  if (providers === null) return []
  const isAllowed = (name: string): boolean => providers.some((pattern) => matches(pattern, name))
  const hint = `Use one of ${providers.join(', ')}, or acknowledge it in \`policy\`.`
  const code = 'provider'
  const used = manifest.providers
    .filter(({ name }) => !isAllowed(name))
    .map(({ name }): Violation => {
      const message = `The manifest uses the provider ${name}, which the policy does not allow.`
      return { code, subject: null, message, hint, at: ['provider'] }
    })
  const made = manifest.assets.flatMap(({ name, place }): Violation[] => {
    const provider = generatedEntry(lock, name)?.made.provider
    if (provider === undefined || isAllowed(provider)) return []
    const message = `The picture of ${name} was made by the provider ${provider}, which the policy does not allow.`
    return [{ code, subject: name, message, hint, at: place }]
  })
  return [...used, ...made]
}

/** Returns the entry of a picture that a model has made; `undefined` for those of people. */
function generatedEntry({ assets }: Lock, name: string): LockEntry | undefined {
  const entry = assets.get(name)
  const isOwn = entry?.made.provider === 'adopted' || entry?.request.operation === 'source'
  return isOwn ? undefined : entry
}

function findCost({ policy: { maxCost }, cost }: Checked): Violation[] {
  if (maxCost === null || cost === undefined) return []
  const { paidUsd, plannedUsd, unknownPrices } = cost
  const usd = paidUsd + plannedUsd
  const at = ['policy', 'maxCost']
  const hint = `Remove pictures, choose a cheaper model or quality, or acknowledge it in \`policy\`.`
  if (usd > maxCost + TOLERANCE) {
    const message = `The pictures of this branch cost ${formatUsd(usd)} (${formatUsd(paidUsd)} paid, ${formatUsd(plannedUsd)} to come); the policy allows ${formatUsd(maxCost)}.`
    return [{ code: 'cost', subject: null, message, hint, at }]
  }
  if (unknownPrices === 0) return []
  const message = `The price of ${count(unknownPrices, 'picture')} of this branch is unknown, so its cost may exceed the ${formatUsd(maxCost)} of the policy.`
  return [{ code: 'cost', subject: null, message, hint, at }]
}

/** Sums of prices are not exact, USD. */
const TOLERANCE = 1e-9

function findPages({ manifest, lock, policy }: Checked): Violation[] {
  const { maxPageBytes, pages } = policy
  if (maxPageBytes === null) return []
  const onPage = new Set<Asset>()
  const hint = 'Use smaller outputs or a lower quality, or acknowledge it in `policy`.'
  const bytesOf = (assets: readonly Asset[]): number =>
    assets.reduce((sum, asset) => sum + pageBytes(asset, lock), 0)
  const named = Object.entries(pages).flatMap(([page, names]): Violation[] => {
    const assets = manifest.assets.filter(({ name }) => covers(names, name))
    for (const asset of assets) onPage.add(asset)
    const bytes = bytesOf(assets)
    if (bytes <= maxPageBytes) return []
    const message = `The page ${page} loads up to ${formatBytes(bytes)} of pictures; the policy allows ${formatBytes(maxPageBytes)}.`
    return [{ code: 'page-bytes', subject: page, message, hint, at: ['policy', 'pages', page] }]
  })
  const others = manifest.assets.flatMap((asset): Violation[] => {
    const bytes = onPage.has(asset) ? 0 : bytesOf([asset])
    if (bytes <= maxPageBytes) return []
    const message = `A page with ${asset.name} loads up to ${formatBytes(bytes)} of pictures; the policy allows ${formatBytes(maxPageBytes)}.`
    return [{ code: 'page-bytes', subject: asset.name, message, hint, at: asset.place }]
  })
  return [...named, ...others]
}

/** Bytes of the largest file that a page may load: of several widths and formats, it loads one. */
function pageBytes({ name, outputs }: Asset, { assets }: Lock): number {
  const locked = assets.get(name)?.outputs ?? {}
  return outputs.reduce((most, { file, isForPages }) => {
    const bytes = isForPages !== false && Object.hasOwn(locked, file) ? locked[file]!.bytes : 0
    return Math.max(most, bytes)
  }, 0)
}

/** Whether a list of names has an asset, or one that it is below. */
export function covers(names: readonly string[], asset: string): boolean {
  return names.some((name) => asset === name || asset.startsWith(`${name.replace(/\/$/, '')}/`))
}

/** What every picture must have: whether an asset has it, and how to add it. */
const requirementTable: Readonly<
  Record<Requirement, { has(asset: Asset): boolean; hint(asset: Asset): string }>
> = {
  alt: {
    has: ({ alt, isAltSuggested, isDecorative }) =>
      (alt.trim() !== '' && !isAltSuggested) || isDecorative,
    hint: ({ name, isAltSuggested }) =>
      isAltSuggested
        ? `Correct the suggested one if necessary, then run \`limn describe --confirm ${name}\`.`
        : 'Describe what the picture shows, or write `decorative: true`.',
  },
}

function findMissing({ manifest, policy: { require } }: Checked): Violation[] {
  return [...new Set(require)].flatMap((code) => {
    const { has, hint } = requirementTable[code]
    return manifest.assets
      .filter((asset) => !has(asset))
      .map((asset): Violation => {
        const { name, isAltSuggested, place } = asset
        const lack = isAltSuggested ? 'has no confirmed' : 'has no'
        const message = `${name} ${lack} \`${code}\`, which the policy requires.`
        return { code, subject: name, message, hint: hint(asset), at: place }
      })
  })
}
