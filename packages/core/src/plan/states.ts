import { describePointer } from '../disk/pointer-file.ts'
import type { MasterState } from '../lock/lock.ts'
import { groupBy } from './group-by.ts'
import { listNames } from './list-names.ts'
import type { Reason, Step } from './plan.ts'
import { isWork } from './steps.ts'

/**
 * What a state needs: `nothing`; a `run` of `limn generate`; a decision of a `person`; or a `wait`
 * for a server.
 */
type Need = 'nothing' | 'run' | 'person' | 'wait'

type StateFacts = {
  /** The word that every command shows. See the glossary. */
  word: string
  need: Need
  /** One imperative sentence that resolves the state of these assets. */
  advise: (steps: readonly Step[]) => string
}

const generate = (): string => 'Run `limn generate`.'
const nothing = (): string => ''

/** The states of an asset: the only place that decides what commands call them and advise. */
const states = {
  generated: { word: 'generated', need: 'nothing', advise: nothing },
  adopted: { word: 'adopted', need: 'nothing', advise: nothing },
  pinned: { word: 'pinned', need: 'nothing', advise: nothing },
  /** Paid for, and the provider of the manifest would replace it with a free picture. */
  kept: { word: 'kept', need: 'nothing', advise: nothing },
  new: { word: 'new', need: 'run', advise: generate },
  stale: { word: 'stale', need: 'run', advise: generate },
  forced: { word: 'forced', need: 'run', advise: generate },
  received: { word: 'received', need: 'run', advise: generate },
  shelved: { word: 'shelved', need: 'run', advise: generate },
  /** Paid for: a link leads to the picture. */
  linked: {
    word: 'linked',
    need: 'run',
    advise: (steps) => `Run \`limn generate\`, which fetches ${them(steps)} at no cost.`,
  },
  renamed: { word: 'renamed', need: 'run', advise: generate },
  outputs: { word: 'outputs', need: 'run', advise: generate },
  missing: {
    word: 'missing',
    need: 'run',
    advise: (steps) =>
      `Restore ${pictures(steps)} with git, or run \`limn generate\` to request ${them(steps)} again.`,
  },
  lost: {
    word: 'missing',
    need: 'person',
    advise: (steps) =>
      `Restore ${pictures(steps)} with git, or run \`limn generate ${name(steps)} --force\` to replace ${them(steps)}.`,
  },
  edited: {
    word: 'edited',
    need: 'person',
    advise: (steps) =>
      `Run \`limn adopt ${name(steps)}\` to accept the edited ${noun(steps)}, or restore ${them(steps)} with git.`,
  },
  untracked: {
    word: 'untracked',
    need: 'person',
    advise: (steps) =>
      `Run \`limn adopt ${name(steps)}\` to accept the ${noun(steps)}, or move ${them(steps)} to another folder.`,
  },
  link: {
    word: 'link',
    need: 'person',
    advise: (steps) =>
      steps.length === 1
        ? `Replace the link of ${names(steps)} with the picture.`
        : `Replace the links of ${names(steps)} with the pictures.`,
  },
  /** Another tool has the picture, such as Git LFS. */
  elsewhere: {
    word: 'not downloaded',
    need: 'person',
    advise: (steps) => `Run ${fixesOf(steps)}.`,
  },
  outdated: {
    word: 'stale',
    need: 'person',
    advise: (steps) =>
      `Run \`limn pin ${name(steps)}\` to keep the paid ${noun(steps)}, or \`limn generate ${name(steps)} --force\` to replace ${them(steps)}.`,
  },
  blocked: {
    word: 'blocked',
    need: 'person',
    advise: (steps) => `First adopt or restore ${inputsOf(steps)}, then run \`limn generate\`.`,
  },
  'in batch': { word: 'in batch', need: 'wait', advise: waitForBatch },
  waiting: { word: 'waiting', need: 'wait', advise: waitForBatch },
  failed: {
    word: 'failed',
    need: 'run',
    advise: (steps) => `Run \`limn generate\` to request ${them(steps)} again.`,
  },
  unexamined: { word: 'not examined', need: 'run', advise: generate },
  /** Not what the manifest expects. */
  unfit: {
    word: 'not passed',
    need: 'person',
    advise: (steps) =>
      `Run \`limn generate ${name(steps)} --force\` to replace the ${noun(steps)} that did not pass, or change \`expect\`.`,
  },
  /** Only in the lockfile. */
  orphaned: { word: 'orphaned', need: 'nothing', advise: prune },
  /** Files in the lockfile that the manifest no longer requests. */
  unused: { word: 'unused', need: 'nothing', advise: prune },
} as const satisfies Record<string, StateFacts>

