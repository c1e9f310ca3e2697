import type { Asset } from '../manifest/manifest.ts'
import { writtenFile } from './inventory.ts'
import type { PlanOptions } from './plan.ts'

/** Describes the files in `out` that are in the way of outputs, because Limn did not write them. */
export function takenNotes(
  { name }: Asset,
  files: readonly string[],
  { manifest: { out }, lock, inventory }: PlanOptions,
): string[] {
  if (out === null || inventory.out === null) return []
  const locked = lock.assets.get(name)?.outputs ?? {}
  const taken = files.flatMap((file) => {
    const fact = inventory.out!.get(`${name}/${file}`)
    if (fact === undefined || Object.hasOwn(locked, file)) return []
    const path = `${out}/${name}/${file}`
    const isWritten = [fact.sha256, ...(fact.others ?? [])].some((digest) =>
      inventory.written.has(writtenFile(path, digest)),
    )
    return isWritten ? [] : [path]
  })
  if (taken.length === 0) return []
  const [first, ...rest] = taken
  const [paths, verb, them] =
    rest.length === 0
      ? [first!, 'is not a file', 'it']
      : [`${first!} and ${rest.length} more`, 'are not files', 'them']
  return [
    `${paths} ${verb} of Limn's: Limn keeps ${them}. Rename or delete ${them}, or choose another folder in \`out\`.`,
  ]
}
