import { isObject } from '../../is-object.ts'

/*
 * Checks what a page sends: anybody may write such a message, so each field is checked, and what is
 * unknown is left out.
 */

/** Reads a value of the page, or throws `InvalidInput`. `path` names it in the message. */
export type Check<T> = (value: unknown, path: string) => T

/** A message of the page has another form than the protocol says. */
export class InvalidInput extends Error {}

/** Longest text of a field, characters: more than any model reads. */
const MAX_TEXT = 100_000
/** Longest list. */
const MAX_ITEMS = 20_000

/** Reads a text of at most `max` characters. */
export function text(max: number = MAX_TEXT): Check<string> {
  return (value, path) => {
    if (typeof value === 'string' && value.length <= max) return value
    throw new InvalidInput(`${path} must be a text of at most ${max} characters.`)
  }
}

/** Reads the name of an asset, or another short text. */
export const name: Check<string> = text(1000)

/** Reads a number from `min` to `max`. */
export function number(min: number, max: number): Check<number> {
  return (value, path) => {
    if (typeof value === 'number' && value >= min && value <= max) return value
    throw new InvalidInput(`${path} must be a number from ${min} to ${max}.`)
  }
}

/** Reads a whole number from `min` to `max`. */
export function integer(min: number, max: number): Check<number> {
  return (value, path) => {
    if (Number.isInteger(value)) return number(min, max)(value, path)
    throw new InvalidInput(`${path} must be a whole number.`)
  }
}

/** Reads `true` or `false`. */
export const boolean: Check<boolean> = (value, path) => {
  if (typeof value === 'boolean') return value
  throw new InvalidInput(`${path} must be true or false.`)
}

/** Reads an amount of money, USD. */
export const usd: Check<number> = number(0, 1_000_000)

/** Reads a list of at most `max` items. */
export function list<T>(item: Check<T>, max: number = MAX_ITEMS): Check<T[]> {
  return (value, path) => {
    if (Array.isArray(value) && value.length <= max) {
      return value.map((each, index) => item(each, `${path}[${index}]`))
    }
    throw new InvalidInput(`${path} must be a list of at most ${max} items.`)
  }
}

/** Reads a value that may be `null`. */
export function nullable<T>(check: Check<T>): Check<T | null> {
  return (value, path) => (value === null ? null : check(value, path))
}

type Fields = Readonly<Record<string, Check<unknown>>>
type Required<F extends Fields> = { [Key in keyof F]: ReturnType<F[Key]> }
type Optional<F extends Fields> = { [Key in keyof F]?: ReturnType<F[Key]> }

/** Reads an object with these fields. Leaves out all others. */
export function object<R extends Fields, O extends Fields = Record<never, Check<unknown>>>(
  required: R,
  optional?: O,
): Check<Required<R> & Optional<O>> {
  return (value, path) => {
    if (!isObject(value)) throw new InvalidInput(`${path} must be an object.`)
    const fields = value as Readonly<Record<string, unknown>>
    const read = Object.entries(required).map(([key, check]) => [
      key,
      check(own(fields, key), `${path}.${key}`),
    ])
    const given = Object.entries(optional ?? {}).filter(([key]) => own(fields, key) !== undefined)
    const readGiven = given.map(([key, check]) => [key, check(fields[key], `${path}.${key}`)])
    return Object.fromEntries([...read, ...readGiven]) as Required<R> & Optional<O>
  }
}

function own(fields: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined
}
