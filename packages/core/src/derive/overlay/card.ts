import type { Overlay } from '../../manifest/overlay.ts'

/** A text over a picture as the renderer lays it out. Lengths in px. */
export type Card = {
  text: string
  isRightToLeft: boolean
  /** Of the text; `null` for as large as fits. */
  size: number | null
  color: string
  weight: number
  across: 'left' | 'centre' | 'right'
  down: 'top' | 'middle' | 'bottom'
  /** The part of the file that text and logo stay in. */
  box: { left: number; top: number; width: number; height: number }
  shade: { color: string; strength: number } | null
  /** `null` for none. */
  logo: { width: number; height: number; data: Uint8Array } | null
}

type Size = { width: number; height: number }

/** Describes the text of an overlay for a file of a size. */
export function createCard(overlay: Overlay, file: Size, logo: Card['logo']): Card {
  const { text, size, color, weight, shade } = overlay
  const isRightToLeft = isRtl(text ?? '')
  const position = overlay.position ?? (isRightToLeft ? 'bottom-right' : 'bottom-left')
  return {
    text: text ?? '',
    isRightToLeft,
    size,
    color,
    weight,
    across: position.endsWith('left') ? 'left' : position.endsWith('right') ? 'right' : 'centre',
    down: position.startsWith('top') ? 'top' : position.startsWith('bottom') ? 'bottom' : 'middle',
    box: boxOf(overlay, file),
    shade,
    logo,
  }
}

/** Returns the part of a file that a text stays in: the safe area without the padding. */
function boxOf({ safe, padding }: Overlay, { width, height }: Size): Card['box'] {
  const { left, top, right, bottom } = safe ?? { left: 0, top: 0, right: 0, bottom: 0 }
  const margin = padding * Math.min(width, height)
  return {
    left: left * width + margin,
    top: top * height + margin,
    width: Math.max(1, width * (1 - left - right) - 2 * margin),
    height: Math.max(1, height * (1 - top - bottom) - 2 * margin),
  }
}

/** Returns the height of a logo on a file, px. */
export function logoHeight({ width, height }: Size): number {
  return Math.max(1, Math.round(0.11 * Math.min(width, height)))
}

/** Returns whether the first letter of a text is of a script that is written from right to left. */
function isRtl(text: string): boolean {
  const letter = /\p{L}/u.exec(text)?.[0] ?? ''
  return /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(
    letter,
  )
}
