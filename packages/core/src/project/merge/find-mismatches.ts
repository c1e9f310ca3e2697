import { count } from '../../count.ts'
import { formatLock } from '../../lock/codec.ts'
import type { Part } from './read-part.ts'
import type { MergeProblem } from './result.ts'

/** What a shard left, and what it started from. */
type Started = { part: Part; record: NonNullable<Part['record']> }

const SAME_COMMIT =
  'Run all shards on the same commit: otherwise two of them may pay for the same picture.'

/**
 * Finds what shows that the parts are not all shards of one run: another start, another number of
 * shards, a shard that is missing or there twice, a part without its lockfile.
 */
export function findMismatches(parts: readonly Part[]): MergeProblem[] {
  const started = parts.flatMap((part) => (part.record ? [{ part, record: part.record }] : []))
  return [
    ...parts.flatMap(reportNoLock),
    ...reportBases(started),
    ...reportManifests(started),
    ...reportNumbers(started),
  ]
}

function reportNoLock({ label, hasLock, base }: Part): MergeProblem[] {
  if (hasLock || base.assets.size === 0) return []
  return [
    {
      message: `${label} has no lockfile, so nothing but what it keeps in .limn is merged.`,
      hint: 'Add images.lock to the artifact of the shard, and merge again.',
    },
  ]
}

function reportBases(started: readonly Started[]): MergeProblem[] {
  const [first, ...others] = started
  if (first === undefined) return []
  const text = formatLock(first.record.base)
  return others.flatMap(({ part, record }) => {
    if (formatLock(record.base) === text) return []
    return [
      {
        message: `${part.label} started from another lockfile than ${first.part.label}. Both are merged by asset.`,
        hint: SAME_COMMIT,
      },
    ]
  })
}

function reportManifests(started: readonly Started[]): MergeProblem[] {
  const [first, ...others] = started
  if (first === undefined) return []
  const differing = others.filter(({ record }) => record.manifest !== first.record.manifest)
  if (differing.length === 0) return []
  const names = differing.map(({ part }) => part.label).join(', ')
  return [
    { message: `${names} ran with another manifest than ${first.part.label}.`, hint: SAME_COMMIT },
  ]
}

/** Reports shards that are missing, twice there, or of another split. */
function reportNumbers(started: readonly Started[]): MergeProblem[] {
  const [first] = started
  if (first === undefined) return []
  const { count: all } = first.record.shard
  const others = started.filter(({ record }) => record.shard.count !== all)
  if (others.length > 0) {
    const names = others.map(({ part }) => part.label).join(', ')
    return [
      {
        message: `${first.part.label} is one of ${count(all, 'shard')}, but ${names} is of another split.`,
        hint: 'Merge the shards of one run.',
      },
    ]
  }
  const indices = started.map(({ record }) => record.shard.index)
  const missing = Array.from({ length: all }, (_, at) => at + 1).filter(
    (index) => !indices.includes(index),
  )
  const twice = [...new Set(indices.filter((index, at) => indices.indexOf(index) !== at))]
  return [
    ...(missing.length === 0
      ? []
      : [
          {
            message: `${nameShards(missing, all)} missing: what they paid for is not merged.`,
            hint: 'Download their artifacts, and merge again with all of them.',
          },
        ]),
    ...(twice.length === 0
      ? []
      : [
          {
            message: `${nameShards(twice, all)} there more than once: the same pictures may be paid for twice.`,
            hint: 'Give each job of the matrix another number.',
          },
        ]),
  ]
}

/** `Shard 2/4 is`, `Shards 2/4 and 3/4 are`. */
function nameShards(indices: readonly number[], all: number): string {
  const names = indices.map((index) => `${index}/${all}`)
  return names.length === 1
    ? `Shard ${names[0]} is`
    : `Shards ${names.slice(0, -1).join(', ')} and ${names.at(-1)} are`
}
