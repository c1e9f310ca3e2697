import { MISLEADING_PHRASES } from './lexicon.ts'
import { longestAt, tokensOf } from './read-words.ts'
import type { Noun } from './read-words.ts'
import { ACCESSORIES, readSubject } from './subject.ts'
import type { Subject } from './subject.ts'

/** Characters and words that name nothing. */
const STRUCTURE =
  '一/二/三/四/五/六/七/八/九/十/两/几/多/个/只/顶/张/幅/座/条/片/件/位/名/颗/把/本/盏/朵/杯/碗/盘/套/双/群/排/束/块/辆/架/艘/棵/栋/间/台/匹/头/枚/瓶/支/副/组/些/这/那/有/是/和/与/及/或/着/了/地/得/为/被/将/请/画/绘制/生成/图片/图像/照片/插画/插图/摄影/海报/风格/写实/细节/丰富/光线/自然/真实/材质/特写/高清/一个/一只/一幅/一张/一座/一顶/一位/背光/中/大/小/老/新/旧/美丽/漂亮/古老/巨大/小小/发光/神秘/现代/传统/木质/陶瓷/木头/金属/玻璃/亚麻/丝绸/皮革/圆/方/长/短/高/低/宽/窄/轻/亮/暗/深/浅/色/调/质感/构图/视角/画面/场景/主体/单个/正面/侧面/俯视/全身/半身/特效/效果/氛围/年轻/可/版本/同一/另一/另/换/卡通/艺术/油画/丙烯/丙烯画/色粉画/低多边形/三维/三维渲染/渲染/等距/概念设计图/概念/微距/微距摄影/航拍/长曝光/胶片/印象派/立体主义/超现实主义/波普/包豪斯/新艺术运动/动漫/漫画/写真/人像/镜头/景深/画面/横幅/竖幅/扩展/保持/电影/插图/设计图'.split(
    '/',
  )
/** Words after which a place or an action follows. */
const BREAKS =
  '在/坐/站/躺/走/跑/飞/睡/看/读/拿/穿/戴/放/挂/靠/望/于/停/吃/喝/玩/跳/抱/骑/打/立/游/追/拉/推/举/开/落/升/照/映/背/卧/趴/蹲/倒/盛/装/守/上/里/下/旁/前/后/边/外/内/从/向/对/把/用/配/带/给'.split(
    '/',
  )

const LONGEST_WORD = 5

/** What a piece of a Chinese clause is. */
type Piece = { readonly noun: Noun | null; readonly text: string }

/**
 * Reads what a Chinese prompt is about: the last thing that its first clause names, or the first
 * clause that counts a thing ("一只 …"), because a style may come first.
 */
export function readChineseSubject(prompt: string): Subject {
  const none: Subject = { noun: null, unknown: null, described: new Set() }
  const clauses = prompt
    .split(/避免|不要/u)[0]!
    .split(/[，。；：！？、,.;:!?\n（()）]/u)
    .map((text) => text.trim())
    .filter((text) => piecesOf(text).length > 0)
  const clause = clauses.find((text) => COUNTED.test(text)) ?? clauses[0]
  if (clause === undefined) return none
  if (!/\p{Script=Han}/u.test(clause)) return readSubject(clause)
  const { noun, text } = piecesOf(clause).at(-1)!
  if (noun !== null && !ACCESSORIES.has(noun)) return { ...none, noun }
  // What a person has or wears is no subject.
  return noun !== null && /[人男女]/u.test(prompt) ? none : { ...none, unknown: text }
}

/** A number and a measure word. */
const COUNTED =
  /^[一两三四五六几]{1,2}(?:个|只|顶|张|幅|座|条|片|件|位|名|颗|把|本|盏|朵|杯|碗|盘|套|双|群|块|辆|架|艘|棵|栋|间|台|匹|头|枚|瓶|支)/u

/** Returns the things that a clause names before its first place or action. */
function piecesOf(clause: string): Piece[] {
  const tokens = tokensOf(clause)
  const pieces: Piece[] = []
  let run = ''
  let counted = false
  let prefix = ''
  const flush = (): void => {
    const alone = pieces.length === 0 && tokens.length <= 4
    // "国风" and "胶片感" are styles.
    const style = /[风感系]$/.test(run)
    if (!style && ([...run].length > 1 || (run !== '' && (alone || counted)))) {
      pieces.push({ noun: null, text: prefix + run })
    }
    run = ''
    prefix = ''
    counted = false
  }
  for (let i = 0; i < tokens.length;) {
    const [meanings, length] = longestAt(tokens, i)
    const text = tokens.slice(i, i + length).join('')
    const noun = meanings.find(({ type }) => type === 'noun')
    const role = roleAt(tokens, i, run, pieces.length === 0)
    // A known character within an unknown word ("长颈鹿") does not mean itself.
    const inWord = noun !== undefined && length === 1 && (run !== '' || isPlainAt(tokens, i + 1))
    if (inWord || (role === 'plain' && meanings.length === 0 && !MISLEADING.has(text))) {
      run += tokens[i]!
      i++
    } else if (meanings.length > 0 || MISLEADING.has(text)) {
      flush()
      if (noun !== undefined) pieces.push({ noun: noun.value as Noun, text })
      else if (MISLEADING.has(text)) pieces.push({ noun: null, text })
      i += length
    } else if (role === 'structure') {
      flush()
      counted = true
      // It may belong to the word after it ("长颈鹿").
      if (/[长短高低大小老]/.test(tokens[i]!)) prefix = tokens[i]!
      i += lengthOfWord(STRUCTURE, tokens, i)
    } else {
      flush()
      if (role === 'break' && pieces.length > 0 && tokens[i + 1] !== '的') break
      i++
    }
  }
  flush()
  return pieces
}

/**
 * Returns what the word at a position does in its clause. A verb in the first two characters of an
 * unknown word is part of it ("望远镜", "拖拉机").
 */
function roleAt(
  tokens: readonly string[],
  at: number,
  run = '',
  first = false,
): 'structure' | 'break' | 'link' | 'plain' {
  if (tokens[at] === '的') return 'link'
  if (lengthOfWord(BREAKS, tokens, at) > 0) {
    const starts = [...run].length === 1 || (run === '' && first)
    return starts && isPlainAt(tokens, at + 1) ? 'plain' : 'break'
  }
  return lengthOfWord(STRUCTURE, tokens, at) > 0 ? 'structure' : 'plain'
}

/** Returns whether the character at a position is unknown and does not structure the clause. */
function isPlainAt(tokens: readonly string[], at: number): boolean {
  const token = tokens[at]
  if (token === undefined || !/\p{Script=Han}/u.test(token)) return false
  return roleAt(tokens, at) === 'plain' && longestAt(tokens, at)[0].length === 0
}

const MISLEADING: ReadonlySet<string> = new Set(MISLEADING_PHRASES.split('/'))

/** Returns the number of tokens of the longest of some words at a position; 0 if none is there. */
function lengthOfWord(words: readonly string[], tokens: readonly string[], at: number): number {
  for (let length = LONGEST_WORD; length > 0; length--) {
    if (words.includes(tokens.slice(at, at + length).join(''))) return length
  }
  return 0
}
