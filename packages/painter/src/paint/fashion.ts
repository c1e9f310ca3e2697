import { darken, hex, lighten, luma, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import { circle, ellipse, line, rect } from '../raster/path.ts'
import type { Pen } from '../raster/pen.ts'
import { colorOf, has } from '../scene/read-scene.ts'
import { HAIRS, SKINS } from './complexions.ts'
import type { Stage } from './painter.ts'

/** Paints a model at full length in the clothes that the prompt names. */
export function paintFashion(stage: Stage): void {
  const { pen, studio, random, width, height, transparent, scene } = stage
  const cloth = hex(
    colorOf(scene, 'dress', 'coat', 'tshirt', 'model') ?? scene.colors[0] ?? '#000000',
  )
  const dress = luma(cloth) === 0 ? studio.main : cloth
  const scale = Math.min(height * 0.92, 150) / 104
  if (!transparent) paintBackdrop(stage, dress, scale)
  pen.soft(ellipse(width / 2, height - 6 * scale, 17 * scale, 2.4 * scale), 2 * scale, studio.ink, {
    opacity: 0.34,
  })
  const skin = hex(random.pick(SKINS))
  const hair = hex(random.pick(HAIRS))
  pen.at({ x: width / 2, y: height - 6 * scale, scale, flip: random.chance(0.5) }, () =>
    paintModel(stage, skin, hair, dress),
  )
}

function paintBackdrop(stage: Stage, dress: Color, scale: number): void {
  const { pen, studio, width, height, scene } = stage
  const ground = mix(studio.ground, dress, 0.1)
  const floor = height * 0.84
  pen.fill(
    rect(-1, -1, width + 2, height + 2),
    linear(0, 0, 0, height, [
      [0, lighten(ground, 0.3)],
      [1, ground],
    ]),
  )
  const arch = `M${width / 2 - 29 * scale} ${floor}V${height - 70 * scale}C${width / 2 - 29 * scale} ${height - 108 * scale} ${width / 2 + 29 * scale} ${height - 108 * scale} ${width / 2 + 29 * scale} ${height - 70 * scale}V${floor}Z`
  const tint = mix(studio.accents[1], ground, 0.55)
  pen.fill(
    arch,
    linear(0, height - 100 * scale, 0, floor, [
      [0, tint],
      [1, lighten(tint, 0.35)],
    ]),
  )
  pen.fill(
    rect(-1, floor, width + 2, height - floor + 1),
    linear(0, floor, 0, height, [
      [0, darken(ground, 0.16)],
      [1, darken(ground, 0.06)],
    ]),
  )
  if (scene.season === 'summer') {
    pen.fill(
      circle(width / 2 + 22 * scale, height - 84 * scale, 11 * scale),
      radial(width / 2 + 22 * scale, height - 84 * scale, 11 * scale, [
        [0, hex('#ffe9b0')],
        [1, hex('#ffc870')],
      ]),
    )
  }
  for (const side of [-1, 1]) {
    paintFrond(stage, width / 2 + side * 40 * scale, floor + 3, scale, side)
  }
}

function paintFrond(
  { pen, studio }: Stage,
  x: number,
  y: number,
  scale: number,
  side: number,
): void {
  const green = mix(hex('#4f8a63'), studio.ground, 0.2)
  pen.fill(
    `M${x - 6 * scale} ${y - 13 * scale}H${x + 6 * scale}L${x + 4.6 * scale} ${y}H${x - 4.6 * scale}Z`,
    mix(hex('#d98a63'), studio.ground, 0.15),
  )
  for (let i = 0; i < 7; i++) {
    pen.at({ x, y: y - 12 * scale, scale, turn: (i - 3) * 0.075, flip: side < 0 }, () =>
      pen.fill(
        'M0 0C-5 -12 -4 -26 0 -36C4 -26 5 -12 0 0Z',
        linear(0, 0, 0, -36, [
          [0, darken(green, 0.3)],
          [1, lighten(green, i * 0.03)],
        ]),
      ),
    )
  }
}

/** The model of a fashion picture. */
interface Model {
  skin: Color
  hair: Color
  cloth: Color
  /** Whether the model wears trousers with a coat or a shirt, instead of a dress. */
  trousers: boolean
}

function paintModel(stage: Stage, skin: Color, hair: Color, cloth: Color): void {
  const { pen, scene } = stage
  const man = has(scene, 'man')
  const trousers = has(scene, 'coat', 'tshirt') && !has(scene, 'dress')
  const model: Model = { skin, hair, cloth, trousers }
  paintLegs(pen, model)
  if (!man) paintHairBehind(pen, hair)
  paintTorso(pen, skin)
  if (trousers) paintCoat(pen, cloth)
  else paintDress(pen, cloth)
  paintHead(pen, model)
  if (has(scene, 'hat') || (!man && scene.season === 'summer')) paintHat(stage, cloth)
}

function paintLegs(pen: Pen, { skin, cloth, trousers }: Model): void {
  const shade = darken(skin, 0.22)
  pen.fill(
    'M-5 -44C-6 -26 -4.6 -12 -4.4 -2L-1.6 -2C-1 -14 0.4 -28 0.4 -44Z',
    trousers ? hex('#34405c') : shade,
  )
  pen.fill(
    'M0 -44C1 -28 3.6 -14 4.4 -2L7.2 -2C7 -14 7 -30 6 -44Z',
    trousers ? hex('#3d4a69') : skin,
  )
  pen.fill('M-5.4 0.4C-5.4 -2.6 -3 -3.4 -1.2 -2.6L-0.8 0.4Z', darken(cloth, 0.6))
  pen.fill('M4 0.4L4.2 -2.8C6 -3.6 7.4 -2.4 10.4 0.4Z', darken(cloth, 0.6))
}

function paintHairBehind(pen: Pen, hair: Color): void {
  pen.fill(
    'M0 -100C-7.4 -100 -9 -94 -8.4 -88C-8 -82 -11 -78 -10 -72C-5 -69 4 -70 8 -74C7 -80 8.6 -84 8.4 -90C8.2 -96 6 -100 0 -100Z',
    darken(hair, 0.2),
  )
}

/** Paints the arms, the shoulders and the neck. */
function paintTorso(pen: Pen, skin: Color): void {
  const shade = darken(skin, 0.22)
  pen.stroke('M-8.2 -73C-12.6 -66 -14.6 -60 -13.4 -53C-12.6 -50.6 -10 -49 -7.4 -48.4', 3, shade)
  pen.stroke('M8.2 -73C11.6 -66 13.4 -58 13.4 -50C13.6 -46 14.4 -43 15 -41', 3, skin)
  pen.fill(
    'M-2.6 -86H2.6V-79C4.6 -77 8 -77 9.6 -74.6L7 -66H-7L-9.6 -74.6C-8 -77 -4.6 -77 -2.6 -79Z',
    skin,
  )
  pen.fill('M-2.6 -84H2.6V-81.4C1 -79.4 -1.2 -79.6 -2.6 -82Z', shade)
}

function paintCoat(pen: Pen, cloth: Color): void {
  pen.fill(
    'M-9.8 -76C-6 -78.6 -3.6 -79 -2.8 -79.4L0 -76L2.8 -79.4C3.6 -79 6 -78.6 9.8 -76L12.6 -60L8.6 -59L8.4 -41H-8L-8.6 -59L-12.6 -60Z',
    linear(-10, 0, 10, 0, [
      [0, darken(cloth, 0.28)],
      [0.6, cloth],
      [1, lighten(cloth, 0.16)],
    ]),
  )
  pen.stroke(
    line([
      [0, -76],
      [0.2, -41],
    ]),
    0.6,
    darken(cloth, 0.5),
  )
}

function paintDress(pen: Pen, cloth: Color): void {
  const skirt =
    'M-6.6 -77.4L-5.4 -70.4C-3.4 -71.8 -1.4 -70.8 0 -69.4C1.4 -70.8 3.4 -71.8 5.4 -70.4L6.6 -77.4L8 -77C8 -71 7.6 -64 6.2 -58.6C11 -46 15.4 -32 17.4 -19.4Q11 -14.4 5 -18.4Q-1 -14 -7 -18.4Q-12 -14.6 -16.4 -19.4C-14.6 -33 -10.4 -46 -6.2 -58.6C-7.6 -64 -8 -71 -8 -77Z'
  pen.fill(
    skirt,
    linear(-15, 0, 16, 0, [
      [0, darken(cloth, 0.34)],
      [0.5, cloth],
      [1, lighten(cloth, 0.18)],
    ]),
  )
  pen.clip(skirt, () => {
    for (const [x, w] of [
      [-9, 3],
      [-2, 3.4],
      [6, 3],
      [12, 2.4],
    ] as const) {
      pen.fill(
        `M${x * 0.35} -57C${x * 0.6} -44 ${x - w * 0.4} -30 ${x - w} -14H${x + w}C${x + w * 0.3} -30 ${x * 0.66} -44 ${x * 0.35} -57Z`,
        darken(cloth, 0.5),
        { opacity: 0.24 },
      )
    }
    pen.fill('M-7 -59.8Q0 -57.8 7 -59.8L7 -57.4Q0 -55.6 -7 -57.4Z', darken(cloth, 0.6))
  })
}

function paintHead(pen: Pen, { skin, hair }: Model): void {
  pen.fill(
    'M0 -98.6C4.6 -98.6 6.6 -95 6.4 -90.8C6.2 -86.4 3.4 -83 0 -83C-3.4 -83 -6.2 -86.4 -6.4 -90.8C-6.6 -95 -4.6 -98.6 0 -98.6Z',
    skin,
  )
  pen.fill(
    'M-6.8 -89C-8.4 -97 -4.8 -101 0.4 -101C5.6 -101 8 -97 6.8 -90C6.2 -93 4.4 -95.2 2 -96.4C-1 -94 -4.4 -93 -6 -92.8C-6.4 -91.6 -6.6 -90.4 -6.8 -89Z',
    hair,
  )
  for (const side of [-1, 1]) {
    pen.stroke(
      `M${side * 2.6 - 1} -90.2Q${side * 2.6} -89.4 ${side * 2.6 + 1} -90.2`,
      0.45,
      darken(hair, 0.5),
    )
    pen.fill(circle(side * 3.6, -87.6, 1), hex('#ec6f62'), { opacity: 0.3 })
  }
  pen.stroke('M-1.2 -86.2Q0 -85.3 1.2 -86.2', 0.6, hex('#b5505a'))
}

function paintHat({ pen, scene }: Stage, cloth: Color): void {
  const straw = hex(colorOf(scene, 'hat') ?? '#e9c98b')
  pen.fill(ellipse(0, -95.4, 14, 2.8), darken(straw, 0.2))
  pen.fill(
    'M-6.8 -95.6C-6.8 -102.6 -3.6 -104.6 0 -104.6C3.6 -104.6 6.8 -102.6 6.8 -95.6Q0 -93.8 -6.8 -95.6Z',
    linear(-6, 0, 7, 0, [
      [0, straw],
      [1, lighten(straw, 0.3)],
    ]),
  )
  pen.fill('M-6.9 -97.6Q0 -95.8 6.9 -97.6V-95.6Q0 -93.8 -6.8 -95.6Z', darken(cloth, 0.2))
}
