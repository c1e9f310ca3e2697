import { readChineseSubject } from './chinese-subject.ts'
import { readSteps } from './read-steps.ts'
import { normalizePrompt, readWords } from './read-words.ts'
import type { Finding, Mood, Noun, Season, Style, Time, Weather } from './read-words.ts'
import { hasUnknownWord, readSubject } from './subject.ts'

/** The genre of a picture; each has its own painter. */
export type SceneKind =
  | 'scenery'
  | 'ink'
  | 'islands'
  | 'space'
  | 'underwater'
  | 'street'
  | 'interior'
  | 'product'
  | 'food'
  | 'item'
  | 'portrait'
  | 'fashion'
  | 'character'
  | 'animal'
  | 'logo'
  | 'steps'
  | 'screen'
  | 'pattern'
  | 'card'
  | 'plan'
  | 'abstract'
  | 'unknown'

/** Something that the prompt names, with the colour (`#rrggbb` or `#rgb`) that it gives it. */
interface Thing {
  readonly name: Noun
  readonly color: string | null
}

/** What a prompt asks for, as far as its words are known. Qualities that it does not name are null. */
export interface Scene {
  readonly kind: SceneKind
  /** In order of first mention, each noun once. */
  readonly things: readonly Thing[]
  /** Colours that belong to no thing. */
  readonly colors: readonly string[]
  readonly time: Time | null
  readonly weather: Weather
  readonly season: Season | null
  readonly styles: readonly Style[]
  readonly mood: Mood | null
  /** Whether opposite edges of the picture meet. */
  readonly tile: boolean
  /** The words of each step of a diagram, empty if the prompt gives none. Only diagrams have steps. */
  readonly steps: readonly string[]
  /** What the prompt is about, in its own words, if the painter cannot draw it; else null. */
  readonly unknown: string | null
  /** The prompt on one line. */
  readonly prompt: string
}

/** Animals that can be the main subject of a picture. */
export const ANIMALS: readonly Noun[] = [
  'fox',
  'cat',
  'dog',
  'bear',
  'panda',
  'rabbit',
  'owl',
  'bird',
  'penguin',
  'flamingo',
  'fish',
  'whale',
  'deer',
]
/** Products that can be painted. */
const PRODUCTS: readonly Noun[] = [
  'mug',
  'bottle',
  'perfume',
  'shoe',
  'bag',
  'watch',
  'headphones',
  'lamp',
  'chair',
  'sofa',
  'phone',
  'laptop',
  'camera',
  'vase',
  'candle',
  'tshirt',
  'book',
]
const FOODS: readonly Noun[] = ['cake', 'icecream', 'fruit', 'food', 'coffee']
const ITEMS: readonly Noun[] = ['item', 'potion', 'sword', 'chest', 'shield', 'coin', 'gem']
const PLACES: readonly Noun[] = [
  'sea',
  'lake',
  'mountain',
  'city',
  'forest',
  'desert',
  'field',
  'garden',
  'lighthouse',
  'boat',
  'airballoon',
  'cabin',
  'bridge',
  'tree',
  'sky',
  'moon',
  'sun',
  'umbrella',
]
const FIGURES: readonly Noun[] = ['woman', 'man', 'person']

/** Reads a prompt in English or Chinese. Pure. */
export function readScene(prompt: string): Scene {
  const subject = /\p{Script=Han}/u.test(prompt) ? readChineseSubject(prompt) : readSubject(prompt)
  const findings = readWords(prompt).filter(
    ({ type, position }) => type !== 'noun' || !subject.described.has(position),
  )
  const things = thingsOf(findings).filter(
    // A portrait of an animal or a place is painted as such.
    ({ name }) => name !== 'portrait' || isFigure(subject.noun),
  )
  const styles = [...new Set(valuesOf(findings, 'style'))]
  const base = {
    things: subjectFirst(things, subject.noun),
    colors: unboundColors(findings),
    time: (valuesOf(findings, 'time')[0] ?? null) as Time | null,
    weather: (valuesOf(findings, 'weather')[0] ?? 'clear') as Weather,
    season: (valuesOf(findings, 'season')[0] ?? null) as Season | null,
    styles: styles as Style[],
    mood: (valuesOf(findings, 'mood')[0] ?? null) as Mood | null,
    tile: findings.some((finding) => finding.type === 'tile'),
  }
  const kind = kindOf(base)
  const unknown = unknownOf(prompt, base, kind, subject.unknown)
  return {
    ...base,
    kind: unknown === null ? kind : 'unknown',
    steps: kind === 'steps' ? readSteps(prompt) : [],
    unknown,
    prompt: normalizePrompt(prompt),
  }
}

