import {
  type Examiner,
  expectationsOf,
  hashExpectations,
  testsOf,
  verdictKey,
} from '../identity/expectation-hash.ts'
import { verdictsOf } from '../lock/examination.ts'
import type { LockEntry } from '../lock/lock.ts'
import { comparedAssets } from '../manifest/compared-assets.ts'
import type { Expectations } from '../manifest/expectations.ts'
import type { Asset } from '../manifest/manifest.ts'
import { JUDGE_EDGE } from '../models/judges.ts'
import { parseSize, type Size } from '../models/size.ts'
import type { PlanContext } from './context.ts'
import { digestOfInput } from './current-request.ts'
import { judgmentPrice } from './judgment-price.ts'
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
 * `examine` step if there are no verdicts that hold, a `keep` step if some have failed. Of a
 * picture that is still to be made, only the judge has a step: the rest costs nothing.
 */
export function planVerdict(
  asset: Asset,
  expect: Expectations,
  context: PlanContext,
): Step | undefined {
  const { name } = asset
  const { lock, examine = false } = context.options
  const main = context.stepByAsset.get(name)
  if (isMade(main) && !examine) return examineMade(asset, expect, { main: main!, context })
  if (main?.kind === 'keep' && main.reasons.some(({ code }) => isOutOfPlace.has(code))) {
    return undefined
  }
  const entry = lock.assets.get(main?.kind === 'move' ? main.from : name)
  if (entry === undefined) return undefined
  const compared = comparedIn(asset, context)
  const due = examine ? allTests(expect) : findDue(expect, entry, compared)
  if (due !== undefined) {
    const { sha256 } = entry.master
    const question = { picture: examine ? null : sha256, size: entry.master, times: 1 }
    const isJudged = due.tests.some((test) => expectationsOf(expect, 'judge')?.[test] !== undefined)
    const usd = isJudged ? judgeUsd(expect, question, { compared, context }) : 0
    return { kind: 'examine', asset: name, ...due, usd }
  }
  const failed = failedVerdicts(expect, entry)
  return failed.length === 0
    ? undefined
    : { kind: 'keep', asset: name, reasons: [{ code: 'not-passed', failed }] }
}

/** Returns a step's part about all tests, which a command asks for. */
function allTests(expect: Expectations): ReturnType<typeof findDue> {
  return { reasons: [{ code: 'examine-requested' }], tests: testsOf(expect) }
}

/** Returns what decides about the pictures that an asset is compared with. */
function comparedIn({ place }: Asset, context: PlanContext): Required<VerdictContext> {
  return {
    digestOf: (target) =>
      digestOfInput({ role: 'reference', kind: 'asset', target, place }, context),
    isReplaced: (target) => isMade(context.stepByAsset.get(target)),
  }
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

/** Plans what the judge examines about a picture that is still to be made. */
function examineMade(
  asset: Asset,
  expect: Expectations,
  { main, context }: { main: Step; context: PlanContext },
): Step | undefined {
  const own = expectationsOf(expect, 'judge')
  if (own === undefined || (main.kind === 'generate' && main.batch === true)) return undefined
  const { name, place } = asset
  const target = { role: 'reference', kind: 'asset', target: name, place } as const
  const question = {
    picture: digestOfInput(target, context),
    size: sizeOfMade(main),
    times: countMade(asset, main),
  }
  const usd = judgeUsd(expect, question, { compared: comparedIn(asset, context), context })
  if (usd === 0) return undefined
  return {
    kind: 'examine',
    asset: name,
    reasons: [{ code: 'not-examined' }],
    tests: testsOf(own),
    usd,
  }
}

/** The number of pictures at most that a step makes and the judge examines. */
function countMade({ picksBest, attempts, candidates }: Asset, main: Step): number {
  const isChoice = picksBest || attempts > 1
  if (main.kind === 'generate') {
    const { attempts: more = 1, received = [], images } = main
    const requested = main.received !== undefined && main.attempts === undefined ? 1 : more
    return (isChoice ? images : 1) * requested + received.length
  }
  return main.kind === 'recover' && main.from === 'journal' && isChoice ? candidates * attempts : 1
}

/** The judge sees no picture larger than this, px. */
const LARGEST: Size = { width: JUDGE_EDGE, height: JUDGE_EDGE }

function sizeOfMade(main: Step): Size {
  if (main.kind !== 'generate' && main.kind !== 'recover') return LARGEST
  return parseSize(main.request.size) ?? LARGEST
}

/** What the judge costs at most for a number of pictures, USD; 0 if its verdict is kept. */
function judgeUsd(
  expect: Expectations,
  { picture, size, times }: { picture: string | null; size: Size; times: number },
  { compared, context }: { compared: Required<VerdictContext>; context: PlanContext },
): number | null {
  const { inventory, lock, manifest } = context.options
  const own = expectationsOf(expect, 'judge')!
  const like = own.like ?? []
  const isKept =
    picture !== null &&
    !like.some(compared.isReplaced) &&
    inventory.verdicts?.has(verdictKey({ picture, expect: own, digestOf: compared.digestOf })) ===
      true
  if (isKept) return 0
  const others = like.map((name) => lock.assets.get(name)?.master ?? LARGEST)
  const usd = judgmentPrice(own, [size, ...others], manifest.judge)
  return usd === null ? null : usd * times
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
