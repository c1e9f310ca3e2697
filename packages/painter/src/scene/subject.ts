import { CONTAINERS, MEDIA, looksLikeAdjective } from './grammar.ts'
import { phrasesOf } from './phrases.ts'
import type { Phrase, Unit } from './phrases.ts'
import type { Noun } from './read-words.ts'

/** What a prompt is about. */
export interface Subject {
  /** The thing, if the painter can draw it. */
  readonly noun: Noun | null
  /** The words for a thing that the painter cannot draw, or null. */
  readonly unknown: string | null
  /** Positions of colour words that only describe a thing ("coral" in "coral vase"). */
  readonly described: ReadonlySet<number>
}

/** Nouns that no picture shows alone. */
export const ACCESSORIES: ReadonlySet<Noun> = new Set<Noun>([
  'table',
  'glasses',
  'hat',
  'cap',
  'beard',
  'moustache',
  'hair',
  'map',
  'coat',
  'pool',
  'star',
])
/** Nouns that name a topic or a mood, not a thing. */
const TOPICS: ReadonlySet<Noun> = new Set<Noun>(['sale', 'fitness', 'music', 'smile', 'abstract'])
/** Nouns that leave open what the picture shows: the next phrase says it. */
const OPEN: ReadonlySet<Noun> = new Set<Noun>([
  'item',
  'product',
  'character',
  'portrait',
  'model',
  'background',
])
/** Genres of which a phrase with "of" names the motif. */
const GENRES: ReadonlySet<Noun> = new Set<Noun>(['pattern', 'logo', 'card'])
/** Words for a mark that shows the thing before them ("crown icon"), as opposed to a logo. */
const MARKS = /^(?:app )?(?:icon|badge|emblem|crest|favicon)s?$/

/** What one phrase says of the subject. */
type Verdict =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'open'; readonly noun: Noun }
  | { readonly kind: 'genre'; readonly noun: Noun }
  | { readonly kind: 'known'; readonly noun: Noun }
  | { readonly kind: 'unknown'; readonly words: string; readonly certain: boolean }

/** Reads what an English prompt is about: the last noun of the first phrase that names a thing. */
export function readSubject(prompt: string): Subject {
  const phrases = phrasesOf(prompt)
  const described = new Set(
    phrases.flatMap(({ units }) =>
      units.filter(({ ambiguous }, i) => ambiguous && namesAfter(units, i)).map((u) => u.position),
    ),
  )
  return { ...chooseSubject(phrases, prompt), described }
}

/** Returns whether a noun, known or not, follows a unit in its phrase. */
function namesAfter(units: readonly Unit[], index: number): boolean {
  return units
    .slice(index + 1)
    .some(
      ({ quality, text }) => !quality && !MEDIA.has(singular(text)) && !looksLikeAdjective(text),
    )
}

function chooseSubject(
  phrases: readonly Phrase[],
  prompt: string,
): Pick<Subject, 'noun' | 'unknown'> {
  const verdicts = phrases.map((phrase) => ({ phrase, verdict: judge(phrase) }))
  let open: Noun | null = null
  let genre: Noun | null = null
  let doubtful: string | null = null
  for (const [i, { phrase, verdict }] of verdicts.entries()) {
    const before = i === 0 ? null : verdicts[i - 1]!.verdict.kind
    // "A view over a lake" shows the lake.
    if (phrase.after === 'place' && before === 'nothing' && verdict.kind === 'known' && i === 1) {
      return { noun: verdict.noun, unknown: null }
    }
    if (!mayName(phrase, before)) continue
    // "Portra film grain. A fox …": a sentence about the technique comes first.
    const leads = phrase.after === 'start' && phrase.determined
    if (verdict.kind === 'genre') genre ??= verdict.noun
    else if (verdict.kind === 'open') open ??= verdict.noun
    else if (verdict.kind === 'known') {
      if (doubtful !== null && !leads) continue
      return { noun: genre ?? verdict.noun, unknown: null }
    } else if (verdict.kind === 'unknown') {
      if (genre !== null && phrase.after !== 'of') continue
      if (open === 'portrait' && isName(verdict.words, prompt)) return { noun: open, unknown: null }
      if (!verdict.certain) continue
      doubtful = leads ? verdict.words : (doubtful ?? verdict.words)
      const first = doubtful === verdict.words
      if (first && (phrase.determined || open !== null || genre !== null)) break
    }
  }
  if (doubtful !== null) return { noun: null, unknown: doubtful }
  return { noun: genre ?? open, unknown: null }
}