function isFigure(subject: Noun | null): boolean {
  return subject === null || !NOT_PORTRAYED.has(subject)
}

/** "Furnish this plan as a living room", "turn the sketch into a lighthouse", "改成一座灯塔". */
const REDRAWS = [
  /\b(?:furnish|turn|transform|convert|remodel|redraw|repaint|rebuild|remake)\b[^.!?\n]*?\b(?:as|into)\b\s+/i,
  /(?:布置|改造?|变|画|转换?|装修|装饰)(?:成|为)?\s*/,
] as const

/** Reads what an edit turns its picture into, or null if the picture stays and only changes. */
export function readRedrawn(prompt: string): Scene | null {
  const text = normalizePrompt(prompt)
  for (const pattern of REDRAWS) {
    const match = pattern.exec(text)
    if (match === null) continue
    const scene = readScene(text.slice(match.index + match[0].length))
    if (scene.unknown === null && scene.things.length > 0 && scene.kind !== 'abstract') return scene
  }
  return null
}

/** Genres that show something sensible whatever the prompt is about. */
const TOLERANT: ReadonlySet<SceneKind> = new Set(['steps', 'screen', 'ink'])

/** Subjects of which a portrait shows no person. */
const NOT_PORTRAYED: ReadonlySet<Noun> = new Set([...ANIMALS, ...PRODUCTS, ...FOODS, ...PLACES])

/** Things that a logo can show. */
const LOGO_MOTIFS: readonly Noun[] = [
  'coffee',
  'mug',
  'leaf',
  'flower',
  'forest',
  'tree',
  'garden',
  'mountain',
  'sun',
  'sea',
  'wave',
  'lake',
  'cat',
  'fox',
  'dog',
  'bear',
]

/** Returns the words for what a prompt is about and the painter cannot draw, or null. */
function unknownOf(
  prompt: string,
  scene: Pick<Scene, 'things'>,
  kind: SceneKind,
  unknown: string | null,
): string | null {
  if (TOLERANT.has(kind)) return null
  if (kind === 'logo' && has(scene, ...LOGO_MOTIFS)) return null
  if (unknown !== null || kind !== 'abstract') return unknown
  return hasUnknownWord(prompt) ? normalizePrompt(prompt) : null
}

/** Puts the subject first: it decides the genre. */
function subjectFirst(things: readonly Thing[], subject: Noun | null): Thing[] {
  const rank = ({ name }: Thing): number => (name === subject ? 0 : 1)
  return things.toSorted((a, b) => rank(a) - rank(b))
}

/** Returns whether a scene names one of the things. */
export function has(scene: Pick<Scene, 'things'>, ...names: readonly Noun[]): boolean {
  return scene.things.some((thing) => names.includes(thing.name))
}

/** Returns the first of `names` that the prompt mentions, or null. */
export function firstOf(scene: Pick<Scene, 'things'>, names: readonly Noun[]): Noun | null {
  return scene.things.find((thing) => names.includes(thing.name))?.name ?? null
}

/** Returns the colour that the prompt gives to one of `names`, or null. */
export function colorOf(scene: Pick<Scene, 'things'>, ...names: readonly Noun[]): string | null {
  return (
    scene.things.find((thing) => names.includes(thing.name) && thing.color !== null)?.color ?? null
  )
}

/** Returns whether a scene is a plan seen from above, and not the room that it describes. */
function isPlan(scene: Pick<Scene, 'things'>): boolean {
  return scene.things[0]?.name === 'plan' && !has(scene, 'room3d')
}

