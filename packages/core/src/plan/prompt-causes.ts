import type { MasterRecord } from '../lock/lock.ts'
import type { Asset } from '../manifest/manifest.ts'
import type { Cause } from './cause.ts'

/** A part of a prompt: of a style or the asset itself (`null`), from a variable or as written. */
type Segment = { text: string; style: string | null; variable: string | null }

/** Finds what changed a prompt: variables, styles, or the asset's own text. */
export function findPromptCauses(
  asset: Asset,
  { from, made }: { from: string; made: Pick<MasterRecord, 'ownPrompt'> | undefined },
): Cause[] {
  const segments = segmentsOf(asset)
  const variables = changedVariables(segments, from)
  if (variables.length > 0) return variables.map((name) => ({ kind: 'variable', name }))
  const found = findSegments(segments, from)
  const missing = segments.filter((_, index) => found[index] === undefined)
  const isOwnSame = made?.ownPrompt === asset.ownPrompt
  const causes: Cause[] = []
  for (const { style, variable } of missing) {
    if (variable !== null) causes.push({ kind: 'variable', name: variable })
    else if (style !== null) causes.push({ kind: 'style', name: style })
    else if (!isOwnSame) causes.push(promptOf(asset))
  }
  if (causes.length > 0) return causes
  const places = found.filter((place) => place !== undefined)
  return isOwnSame && places.length === found.length
    ? [{ kind: 'style', name: shortenedStyle(segments, places, from) }]
    : [promptOf(asset)]
}

function promptOf({ name, key }: Asset): Cause {
  return { kind: 'prompt', name: name === key ? null : key }
}

/** Splits a prompt where its style or its variable changes. */
function segmentsOf({ prompt, promptOrigins, varOrigins }: Asset): Segment[] {
  const styles = promptOrigins.length > 0 ? promptOrigins : [[null, prompt.length] as const]
  const variables = varOrigins.length > 0 ? varOrigins : [[null, prompt.length] as const]
  const segments: Segment[] = []
  let [s, v, at] = [0, 0, 0]
  let [leftOfStyle, leftOfVariable] = [styles[0]![1], variables[0]![1]]
  while (s < styles.length && v < variables.length) {
    const length = Math.min(leftOfStyle, leftOfVariable)
    const text = prompt.slice(at, at + length)
    if (text !== '') segments.push({ text, style: styles[s]![0], variable: variables[v]![0] })
    at += length
    leftOfStyle -= length
    leftOfVariable -= length
    if (leftOfStyle === 0) leftOfStyle = styles[++s]?.[1] ?? 0
    if (leftOfVariable === 0) leftOfVariable = variables[++v]?.[1] ?? 0
  }
  return segments
}

/** The variables that alone explain another prompt: all other text of it is the same. */
function changedVariables(segments: readonly Segment[], from: string): string[] {
  const changed = new Set<string>()
  let at = 0
  let open: Segment[] = []
  const close = (end: number): void => {
    const before = from.slice(at, end)
    if (before !== open.map(({ text }) => text).join('')) {
      for (const { variable } of open) changed.add(variable!)
    }
    open = []
  }
  for (const [index, segment] of segments.entries()) {
    if (segment.variable !== null) {
      open.push(segment)
      continue
    }
    const isLast = index === segments.length - 1
    const start = isLast ? from.length - segment.text.length : from.indexOf(segment.text, at)
    if (start < at || (open.length === 0 && start !== at)) return []
    if (!from.startsWith(segment.text, start)) return []
    close(start)
    at = start + segment.text.length
  }
  if (open.length > 0) close(from.length)
  else if (at !== from.length) return []
  return [...changed]
}

/** Where a segment is in another prompt. */
type Place = readonly [start: number, end: number]

/** Where each segment is in another prompt, in their order; `undefined` for one that is not in it. */
function findSegments(segments: readonly Segment[], from: string): (Place | undefined)[] {
  let at = 0
  return segments.map(({ text }) => {
    const core = text.trim().replace(/[.。]$/u, '')
    const start = from.indexOf(core, at)
    if (start === -1) return undefined
    at = start + core.length
    return [start, at]
  })
}

/**
 * The style whose text became shorter, if every part of a prompt was in the earlier one: what
 * follows its text there belonged to the same sentence. `null` if a whole part is gone.
 */
function shortenedStyle(
  segments: readonly Segment[],
  places: readonly Place[],
  from: string,
): string | null {
  for (const [index, { style }] of segments.entries()) {
    const rest = from.slice(places[index]![1], places[index + 1]?.[0])
    if (!/[\p{L}\p{N}]/u.test(rest)) continue
    const end = from.slice(places[index]![0], places[index]![1])
    const isSameSentence = !/^[.。!?！？]/u.test(rest) && !/[.。!?！？]$/u.test(end)
    return isSameSentence ? style : null
  }
  const first = places[0]?.[0] ?? 0
  return first > 0 && !/[.。!?！？]\s*$/u.test(from.slice(0, first)) ? segments[0]!.style : null
}
