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
  readonly sentence: number
  /** Whether a word such as "a" comes before it. */
  readonly determined: boolean
}

/** Splits an English prompt, without what it says to avoid, into phrases. */
export function phrasesOf(prompt: string): Phrase[] {
  const tokens = tokensOf(prompt)
  const avoided = tokens.findIndex((token) => token === 'avoid' || token === 'exclude')
  const end = avoided < 0 ? tokens.length : avoided
  const phrases: Phrase[] = []
  let next: Pick<Phrase, 'after' | 'sentence' | 'determined'> = {
    after: 'start',
    sentence: 0,
    determined: false,
  }
  let units: Unit[] = []
  const close = (
    after: Phrase['after'],
    before: 'mark' | 'place' | 'determiner' = 'mark',
  ): void => {
    const kept = withoutTail(units, before)
    if (kept.length > 0) phrases.push({ ...next, units: kept })
    const sentence = next.sentence + (after === 'start' ? 1 : 0)
    next = { after, sentence, determined: false }
    units = []
  }
  for (let i = 0; i < end;) {
    const token = tokens[i]!
    const [meanings, length] = longestAt(tokens, i)
    if (length === 1 && isMark(token)) close(/^[.!?\n]/.test(token) ? 'start' : 'mark')
    else if (length === 1 && (token === 'of' || token === 'for')) close(token)
    else if (length === 1 && token === 'showing') close('of')
    else if (length === 1 && CONJUNCTIONS.has(token)) close('and')
    else if (length === 1 && PREPOSITIONS.has(token))
      close(token === 'with' ? 'with' : 'place', 'place')
    else if (length === 1 && DETERMINERS.has(token)) {
      const { after } = next
      const before = phrases.length
      close(units.length === 0 ? after : 'place', 'determiner')
      // A verb alone, as in "Furnish this room", leaves its object in the place of the subject.
      if (phrases.length === before) next = { ...next, after }
      next = { ...next, determined: true }
    } else if (length > 1 || !FILLERS.has(token)) {
      units.push(unitOf(tokens.slice(i, i + length).join(' '), i, meanings, length))
    }
    i += Math.max(1, length)
  }
  close('start')
  return phrases
}

const MISLEADING: ReadonlySet<string> = new Set(MISLEADING_PHRASES.split('/'))

function isMisleading(text: string): boolean {
  return MISLEADING.has(text) || MISLEADING.has(text.replace(/s$/, ''))
}

function isMark(token: string): boolean {
  return /^[.,;:!?\n()|，。；：！？、]/.test(token)
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
function withoutTail(
  units: readonly Unit[],
  before: 'mark' | 'place' | 'determiner',
): readonly Unit[] {
  const last = units.at(-1)
  if (last === undefined || last.noun !== null || last.quality) return units
  const rest = units.slice(0, -1)
  if (before === 'determiner') return withoutTail(rest, 'place')
  if (rest.length === 0) return units
  // After a known noun, a verb may end the phrase ("a fox runs").
  const after = before === 'mark' && rest.at(-1)!.noun !== null ? 'place' : before
  const verb = isVerb(last.text, after) && (after === before || !VERBS.has(last.text))
  return TAILS.has(last.text) || verb ? withoutTail(rest, before) : units
}

function isVerb(word: string, before: 'mark' | 'place'): boolean {
  if (/ing$/.test(word) && word.length > 4) return !ING_NOUNS.has(word)
  if (before === 'mark') return false
  if (/ed$/.test(word) && word.length > 4) return !ED_NOUNS.has(word)
  return VERBS.has(word.replace(/es$/, '')) || VERBS.has(word.replace(/s$/, ''))
}
