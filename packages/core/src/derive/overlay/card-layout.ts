import type { Card } from './card.ts'
import type { LayoutNode } from './renderer.ts'

type Size = { width: number; height: number }

/** The size of a text, and the part of the box that it takes, px. */
export type FittedText = { size: number; height: number }

/** Line height of a headline, relative to its size. */
const LINE_HEIGHT = 1.16
/** Smallest size that a text shrinks to, relative to the largest. */
const SMALLEST = 0.3
/** The part of the box that a text of no certain size may take. */
const MAX_HEIGHT = 0.62

/** Measures a text at a size: the width of its longest line, and the height of all. */
export type MeasureText = (node: LayoutNode) => Promise<Size>

/**
 * Finds the largest size at which a text fits its box.
 *
 * @returns `undefined` if it fits at no size, or not at its own
 */
export async function fitText(
  card: Card,
  file: Size,
  measure: MeasureText,
): Promise<FittedText | undefined> {
  const { box, logo, size: wanted } = card
  const beside = logo === null ? 0 : logo.height * 1.5
  const at = async (size: number, most: number): Promise<FittedText | undefined> => {
    const { width, height } = await measure(textNode(card, size))
    return width <= box.width + 0.5 && height <= most - beside ? { size, height } : undefined
  }
  if (wanted !== null) return at(wanted, box.height)
  const largest = Math.max(
    8,
    Math.round(Math.min(Math.sqrt(file.width * file.height) * 0.1, file.width * 0.085)),
  )
  const most = Math.max(box.height * MAX_HEIGHT, beside * 2)
  const first = await at(largest, most)
  if (first !== undefined) return first
  let [low, high] = [Math.max(6, Math.round(largest * SMALLEST)), largest]
  let best = await at(low, box.height)
  while (best !== undefined && high - low > 1) {
    const middle = (low + high) >> 1
    const fitted = await at(middle, most)
    if (fitted === undefined) high = middle
    else [low, best] = [middle, fitted]
  }
  return best
}

/** Lays out a card: shade, text and logo. */
export function layOutCard(card: Card, file: Size, fitted: FittedText): LayoutNode {
  const { box, down, shade, logo } = card
  const justify = { top: 'flex-start', middle: 'center', bottom: 'flex-end' }[down]
  return {
    type: 'container',
    style: { position: 'relative', width: '100%', height: '100%' },
    children: [
      ...(shade === null ? [] : [shadeNode(card, file, fitted)]),
      {
        type: 'container',
        style: {
          position: 'absolute',
          ...box,
          display: 'flex',
          flexDirection: 'column',
          justifyContent: justify,
        },
        children: [textNode(card, fitted.size)],
      },
      ...(logo === null ? [] : [logoNode(card, logo)]),
    ],
  }
}

function textNode(
  { text, isRightToLeft, color, weight, across, box }: Card,
  size: number,
): LayoutNode {
  return {
    type: 'text',
    text,
    dir: isRightToLeft ? 'rtl' : 'ltr',
    style: {
      width: box.width,
      fontSize: size,
      lineHeight: LINE_HEIGHT,
      fontWeight: weight,
      color,
      textAlign: across === 'centre' ? 'center' : across,
      textWrap: 'balance',
      whiteSpace: 'pre-line',
    },
  }
}

/** At the edge opposite to the text, on the same side. */
function logoNode(
  { box, across, down }: Card,
  { width, height, data }: NonNullable<Card['logo']>,
): LayoutNode {
  const scale = Math.min(1, box.width / width)
  const [wide, high] = [width * scale, height * scale]
  const spare = box.width - wide
  return {
    type: 'image',
    src: { width, height, data },
    style: {
      position: 'absolute',
      left: box.left + { left: 0, centre: spare / 2, right: spare }[across],
      top: down === 'top' ? box.top + box.height - high : box.top,
      width: wide,
      height: high,
    },
  }
}

/**
 * Shades a picture from the edge where the text is, or all of it. The shade is strong enough for
 * the text as far as the text reaches, and fades out beyond.
 */
function shadeNode(
  { box, down, across, shade }: Card,
  file: Size,
  { height }: FittedText,
): LayoutNode {
  const { color, strength } = shade!
  const at = (share: number, position: number): string =>
    `${withAlpha(color, strength * share)} ${Math.round(Math.min(1, position) * 1000) / 10}%`
  const ramp = (reach: number): string =>
    [
      at(1, 0),
      at(0.95, reach),
      at(0.45, reach + 0.14),
      at(0.14, reach + 0.27),
      at(0, reach + 0.4),
    ].join(', ')
  const above = file.height - box.top - box.height
  const reach = (height + (down === 'top' ? box.top : above)) / file.height
  const direction = { top: 'to bottom', bottom: 'to top', middle: '' }[down]
  const side = { left: 'to right', right: 'to left', centre: '' }[across]
  const backgroundImage =
    direction !== ''
      ? `linear-gradient(${direction}, ${ramp(reach)})`
      : side !== ''
        ? `linear-gradient(${side}, ${ramp(0.5)})`
        : `linear-gradient(${at(0.9, 0)}, ${at(0.9, 1)})`
  return {
    type: 'container',
    style: {
      position: 'absolute',
      left: 0,
      top: 0,
      width: '100%',
      height: '100%',
      backgroundImage,
    },
  }
}

function withAlpha(color: string, alpha: number): string {
  const value = Number.parseInt(color.slice(1), 16)
  const parts = [value >> 16, (value >> 8) & 255, value & 255]
  return `rgba(${parts.join(',')},${Math.round(alpha * 1000) / 1000})`
}