function kindOf(scene: Omit<Scene, 'kind' | 'steps' | 'unknown' | 'prompt'>): SceneKind {
  const rules: readonly (readonly [SceneKind, boolean])[] = [
    ['islands', has(scene, 'island')],
    ['pattern', has(scene, 'pattern') || scene.tile],
    ['plan', isPlan(scene)],
    ['interior', has(scene, 'plan')],
    ['product', has(scene, 'hanger') && has(scene, 'dress', 'tshirt')],
    ['logo', has(scene, 'logo')],
    ['steps', has(scene, 'steps')],
    ['screen', has(scene, 'screen')],
    ['card', has(scene, 'card', 'festival', 'christmas', 'valentine')],
    ['character', has(scene, 'character', 'knight', 'wizard', 'robot', 'astronaut')],
    ['item', has(scene, ...ITEMS)],
    [
      'fashion',
      has(scene, 'model', 'dress') || (has(scene, 'coat', 'tshirt') && has(scene, ...FIGURES)),
    ],
    [
      'portrait',
      has(scene, 'portrait') ||
        (has(scene, ...FIGURES, 'beard', 'moustache') &&
          !has(scene, ...PLACES, 'street', 'shop', 'room', ...ANIMALS)),
    ],
    ['ink', scene.styles.includes('ink')],
    ['space', has(scene, 'space', 'planet', 'station')],
    [
      'underwater',
      has(scene, 'underwater', 'whale') || (has(scene, 'fish') && !has(scene, 'lake', 'mountain')),
    ],
    [
      'interior',
      has(scene, 'room', 'bedroom', 'kitchen') ||
        (has(scene, 'window') && !has(scene, 'shop', 'street', 'city', 'mug')),
    ],
    ['street', has(scene, 'shop', 'street')],
    [
      'animal',
      firstIs(scene, ANIMALS, [...PRODUCTS, ...FOODS]) && !has(scene, 'lighthouse', 'boat', 'city'),
    ],
    ['scenery', firstIs(scene, PLACES, [...PRODUCTS, ...FOODS])],
    ['food', firstIs(scene, FOODS, PRODUCTS)],
    ['product', has(scene, ...PRODUCTS, 'product', 'table')],
    ['animal', has(scene, ...ANIMALS)],
    ['scenery', has(scene, ...PLACES)],
    ['abstract', has(scene, 'abstract')],
    ['card', has(scene, 'balloon', 'gift', 'lantern')],
    ['pattern', has(scene, 'leaf', 'flower', 'wave')],
    ['scenery', scene.time !== null || scene.weather !== 'clear' || scene.season !== null],
  ]
  return rules.find(([, applies]) => applies)?.[0] ?? 'abstract'
}

function firstIs(
  scene: Pick<Scene, 'things'>,
  names: readonly Noun[],
  rivals: readonly Noun[],
): boolean {
  const first = firstOf(scene, [...names, ...rivals])
  return first !== null && names.includes(first)
}

function valuesOf(findings: readonly Finding[], type: Finding['type']): Finding['value'][] {
  return findings.filter((finding) => finding.type === type).map((finding) => finding.value)
}

/**
 * Returns the noun that a colour belongs to: the last of the nouns that closely follow it in the
 * same clause ("red coffee mug").
 */
function boundNoun(findings: readonly Finding[], color: Finding): Noun | null {
  const after = findings.filter(
    (other) =>
      other.type === 'noun' &&
      other.value !== 'smile' &&
      other.clause === color.clause &&
      other.position > color.position &&
      other.position - color.position <= 4,
  )
  const first = after[0]
  if (first === undefined) return null
  const next = after.find((other) => other.position === first.position + 1)
  return (next ?? first).value as Noun
}

function thingsOf(findings: readonly Finding[]): Thing[] {
  const colorByName = new Map<Noun, string>()
  for (const finding of findings) {
    const noun = finding.type === 'color' ? boundNoun(findings, finding) : null
    if (noun !== null) colorByName.set(noun, finding.value as string)
  }
  const names = new Set(valuesOf(findings, 'noun') as Noun[])
  return [...names].map((name) => ({ name, color: colorByName.get(name) ?? null }))
}

function unboundColors(findings: readonly Finding[]): string[] {
  return [
    ...new Set(
      findings
        .filter((finding) => finding.type === 'color' && boundNoun(findings, finding) === null)
        .map((finding) => finding.value as string),
    ),
  ]
}
