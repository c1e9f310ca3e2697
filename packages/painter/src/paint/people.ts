import { darken, hex, lighten, luma, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import { circle, ellipse, line, rect, ring } from '../raster/path.ts'
import { colorOf, has } from '../scene/read-scene.ts'
import type { Stage } from './painter.ts'

const SKINS = ['#f6cfb2', '#eebb95', '#d99c72', '#b9774f', '#8a5538']
const HAIRS = ['#2f2430', '#4a2f2a', '#7a4630', '#b5763f', '#d9a35c', '#a8452f']

/** A bust, head and shoulders, before a plain ground with a soft disc. */
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
  const hair = hex(colorOf(stage.scene, 'woman', 'man', 'person') ?? random.pick(HAIRS))
  pen.at({ x: width / 2, y: height, scale: scale * 1.04 }, () => paintBust(stage, skin, hair))
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

function paintBust(stage: Stage, skin: Color, hair: Color): void {
  const { pen, studio, scene, random } = stage
  const man = has(scene, 'man') && !has(scene, 'woman')
  const long = !man && random.chance(0.65)
  const top = hex(colorOf(scene, 'coat', 'tshirt', 'dress') ?? '#000')
  const cloth =
    luma(top) === 0 && colorOf(scene, 'coat', 'tshirt', 'dress') === null ? studio.main : top
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
  // shoulders, neck
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
  // head
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
  paintFeatures(stage, skin, hair)
  if (man) {
    pen.fill(
      'M-19.6 -57C-22 -76 -14 -88 2 -88C17 -88 22.6 -76 19.6 -57C18.4 -62 17.6 -66 15 -70C8 -68 -4 -69 -11 -73C-16 -69 -18 -64 -19.6 -57Z',
      linear(-18, -86, 18, -60, [
        [0, lighten(hair, 0.18)],
        [1, dark],
      ]),
    )
    if (has(scene, 'beard')) {
      pen.fill(
        'M-18.6 -56C-17 -48 -12 -46.4 -7 -47.4C-3 -48.6 3 -48.6 7 -47.4C12 -46.4 17 -48 18.6 -56C19.6 -40 12 -30.4 0 -30.4C-12 -30.4 -19.6 -40 -18.6 -56ZM-4.6 -43.4Q0 -41 4.6 -43.4Q0 -37.6 -4.6 -43.4Z',
        hair,
      )
    }
  } else {
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
  if (has(scene, 'hat')) {
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
  if (has(scene, 'glasses')) paintGlasses(stage)
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

/** A model in full length, wearing what was named. */
export function paintFashion(stage: Stage): void {
  const { pen, studio, random, width, height, transparent, scene } = stage
  const cloth = hex(
    colorOf(scene, 'dress', 'coat', 'tshirt', 'model') ?? scene.colors[0] ?? '#000000',
  )
  const dress = luma(cloth) === 0 ? studio.main : cloth
  const scale = Math.min(height * 0.92, 150) / 104
  if (!transparent) {
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
  pen.soft(ellipse(width / 2, height - 6 * scale, 17 * scale, 2.4 * scale), 2 * scale, studio.ink, {
    opacity: 0.34,
  })
  const skin = hex(random.pick(SKINS))
  const hair = hex(random.pick(HAIRS))
  pen.at({ x: width / 2, y: height - 6 * scale, scale, flip: random.chance(0.5) }, () =>
    paintModel(stage, skin, hair, dress),
  )
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

function paintModel(stage: Stage, skin: Color, hair: Color, cloth: Color): void {
  const { pen, scene } = stage
  const shade = darken(skin, 0.22)
  const man = has(scene, 'man')
  const trousers = has(scene, 'coat', 'tshirt') && !has(scene, 'dress')
  // legs
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
  // hair behind
  if (!man) {
    pen.fill(
      'M0 -100C-7.4 -100 -9 -94 -8.4 -88C-8 -82 -11 -78 -10 -72C-5 -69 4 -70 8 -74C7 -80 8.6 -84 8.4 -90C8.2 -96 6 -100 0 -100Z',
      darken(hair, 0.2),
    )
  }
  // arms
  pen.stroke('M-8.2 -73C-12.6 -66 -14.6 -60 -13.4 -53C-12.6 -50.6 -10 -49 -7.4 -48.4', 3, shade)
  pen.stroke('M8.2 -73C11.6 -66 13.4 -58 13.4 -50C13.6 -46 14.4 -43 15 -41', 3, skin)
  // torso and neck
  pen.fill(
    'M-2.6 -86H2.6V-79C4.6 -77 8 -77 9.6 -74.6L7 -66H-7L-9.6 -74.6C-8 -77 -4.6 -77 -2.6 -79Z',
    skin,
  )
  pen.fill('M-2.6 -84H2.6V-81.4C1 -79.4 -1.2 -79.6 -2.6 -82Z', shade)
  if (trousers) {
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
  } else {
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
  // head
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
  if (has(scene, 'hat') || (!man && scene.season === 'summer')) {
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
}
