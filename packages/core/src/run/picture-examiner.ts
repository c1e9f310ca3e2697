import { readLockedMaster } from '../derive/read-locked-master.ts'
import { LimnError } from '../errors.ts'
import type { ExaminedPixels, PerceptualHash } from '../examine/examine-pixels.ts'
import { expectationsOf, hashExpectations } from '../identity/expectation-hash.ts'
import type { Examination, Examined, JudgedPicture } from '../lock/examination.ts'
import type { Expectations } from '../manifest/expectations.ts'
import type { Master } from '../pictures/read-master.ts'
import type { Plan } from '../plan/plan.ts'
import { keepVerdicts, readVerdicts } from './kept-verdicts.ts'
import type { LockWriter } from './lock-writer.ts'
import type { RunJudge } from './run-judge.ts'
import type { Workspace } from './workspace.ts'

/** A picture that is, or may become, the master of an asset. */
type PictureToExamine = {
  sha256: string
  /** Decodes it. Called only if there is no verdict yet. */
  open: () => Promise<Master>
}

type ExamineOptions = {
  /** Verdicts that still hold if they are about this picture. */
  before?: Examination | undefined
  /** Whether to examine what was examined before. Default false. */
  again?: boolean
}

/** What is known about a picture, and why the judge said nothing if it failed. */
export type ExaminedPicture = { examination: Examination; failure?: unknown }

/** Examines the pictures of a run. */
export type PictureExaminer = {
  /** Examines a picture; `undefined` if nothing is expected of its asset. */
  examine(
    asset: string,
    picture: PictureToExamine,
    options?: ExamineOptions,
  ): Promise<ExaminedPicture | undefined>
  /** Whether this run asked the judge about a picture in vain: it is not asked again. */
  isUnanswered(asset: string, picture: string): boolean
}

type ExaminerParts = { workspace: Workspace; plan: Plan; lockWriter: LockWriter; judge: RunJudge }

/** What an examiner knows: about which pictures of which assets the judge said nothing. */
type ExaminerState = ExaminerParts & { unanswered: Set<string> }

function unansweredKey(asset: string, picture: string): string {
  return `${picture} ${asset}`
}

/** Creates the examiner of a run. It loads nothing until a picture with expectations arrives. */
export function createPictureExaminer(parts: ExaminerParts): PictureExaminer {
  const { workspace, plan, lockWriter } = parts
  const state: ExaminerState = { ...parts, unanswered: new Set() }
  const judged = assetsToJudge(plan)
  const hashOf = createHashReader(parts)
  const digestOf = (other: string): string | null =>
    lockWriter.lock.assets.get(other)?.master.sha256 ?? null
  return {
    async examine(asset, picture, { before, again = false } = {}) {
      const expect = workspace.assetByName.get(asset)?.expect ?? null
      if (expect === null) return undefined
      const known = !again && before?.picture === picture.sha256 ? before : undefined
      const pixels = await examinePixelsOf(expect, picture, { known, digestOf, hashOf })
      const examination: Examination = {
        picture: picture.sha256,
        ...(pixels === undefined ? {} : { pixels }),
      }
      const options = { known, again, digestOf, isAllowed: judged.has(asset) }
      try {
        const judge = await judgeOnce({ asset, expect, picture }, options, state)
        return { examination: judge === undefined ? examination : { ...examination, judge } }
      } catch (failure) {
        return { examination, failure }
      }
    },
    isUnanswered: (asset, picture) => state.unanswered.has(unansweredKey(asset, picture)),
  }
}

/** Lists the assets whose pictures the plan lets the judge examine. */
function assetsToJudge({ steps }: Plan): ReadonlySet<string> {
  return new Set(
    steps.flatMap((step) =>
      step.kind === 'examine' && step.tests.some((test) => isJudgedTest(test)) ? [step.asset] : [],
    ),
  )
}

function isJudgedTest(test: keyof Expectations): boolean {
  return expectationsOf({ [test]: [] }, 'judge') !== undefined
}

type DigestOf = (asset: string) => string | null

