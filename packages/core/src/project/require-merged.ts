import { relative } from 'node:path'
import { LimnError } from '../errors.ts'
import type { Plan } from '../plan/plan.ts'
import type { ProjectPaths } from '../store/paths.ts'
import { readUnfinishedMerge, unfinishedMergeFile } from '../store/unfinished-merge.ts'
import { requestsPictures } from './requirements.ts'

/**
 * Refuses to pay while the folders of an interrupted merge may have the pictures.
 *
 * @throws LimnError `merge/unfinished`
 */
export function requireMerged(plan: Plan, paths: ProjectPaths): void {
  if (!requestsPictures(plan)) return
  const folders = readUnfinishedMerge(paths)
  if (folders === undefined) return
  const names = folders.map((folder) => JSON.stringify(relative(paths.root, folder) || '.'))
  const file = relative(paths.root, unfinishedMergeFile(paths))
  throw new LimnError(
    'merge/unfinished',
    'A merge was interrupted, so pictures that are paid for may still be in the folders of its shards.',
    {
      hint: `Run \`limn merge${names.length === 0 ? ' FOLDERS' : ''}${names.map((name) => ` ${name}`).join('')}\` again. If the folders are gone, delete ${file}: Limn then requests what is missing.`,
    },
  )
}
