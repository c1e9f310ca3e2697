import { join } from 'node:path'
import { sha256 } from '../digest.ts'
import { removeInside } from '../disk/project-files.ts'
import { maxBytes, namesInside, readTextInside } from '../disk/read-inside.ts'
import { writeFileAtomic } from '../disk/write-atomic.ts'
import { isObject } from '../is-object.ts'
import { isAssetName, isDigest } from '../lock/codec.ts'
import type { ProjectPaths } from './paths.ts'
import { ensureStateFolder } from './state-folder.ts'

/*
 * `.limn/suggestions/` keeps each alt text that was paid for until it is in the manifest, in a file
 * named by the digest of its asset's name. A killed `limn describe` loses none: the next one writes
 * them at no cost.
 */

/** A paid alt text that is not in the manifest yet. */
export type Suggestion = {
  version: 1
  asset: string
  /** SHA-256 of the picture that it describes. */
  picture: string
  alt: string
}

/** Most characters of an alt text. */
const MAX_ALT = 1000

type SuggestionPaths = Pick<ProjectPaths, 'root' | 'state'>

/** Stores a suggestion, in place of an earlier one. @throws LimnError `store/…` */
export async function writeSuggestion(
  { root, state }: SuggestionPaths,
  suggestion: Suggestion,
): Promise<void> {
  await ensureStateFolder(state)
  const path = pathOf(state, suggestion.asset)
  await writeFileAtomic(root, path, `${JSON.stringify(suggestion, null, 2)}\n`)
}

/** Reads all suggestions by asset. Skips what no Limn wrote. */
export function readSuggestions({ root, state }: SuggestionPaths): Map<string, Suggestion> {
  const found = new Map<string, Suggestion>()
  for (const name of listFiles(root, state)) {
    const suggestion = readSuggestion(root, join(folderOf(state), name))
    if (suggestion !== undefined && name === fileName(suggestion.asset)) {
      found.set(suggestion.asset, suggestion)
    }
  }
  return found
}

/** Removes the suggestion of an asset, if there is one. One that stays is written again for free. */
export async function removeSuggestion(
  { root, state }: SuggestionPaths,
  asset: string,
): Promise<void> {
  await removeInside(root, pathOf(state, asset)).catch(() => {})
}

function folderOf(state: string): string {
  return join(state, 'suggestions')
}

function fileName(asset: string): string {
  return `${sha256(asset)}.json`
}

function pathOf(state: string, asset: string): string {
  return join(folderOf(state), fileName(asset))
}

function listFiles(root: string, state: string): string[] {
  try {
    return namesInside(root, folderOf(state)).filter((name) => name.endsWith('.json'))
  } catch {
    return []
  }
}

function readSuggestion(root: string, path: string): Suggestion | undefined {
  try {
    const value: unknown = JSON.parse(readTextInside(root, path, maxBytes.text))
    return isSuggestion(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isSuggestion(value: unknown): value is Suggestion {
  if (!isObject(value) || value['version'] !== 1) return false
  const { asset, picture, alt } = value
  return (
    typeof asset === 'string' &&
    isAssetName(asset) &&
    typeof picture === 'string' &&
    isDigest(picture) &&
    typeof alt === 'string' &&
    alt !== '' &&
    alt.length <= MAX_ALT &&
    !/\p{Cc}/u.test(alt)
  )
}
