import type { Cause } from './cause.ts'
import { groupBy } from './group-by.ts'
import { listNames } from './list-names.ts'

/** Longest value of a setting that is shown, characters. */
const MAX_VALUE = 40

/** Describes causes: `style brand changed, default quality changed (low → high)`. */
export function describeCauses(causes: readonly Cause[]): string {
  if (causes.length === 0) return 'changed'
  const causesByKind = groupBy(causes, (cause) =>
    cause.kind === 'setting' ? `setting ${cause.field}` : cause.kind,
  )
  return [...causesByKind.values()].map(describeKind).join(', ')
}

function describeKind(causes: readonly Cause[]): string {
  const [cause] = causes as [Cause, ...Cause[]]
  if (cause.kind === 'setting') return describeSetting(cause)
  if (cause.kind === 'new' || cause.kind === 'forced' || cause.kind === 'missing') return cause.kind
  const names = causes.flatMap((each) => ('name' in each ? (each.name ?? []) : []))
  if (names.length > 0) {
    const noun = names.length === 1 ? nouns[cause.kind] : `${nouns[cause.kind]}s`
    return `${noun} ${listNames(names)} changed`
  }
  if (cause.kind === 'input') return 'fewer input pictures'
  return cause.kind === 'style' ? 'styles changed' : 'prompt changed'
}

const nouns = {
  style: 'style',
  variable: 'variable',
  prompt: 'prompt',
  input: 'input',
} as const satisfies Partial<Record<Cause['kind'], string>>

const prefixes = {
  defaults: 'default ',
  profile: 'profile ',
  use: '',
  provider: 'provider ',
  'built-in': 'built-in ',
} as const

function describeSetting({ field, from, to, origin }: Extract<Cause, { kind: 'setting' }>): string {
  const name = `${origin === null ? '' : prefixes[origin]}${field}`
  if (to === null) return `${name} removed`
  const isShort = [from ?? '', to].every((value) => value.length <= MAX_VALUE)
  if (!isShort) return `${name} changed`
  return from === null ? `${name} changed to ${to}` : `${name} changed (${from} → ${to})`
}
