import { darken, hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear, radial } from '../raster/gradient.ts'
import { circle, ellipse, line, polygon, rect, roundRect, star } from '../raster/path.ts'
import { ANIMALS, colorOf, firstOf } from '../scene/read-scene.ts'
import { paintAnimal } from './animals.ts'
import { paintMountains } from './land.ts'
import { tone } from './painter.ts'
import type { Stage } from './painter.ts'
import { paintSky } from './sky.ts'
import { paintGrass } from './trees.ts'

type Role = 'knight' | 'wizard' | 'robot' | 'astronaut'

/** A game character on its feet; behind it, unless transparent, a hazy land. */
export function paintCharacter(stage: Stage): void {
  const { pen, scene, random, width, height, transparent, light } = stage
  const ground = transparent ? height / 2 + Math.min(width, height) * 0.45 : height * 0.88
  if (!transparent) {
    const sun = paintSky(stage, height * 0.72, 0.5 + random.range(-0.2, 0.2))
    paintMountains(stage, {
      base: height * 0.74,
      high: 44,
      depth: 0.85,
      spacing: 32,
      sunX: sun.x,
      hero: null,
      color: hex('#5f7391'),
      snow: true,
    })
    const turf = tone(stage, light.foliage[0]!, 0.1)
    pen.fill(
      `M-2 ${height * 0.74}Q${width / 2} ${height * 0.69} ${width + 2} ${height * 0.75}V${height + 2}H-2Z`,
      linear(0, height * 0.7, 0, height, [
        [0, lighten(mix(turf, light.glow, 0.2), 0.2)],
        [1, darken(turf, 0.5)],
      ]),
    )
    paintGrass(pen, -2, width + 2, height + 1, 6, darken(turf, 0.6), random)
  }
  const scale = transparent
    ? Math.min(width, height) / 118
    : Math.min(height, width * 1.1, 130) / 128
  const animal = firstOf(scene, ANIMALS)
  const role = (firstOf(scene, ['knight', 'wizard', 'robot', 'astronaut']) ??
    (animal === null ? random.pick(['knight', 'wizard', 'knight'] as const) : null)) as Role | null
  if (role === null) {
    return paintAnimal(stage, animal!, width / 2, ground, scale * 1.15, {
      map: false,
      color: colorOf(scene, animal!),
      lit: !transparent,
    })
  }
  pen.soft(ellipse(width / 2, ground + 0.6, 21 * scale, 3.4 * scale), 2 * scale, [0.1, 0.08, 0.2], {
    opacity: 0.4,
  })
  const main = hex(
    colorOf(scene, role, 'character', 'coat', 'hat', 'man', 'woman') ??
      scene.colors[0] ??
      { knight: '#4a78c2', wizard: '#6a4fb3', robot: '#58b3b8', astronaut: '#f3f1ec' }[role],
  )
  pen.at({ x: width / 2, y: ground, scale, flip: random.chance(0.5) }, () => {
    if (role === 'knight') paintKnight(stage, main)
    else if (role === 'wizard') paintWizard(stage, main)
    else paintSuit(stage, main, role === 'robot')
  })
}

const STEEL = hex('#c9d3e0')

