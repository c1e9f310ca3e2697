import type { Size } from '../../models/size.ts'
import type { AssetFile, CharacterFile } from '../manifest-file.ts'
import type { Input } from '../manifest.ts'

/** Room for several whole figures side by side, px. */
export const CHARACTER_SIZE: Size = { width: 1536, height: 1024 }

const DEFAULT_VIEWS = ['front', 'side', 'back']
const DEFAULT_VIEWS_ZH = ['正面', '侧面', '背面']

/** Returns the name of the asset that shows a character. */
export function characterKey(name: string): string {
  return `characters/${name}`
}

/** Returns the asset that shows a character: its sheet of views, or its existing picture. */
export function characterAsset({ views, ...character }: CharacterFile): AssetFile {
  const { prompt, alt, outputs = [] } = character
  return {
    ...character,
    ...(prompt === undefined ? {} : { prompt: sheetPrompt(prompt, views) }),
    ...(alt === undefined ? { decorative: true } : {}),
    outputs,
  }
}

function sheetPrompt(prompt: string, views: readonly string[] | undefined): string {
  if (/\p{Script=Han}/u.test(prompt)) {
    const list = views ?? DEFAULT_VIEWS_ZH
    return `角色设定图：同一个角色的${list.length}个视图并排，依次为${list.join('、')}。每个视图都是完整的全身，脸、比例、服装和配色完全一致，纯浅色背景，没有文字。${prompt}`
  }
  const list = views ?? DEFAULT_VIEWS
  const count = list.length === 1 ? '1 view' : `${list.length} views`
  return `Character sheet: ${count} of the same character, side by side: ${list.join(', ')}. The whole figure in each view, with exactly the same face, proportions, clothes and colours, on a plain light background, without text. ${prompt}`
}

/**
 * Says which input pictures show which characters; empty if none does.
 *
 * @param prompt the text that this follows, whose language it has
 */
export function introduceCharacters(
  names: readonly string[],
  inputs: readonly Input[],
  prompt: string,
): string {
  const pictures = inputs.filter(({ role }) => role !== 'mask')
  const isChinese = /\p{Script=Han}/u.test(prompt)
  return names
    .map((name) => {
      const key = characterKey(name)
      const number =
        1 + pictures.findIndex(({ kind, target }) => kind === 'asset' && target === key)
      return isChinese
        ? `输入图片${number}是${name}：画同一个角色，脸、比例、服装和配色不变。`
        : `Input picture ${number} shows ${name}: draw the same character, with the same face, proportions, clothes and colours.`
    })
    .join(isChinese ? '' : ' ')
}
