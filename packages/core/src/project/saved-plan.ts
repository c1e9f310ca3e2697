import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { decodeText } from '../disk/decode-text.ts'
import { maxBytes, readNamed } from '../disk/read-inside.ts'
import { writeFileAtomic } from '../disk/write-atomic.ts'
import { LimnError } from '../errors.ts'
import type { Plan } from '../plan/plan.ts'

const NEW_PLAN = 'Make one with `limn plan --out FILE`.'

/**
 * Writes a plan to a file. `path` is absolute. Replaces only another saved plan.
 *
 * @throws LimnError `output/taken`, `store/read-only` and the like
 */
export async function savePlan(path: string, plan: Plan): Promise<void> {
  if (existsSync(path) && !isSavedPlan(path)) {
    throw new LimnError(
      'output/taken',
      `${path} exists and is not a saved plan, so Limn keeps it.`,
      { hint: 'Name another file with --out.' },
    )
  }
  await writeFileAtomic(dirname(path), path, `${JSON.stringify(plan, null, 2)}\n`)
}

function isSavedPlan(path: string): boolean {
  try {
    readSavedPlan(path)
    return true
  } catch {
    return false
  }
}

/** Reads a saved plan. `path` is absolute. @throws LimnError `plan/unreadable` */
export function readSavedPlan(path: string): Plan {
  try {
    const plan = JSON.parse(decodeText(readNamed(path, maxBytes.data))) as Plan
    if (plan.version === 1 && Array.isArray(plan.steps)) return plan
  } catch (error) {
    throw new LimnError('plan/unreadable', `${path} is not a saved plan.`, {
      hint: NEW_PLAN,
      cause: error,
    })
  }
  throw new LimnError('plan/unreadable', `${path} is not a saved plan of this version.`, {
    hint: NEW_PLAN,
  })
}