function paintKnight(stage: Stage, armour: Color): void {
  const { pen } = stage
  const gold = hex('#f0bd53')
  const deep = darken(armour, 0.5)
  const plate = (): ReturnType<typeof linear> =>
    linear(-16, 0, 16, 0, [
      [0, deep],
      [0.45, armour],
      [0.75, lighten(armour, 0.38)],
      [1, armour],
    ])
  const cape = hex('#c43f4a')
  pen.fill(
    'M-13 -42C-22 -30 -26 -14 -24 -5C-18 -1 -12 -7 -6 -3C2 -8 10 -1 17 -5C21 -10 20 -28 13 -42Z',
    linear(0, -42, 0, 0, [
      [0, darken(cape, 0.45)],
      [1, cape],
    ]),
  )
  paintSword(stage, 24, -22, gold)
  for (const side of [-1, 1]) {
    pen.fill(roundRect(side * 7 - 4.6, -20, 9.2, 18, 3), plate())
    pen.fill(
      `M${side * 7 - 5.4} 0.4V-4C${side * 7 - 5} -6.4 ${side * 7 + 5} -6.4 ${side * 7 + 6.4} -3V0.4Z`,
      darken(armour, 0.3),
    )
    pen.fill(ellipse(side * 7, -13.4, 5, 3.2), gold)
  }
  const chest =
    'M-15 -43C-8 -47 8 -47 15 -43C16 -34 14.6 -24 12.4 -16H-12.4C-14.6 -24 -16 -34 -15 -43Z'
  pen.fill(chest, plate())
  pen.fill('M-12.4 -20H12.4L13 -15.4H-13Z', hex('#6f4a34'))
  pen.fill(roundRect(-3, -20.8, 6, 6, 1.2), gold)
  pen.fill(
    'M0 -42L5.6 -37.6V-31C5.6 -27.4 2.6 -25 0 -23.6C-2.6 -25 -5.6 -27.4 -5.6 -31V-37.6Z',
    gold,
  )
  pen.fill('M0 -39.6L3.6 -36.6V-31C3.6 -28.6 1.6 -26.8 0 -25.8Z', darken(gold, 0.25))
  for (const side of [-1, 1]) {
    pen.stroke(
      line([
        [side * 16, -38],
        [side * 21, -30],
        [side * 22, -24],
      ]),
      7,
      side > 0 ? armour : deep,
    )
    pen.fill(circle(side * 22, -22.6, 4.4), side > 0 ? lighten(armour, 0.2) : armour)
    pen.fill(
      ellipse(side * 16.4, -41, 7.6, 6.4),
      linear(side * 16 - 7, -46, side * 16 + 7, -36, [
        [0, lighten(armour, 0.34)],
        [1, deep],
      ]),
    )
    pen.stroke(
      `M${side * 16.4 - 6.8} -38.6Q${side * 16.4} -34.4 ${side * 16.4 + 6.8} -38.6`,
      1.1,
      gold,
    )
  }
  paintShield(stage, armour, gold)
  const helm =
    'M0 -86C13 -86 19 -77 19 -65C19 -54 14 -45 0 -45C-14 -45 -19 -54 -19 -65C-19 -77 -13 -86 0 -86Z'
  pen.fill('M0 -84C-2 -94 -12 -98 -21 -95C-15 -92 -14 -88 -13.4 -80Z', cape)
  pen.fill('M0 -84C-2 -91 -10 -94.6 -17 -93.6C-11 -90 -9 -87 -8 -81Z', lighten(cape, 0.25))
  pen.fill(
    helm,
    linear(-19, -80, 19, -52, [
      [0, deep],
      [0.4, armour],
      [0.72, lighten(armour, 0.42)],
      [1, armour],
    ]),
  )
  pen.clip(helm, () => {
    pen.fill(
      'M-20 -67C-10 -71 10 -71 20 -67V-57C10 -53.6 3 -54 0 -51C-3 -54 -10 -53.6 -20 -57Z',
      hex('#1a2036'),
    )
    for (const side of [-1, 1]) {
      pen.fill(ellipse(side * 8, -62, 2.6, 3.2), hex('#fff6df'))
      pen.fill(ellipse(side * 8 + 0.4, -61.8, 1.4, 2), hex('#2a3558'))
    }
    pen.fill(rect(-1.6, -87, 3.2, 22), gold)
    for (let i = -2; i <= 2; i++) pen.fill(circle(i * 4, -49.4, 0.7), deep)
  })
  pen.stroke('M-18.6 -67.4C-10 -71.4 10 -71.4 18.6 -67.4', 1.5, gold)
}

function paintSword({ pen }: Stage, x: number, y: number, gold: Color): void {
  pen.at({ x, y, turn: 0.03 }, () => {
    pen.fill(
      polygon([
        [-2.3, -6],
        [2.3, -6],
        [2.3, -42],
        [0, -47],
        [-2.3, -42],
      ]),
      linear(-2.3, 0, 2.3, 0, [
        [0, lighten(STEEL, 0.6)],
        [0.5, lighten(STEEL, 0.3)],
        [0.51, darken(STEEL, 0.25)],
        [1, STEEL],
      ]),
    )
    pen.fill(roundRect(-7.4, -7.6, 14.8, 3, 1.5), gold)
    pen.fill(roundRect(-1.3, -5, 2.6, 9, 1), hex('#6f4a34'))
    pen.fill(circle(0, 5, 2), gold)
  })
}