async function examinePixelsOf(
  expect: Expectations,
  picture: PictureToExamine,
  {
    known,
    digestOf,
    hashOf,
  }: {
    known: Examination | undefined
    digestOf: DigestOf
    hashOf: (asset: string) => Promise<PerceptualHash | undefined>
  },
): Promise<Examined | undefined> {
  const own = expectationsOf(expect, 'pixels')
  if (own === undefined) return undefined
  const hash = hashExpectations(own, digestOf)
  if (known?.pixels?.expect === hash) return known.pixels
  const { examinePixels } = await import('../examine/examine-pixels.ts')
  const others = new Map<string, PerceptualHash>()
  for (const other of own.unlike ?? []) {
    const otherHash = await hashOf(other)
    if (otherHash !== undefined) others.set(other, otherHash)
  }
  const pixels = await rgbaOf(await picture.open())
  return { expect: hash, verdicts: examinePixels(pixels, own, others) }
}

/** Returns the pixels of a picture as the tests read them. */
async function rgbaOf({ pixels }: Master): Promise<ExaminedPixels> {
  const { toRgba } = await import('../pictures/decode.ts')
  return toRgba(pixels)
}

/** Returns a function that reads the perceptual hash of an asset's master, each picture once. */
function createHashReader({
  workspace: { paths },
  lockWriter,
}: Pick<ExaminerParts, 'workspace' | 'lockWriter'>): (
  asset: string,
) => Promise<PerceptualHash | undefined> {
  const hashByDigest = new Map<string, Promise<PerceptualHash>>()
  const read = async (entry: Parameters<typeof readLockedMaster>[1]): Promise<PerceptualHash> => {
    const [{ perceptualHash }, master] = await Promise.all([
      import('../examine/examine-pixels.ts'),
      readLockedMaster(paths.root, entry),
    ])
    return perceptualHash(await rgbaOf(master))
  }
  return async (asset) => {
    const entry = lockWriter.lock.assets.get(asset)
    if (entry === undefined) return undefined
    const { sha256 } = entry.master
    const hash = hashByDigest.get(sha256) ?? read(entry)
    hashByDigest.set(sha256, hash)
    return hash
  }
}

/**
 * Returns the judge's verdicts: those that hold, those that are kept, or new ones, which are kept
 * before anything else happens.
 *
 * @returns `undefined` if the judge has nothing to say, or the plan does not let it
 */
async function judgeOnce(
  { asset, expect, picture }: { asset: string; expect: Expectations; picture: PictureToExamine },
  {
    known,
    again,
    digestOf,
    isAllowed,
  }: { known: Examination | undefined; again: boolean; digestOf: DigestOf; isAllowed: boolean },
  { workspace: { paths }, lockWriter, judge, unanswered }: ExaminerState,
): Promise<JudgedPicture | undefined> {
  const own = expectationsOf(expect, 'judge')
  if (own === undefined) return undefined
  const hash = hashExpectations(own, digestOf)
  if (known?.judge?.expect === hash) return known.judge
  const question = { picture: picture.sha256, expect: own, digestOf }
  const kept = again ? undefined : readVerdicts(paths.verdicts, question)
  if (kept !== undefined) return kept
  if (!isAllowed) return undefined
  const references = (own.like ?? []).map((name) => {
    const entry = lockWriter.lock.assets.get(name)
    if (entry === undefined) throw nothingToCompare(name)
    return [name, entry] as const
  })
  const master = await picture.open()
  const asked = { master, expectations: own, references: new Map(references) }
  const verdicts = await judge.ask(asset, asked).catch((error: unknown) => {
    unanswered.add(unansweredKey(asset, picture.sha256))
    throw error
  })
  const judged: JudgedPicture = { expect: hash, ...verdicts }
  await keepVerdicts(paths.verdicts, question, judged)
  return judged
}

function nothingToCompare(name: string): LimnError {
  return new LimnError('asset/no-master', `There is no picture of "${name}" to compare with.`, {
    hint: `Generate ${name} first, then run \`limn examine\`.`,
  })
}