/** Returns whether a prompt has a word that names something unknown to the painter. */
export function hasUnknownWord(prompt: string): boolean {
  const phrases = phrasesOf(prompt)
  if (phrases.length === 0) return /\p{L}/u.test(prompt)
  return phrases.some(({ units }) => units.some(({ noun, quality }) => noun === null && !quality))
}

/** Returns whether a phrase can name the subject, after what the phrase before it said. */
function mayName(phrase: Phrase, before: Verdict['kind'] | null): boolean {
  if (phrase.after === 'start' || phrase.after === 'mark' || phrase.after === 'and') return true
  return phrase.after === 'of' || phrase.after === 'for'
    ? before !== 'known' && before !== 'unknown'
    : false
}

function judge({ units, determined, after }: Phrase): Verdict {
  const last = units.at(-1)!
  const rest = units.slice(0, -1)
  if (last.noun !== null) {
    if (last.noun === 'logo' && MARKS.test(last.text)) return judgeMark(rest)
    if (GENRES.has(last.noun)) return { kind: 'genre', noun: last.noun }
    if (TOPICS.has(last.noun)) {
      return rest.length > 0 ? judge({ units: rest, determined, after }) : { kind: 'nothing' }
    }
    if (OPEN.has(last.noun)) return judgeOpen(last.noun, rest)
    if (!ACCESSORIES.has(last.noun)) return { kind: 'known', noun: last.noun }
    return {
      kind: 'unknown',
      words: textOf(units),
      certain: determined || rest.length > 0 || after === 'start',
    }
  }
  if (last.quality) return { kind: 'nothing' }
  if (MEDIA.has(singular(last.text))) {
    const holds = CONTAINERS.has(singular(last.text)) && specific(rest) !== null
    return holds ? { kind: 'unknown', words: textOf(units), certain: true } : judgeMedium(rest)
  }
  if (rest.length === 0 && !determined && looksLikeAdjective(last.text)) return { kind: 'nothing' }
  return { kind: 'unknown', words: textOf(units), certain: true }
}

/** Judges "crown icon": a mark shows the thing before it. */
function judgeMark(rest: readonly Unit[]): Verdict {
  const named = specific(rest)
  if (named === null || named.noun !== null) return { kind: 'genre', noun: 'logo' }
  return { kind: 'unknown', words: textOf(rest), certain: true }
}

/** Judges "bomb game item": the word before an open noun may say what it is. */
function judgeOpen(noun: Noun, rest: readonly Unit[]): Verdict {
  const named = specific(rest)
  if (named === null) return { kind: 'open', noun }
  if (named.noun === null) return { kind: 'unknown', words: textOf(rest), certain: true }
  return { kind: 'known', noun: named.noun }
}

/** Judges "mountain view" or "crown illustration" by the word before the medium. */
function judgeMedium(rest: readonly Unit[]): Verdict {
  if (rest.length === 0) return { kind: 'nothing' }
  const verdict = judge({ units: rest, determined: false, after: 'mark' })
  if (verdict.kind !== 'unknown') return verdict
  return specific(rest) === null ? { kind: 'nothing' } : { ...verdict, certain: false }
}

/** Returns the last unit if it may name a thing, else null. */
function specific(units: readonly Unit[]): Unit | null {
  const last = units.at(-1)
  if (last === undefined || last.quality) return null
  if (last.noun === null && (MEDIA.has(singular(last.text)) || looksLikeAdjective(last.text))) {
    return null
  }
  return last
}

function singular(word: string): string {
  const forms = [word, word.replace(/s$/, ''), word.replace(/es$/, '')]
  return forms.find((form) => MEDIA.has(form)) ?? forms[1]!
}

function textOf(units: readonly Unit[]): string {
  return units.map(({ text }) => text).join(' ')
}

/** Returns whether a prompt writes words like the name of a person. */
function isName(words: string, prompt: string): boolean {
  const at = prompt.normalize('NFC').toLowerCase().indexOf(words)
  return at >= 0 && /^\p{Lu}/u.test(prompt.normalize('NFC').slice(at))
}
