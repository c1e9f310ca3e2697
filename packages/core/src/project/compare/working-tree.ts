import { parsePointer } from '../../disk/pointer-file.ts'
import { maxBytes, readInside } from '../../disk/read-inside.ts'
import { isErrno } from '../../errors.ts'
import type { FileContent } from '../../git/read-file.ts'
import type { Plan } from '../../plan/plan.ts'
import { mainSteps } from '../../plan/steps.ts'
import { isProblem } from '../check.ts'
import type { Snapshot } from '../snapshot.ts'
import type { Side } from './side.ts'

/** Reads the working tree as a side of a comparison. `root` is absolute. */
export function readWorkingTree(
  { plan, snapshot }: { plan: Plan; snapshot: Snapshot },
  root: string,
): Side {
  const { manifest, lock, inventory } = snapshot
  const steps = plan.steps.filter(
    (step) => step.kind !== 'prune' && isProblem(step, manifest.out === null),
  )
  return {
    label: 'the working tree',
    manifest,
    lock,
    stepByAsset: mainSteps(steps),
    planUsd: plan.unknownPrices > 0 ? null : plan.usd,
    notes: [],
    read: (path) => Promise.resolve(readFile(root, path)),
    identify(path) {
      const fact = inventory.masters.get(path) ?? inventory.sources.get(path)
      return fact === undefined || fact.sha256 === '' ? undefined : { sha256: fact.sha256 }
    },
  }
}

function readFile(root: string, path: string): FileContent {
  try {
    const bytes = readInside(root, path, maxBytes.picture)
    const pointer = parsePointer(bytes)
    if (pointer === undefined) return { state: 'read', bytes }
    return { state: 'pointer', pointer: pointer.kind, sha256: pointer.sha256 }
  } catch (error) {
    if (isErrno(error, 'EFBIG')) return { state: 'too-large', bytes: maxBytes.picture }
    return { state: 'absent' }
  }
}