function paintShield({ pen }: Stage, armour: Color, gold: Color): void {
  const outline =
    'M-24 -37Q-31 -36 -35.4 -33C-36 -20 -33 -12 -24 -7C-15 -12 -12 -20 -12.6 -33Q-17 -36 -24 -37Z'
  pen.fill(outline, gold)
  pen.at({ x: -24 * 0.14, y: -22.5 * 0.14, scale: 0.86 }, () => {
    pen.fill(
      outline,
      linear(-35, 0, -12, 0, [
        [0, lighten(armour, 0.25)],
        [1, darken(armour, 0.4)],
      ]),
    )
    pen.fill(star(-24, -23, 4, 8, 2.6), hex('#fff3d6'))
  })
}

function paintWizard({ pen }: Stage, robe: Color): void {
  const gold = hex('#f3c35c')
  const skin = hex('#f2c6a2')
  const beard = hex('#f3f1f5')
  pen.stroke(
    line([
      [23, 1],
      [23, -66],
    ]),
    2,
    hex('#7d5638'),
  )
  pen.fill(
    circle(23, -71, 14),
    radial(23, -71, 14, [
      [0, hex('#8ff0ff'), 0.7],
      [1, hex('#8ff0ff'), 0],
    ]),
    { mode: 'screen' },
  )
  pen.fill(
    star(23, -71, 2, 7, 3.4),
    linear(20, -78, 26, -64, [
      [0, hex('#e3fdff')],
      [1, hex('#4fc7e8')],
    ]),
  )
  pen.fill(
    'M0 -50C9 -50 13 -44 15 -34C18 -20 21 -8 22 0.6H-22C-21 -8 -18 -20 -15 -34C-13 -44 -9 -50 0 -50Z',
    linear(-18, 0, 20, 0, [
      [0, darken(robe, 0.5)],
      [0.55, robe],
      [1, lighten(robe, 0.18)],
    ]),
  )
  pen.fill('M-22 0.6L-21 -4.4H21L22 0.6Z', gold)
  for (const [x, y, r] of [
    [-11, -14, 1.8],
    [10, -20, 1.5],
    [-6, -26, 1.1],
    [13, -10, 1.3],
  ] as const) {
    pen.fill(star(x, y, 5, r, r * 0.45), gold)
  }
  pen.fill('M13 -43C20 -40 25 -34 26 -27L20.6 -24C18 -30 14 -33 10 -35Z', robe)
  pen.fill('M-13 -43C-20 -38 -23 -28 -20 -21L-13.6 -23C-14 -29 -12 -33 -10 -36Z', darken(robe, 0.4))
  pen.fill(circle(23, -26.4, 3.4), skin)
  pen.fill(circle(-16.6, -21.4, 3.2), darken(skin, 0.15))
  pen.fill(
    'M0 -76C12 -76 16 -68 16 -62C16 -52 10 -46 0 -46C-10 -46 -16 -52 -16 -62C-16 -68 -12 -76 0 -76Z',
    skin,
  )
  for (const side of [-1, 1]) {
    pen.fill(ellipse(side * 6.4, -62, 1.7, 2.2), hex('#2c2440'))
    pen.fill(circle(side * 6.4 + 0.5, -62.8, 0.6), [1, 1, 1])
    pen.fill(
      `M${side * 2.6} -66Q${side * 7} -69.6 ${side * 11} -65.4Q${side * 7} -66.6 ${side * 2.6} -66Z`,
      beard,
    )
    pen.fill(circle(side * 10.4, -58, 2.3), hex('#ec6f62'), { opacity: 0.35 })
  }
  pen.fill(
    'M-16 -60C-14 -55 -7 -56 -4 -57.6Q0 -55.6 4 -57.6C7 -56 14 -55 16 -60C17 -44 10 -34 0 -26C-10 -34 -17 -44 -16 -60Z',
    linear(-12, 0, 14, 0, [
      [0, darken(beard, 0.18)],
      [1, beard],
    ]),
  )
  pen.fill(ellipse(0, -58.4, 2.5, 2), darken(skin, 0.12))
  pen.fill(ellipse(0, -70, 24, 5.4), darken(robe, 0.3))
  pen.fill(
    'M-15 -71C-11 -86 -6 -98 4 -106C9 -104 12 -100 12.4 -97C8 -98 6 -97 6.6 -94C10 -86 13 -79 15 -71Q0 -65.6 -15 -71Z',
    linear(-12, 0, 14, 0, [
      [0, darken(robe, 0.4)],
      [0.6, robe],
      [1, lighten(robe, 0.2)],
    ]),
  )
  pen.fill('M-15.4 -71L-14 -75.4Q0 -70.4 14 -75.4L15.4 -71Q0 -65.6 -15.4 -71Z', gold)
}

