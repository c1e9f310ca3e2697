import {
  type Examiner,
  expectationsOf,
  hashExpectations,
  testsOf,
} from '../identity/expectation-hash.ts'
import { verdictsOf } from '../lock/examination.ts'
import type { LockEntry } from '../lock/lock.ts'
import { comparedAssets } from '../manifest/compared-assets.ts'
import type { Expectations } from '../manifest/expectations.ts'
import type { Asset } from '../manifest/manifest.ts'
import type { PlanContext } from './context.ts'
import { digestOfInput } from './current-request.ts'
import type { Reason, Step } from './plan.ts'
import { isNewSource } from './steps.ts'

/** What decides whether the verdicts about a picture hold. */
export type VerdictContext = {
  /** Returns the digest of an asset's picture; `null` if it has none. */
  digestOf: (asset: string) => string | null
  /** Returns whether this plan replaces the picture of an asset. Default: none. */
  isReplaced?: (asset: string) => boolean
}

const examiners: readonly Examiner[] = ['pixels', 'judge']

/**
 * Plans the examination of an asset with expectations, whose own step is planned already: an
 * `examine` step if there are no verdicts that hold, a `keep` step if some have failed.
 */
export function planVerdict(
  asset: Asset,
  expect: Expectations,
  context: PlanContext,
): Step | undefined {
  const { name } = asset
  const main = context.stepByAsset.get(name)
  if (isMade(main)) return examineMade(asset, expect)
  if (main?.kind === 'keep' && main.reasons.some(({ code }) => isOutOfPlace.has(code))) {
    return undefined
  }
  const entry = context.options.lock.assets.get(main?.kind === 'move' ? main.from : name)
  if (entry === undefined) return undefined
  const due = findDue(expect, entry, {
    digestOf: (other) => digestOfAsset(asset, other, context),
    isReplaced: (other) => isMade(context.stepByAsset.get(other)),
  })
  if (due !== undefined) return { kind: 'examine', asset: name, usd: 0, ...due }
  const failed = failedVerdicts(expect, entry)
  return failed.length === 0
    ? undefined
    : { kind: 'keep', asset: name, reasons: [{ code: 'not-passed', failed }] }
}

/** States in which the file in the place of the master is not the one of the lockfile. */
const isOutOfPlace: ReadonlySet<Reason['code']> = new Set([
  'edited',
  'kept-missing',
  'untracked',
  'link',
  'not-downloaded',
] as const)

/** Whether a step gives an asset a new picture, which is examined when it arrives. */
function isMade(step: Step | undefined): boolean {
  if (step === undefined) return false
  return (
    step.kind === 'generate' ||
    step.kind === 'recover' ||
    (step.kind === 'derive' && isNewSource(step))
  )
}

/** A picture that is still to be made is examined for free on its way; only the judge costs. */
function examineMade(_asset: Asset, _expect: Expectations): Step | undefined {
  return undefined
}

function digestOfAsset({ place }: Asset, target: string, context: PlanContext): string | null {
  return digestOfInput({ role: 'reference', kind: 'asset', target, place }, context)
}

/** Finds what is to be examined about a locked picture, and why; `undefined` if nothing is. */
export function findDue(
  expect: Expectations,
  { master, examined }: Pick<LockEntry, 'master' | 'examined'>,
  { digestOf, isReplaced = () => false }: VerdictContext,
): Pick<Extract<Step, { kind: 'examine' }>, 'reasons' | 'tests'> | undefined {
  const replaced = comparedAssets(expect).filter(isReplaced)
  const due = examiners.filter((examiner) => {
    const own = expectationsOf(expect, examiner)
    if (own === undefined) return false
    const hash = hashExpectations(own, digestOf)
    const isCurrent = examined?.picture === master.sha256 && examined[examiner]?.expect === hash
    return !isCurrent || comparedAssets(own).some((other) => replaced.includes(other))
  })
  if (due.length === 0) return undefined
  const tests = due.flatMap((examiner) => testsOf(expectationsOf(expect, examiner)))
  const reason = whyDue({ examined, picture: master.sha256, due, replaced })
  return { reasons: [reason], tests }
}

function whyDue({
  examined,
  picture,
  due,
  replaced,
}: {
  examined: LockEntry['examined']
  picture: string
  due: readonly Examiner[]
  replaced: string[]
}): Reason {
  if (due.every((examiner) => examined?.[examiner] === undefined)) return { code: 'not-examined' }
  if (examined?.picture !== picture) return { code: 'picture-changed' }
  if (replaced.length > 0) return { code: 'compared-changed', assets: replaced }
  return { code: 'expectations-changed' }
}

/** Lists the verdicts that hold and have failed. */
function failedVerdicts(
  expect: Expectations,
  { examined }: LockEntry,
): ReturnType<typeof verdictsOf> {
  return verdictsOf(examined).filter(({ test, passed }) => !passed && expect[test] !== undefined)
}
