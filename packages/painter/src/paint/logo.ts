import { darken, hex, lighten, mix } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import { linear } from '../raster/gradient.ts'
import { arc, circle, polygon, rect, ring, roundRect, star } from '../raster/path.ts'
import { has } from '../scene/read-scene.ts'
import type { Stage } from './painter.ts'

/** Paints a geometric mark in two or three flat colours, with room around it. */
export function paintLogo(stage: Stage): void {
  const { pen, studio, width, height, transparent, scene, random } = stage
  const coffee = has(scene, 'coffee', 'mug')
  const ink = coffee && scene.colors.length === 0 ? hex('#3b241c') : darken(studio.main, 0.62)
  const main = coffee && scene.colors.length === 0 ? hex('#c8743c') : studio.main
  const pale = mix(studio.ground, [1, 1, 1], 0.55)
  if (!transparent) {
    pen.fill(
      rect(-1, -1, width + 2, height + 2),
      linear(0, 0, width, height, [
        [0, lighten(pale, 0.3)],
        [1, mix(pale, studio.ground, 0.35)],
      ]),
    )
  }
  const scale = (Math.min(width, height) / 100) * (transparent ? 1.32 : 1)
  pen.at({ x: width / 2, y: height / 2, scale }, () => {
    if (coffee) paintCup(stage, ink, main, pale)
    else if (has(scene, 'leaf', 'flower', 'forest', 'tree', 'garden')) paintSprout(stage, ink, main)
    else if (has(scene, 'mountain', 'sun', 'sea', 'wave', 'lake')) {
      paintHorizon(stage, ink, main, studio.accents[0])
    } else if (has(scene, 'cat', 'fox', 'dog', 'bear')) paintMask(stage, ink, main, pale)
    else random.pick([paintPetals, paintOrbit, paintFolds])(stage, ink, main, studio.accents[0])
  })
}

function paintCup({ pen, random }: Stage, ink: Color, main: Color, pale: Color): void {
  const kind = random.int(0, 1)
  pen.fill(circle(0, 0, 31), ink)
  pen.fill(ring(0, 0, 28.6, 27.8), main)
  if (kind === 0) {
    pen.fill('M-15 -2H13V3C13 12 7 17 -1 17C-9 17 -15 12 -15 3Z', pale)
    pen.stroke(arc(13.4, 4.4, 5, -0.25, 0.25), 2.4, pale)
    pen.fill('M-15 -2H13V1.6C3 6 -5 -1 -15 3.4Z', main)
    for (const x of [-7, -1, 5]) {
      pen.stroke(`M${x} -6.4C${x - 3} -10 ${x + 3} -13 ${x} -17`, 1.8, x === -1 ? main : pale)
    }
    pen.fill(roundRect(-12, 19, 22, 1.8, 0.9), main)
  } else {
    pen.at({ x: 0, y: 0, turn: 0.09 }, () => {
      pen.fill(
        'M0 -19C11 -19 15 -9 15 0C15 9 11 19 0 19C-11 19 -15 9 -15 0C-15 -9 -11 -19 0 -19Z',
        main,
      )
      pen.fill(
        'M2 -19.6C-6 -10 6 -4 -1 4C-6 10 -3 16 -1 19.6C3 16 0 10 4 5C11 -4 -1 -10 5 -18.6Z',
        ink,
      )
    })
  }
}

function paintSprout({ pen }: Stage, ink: Color, main: Color): void {
  pen.fill('M0 26C-2 10 -2 2 0 -6L1.8 -6C2.4 4 2.2 14 2.6 26Z', ink)
  pen.fill('M0 4C-20 4 -27 -10 -26 -25C-10 -25 1 -16 0 4Z', main)
  pen.fill('M2 -4C2 -22 12 -31 27 -31C28 -16 20 -4 2 -4Z', ink)
  pen.fill('M2 14C4 2 13 -2 22 -1C22 9 14 15 2 14Z', lighten(main, 0.35))
}

function paintHorizon({ pen }: Stage, ink: Color, main: Color, accent: Color): void {
  pen.clip(circle(0, 0, 31), () => {
    pen.fill(circle(0, 0, 31), lighten(main, 0.74))
    pen.fill(circle(8, -8, 10), accent)
    pen.fill(
      polygon([
        [-36, 14],
        [-10, -16],
        [14, 14],
      ]),
      main,
    )
    pen.fill(
      polygon([
        [-12, 14],
        [12, -6],
        [36, 14],
      ]),
      ink,
    )
    pen.fill('M-32 12C-20 6 -12 18 0 12C12 6 20 18 32 12V34H-32Z', darken(main, 0.35))
    pen.fill('M-32 20C-20 14 -12 26 0 20C12 14 20 26 32 20V34H-32Z', lighten(main, 0.3))
  })
}

function paintMask({ pen }: Stage, ink: Color, main: Color, pale: Color): void {
  pen.fill(
    polygon([
      [-28, -28],
      [-6, -14],
      [6, -14],
      [28, -28],
      [27, 4],
      [0, 30],
      [-27, 4],
    ]),
    main,
  )
  pen.fill(
    polygon([
      [-28, -28],
      [-6, -14],
      [-27, 4],
    ]),
    darken(main, 0.28),
  )
  pen.fill(
    polygon([
      [28, -28],
      [6, -14],
      [27, 4],
    ]),
    lighten(main, 0.22),
  )
  pen.fill(
    polygon([
      [-27, 4],
      [-9, 4],
      [0, 17],
      [9, 4],
      [27, 4],
      [0, 30],
    ]),
    pale,
  )
  for (const side of [-1, 1]) {
    pen.fill(
      polygon([
        [side * 8, -4],
        [side * 17, -7],
        [side * 13, 1],
      ]),
      ink,
    )
  }
  pen.fill(
    polygon([
      [-4.4, 22],
      [4.4, 22],
      [0, 29],
    ]),
    ink,
  )
}

function paintPetals({ pen, random }: Stage, ink: Color, main: Color, accent: Color): void {
  const count = random.pick([5, 6, 8])
  const colors = [main, mix(main, accent, 0.5), accent]
  for (let i = 0; i < count; i++) {
    pen.at({ x: 0, y: 0, turn: i / count }, () =>
      pen.fill('M0 -5C-13 -14 -11 -29 0 -33C11 -29 13 -14 0 -5Z', colors[i % colors.length]!, {
        opacity: 0.92,
      }),
    )
  }
  pen.fill(circle(0, 0, 4.4), ink)
}

function paintOrbit({ pen, random }: Stage, ink: Color, main: Color, accent: Color): void {
  const turn = random.next()
  pen.at({ x: 0, y: 0, turn }, () => {
    pen.stroke(arc(0, 0, 26, 0.08, 0.92), 7, main)
    pen.stroke(arc(0, 0, 14, 0.55, 1.3), 7, ink)
    pen.fill(circle(26, 0, 5), accent)
  })
}

function paintFolds({ pen, random }: Stage, ink: Color, main: Color, accent: Color): void {
  pen.at({ x: 0, y: 0, turn: random.pick([0, 0.25, 0.5, 0.75]) }, () => {
    pen.fill(
      polygon([
        [-27, 27],
        [-27, -27],
        [0, 0],
      ]),
      ink,
    )
    pen.fill(
      polygon([
        [-27, -27],
        [27, -27],
        [0, 0],
      ]),
      main,
    )
    pen.fill(
      polygon([
        [27, -27],
        [27, 27],
        [0, 0],
      ]),
      accent,
    )
    pen.fill(star(13, 20, 4, 7, 2.6), mix(main, ink, 0.3))
  })
}
