import type { Verdict } from '../lock/verdict.ts'
import type { Area, Expectations } from '../manifest/expectations.ts'
import type { Asset } from '../manifest/manifest.ts'

/** What a prompt says about an expectation that a picture did not meet, in two languages. */
type Wording = (expect: Expectations, of: string) => readonly [english: string, chinese: string]

/**
 * Returns the prompt for another attempt: that of the manifest, and what the pictures so far
 * lacked. Leaves out what the model could not act on, and what exceeds its limit.
 *
 * @param options.limit most characters that the model accepts
 */
export function promptForAttempt(
  prompt: string,
  failed: readonly Verdict[],
  { asset, limit }: { asset: Pick<Asset, 'expect'>; limit: number },
): string {
  const isChinese = /\p{Script=Han}/u.test(prompt)
  const expect = asset.expect ?? {}
  const sentences = failed.flatMap(({ test, of = '' }) => {
    const words = wordings[test]?.(expect, of)
    return words === undefined ? [] : [words[isChinese ? 1 : 0]]
  })
  if (sentences.length === 0) return prompt
  const separator = isChinese ? '' : ' '
  return [...new Set(sentences)].reduce(
    (text, sentence) => {
      const longer = `${text}${separator}${sentence}`
      return longer.length > limit ? text : longer
    },
    endSentence(prompt, isChinese),
  )
}

function endSentence(prompt: string, isChinese: boolean): string {
  return /[\p{L}\p{N}]$/u.test(prompt) ? `${prompt}${isChinese ? '。' : '.'}` : prompt
}

const wordings: Partial<Record<Verdict['test'], Wording>> = {
  transparent: () => [
    'The background is fully transparent: no painted checkerboard, and no halo.',
    '背景完全透明：没有画出的棋盘格，也没有光晕。',
  ],
  whole: () => [
    'The whole subject is inside the frame, with a margin on every side.',
    '主体完整地在画面内，四周留有边距。',
  ],
  quiet: ({ quiet = 'center' }) => [
    `The ${areas[quiet][0]} of the picture is calm and nearly empty, with room for text.`,
    `画面的${areas[quiet][1]}平静而接近空白，留出放文字的位置。`,
  ],
  contrast: ({ contrast }) => {
    const area = areas[contrast?.at ?? 'center']
    const color = contrast?.with ?? ''
    return [
      `Text in the color ${color} is easy to read on the ${area[0]} of the picture.`,
      `颜色为 ${color} 的文字在画面的${area[1]}清晰可读。`,
    ]
  },
  palette: ({ palette }) => {
    const colors = palette?.near.join(', ') ?? ''
    return [`All colors are close to these: ${colors}.`, `所有颜色都接近：${colors}。`]
  },
  tileable: () => [
    'The picture repeats without a visible seam in both directions.',
    '画面在水平和垂直方向都能无缝平铺。',
  ],
  sharp: () => ['The picture is in sharp focus.', '画面清晰，没有模糊。'],
  shows: (_, of) => [`The picture clearly shows: ${of}.`, `画面清楚地展示：${of}。`],
  without: (_, of) => [`The picture does not show: ${of}.`, `画面中没有：${of}。`],
  text: (_, of) => [
    `The picture shows this text, spelled exactly so: "${of}".`,
    `画面中有这段文字，一字不差：“${of}”。`,
  ],
}

const areas: Readonly<Record<Area, readonly [english: string, chinese: string]>> = {
  left: ['left third', '左侧三分之一'],
  right: ['right third', '右侧三分之一'],
  top: ['top third', '上方三分之一'],
  bottom: ['bottom third', '下方三分之一'],
  'top-left': ['top left corner', '左上角'],
  'top-right': ['top right corner', '右上角'],
  'bottom-left': ['bottom left corner', '左下角'],
  'bottom-right': ['bottom right corner', '右下角'],
  center: ['middle', '中央'],
}
