import { hideKeys } from '../../diagnostic.ts'
import type { Path } from './path.ts'

const nounByType: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  object: 'a map',
  record: 'a map',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
}

/** Names a type in words, for example `a list`. */
export function describeType(type: string): string {
  return nounByType[type] ?? type
}

/** Names the type of a value in words. */
export function describeTypeOf(value: unknown): string {
  return describeType(Array.isArray(value) ? 'array' : typeof value)
}

/** Describes a number that is not of the expected type. */
export function describeNumber(value: number, expected: string): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : 'infinite'
  return expected === 'int' ? showValue(value) : 'a number'
}

/** A value as the file has it, short enough for a sentence and without keys. */
export function showValue(value: unknown): string {
  const text =
    typeof value === 'string'
      ? JSON.stringify(hideKeys(value.slice(0, 100)))
      : (JSON.stringify(value) ?? String(value))
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

/** Returns the value that a path leads to; `undefined` if there is none. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Record<string | number, unknown>)[step]
  }
  return value
}
