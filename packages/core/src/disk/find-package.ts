import { dirname, join } from 'node:path'
import { isErrno } from '../errors.ts'
import { isObject } from '../is-object.ts'
import { maxBytes, readTextInside } from './read-inside.ts'

/** An installed npm package: its folder, absolute, and its version. */
export type InstalledPackage = { folder: string; version: string }

/**
 * Finds a package as Node does: in the `node_modules` of a folder, or of one above it.
 *
 * @param from absolute
 * @returns `undefined` if it is not installed
 */
export function findPackage(name: string, from: string): InstalledPackage | undefined {
  const folder = join(from, 'node_modules', name)
  const version = readVersion(folder)
  if (version !== undefined) return { folder, version }
  const above = dirname(from)
  return above === from ? undefined : findPackage(name, above)
}

function readVersion(folder: string): string | undefined {
  const facts = readPackageJson(folder, 'package.json')
  return typeof facts?.['version'] === 'string' ? facts['version'] : undefined
}

/** Reads a JSON file of a package; `undefined` if it is missing or damaged. */
export function readPackageJson(folder: string, file: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(readTextInside(folder, file, maxBytes.text))
    return isObject(value) ? value : undefined
  } catch (error) {
    if (error instanceof SyntaxError || isErrno(error)) return undefined
    throw error
  }
}
