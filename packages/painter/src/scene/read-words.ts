import {
  COLORS,
  TECHNIQUE_PHRASES,
  MISLEADING_PHRASES,
  MOODS,
  NOUNS,
  SEASONS,
  STYLES,
  TILE_WORDS,
  TIMES,
  WEATHERS,
} from './lexicon.ts'

/** Something that can be painted. */
export type Noun = keyof typeof NOUNS
/** Time of day. */
export type Time = keyof typeof TIMES
/** Weather; `clear` if the prompt names none. */
export type Weather = keyof typeof WEATHERS | 'clear'
/** Season. */
export type Season = keyof typeof SEASONS
/** Style of the picture. */
export type Style = keyof typeof STYLES
/** Mood of the picture. */
export type Mood = keyof typeof MOODS

/** One meaning found in a prompt. `position` counts words (in Chinese, characters) from 0. */
export type Finding = (
  | { readonly type: 'noun'; readonly value: Noun }
  | { readonly type: 'time'; readonly value: Time }
  | { readonly type: 'weather'; readonly value: Weather }
  | { readonly type: 'season'; readonly value: Season }
  | { readonly type: 'style'; readonly value: Style }
  | { readonly type: 'mood'; readonly value: Mood }
  | { readonly type: 'color'; readonly value: string }
  | { readonly type: 'tile'; readonly value: true }
) & { readonly position: number; readonly clause: number }

/** What a word or phrase means. */
export type Meaning = Finding extends infer F
  ? F extends Finding
    ? Pick<F, 'type' | 'value'>
    : never
  : never

const MEANINGS: ReadonlyMap<string, readonly Meaning[]> = collectMeanings()
const LONGEST_CHINESE = 6
const LONGEST_PHRASE = 4
const NEGATIONS = new Set([
  'no',
  'without',
  'not',
  'never',
  'avoid',
  'exclude',
  'excluding',
  'free of',
])
const CHINESE_NEGATIONS = ['避免', '不要', '没有', '禁止', '不含', '无', '别']
const NEGATION_ENDS = new Set(['but', 'with', 'on', 'in', 'at', 'under', 'instead', 'only'])
const CLAUSE_BREAKS = new Set([
  'and',
  'with',
  'on',
  'in',
  'at',
  'over',
  'under',
  'above',
  'for',
  'to',
])

function collectMeanings(): Map<string, Meaning[]> {
  const meanings = new Map<string, Meaning[]>()
  const add = (forms: string, meaning: Meaning): void => {
    for (const form of forms.split('/')) {
      meanings.set(form, [...(meanings.get(form) ?? []), meaning])
    }
  }
  const addAll = <T extends string>(
    table: Readonly<Record<T, string>>,
    build: (value: T) => Meaning,
  ): void => {
    for (const value of Object.keys(table) as T[]) add(table[value], build(value))
  }
  addAll(NOUNS, (value) => ({ type: 'noun', value }))
  addAll(TIMES, (value) => ({ type: 'time', value }))
  addAll(WEATHERS, (value) => ({ type: 'weather', value }))
  addAll(SEASONS, (value) => ({ type: 'season', value }))
  addAll(STYLES, (value) => ({ type: 'style', value }))
  addAll(MOODS, (value) => ({ type: 'mood', value }))
  for (const forms of Object.keys(COLORS)) add(forms, { type: 'color', value: COLORS[forms]! })
  add(TILE_WORDS, { type: 'tile', value: true })
  for (const phrase of TECHNIQUE_PHRASES.split('/')) meanings.set(phrase, [])
  for (const phrase of MISLEADING_PHRASES.split('/')) meanings.set(phrase, [])
  return meanings
}

/** Sentences about the input pictures that show characters: not what the picture shows. */
const ABOUT_CHARACTERS =
  /Input picture \d+ shows [^:]*: draw the same character, [^.]*\.|输入图片\d+是[^：]*：画同一个角色，[^。]*。/g

/**
 * Removes differences that do not matter: converts to NFC, trims, collapses white space, and leaves
 * out what introduces the pictures of characters.
 */
export function normalizePrompt(prompt: string): string {
  return prompt.normalize('NFC').replace(ABOUT_CHARACTERS, ' ').replace(/\s+/g, ' ').trim()
}

