import { existsSync, realpathSync } from 'node:fs'
import { dirname } from 'node:path'
import { decodeText } from '../disk/decode-text.ts'
import { readIfExists } from '../disk/read-errors.ts'
import { maxBytes, readNamed } from '../disk/read-inside.ts'
import { writeFileAtomic } from '../disk/write-atomic.ts'
import { LimnError } from '../errors.ts'
import { formatGrant, type Grant, parseGrant } from '../models/consent.ts'

/**
 * The file with the grants of a user: a JSON object with the grants of each project, by the real
 * path of its root. It is outside every project, because a repository must not grant itself
 * anything.
 */
type TrustFile = { version: 1; projects: Record<string, string[]> }

/**
 * Reads what the user granted a project.
 *
 * @param path absolute path of the user's file
 * @param root folder of the project, absolute
 * @throws LimnError `store/unreadable`, `store/failed` if the file is damaged
 */
export function readGrants(path: string, root: string): Grant[] {
  const { projects } = readTrustFile(path)
  const project = realPathOf(root)
  const written = Object.hasOwn(projects, project) ? projects[project]! : []
  return written.flatMap((text) => parseGrant(text) ?? [])
}

/**
 * Replaces what the user granted a project.
 *
 * @throws LimnError `store/…`
 */
export async function writeGrants(
  path: string,
  root: string,
  grants: readonly Grant[],
): Promise<void> {
  const { projects } = readTrustFile(path)
  const project = realPathOf(root)
  const { [project]: _, ...others } = projects
  const own = [...new Set(grants.map(formatGrant))].sort()
  const next: TrustFile = {
    version: 1,
    projects: own.length === 0 ? others : { ...others, [project]: own },
  }
  await writeFileAtomic(dirname(path), path, `${JSON.stringify(next, undefined, 2)}\n`)
}

/** Returns the path that identifies a project, however it is reached. */
function realPathOf(root: string): string {
  return existsSync(root) ? realpathSync.native(root) : root
}

function readTrustFile(path: string): TrustFile {
  const text = readIfExists(path, () => decodeText(readNamed(path, maxBytes.text)))
  if (text === undefined) return { version: 1, projects: {} }
  const file = parse(text)
  if (file !== undefined) return file
  throw new LimnError('store/failed', `${path} is damaged or written by a newer Limn.`, {
    hint: 'Delete it, then grant again with `limn trust grant`.',
  })
}

function parse(text: string): TrustFile | undefined {
  try {
    const file = JSON.parse(text) as Partial<TrustFile> | null
    const isSound =
      file?.version === 1 &&
      typeof file.projects === 'object' &&
      file.projects !== null &&
      Object.values(file.projects).every(
        (grants) => Array.isArray(grants) && grants.every((each) => typeof each === 'string'),
      )
    return isSound ? (file as TrustFile) : undefined
  } catch {
    return undefined
  }
}
