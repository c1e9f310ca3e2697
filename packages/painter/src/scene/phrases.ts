import {
  CONJUNCTIONS,
  DETERMINERS,
  ED_NOUNS,
  FILLERS,
  ING_NOUNS,
  PREPOSITIONS,
  TAILS,
  VERBS,
} from './grammar.ts'
import { MISLEADING_PHRASES } from './lexicon.ts'
import { longestAt, tokensOf } from './read-words.ts'
import type { Noun } from './read-words.ts'

/** A word of a prompt, or a known phrase. */
export interface Unit {
  readonly text: string
  /** Position of its first token. */
  readonly position: number
  /** What it names, if the painter can draw that. */
  readonly noun: Noun | null
  /** Whether it is known but names nothing, such as a colour or a style. */
  readonly quality: boolean
  /** Whether it is both a colour and a thing ("coral"). */
  readonly ambiguous: boolean
}

/** A few words about one thing; the last one is usually its name. */
export interface Phrase {
  readonly units: readonly Unit[]
  /** What comes before it: the start of a sentence, a mark, a conjunction, or a word such as "of". */
  readonly after: 'start' | 'mark' | 'and' | 'of' | 'for' | 'with' | 'place'
  /** Whether a word such as "a" comes before it. */
  readonly determined: boolean
}

/** Splits an English prompt, without what it says to avoid, into phrases. */
export function phrasesOf(prompt: string): Phrase[] {
  const tokens = tokensOf(prompt)
  const avoided = tokens.findIndex((token) => token === 'avoid' || token === 'exclude')
  const end = avoided < 0 ? tokens.length : avoided
  const phrases: Phrase[] = []
  let next: Pick<Phrase, 'after' | 'determined'> = { after: 'start', determined: false }
  let units: Unit[] = []
  const close = (after: Phrase['after'], before: Before): void => {
    const kept = withoutTail(units, before)
    if (kept.length > 0) phrases.push({ ...next, units: kept })
    // A verb alone, as in "Furnish this room", leaves its object in the place of the subject.
    const stays = before === 'determiner' && kept.length === 0
    next = { after: stays ? next.after : after, determined: before === 'determiner' }
    units = []
  }
  for (let i = 0; i < end;) {
    const token = tokens[i]!
    const [meanings, length] = longestAt(tokens, i)
    const role = length > 1 ? 'word' : roleOf(token)
    const text = tokens.slice(i, i + length).join(' ')
    if (role === 'word') units.push(unitOf(text, i, meanings, length))
    else if (role === 'determiner') close('place', 'determiner')
    else if (role !== 'filler') close(role, role === 'place' || role === 'with' ? 'place' : 'mark')
    i += Math.max(1, length)
  }
  close('start', 'mark')
  return phrases
}

/** What comes after a phrase. */
type Before = 'mark' | 'place' | 'determiner'

/** Returns what a single word does: begin a phrase, stand before a noun, or be part of a phrase. */
function roleOf(token: string): Phrase['after'] | 'determiner' | 'filler' | 'word' {
  if (/^[.!?]/.test(token)) return 'start'
  if (/^[,;:\n()|，。；：！？、]/.test(token)) return 'mark'
  if (token === 'of' || token === 'showing') return 'of'
  if (token === 'for' || token === 'with') return token
  if (CONJUNCTIONS.has(token)) return 'and'
  if (PREPOSITIONS.has(token)) return 'place'
  if (DETERMINERS.has(token)) return 'determiner'
  return FILLERS.has(token) || /^\d+$/.test(token) ? 'filler' : 'word'
}

const MISLEADING: ReadonlySet<string> = new Set(MISLEADING_PHRASES.split('/'))

function isMisleading(text: string): boolean {
  return MISLEADING.has(text) || MISLEADING.has(text.replace(/s$/, ''))
}

function unitOf(
  text: string,
  position: number,
  meanings: ReturnType<typeof longestAt>[0],
  length: number,
): Unit {
  const noun = meanings.find(({ type }) => type === 'noun')
  const color = meanings.some(({ type }) => type === 'color')
  return {
    text,
    position,
    noun: noun === undefined ? null : (noun.value as Noun),
    quality: noun === undefined && (meanings.length > 0 || (length > 1 && !isMisleading(text))),
    ambiguous: noun !== undefined && color,
  }
}

/** Removes verbs and adverbs from the end of a phrase; `before` says what comes after it. */
function withoutTail(units: readonly Unit[], before: Before): readonly Unit[] {
  const last = units.at(-1)
  if (last === undefined || last.noun !== null || last.quality) return units
  const rest = units.slice(0, -1)
  if (before === 'determiner') return withoutTail(rest, 'place')
  if (rest.length === 0) return units
  if (/(?:al|ful|ent|ous|ing|ed|ht|nd)ly$/.test(last.text)) return withoutTail(rest, 'place')
  // After a known noun, a verb may end the phrase ("a fox runs").
  const after = before === 'mark' && rest.at(-1)!.noun !== null ? 'place' : before
  const verb = isVerb(last.text, after) && (after === before || !VERBS.has(last.text))
  return TAILS.has(last.text) || verb ? withoutTail(rest, before) : units
}

function isVerb(word: string, before: 'mark' | 'place'): boolean {
  if (word.endsWith('ing') && word.length > 4) return !ING_NOUNS.has(word)
  if (before === 'mark') return false
  if (word.endsWith('ed') && word.length > 4) return !ED_NOUNS.has(word)
  return VERBS.has(word.replace(/es$/, '')) || VERBS.has(word.replace(/s$/, ''))
}
