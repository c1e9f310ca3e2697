import { darken, hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { circle, ellipse, line, rect } from '../raster/path.ts'
import type { Pen } from '../raster/pen.ts'
import type { Noun } from '../scene/read-words.ts'
import type { Stage } from './painter.ts'

/** The fur of a sitting animal and the shapes of its parts. */
export interface Coat {
  fur: Color
  pale: Color
  dark: Color
  ears: 'pointed' | 'round' | 'long' | 'flop' | 'wide'
  tail: 'brush' | 'thin' | 'puff' | 'none'
  mask: 'fox' | 'panda' | 'plain' | 'deer'
}

/** Paints a sitting animal, 60 units high over the origin. */
export function paintSitting(stage: Stage, name: Noun, coat: Coat): void {
  const { pen } = stage
  paintTail(stage, coat)
  paintBody(pen, coat)
  paintLegs(pen, coat)
  paintEars(stage, coat)
  paintHead(stage, name, coat)
  paintFace(stage, coat)
}

function paintBody(pen: Pen, { fur, pale, dark, mask }: Coat): void {
  const body =
    'M0 -38C10 -38 16 -19 16.5 -7C16.6 0 10 0.8 0 0.8C-10 0.8 -16.6 0 -16.5 -7C-16 -19 -10 -38 0 -38Z'
  pen.fill(
    body,
    linear(-16, 0, 16, 0, [
      [0, darken(fur, 0.34)],
      [0.5, fur],
      [1, lighten(fur, 0.12)],
    ]),
  )
  pen.clip(body, () => {
    pen.fill(ellipse(0, -15, 8.5, 17), pale, { opacity: mask === 'panda' ? 1 : 0.95 })
    if (mask === 'panda') pen.fill(rect(-18, -36, 36, 9.5), dark)
    pen.fill(ellipse(0, -34, 13, 6), darken(fur, 0.8), { opacity: 0.28 })
  })
}

function paintLegs(pen: Pen, { fur, dark, mask }: Coat): void {
  const limb = mask === 'panda' || mask === 'fox' ? dark : darken(fur, 0.12)
  for (const side of [-1, 1]) {
    pen.fill(ellipse(side * 12, -5, 6.6, 6.4), limb)
    pen.fill(ellipse(side * 10.6, -0.6, 6.2, 2.4), darken(limb, 0.16))
    pen.fill(
      `M${side * 2} -22C${side * 6.5} -22 ${side * 8} -12 ${side * 7} -1.5Q${side * 4} 0.8 ${side * 1.2} -1.5Z`,
      linear(0, -22, 0, 0, [
        [0, fur],
        [0.45, fur],
        [1, limb],
      ]),
    )
    pen.fill(ellipse(side * 4.2, -0.5, 3.7, 2), mask === 'fox' ? dark : lighten(limb, 0.18))
  }
}

const ROUND_HEAD =
  'M0 -28C-10 -28 -18 -33 -18 -42.5C-18 -52 -10 -58 0 -58C10 -58 18 -52 18 -42.5C18 -33 10 -28 0 -28Z'

const HEADS: Readonly<Record<Coat['mask'], string>> = {
  fox: 'M0 -27.5C-5 -28.5 -19 -35 -18.6 -44C-18 -53 -9 -57.5 0 -57.5C9 -57.5 18 -53 18.6 -44C19 -35 5 -28.5 0 -27.5Z',
  deer: 'M0 -26C-7 -26 -8 -34 -12 -42C-15 -50 -9 -58 0 -58C9 -58 15 -50 12 -42C8 -34 7 -26 0 -26Z',
  panda: ROUND_HEAD,
  plain: ROUND_HEAD,
}

function paintHead(stage: Stage, name: Noun, coat: Coat): void {
  const { pen, light } = stage
  const { fur } = coat
  const head = HEADS[coat.mask]
  pen.fill(
    head,
    linear(-16, -56, 16, -30, [
      [0, darken(fur, 0.16)],
      [0.55, fur],
      [1, lighten(fur, 0.16)],
    ]),
  )
  pen.clip(head, () => {
    paintMask(pen, coat)
    if (name === 'cat') paintStripes(pen, coat.dark)
    pen.fill(ellipse(14, -50, 12, 14), light.glow, { mode: 'screen', opacity: 0.16 })
  })
}

/** Paints the pale or dark parts of the face. */
function paintMask(pen: Pen, { pale, dark, mask }: Coat): void {
  if (mask === 'fox') {
    for (const side of [-1, 1]) {
      pen.fill(
        `M0 -28C0 -38 ${side * 3} -43 ${side * 6} -43.5C${side * 12} -44 ${side * 17} -40 ${side * 21} -42V-24H0Z`,
        pale,
      )
    }
  } else if (mask === 'panda') {
    for (const side of [-1, 1]) {
      pen.at({ x: side * 7, y: -43.5, turn: side * 0.09 }, () =>
        pen.fill(ellipse(0, 0, 4.4, 5.4), dark),
      )
    }
  } else pen.fill(ellipse(0, -33, mask === 'deer' ? 6.4 : 8.6, 6.4), pale)
}

/** Paints the stripes on a cat's forehead and cheeks. */
function paintStripes(pen: Pen, dark: Color): void {
  for (const dx of [-4, 0, 4]) {
    pen.fill(`M${dx - 1} -59L${dx} -51L${dx + 1} -59Z`, dark, { opacity: 0.55 })
  }
  for (const side of [-1, 1]) {
    for (const dy of [0, 3]) {
      pen.fill(
        `M${side * 19} ${-42 + dy}L${side * 13} ${-40.8 + dy}L${side * 19} ${-40 + dy}Z`,
        dark,
        { opacity: 0.5 },
      )
    }
  }
}

function paintTail({ pen }: Stage, { fur, pale, tail }: Coat): void {
  if (tail === 'brush') {
    const brush =
      'M10 -3C20 2 34 -3 34 -17C34 -25 30 -31 27 -33C28 -25 24 -20 19 -17C14 -14 10 -10 10 -3Z'
    pen.fill(
      brush,
      linear(10, 0, 34, -26, [
        [0, darken(fur, 0.3)],
        [1, lighten(fur, 0.08)],
      ]),
    )
    pen.clip(brush, () => pen.fill('M22 -22L25.5 -24.5L28 -21.5L31 -24L36 -20V-38H22Z', pale))
  }
  if (tail === 'thin') {
    pen.stroke(
      'M12 -3C24 -1 29 -8 26 -16C24.5 -20 27 -24 30 -24',
      4.2,
      linear(12, 0, 30, -22, [
        [0, darken(fur, 0.25)],
        [1, fur],
      ]),
    )
  }
  if (tail === 'puff') pen.fill(circle(16, -5, 5), pale)
}

function paintEars({ pen }: Stage, coat: Coat): void {
  for (const side of [-1, 1]) EARS[coat.ears](pen, coat, side)
}

/** Paints the ear on one side: 1 right, -1 left. */
type EarPainter = (pen: Pen, coat: Coat, side: number) => void

const EARS: Readonly<Record<Coat['ears'], EarPainter>> = {
  pointed: paintPointedEar,
  round: paintRoundEar,
  long: paintLongEar,
  wide: paintWideEar,
  flop: paintFloppyEar,
}

function insideOf(fur: Color): Color {
  return mix(fur, hex('#e88f86'), 0.5)
}

function paintPointedEar(pen: Pen, { fur, dark, mask }: Coat, side: number): void {
  pen.fill(
    `M${side * 4} -54C${side * 7} -61 ${side * 11} -66 ${side * 14.5} -68C${side * 17} -61 ${side * 18} -54 ${side * 17} -46Z`,
    fur,
  )
  pen.fill(
    `M${side * 8} -54.5C${side * 9.6} -59 ${side * 12} -62.5 ${side * 13.8} -64C${side * 15.4} -59 ${side * 15.8} -54 ${side * 15.2} -50Z`,
    mask === 'fox' ? dark : insideOf(fur),
  )
}

function paintRoundEar(pen: Pen, { fur, dark, mask }: Coat, side: number): void {
  pen.fill(circle(side * 13.4, -54, 6), mask === 'panda' ? dark : fur)
  pen.fill(
    circle(side * 13.4, -53.4, 3.4),
    mask === 'panda' ? lighten(dark, 0.14) : darken(insideOf(fur), 0.1),
  )
}

function paintLongEar(pen: Pen, { fur }: Coat, side: number): void {
  pen.at({ x: side * 7, y: -54, turn: side * 0.025 }, () => {
    pen.fill(ellipse(0, -12, 4.6, 14.5), fur)
    pen.fill(ellipse(0, -11.5, 2.5, 11.5), insideOf(fur))
  })
}

/** Paints a deer's ear and the antler above it. */
function paintWideEar(pen: Pen, { fur, dark }: Coat, side: number): void {
  pen.fill(
    `M${side * 8} -52C${side * 14} -60 ${side * 22} -58 ${side * 24} -55C${side * 20} -49 ${side * 13} -47 ${side * 9} -48Z`,
    fur,
  )
  pen.stroke(
    line([
      [side * 5, -56],
      [side * 8, -64],
      [side * 14, -69],
      [side * 15, -76],
    ]),
    1.4,
    dark,
  )
  pen.stroke(
    line([
      [side * 9, -65],
      [side * 6, -73],
    ]),
    1.2,
    dark,
  )
  pen.stroke(
    line([
      [side * 14, -69],
      [side * 20, -71],
    ]),
    1.1,
    dark,
  )
}

function paintFloppyEar(pen: Pen, { fur }: Coat, side: number): void {
  pen.fill(
    `M${side * 10} -56C${side * 18} -58 ${side * 23} -50 ${side * 22} -38C${side * 21} -33 ${side * 17} -34 ${side * 15} -40Z`,
    darken(fur, 0.42),
  )
}

function paintFace({ pen }: Stage, { dark, mask, fur, pale }: Coat): void {
  const ink = mix(dark, [0.1, 0.07, 0.1], 0.7)
  const eyeY = mask === 'fox' ? -44 : mask === 'deer' ? -45 : -43
  const eyeX = mask === 'deer' ? 7.6 : 7
  for (const side of [-1, 1]) {
    if (mask === 'panda') pen.fill(ellipse(side * 6.6, eyeY, 2, 2.3), pale)
    pen.fill(ellipse(side * (mask === 'panda' ? 6.6 : eyeX), eyeY, 1.75, 2.15), ink)
    pen.fill(circle(side * (mask === 'panda' ? 6.6 : eyeX) + 0.6, eyeY - 0.8, 0.65), [1, 1, 1])
    if (mask !== 'fox') {
      pen.fill(ellipse(side * 11.6, eyeY + 5, 2.6, 1.7), hex('#f0806f'), { opacity: 0.3 })
    }
  }
  const noseY = mask === 'fox' ? -31.5 : -36
  pen.fill(
    `M-2.3 ${noseY - 1}Q0 ${noseY - 2.4} 2.3 ${noseY - 1}Q1.6 ${noseY + 1.4} 0 ${noseY + 1.7}Q-1.6 ${noseY + 1.4} -2.3 ${noseY - 1}Z`,
    ink,
  )
  if (mask === 'fox') return
  pen.stroke(
    `M0 ${noseY + 1.5}V${noseY + 2.7}M0 ${noseY + 2.7}Q-1.8 ${noseY + 4.6} -3.4 ${noseY + 3}M0 ${noseY + 2.7}Q1.8 ${noseY + 4.6} 3.4 ${noseY + 3}`,
    0.55,
    mix(ink, fur, 0.15),
  )
}
