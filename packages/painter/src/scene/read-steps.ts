import { normalizePrompt } from './read-words.ts'

/** Fewest and most steps that a diagram shows. */
const [FEWEST, MOST] = [2, 12]
/** Steps of a prompt that names neither their number nor their words. */
const DEFAULT_COUNT = 4

const NUMBER_WORDS = 'one/two/three/four/five/six/seven/eight/nine/ten/eleven/twelve'.split('/')
const CHINESE_NUMBERS = '一二三四五六七八九十'

/** Reads the steps of a diagram: the words of each, in order, empty if the prompt gives none. */
export function readSteps(prompt: string): readonly string[] {
  const text = prompt
    .split(/\r?\n/)
    .map(normalizePrompt)
    .filter((line) => line !== '')
    .join('\n')
  const steps = [byNumber, byArrow, byColon, byOrder]
    .map((read) => read(text).filter((step) => step !== ''))
    .find((found) => found.length >= FEWEST)
  if (steps !== undefined) return steps.slice(0, MOST)
  const count = readCount(text) ?? DEFAULT_COUNT
  return Array.from({ length: Math.min(Math.max(count, 1), MOST) }, () => '')
}

/** Reads "1. Grind 2. Pour", "Step 1: Grind", "①研磨" or "第一步：研磨". */
function byNumber(text: string): string[] {
  const marks = [
    ...text.matchAll(
      /(?:(?<=^|[\s:：;；,，、。(（])(?:step\s+)?(\d{1,2})\s?(?:[.)）、:：．](?!\d)|[-–—](?=\s))|第?([一二三四五六七八九十]|\d)[步、](?:骤)?[:：，、]?|([①-⑫]))\s*/giu,
    ),
  ]
  const numberOf = ([, digits, chinese, circled]: RegExpMatchArray): number =>
    digits !== undefined
      ? Number(digits)
      : circled !== undefined
        ? circled.codePointAt(0)! - 0x245f
        : CHINESE_NUMBERS.includes(chinese!)
          ? CHINESE_NUMBERS.indexOf(chinese!) + 1
          : Number(chinese)
  const sequence: RegExpMatchArray[] = []
  for (const mark of marks) if (numberOf(mark) === sequence.length + 1) sequence.push(mark)
  return sequence.map((mark, i) =>
    clean(text.slice(mark.index! + mark[0].length, sequence[i + 1]?.index ?? text.length)),
  )
}

/** Reads "grind → pour → serve". */
function byArrow(text: string): string[] {
  const parts = text.split(/\s*(?:→|⇒|➜|->|=>)\s*/)
  if (parts.length < FEWEST) return []
  return parts.map((part, i) => clean(i === 0 ? part.split(/[:：]/).at(-1)! : part))
}

/** Reads the list after a colon: "three steps: grind, pour and serve". */
function byColon(text: string): string[] {
  const list =
    /(?:step|stage|phase|how to|process|guide|步|流程|教程|做法|过程)[^:：.。\n]*[:：]\s*([^.。\n]+)/iu.exec(
      text,
    )?.[1]
  if (list === undefined) return []
  return list
    .split(/\s*(?:[,，;；、]\s*(?:and\s+|then\s+)?|\s(?:and then|and|then)\s)\s*/i)
    .map(clean)
}

/** Reads "first grind, then pour, finally serve" or "先研磨，再注水，最后分享". */
function byOrder(text: string): string[] {
  const parts = text.split(
    /(?:^|[\s,;.])(?:first(?:ly)?|second(?:ly)?|third(?:ly)?|and then|then|next|after that|finally|lastly)[\s,:]+|(?:首先|先|然后|接着|再|最后)(?!生)/iu,
  )
  return parts.length <= FEWEST ? [] : parts.slice(1).map(clean)
}

/** Returns the first sentence of a step without punctuation at its ends. */
function clean(step: string): string {
  return step
    .split(/\n|(?<=[^\d\s.]{2})[.。](?:\s|$)|[。]/)[0]!
    .replace(/^[\s,，;；、:：.\-–—]+|[\s,，;；、:：.]+$/gu, '')
    .replace(/[\s,]+(?:and|then)$/i, '')
}

/** Reads "four steps", "a 5-step guide", "in three easy stages" or "四个步骤"; null if there is none. */
function readCount(text: string): number | null {
  const english = new RegExp(
    `\\b(\\d{1,2}|${NUMBER_WORDS.join('|')})[\\s-](?:[a-z]+\\s){0,2}(?:step|stage|phase|panel)s?\\b`,
    'i',
  ).exec(text)?.[1]
  if (english !== undefined) {
    return /\d/.test(english) ? Number(english) : NUMBER_WORDS.indexOf(english.toLowerCase()) + 1
  }
  const chinese =
    /([一二两三四五六七八九十]|\d{1,2})\s*(?:个|大|步|道)?\s*(?:个?步骤|步|阶段|环节)/u.exec(
      text,
    )?.[1]
  if (chinese === undefined) return null
  if (chinese === '两') return 2
  return /\d/.test(chinese) ? Number(chinese) : CHINESE_NUMBERS.indexOf(chinese) + 1
}