/** Returns the words, Chinese characters and punctuation marks of a prompt, in lower case. */
export function tokensOf(prompt: string): string[] {
  return (
    normalizePrompt(prompt)
      .toLowerCase()
      .replace(/-(?=haired\b)/g, ' ')
      .match(
        /#[0-9a-f]{6}\b|#[0-9a-f]{3}\b|[\p{Script=Latin}0-9]+(?:['’-][\p{Script=Latin}0-9]+)*|[\u3400-\u9fff]|[.,;:!?，。；：！？、\n()|]/gu,
      ) ?? []
  )
}

/** Returns every known word of a prompt, in order, without what is negated ("no people", "避免文字"). */
export function readWords(prompt: string): Finding[] {
  const tokens = tokensOf(prompt)
  const findings: Finding[] = []
  let clause = 0
  let negated: 'no' | 'clause' | 'sentence' = 'no'
  // In "Avoid: people", the negation continues after the colon.
  let afterNegation = -1
  for (let i = 0; i < tokens.length;) {
    const token = tokens[i]!
    if (/^[:：]/.test(token) && i === afterNegation) {
      i++
      continue
    }
    if (/^[.;:!?。；：！？\n()|]/.test(token)) negated = 'no'
    else if (/^[,，、]/.test(token) && negated === 'clause') negated = 'no'
    else if (NEGATION_ENDS.has(token) && negated !== 'no') negated = 'no'
    if (/^[.,;:!?，。；：！？、\n()|]/.test(token) || CLAUSE_BREAKS.has(token)) clause++
    const [meanings, length] = longestAt(tokens, i)
    const negation = meanings.length > 0 ? null : negationAt(tokens, i)
    if (negation !== null) negated = negation
    else if (negated === 'no') {
      for (const meaning of meanings) findings.push({ ...meaning, position: i, clause })
    }
    i +=
      negation !== null && /[\u3400-\u9fff]/.test(token)
        ? Math.max(1, chineseNegationLength(tokens, i))
        : Math.max(1, length)
    if (negation !== null) afterNegation = i
  }
  return findings
}

function chineseNegationLength(tokens: readonly string[], at: number): number {
  return (
    CHINESE_NEGATIONS.find((word) => tokens.slice(at, at + word.length).join('') === word)
      ?.length ?? 1
  )
}

function negationAt(tokens: readonly string[], at: number): 'clause' | 'sentence' | null {
  const token = tokens[at]!
  if (NEGATIONS.has(token)) {
    return token === 'avoid' || token.startsWith('exclud') ? 'sentence' : 'clause'
  }
  const word = CHINESE_NEGATIONS.find(
    (each) => tokens.slice(at, at + each.length).join('') === each,
  )
  if (word === undefined) return null
  return word === '避免' || word === '不要' ? 'sentence' : 'clause'
}

/** Returns the meanings of the longest known phrase at a position, and its number of tokens. */
export function longestAt(
  tokens: readonly string[],
  at: number,
): readonly [readonly Meaning[], number] {
  const first = tokens[at]!
  if (first.startsWith('#')) return [[{ type: 'color', value: first }], 1]
  const chinese = /[\u3400-\u9fff]/.test(first)
  for (let length = chinese ? LONGEST_CHINESE : LONGEST_PHRASE; length > 0; length--) {
    if (at + length > tokens.length) continue
    const words = tokens.slice(at, at + length)
    const meanings = chinese ? MEANINGS.get(words.join('')) : meaningsOf(words.join(' '))
    if (meanings !== undefined) return [meanings, length]
  }
  // A compound that the lexicon lacks ("rose-gold") counts as its last part.
  const part = first.includes('-') ? meaningsOf(first.slice(first.lastIndexOf('-') + 1)) : undefined
  return [part ?? [], 1]
}

function meaningsOf(phrase: string): readonly Meaning[] | undefined {
  const singular = [
    phrase,
    phrase.replace(/s$/, ''),
    phrase.replace(/es$/, ''),
    phrase.replace(/ies$/, 'y'),
    phrase.replace(/ves$/, 'f'),
    phrase.replace(/men$/, 'man'),
  ]
  return singular.map((form) => MEANINGS.get(form)).find((meanings) => meanings !== undefined)
}
