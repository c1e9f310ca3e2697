import { describePointer } from '../disk/pointer-file.ts'
import type { Reason, Step } from './plan.ts'

/** Describes why a plan has a step: `prompt changed, hero changed`. */
export function describeStep({ kind, reasons }: Step): string {
  const text = reasons.map(describeReason).join(', ')
  return kind === 'derive' ? `derive only: ${text}` : text
}

function describeReason(reason: Reason): string {
  const describe = descriptionByCode[reason.code] as (reason: Reason) => string
  return describe(reason)
}

const descriptionByCode: {
  readonly [Code in Reason['code']]: (reason: Extract<Reason, { code: Code }>) => string
} = {
  new: () => 'new',
  'request-changed': ({ changes }) => `${list(changes.map(({ field }) => field))} changed`,
  'input-changed': ({ inputs }) =>
    inputs.length === 0 ? 'fewer input pictures' : `${list(inputs)} changed`,
  'master-missing': () => 'master missing (git can restore it)',
  forced: () => 'forced',
  'received-before': () => 'recovered from the journal, already paid for',
  'had-before': () => 'restored from an earlier run, already paid for',
  renamed: ({ from }) => `renamed from ${from}`,
  'source-new': () => 'new source',
  'source-changed': () => 'source changed',
  picked: ({ candidate }) => `candidate ${candidate} picked`,
  adopted: () => 'adopted',
  'outputs-added': ({ presets }) => `${presetList(presets)} added`,
  'outputs-changed': ({ presets }) => `${presetList(presets)} changed`,
  'outputs-missing': ({ files }) =>
    `${files} ${files === 1 ? 'file' : 'files'} missing on this machine`,
  'outputs-altered': ({ files }) => `${list(files)} altered`,
  edited: () => 'edited by hand: kept (limn adopt, or --force)',
  'paid-for': ({ provider }) =>
    `${provider === 'adopted' ? 'adopted' : `paid for at ${provider}`}: kept (--force replaces it)`,
  'kept-missing': ({ state }) =>
    `${state}, but missing: restore it with git, or run limn generate NAME --force`,
  untracked: ({ path }) => `${path} is not in the lockfile: kept (limn adopt, or --force)`,
  link: ({ path }) =>
    `${path} is a link, which Limn does not follow: kept (replace it with the picture)`,
  'not-downloaded': ({ path, pointer }) => {
    const { problem, fix } = describePointer(pointer, path)
    return `${path} ${problem}: kept (${fix})`
  },
  'in-batch': ({ since }) => `in a batch since ${since.slice(0, 16).replace('T', ' ')} UTC`,
  'waits-for-batch': ({ inputs }) => `waits for ${list(inputs)}, in a batch`,
  'failed-in-batch': () => 'its picture has not arrived',
  'not-in-manifest': () => 'no longer in the manifest (limn prune)',
  'outputs-not-asked': ({ files }) => `no longer requested (limn prune): ${list(files)}`,
}

function presetList(presets: readonly string[]): string {
  return `${presets.length === 1 ? 'preset' : 'presets'} ${list(presets)}`
}

function list(words: readonly string[]): string {
  return words.length > 3
    ? `${words.slice(0, 3).join(', ')} and ${words.length - 3} more`
    : words.join(', ')
}
