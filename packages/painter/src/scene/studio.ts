import { hex, luma, mix, saturate } from '../raster/color.ts'
import type { Color } from '../raster/color.ts'
import type { Random } from '../raster/random.ts'
import { gradeColor } from './light.ts'
import { colorOf } from './read-scene.ts'
import type { Scene } from './read-scene.ts'

/** Colours of staged pictures: backdrops, products, screens and logos. */
export interface Studio {
  /** Backdrop. */
  readonly ground: Color
  /** Colour of cards and tables; lighter than the backdrop. */
  readonly surface: Color
  /** Darkest colour, for lines and bars of text. */
  readonly ink: Color
  /** Dominant colour. */
  readonly main: Color
  /** Three colours that match the dominant one. */
  readonly accents: readonly [Color, Color, Color]
}

/** Sets of colours: ground, surface, ink, main and three accents. */
const SETS: readonly string[] = [
  '#f3e3d3 #fffaf3 #2d2a3e #e0694a #f2b24c #3f7d7a #8fb8a8',
  '#dfe9e4 #fbfdfa #1f3538 #2f7f79 #f0a35e #e56b5d #a7cfc0',
  '#e9e4f2 #fdfbff #2c2547 #7a5bb5 #f2a0b5 #f5c469 #6fa8c9',
  '#fbe3dc #fffaf7 #40263a #d8546b #f6b17a #6b8fb3 #f3cfc0',
  '#dbe7f2 #fafdff #1d2b4a #3268b8 #f3b34f #ef7a5f #8cc0d8',
  '#efe9d8 #fffdf5 #2f3327 #6c8a4e #d9a03f #c8643f #b7c9a0',
  '#f7dfc0 #fffaf0 #38241d #c9652c #e9b44c #2f6f73 #e8a58a',
  '#d9ecec #f8ffff #16343f #1f8a98 #ffb35c #f26d6d #9ad6cf',
]

/**
 * Chooses the colours of a staged picture: named colours come first, the random stream fills in the
 * rest.
 */
export function chooseStudio(scene: Scene, random: Random): Studio {
  const chosen = withNamedColors(parseSet(random.pick(SETS)), scene)
  const backdrop = colorOf(scene, 'background')
  const night = scene.time === 'night' || scene.styles.includes('neon')
  const apply = (color: Color): Color => styled(color, scene)
  return {
    ground: apply(night && backdrop === null ? mix(chosen.ink, chosen.main, 0.16) : chosen.ground),
    surface: apply(night ? mix(chosen.ink, chosen.ground, 0.16) : chosen.surface),
    ink: apply(night ? mix(chosen.ground, [1, 1, 1], 0.5) : chosen.ink),
    main: apply(chosen.main),
    accents: [apply(chosen.accents[0]), apply(chosen.accents[1]), apply(chosen.accents[2])],
  }
}

function parseSet(set: string): Studio {
  const [ground, surface, ink, main, a, b, c] = set.split(' ').map(hex)
  return { ground: ground!, surface: surface!, ink: ink!, main: main!, accents: [a!, b!, c!] }
}

/** Returns a set with the colours that the prompt gives to the picture and to its background. */
function withNamedColors(set: Studio, scene: Scene): Studio {
  const backdrop = colorOf(scene, 'background')
  const [lead, second, third] = scene.colors.map(hex)
  const [a, b, c] = set.accents
  const named =
    lead === undefined
      ? set
      : {
          ground: mix(mix(lead, [1, 1, 1], 0.8), set.ground, 0.2),
          surface: set.surface,
          ink: mix(set.ink, mix(lead, [0.05, 0.05, 0.12], 0.75), 0.6),
          main: lead,
          accents: [
            second ?? mix(a, lead, 0.25),
            third ?? mix(b, lead, 0.45),
            mix(mix(c, lead, 0.5), [1, 1, 1], 0.25),
          ] as const,
        }
  return backdrop === null ? named : { ...named, ground: softened(hex(backdrop)) }
}

function styled(color: Color, scene: Scene): Color {
  return gradeColor(color, { ...scene, colors: [] })
}

function softened(color: Color): Color {
  return luma(color) > 0.85 ? color : saturate(mix(color, [1, 1, 1], 0.22), 0.92)
}
