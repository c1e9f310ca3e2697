import { darken, hex, lighten, luma, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { circle, ellipse, line, rect, ring } from '../raster/path.ts'
import type { Pen } from '../raster/pen.ts'
import { colorOf, has } from '../scene/read-scene.ts'
import { HAIRS, SKINS } from './complexions.ts'
import type { Stage } from './painter.ts'

/** Paints head and shoulders before a plain ground with a disc. */
export function paintPortrait(stage: Stage): void {
  const { pen, studio, random, width, height, transparent } = stage
  const size = Math.min(100, height)
  const scale = size / 100
  if (!transparent) {
    pen.fill(
      rect(-1, -1, width + 2, height + 2),
      linear(0, 0, 0, height, [
        [0, lighten(studio.ground, 0.22)],
        [1, studio.ground],
      ]),
    )
    const tint = mix(studio.accents[2], studio.ground, 0.25)
    pen.fill(
      circle(width / 2, height - 54 * scale, 40 * scale),
      linear(0, height - 94, 0, height - 10, [
        [0, lighten(tint, 0.15)],
        [1, tint],
      ]),
    )
    paintLeaves(stage, scale)
  }
  const skin = hex(random.pick(SKINS))
  const hair = hairOf(stage)
  pen.at({ x: width / 2, y: height, scale: scale * 1.04 }, () => paintBust(stage, skin, hair))
}

/** Returns the colour of the hair: the named one, in a shade that hair can have. */
function hairOf({ scene, random }: Stage): Color {
  const usual = random.pick(HAIRS)
  const named = colorOf(scene, 'hair', 'beard', 'moustache', 'woman', 'man', 'person')
  if (named === null) return hex(usual)
  const color = hex(named)
  // Grey and white stay as they are; other colours become a little darker, as hair is.
  const [high, low] = [Math.max(...color), Math.min(...color)]
  return high - low < 0.12 && luma(color) > 0.3 ? color : mix(color, hex('#4a2f2a'), 0.22)
}

function paintLeaves({ pen, studio, random, width, height }: Stage, scale: number): void {
  const color = mix(studio.accents[1], studio.ground, 0.35)
  for (const side of [-1, 1]) {
    for (let i = 0; i < 4; i++) {
      pen.at(
        {
          x: width / 2 + side * 39 * scale,
          y: height - (6 + i * 11) * scale,
          scale: scale * random.range(0.8, 1.15),
          turn: side * (0.04 + i * 0.03),
          flip: side < 0,
        },
        () => {
          pen.fill(
            'M0 0C2 -9 9 -14 17 -15C17 -7 10 0 0 0Z',
            linear(0, 0, 17, -15, [
              [0, darken(color, 0.14)],
              [1, lighten(color, 0.14)],
            ]),
          )
          pen.stroke('M0 0Q8 -6 15 -13.4', 0.4, lighten(color, 0.3))
        },
      )
    }
  }
}

/** Who a portrait shows. */
interface Person {
  skin: Color
  hair: Color
  man: boolean
  /** Whether the hair falls over the shoulders. */
  long: boolean
  /** Colour of the clothes. */
  cloth: Color
}

function paintBust(stage: Stage, skin: Color, hair: Color): void {
  const { pen, studio, scene, random } = stage
  const man = has(scene, 'man', 'beard', 'moustache') && !has(scene, 'woman')
  const long = !man && random.chance(0.65)
  const named = colorOf(scene, 'coat', 'tshirt', 'dress')
  const person: Person = { skin, hair, man, long, cloth: named === null ? studio.main : hex(named) }
  if (long || !has(scene, 'cap')) paintHairBehind(pen, person)
  paintShoulders(stage, person)
  paintHead(pen, skin)
  if (has(scene, 'beard')) paintBeard(pen, hair)
  paintFeatures(stage, skin, hair)
  if (has(scene, 'beard', 'moustache')) paintMoustache(pen, hair)
  if (man) paintShortHair(pen, hair)
  else paintFringe(pen, person)
  if (has(scene, 'hat')) paintHat(stage)
  if (has(scene, 'cap')) paintCap(stage)
  if (has(scene, 'glasses')) paintGlasses(stage)
}

function paintHairBehind(pen: Pen, { hair, man, long }: Person): void {
  const dark = darken(hair, 0.35)
  if (long) {
    pen.fill(
      'M0 -88C-20 -88 -27 -74 -26 -58C-25 -44 -31 -34 -29 -22C-22 -14 22 -14 29 -22C31 -34 25 -44 26 -58C27 -74 20 -88 0 -88Z',
      linear(0, -88, 0, -16, [
        [0, hair],
        [1, dark],
      ]),
    )
  } else if (!man) {
    pen.fill(
      circle(0, -91, 10),
      linear(-8, -98, 8, -82, [
        [0, lighten(hair, 0.12)],
        [1, dark],
      ]),
    )
  }
}

function paintShoulders({ pen, scene }: Stage, { skin, man, cloth }: Person): void {
  pen.fill(
    'M-40 4C-39 -14 -26 -20 -13 -23.6C-6 -18 6 -18 13 -23.6C26 -20 39 -14 40 4Z',
    linear(-36, -20, 36, 4, [
      [0, lighten(cloth, 0.12)],
      [1, darken(cloth, 0.26)],
    ]),
  )
  pen.fill(
    'M-8.4 -44H8.4V-27C8.4 -24 12 -23.8 13.4 -23.4C8 -14.4 -8 -14.4 -13.4 -23.4C-12 -23.8 -8.4 -24 -8.4 -27Z',
    skin,
  )
  pen.fill('M-8.4 -40H8.4V-33C3 -26.6 -4 -27 -8.4 -34Z', darken(skin, 0.32), { opacity: 0.75 })
  if (has(scene, 'coat') || man) {
    pen.fill('M-13.4 -23.6L-18 -20L-7 -3L0 -13.6Z', lighten(cloth, 0.3))
    pen.fill('M13.4 -23.6L18 -20L7 -3L0 -13.6Z', lighten(cloth, 0.18))
  } else pen.stroke('M-13.4 -23.6C-8 -14.4 8 -14.4 13.4 -23.6', 1.6, lighten(cloth, 0.34))
}

function paintHead(pen: Pen, skin: Color): void {
  for (const side of [-1, 1]) pen.fill(ellipse(side * 18.6, -53.6, 3.2, 4.6), darken(skin, 0.14))
  const face =
    'M0 -81C12 -81 18.6 -71 18.6 -58C18.6 -44 11.6 -33.4 0 -33.4C-11.6 -33.4 -18.6 -44 -18.6 -58C-18.6 -71 -12 -81 0 -81Z'
  pen.fill(
    face,
    linear(-16, -70, 18, -44, [
      [0, lighten(skin, 0.14)],
      [0.6, skin],
      [1, darken(skin, 0.12)],
    ]),
  )
}

function paintShortHair(pen: Pen, hair: Color): void {
  const dark = darken(hair, 0.35)
  pen.fill(
    'M-19.6 -57C-22 -76 -14 -88 2 -88C17 -88 22.6 -76 19.6 -57C18.4 -62 17.6 -66 15 -70C8 -68 -4 -69 -11 -73C-16 -69 -18 -64 -19.6 -57Z',
    linear(-18, -86, 18, -60, [
      [0, lighten(hair, 0.18)],
      [1, dark],
    ]),
  )
}

/** Paints a full beard; the mouth is painted over it. */
function paintBeard(pen: Pen, hair: Color): void {
  pen.fill(
    'M-18.7 -57C-17.4 -50 -14 -47.6 -9 -47.4C-5 -47.6 -3 -49 0 -48.6C3 -49 5 -47.6 9 -47.4C14 -47.6 17.4 -50 18.7 -57C20.4 -40 13 -27.6 0 -27.6C-13 -27.6 -20.4 -40 -18.7 -57Z',
    linear(0, -56, 0, -28, [
      [0, lighten(hair, 0.1)],
      [1, darken(hair, 0.3)],
    ]),
  )
  for (const [x, y] of [
    [-9, -36],
    [-3, -33],
    [4, -33.4],
    [10, -36.4],
  ] as const) {
    pen.stroke(`M${x} ${y}q${x * 0.05} 2 ${-x * 0.1} 4`, 0.5, darken(hair, 0.4), { opacity: 0.6 })
  }
}

function paintMoustache(pen: Pen, hair: Color): void {
  for (const side of [-1, 1]) {
    pen.fill(
      `M0 -47.2C${side * 2.6} -48.6 ${side * 6.6} -47.6 ${side * 10} -42.6C${side * 6.4} -43.6 ${side * 2.4} -43.6 0 -45Z`,
      darken(hair, 0.12),
    )
  }
}

function paintFringe(pen: Pen, { hair, long }: Person): void {
  const dark = darken(hair, 0.35)
  pen.fill(
    'M-19.4 -54C-23 -74 -14 -88.6 1 -88.6C16 -88.6 22.6 -75 19.4 -54C18.6 -62 15 -69 8 -74C-1 -66 -12 -64 -17 -63.4C-18.4 -60.4 -19 -58 -19.4 -54Z',
    linear(-18, -88, 16, -56, [
      [0, lighten(hair, 0.22)],
      [0.5, hair],
      [1, dark],
    ]),
  )
  pen.stroke('M8 -74C0 -67.6 -9 -65 -16 -64', 0.5, dark, { opacity: 0.6 })
  if (long) {
    for (const side of [-1, 1]) {
      pen.fill(
        `M${side * 19.4} -60C${side * 25} -48 ${side * 20} -36 ${side * 26} -20C${side * 20} -13 ${side * 15} -16 ${side * 14.6} -22C${side * 17.6} -34 ${side * 18.4} -46 ${side * 19.4} -60Z`,
        linear(0, -60, 0, -16, [
          [0, hair],
          [1, dark],
        ]),
      )
    }
  }
}

function paintHat({ pen, scene, studio }: Stage): void {
  const felt = hex(colorOf(scene, 'hat') ?? '#c98d4b')
  pen.fill(ellipse(0, -75, 33, 6), darken(felt, 0.2))
  pen.fill(
    'M-18 -75C-19 -92 -10 -97 0 -97C10 -97 19 -92 18 -75Q0 -70 -18 -75Z',
    linear(-16, -90, 18, -74, [
      [0, lighten(felt, 0.2)],
      [1, felt],
    ]),
  )
  pen.fill('M-18.4 -80Q0 -75 18.4 -80L18 -75Q0 -70 -18 -75Z', studio.ink)
}

/** Paints a cap with a visor to the side. */
function paintCap({ pen, scene, studio }: Stage): void {
  const cloth = hex(colorOf(scene, 'cap') ?? '#34537c')
  pen.fill(
    'M-20.4 -69C-21.6 -86 -12 -92.6 0 -92.6C12 -92.6 21.6 -86 20.4 -69Q0 -76 -20.4 -69Z',
    linear(-18, -90, 20, -70, [
      [0, lighten(cloth, 0.22)],
      [1, darken(cloth, 0.16)],
    ]),
  )
  pen.stroke('M0 -92.4C-5 -86 -6.6 -80 -6.8 -73.2', 0.5, darken(cloth, 0.4), { opacity: 0.7 })
  pen.fill(circle(0, -92.8, 1.5), darken(cloth, 0.3))
  pen.fill(
    'M-20.4 -69.6Q0 -76.6 20.4 -69.6C27 -69 31.6 -66 32.4 -62.4C24 -67.4 8 -70.6 -20 -66.4Z',
    linear(0, -74, 0, -62, [
      [0, darken(cloth, 0.1)],
      [1, darken(cloth, 0.5)],
    ]),
  )
  pen.fill(circle(4.6, -81, 3.4), lighten(studio.accents[1], 0.3))
}

function paintFeatures({ pen, scene }: Stage, skin: Color, hair: Color): void {
  const ink = mix(darken(hair, 0.7), [0.13, 0.08, 0.1], 0.5)
  const smiling = has(scene, 'smile')
  for (const side of [-1, 1]) {
    pen.fill(ellipse(side * 10.6, -46.6, 4, 2.6), hex('#ec6f62'), { opacity: 0.26 })
    if (smiling && !has(scene, 'glasses')) {
      pen.stroke(`M${side * 7.6 - 2.6} -55Q${side * 7.6} -57.8 ${side * 7.6 + 2.6} -55`, 1, ink)
    } else {
      pen.fill(ellipse(side * 7.4, -55.4, 1.75, 2.2), ink)
      pen.fill(circle(side * 7.4 + 0.6, -56.1, 0.6), [1, 1, 1])
      pen.stroke(`M${side * 4.9} -57.2Q${side * 7.6} -59 ${side * 10.2} -57`, 0.7, ink)
    }
    pen.stroke(
      `M${side * 4.4} -62.4Q${side * 8} -64.6 ${side * 11.4} -62`,
      1.15,
      mix(hair, ink, 0.4),
    )
  }
  pen.stroke('M-0.6 -54C-0.9 -51 -2.4 -49.4 -1.6 -48.2Q0 -47.4 1.6 -48.2', 0.8, darken(skin, 0.42))
  if (smiling) {
    pen.fill('M-6 -43.6Q0 -42 6 -43.6Q4.8 -38 0 -38Q-4.8 -38 -6 -43.6Z', hex('#a83f48'))
    pen.fill('M-5.5 -43.4Q0 -42 5.5 -43.4L4.9 -41.8Q0 -40.7 -4.9 -41.8Z', hex('#fff8f2'))
  } else if (has(scene, 'beard')) {
    pen.fill(
      'M-5.4 -42.4Q0 -43.6 5.4 -42.4Q3.4 -38.4 0 -38.4Q-3.4 -38.4 -5.4 -42.4Z',
      hex('#d98a86'),
    )
    pen.stroke('M-5 -42Q0 -40.6 5 -42', 0.7, hex('#7c3038'))
  } else {
    pen.stroke('M-4.6 -42.6Q0 -39.8 4.6 -42.6', 1.1, hex('#b5505a'))
  }
}

function paintGlasses({ pen, studio, scene }: Stage): void {
  const frame = hex(colorOf(scene, 'glasses') ?? '#2d2a3e')
  for (const side of [-1, 1]) {
    pen.fill(circle(side * 8, -55, 6.4), mix(studio.accents[2], [1, 1, 1], 0.6), { opacity: 0.26 })
    pen.fill(ring(side * 8, -55, 7, 5.9), frame)
    pen.stroke(
      line([
        [side * 14.8, -56],
        [side * 18.8, -57],
      ]),
      1,
      frame,
    )
    pen.stroke(
      line([
        [side * 8 - 2.6, -52.6],
        [side * 8 + 1.6, -58],
      ]),
      0.7,
      [1, 1, 1],
      { opacity: 0.65 },
    )
  }
  pen.stroke('M-1.4 -56Q0 -57.4 1.4 -56', 1.1, frame)
}