type State = keyof typeof states

function waitForBatch(): string {
  return 'Run `limn generate` once the batch is finished; `limn batch` shows its progress.'
}

function prune(): string {
  return 'Run `limn prune`.'
}

/** The state of each reason to keep an asset as it is. */
const stateByReason: Partial<Record<Reason['code'], State>> = {
  edited: 'edited',
  'kept-missing': 'lost',
  untracked: 'untracked',
  link: 'link',
  'not-downloaded': 'elsewhere',
  blocked: 'blocked',
  linked: 'linked',
  'in-batch': 'in batch',
  'waits-for-batch': 'waiting',
  'failed-in-batch': 'failed',
  'not-passed': 'unfit',
  'not-in-manifest': 'orphaned',
  'outputs-not-asked': 'unused',
  new: 'new',
  'master-missing': 'missing',
  forced: 'forced',
  'received-before': 'received',
  'had-before': 'shelved',
  renamed: 'renamed',
}

/**
 * Returns the word for the state of an asset.
 *
 * @param step what the plan does for the asset; `undefined` if nothing
 * @param locked the state of its master in the lockfile, if the plan does nothing
 */
export function stateWord(step: Step | undefined, locked: MasterState = 'generated'): string {
  return states[step === undefined ? locked : stateOf(step)].word
}

/** Returns what the state of a step's asset needs. */
export function needOf(step: Step): Need {
  return states[stateOf(step)].need
}

/** Whether `limn generate` would change anything, for example fetch a picture from its link. */
export function isPending(step: Step): boolean {
  return isWork(step) || needOf(step) === 'run'
}

/** Lists what to do about the assets of some steps: one sentence per kind of advice. */
export function adviseOn(steps: readonly Step[]): string[] {
  const stepsByState = groupBy(steps, stateOf)
  return [...new Set([...stepsByState].map(([state, each]) => states[state].advise(each)))].filter(
    (sentence) => sentence !== '',
  )
}

function stateOf({ kind, reasons }: Step): State {
  if (kind === 'derive') return 'outputs'
  if (kind === 'examine') return 'unexamined'
  const [first] = reasons
  if (first?.code === 'paid-for') return reasons.length > 1 ? 'outdated' : 'kept'
  return stateByReason[first!.code] ?? 'stale'
}

function name(steps: readonly Step[]): string {
  return steps.length === 1 ? steps[0]!.asset : 'NAME'
}

function names(steps: readonly Step[]): string {
  return listNames(steps.map(({ asset }) => asset))
}

function inputsOf(steps: readonly Step[]): string {
  const inputs = steps.flatMap(({ reasons }) =>
    reasons.flatMap((reason) => (reason.code === 'blocked' ? reason.inputs : [])),
  )
  return listNames([...new Set(inputs)])
}

/** The commands that get the pictures, in backticks. */
function fixesOf(steps: readonly Step[]): string {
  const fixes = steps.flatMap(({ reasons }) =>
    reasons.flatMap((reason) =>
      reason.code === 'not-downloaded'
        ? [describePointer(reason.pointer, steps.length === 1 ? reason.path : undefined).fix]
        : [],
    ),
  )
  return [...new Set(fixes)].map((fix) => `\`${fix}\``).join(' and ')
}

function noun(steps: readonly Step[]): string {
  return steps.length === 1 ? 'picture' : 'pictures'
}

function pictures(steps: readonly Step[]): string {
  return `the ${noun(steps)} of ${names(steps)}`
}

function them(steps: readonly Step[]): string {
  return steps.length === 1 ? 'it' : 'them'
}