function paintSuit({ pen }: Stage, main: Color, robot: boolean): void {
  const deep = darken(main, 0.4)
  const accent = robot ? hex('#f7a13f') : hex('#e8643c')
  const shell = linear(-18, 0, 18, 0, [
    [0, deep],
    [0.5, main],
    [1, lighten(main, 0.3)],
  ])
  if (!robot) pen.fill(roundRect(-17, -44, 34, 28, 6), darken(main, 0.55))
  for (const side of [-1, 1]) {
    pen.stroke(
      line([
        [side * 15, -38],
        [side * 22, -30],
        [side * 21, -20],
      ]),
      robot ? 4.6 : 8,
      side > 0 ? main : deep,
    )
    pen.fill(circle(side * 21, -18, 4.6), robot ? accent : lighten(main, 0.15))
    pen.fill(roundRect(side * 7.6 - 5.4, -20, 10.8, 19, 4), shell)
    pen.fill(roundRect(side * 7.6 - 6.6, -5.4, 13.2, 6, 3), robot ? deep : darken(accent, 0.1))
  }
  pen.fill(roundRect(-15.6, -46, 31.2, 31, 9), shell)
  pen.fill(roundRect(-8, -38, 16, 12, 2.6), robot ? hex('#233047') : lighten(main, 0.35))
  for (const [i, color] of ['#ff6b5f', '#ffd166', '#5fd6a4'].entries()) {
    pen.fill(circle(-4.4 + i * 4.4, -32, 1.4), hex(color))
  }
  pen.fill(rect(-15.4, -21, 30.8, 2.4), accent)
  if (robot) {
    pen.stroke(
      line([
        [0, -82],
        [0, -92],
      ]),
      1.4,
      deep,
    )
    pen.fill(circle(0, -93, 3), accent)
    for (const side of [-1, 1]) pen.fill(roundRect(side * 21.4 - 2.4, -71, 4.8, 12, 2), accent)
    pen.fill(
      roundRect(-20, -83, 40, 36, 11),
      linear(-18, -80, 18, -50, [
        [0, lighten(main, 0.3)],
        [1, mix(main, deep, 0.6)],
      ]),
    )
    pen.fill(roundRect(-15, -75, 30, 20, 7), hex('#1d2740'))
    for (const side of [-1, 1]) pen.fill(ellipse(side * 6.6, -66, 2.8, 3.6), hex('#74f2e6'))
    pen.stroke('M-3.6 -60Q0 -57.4 3.6 -60', 1.1, hex('#74f2e6'))
  } else {
    pen.fill(
      circle(0, -65, 21.5),
      linear(-18, -84, 18, -46, [
        [0, [1, 1, 1]],
        [1, darken(main, 0.3)],
      ]),
    )
    const visor = roundRect(-15, -77, 30, 23, 11)
    pen.fill(
      visor,
      linear(-14, -77, 14, -54, [
        [0, hex('#24406f')],
        [0.6, hex('#3f74b0')],
        [1, hex('#e8956a')],
      ]),
    )
    pen.clip(visor, () =>
      pen.fill(
        polygon([
          [-12, -79],
          [-5, -79],
          [-13, -52],
          [-20, -52],
        ]),
        [1, 1, 1],
        { opacity: 0.28 },
      ),
    )
    pen.stroke(visor, 1.3, hex('#d9b36a'))
  }
}
