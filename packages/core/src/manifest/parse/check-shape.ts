import type { z } from 'zod'
import { suggest } from '../../did-you-mean.ts'
import type { IncludedFile, ManifestFile } from '../manifest-file.ts'

export type Issue = z.core.$ZodIssue

/** How often parts are removed before the rest counts as not understood. */
const MAX_ROUNDS = 4

/**
 * Checks a value against a schema. Removes the parts that have issues, so that rules can still
 * check the rest.
 *
 * @returns the issues of the whole value, and what is left of it; `undefined` if nothing is
 */
export function checkShape(
  schema: z.ZodType<ManifestFile | IncludedFile>,
  value: unknown,
): { file: ManifestFile | undefined; issues: Issue[] } {
  const { success, data, error } = schema.safeParse(value)
  if (success) return { file: data, issues: [] }
  return { file: removeIssues(schema, value), issues: error.issues }
}

function removeIssues(
  schema: z.ZodType<ManifestFile | IncludedFile>,
  value: unknown,
): ManifestFile | undefined {
  const rest: unknown = structuredClone(value)
  if (typeof rest !== 'object' || rest === null || Array.isArray(rest)) return undefined
  Object.assign(rest, { version: 1 })
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const result = schema.safeParse(rest)
    if (result.success) return result.data
    for (const issue of result.error.issues) removePart(rest as Parent, issue)
  }
  return undefined
}

/** A map or list of the manifest. */
type Parent = Record<PropertyKey, unknown>

/**
 * Keys of an asset whose absence is a mistake too: a placeholder replaces a wrong or misspelt one,
 * so that it is not reported as missing as well.
 */
const requiredKeys: readonly string[] = ['prompt', 'alt', 'source']
/** Keys in whose presence an asset needs no prompt. */
const promptAlternatives: readonly string[] = ['source', 'variation', 'sheet']
const PLACEHOLDER = '?'

/** Removes the part that an issue is about; a part without a required key is removed as a whole. */
function removePart(root: Parent, issue: Issue): void {
  const { path } = issue
  const parents = parentsOf(root, path)
  if (issue.code === 'unrecognized_keys') {
    removeKeys(parents.at(-1)!, issue.keys, isAsset(path))
    return
  }
  if (isAsset(path.slice(0, -1)) && requiredKeys.includes(String(path[2]))) {
    parents.at(-1)![path[2]!] = PLACEHOLDER
    return
  }
  // A wrong sheet still replaces the prompt.
  if (
    isAsset(path.slice(0, 2)) &&
    path[2] !== 'source' &&
    promptAlternatives.includes(String(path[2]))
  ) {
    parents[2]!['prompt'] ??= PLACEHOLDER
  }
  // A wrong preset or style still defines its name.
  if (isDefinition(path) && parents.length === 2) {
    parents[1]![path[1]!] = {}
    return
  }
  removeNearest(parents, root, path)
}

/** The maps and lists along a path, the root first. */
function parentsOf(root: Parent, path: Issue['path']): Parent[] {
  const parents = [root]
  for (const step of path) {
    const next = parents.at(-1)![step]
    if (typeof next !== 'object' || next === null) break
    parents.push(next as Parent)
  }
  return parents
}

function isAsset(path: Issue['path']): boolean {
  return path[0] === 'assets' && path.length === 2
}

function isDefinition(path: Issue['path']): boolean {
  return ['presets', 'styles', 'characters'].includes(String(path[0])) && path.length === 2
}

function removeKeys(owner: Parent, keys: readonly string[], isOfAsset: boolean): void {
  for (const key of keys) {
    delete owner[key]
    const meant = isOfAsset ? suggest(key, [...requiredKeys, ...promptAlternatives]) : undefined
    if (meant !== undefined) {
      owner[promptAlternatives.includes(meant) ? 'prompt' : meant] ??= PLACEHOLDER
    }
  }
}

/** Removes the value of a path, or the map that lacks it. */
function removeNearest(parents: Parent[], root: Parent, path: Issue['path']): void {
  const isMissing = parents.length === path.length && !Object.hasOwn(parents.at(-1)!, path.at(-1)!)
  const depth = Math.min(parents.length, path.length) - (isMissing && path.length > 1 ? 2 : 1)
  const owner = parents[depth] ?? root
  const key = path[depth]
  if (key === undefined) return
  if (isMissing && path.length === 1) owner[key] = {}
  else if (Array.isArray(owner)) owner.splice(Number(key), 1)
  else delete owner[key]
}
