import { describePointer } from '../disk/pointer-file.ts'
import type { Verdict } from '../lock/verdict.ts'
import { listNames } from './list-names.ts'
import type { Reason, Step } from './plan.ts'
import { stateWord } from './states.ts'

/** Describes the state of a step's asset, and why: `stale: prompt changed, hero changed`. */
export function describeStep(step: Step): string {
  const [word, why] = [stateWord(step), explainStep(step)]
  return why === '' ? word : `${word}: ${why}`
}

/** Explains the state of a step's asset; empty if the word for the state says it all. */
export function explainStep({ reasons }: Step): string {
  return reasons
    .map(describeReason)
    .filter((text) => text !== '')
    .join(', ')
}

function describeReason(reason: Reason): string {
  const describe = descriptionByCode[reason.code] as (reason: Reason) => string
  return describe(reason)
}

const descriptionByCode: {
  readonly [Code in Reason['code']]: (reason: Extract<Reason, { code: Code }>) => string
} = {
  new: () => '',
  'request-changed': ({ changes }) => `${listNames(changes.map(({ field }) => field))} changed`,
  'input-changed': ({ inputs }) =>
    inputs.length === 0 ? 'fewer input pictures' : `${listNames(inputs)} changed`,
  'master-missing': () => 'git can restore it',
  forced: () => '',
  'received-before': () => 'in the journal, already paid for',
  'had-before': () => 'from an earlier run, already paid for',
  renamed: ({ from }) => `from ${from}`,
  'source-new': () => 'new source',
  'source-changed': () => 'source changed',
  picked: ({ candidate }) => `candidate ${candidate} picked`,
  adopted: () => 'adopted',
  'outputs-added': ({ presets }) => `${presetList(presets)} added`,
  'outputs-changed': ({ presets }) => `${presetList(presets)} changed`,
  'outputs-missing': ({ files }) =>
    `${files} ${files === 1 ? 'file' : 'files'} missing on this machine`,
  'outputs-altered': ({ files }) => `${listNames(files)} altered`,
  edited: () => 'kept until it is adopted',
  'paid-for': ({ provider }) =>
    provider === 'adopted' ? 'adopted by hand' : `paid for at ${provider}`,
  'kept-missing': ({ state }) => state,
  untracked: ({ path }) => `${path} is not in the lockfile`,
  link: ({ path }) => `Limn does not follow ${path}`,
  'not-downloaded': ({ path, pointer }) => {
    const { problem, fix } = describePointer(pointer, path)
    return `${path} ${problem} (${fix})`
  },
  blocked: ({ inputs }) => `made from ${listNames(inputs)}`,
  linked: () => 'already paid for, still to be fetched',
  'in-batch': ({ since }) => `since ${since.slice(0, 16).replace('T', ' ')} UTC`,
  'waits-for-batch': ({ inputs }) => `for ${listNames(inputs)}, in a batch`,
  'failed-in-batch': () => 'its picture has not arrived',
  'not-examined': () => 'no verdict yet',
  'expectations-changed': () => 'other expectations',
  'picture-changed': () => 'another picture',
  'examine-requested': () => 'as requested',
  'compared-changed': ({ assets }) => `${listNames(assets)} changed`,
  'not-passed': ({ failed }) => listNames([...new Set(failed.map(nameOfTest))]),
  'not-in-manifest': () => 'no longer in the manifest (limn prune)',
  'outputs-not-asked': ({ files }) => `${listNames(files)} (limn prune)`,
}

/** `quiet`, `shows "a lighthouse"`. */
export function nameOfTest({ test, of }: Pick<Verdict, 'test' | 'of'>): string {
  return of === undefined ? test : `${test} "${of}"`
}

function presetList(presets: readonly string[]): string {
  return `${presets.length === 1 ? 'preset' : 'presets'} ${listNames(presets)}`
}
