import { replaceUnprintable } from '../../safe-text.ts'

/** Longest text in a reply, characters. */
const MAX_TEXT = 4000

/**
 * What a model reads and a person does not see: format characters except joiners, which scripts and
 * emoji need, the tags, and the variation selectors that no font uses.
 */
const INVISIBLE = /(?!\u200C|\u200D)(?:\p{Cf}|[\u{E0000}-\u{E007F}]|[\u{E0100}-\u{E01EF}])/gu

/**
 * Returns a value of the project as an agent may read it: each text without what is unprintable or
 * invisible, and cut to `max` characters with a note of how many are left out.
 */
export function safeData<T>(value: T, max: number = MAX_TEXT): T {
  return clean(value, max) as T
}

/** As `safeData`, for one text. */
export function safeText(text: string, max: number = MAX_TEXT): string {
  const clean = replaceUnprintable(text).replace(INVISIBLE, '\uFFFD')
  if (clean.length <= max) return clean
  const kept = clean.slice(0, max).replace(/[\uD800-\uDBFF]$/, '')
  return `${kept}… (${clean.length - kept.length} more characters)`
}

function clean(value: unknown, max: number): unknown {
  if (typeof value === 'string') return safeText(value, max)
  if (Array.isArray(value)) return value.map((each) => clean(each, max))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, clean(each, max)]))
}
