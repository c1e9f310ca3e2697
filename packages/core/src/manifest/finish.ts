/** How an output is mirrored. */
export const flips = ['horizontal', 'vertical', 'both'] as const
export type Flip = (typeof flips)[number]

/** Clockwise turns of an output, degrees. */
export const turns = [90, 180, 270] as const
export type Turn = (typeof turns)[number]

/** Finishing steps of an output, as people write them. `false` turns off one of the preset. */
export type FinishFile = {
  /** Removes the uniform border first. A number is the tolerance, 0 to 255. */
  trim?: boolean | number | undefined
  rotate?: Turn | undefined
  flip?: Flip | undefined
  /** `seam`: the file continues at its opposite edges. */
  heal?: 'seam' | undefined
  grayscale?: boolean | undefined
  /** `#rrggbb`: its hue replaces every other one. */
  tint?: string | undefined
  /** The colours of the darkest and the lightest pixels, `#rrggbb`. */
  duotone?: string[] | undefined
  /** Radius at the full width of the output, px. */
  blur?: number | undefined
  /** A number is the strength, 0.3 to 10. */
  sharpen?: boolean | number | undefined
  /** Radius of the corners at the full width of the output, px. */
  round?: number | undefined
  circle?: boolean | undefined
}

/** The finishing steps of one file, in the order in which they apply. Only those that it has. */
export type Finish = {
  /** Tolerance, 0 to 255. */
  trim?: number
  /** Degrees, clockwise. */
  rotate?: Turn
  flip?: Flip
  heal?: 'seam'
  grayscale?: true
  /** `#rrggbb` */
  tint?: string
  /** The colours of the darkest and the lightest pixels, `#rrggbb`. */
  duotone?: [string, string]
  /** Radius, px. */
  blur?: number
  /** 0.3 to 10. */
  sharpen?: number
  /** Radius of the corners, px. */
  round?: number
  circle?: true
}

/** The names of the finishing steps, in the order in which they apply. */
export const finishSteps: readonly (keyof Finish)[] = [
  'trim',
  'rotate',
  'flip',
  'heal',
  'grayscale',
  'tint',
  'duotone',
  'blur',
  'sharpen',
  'round',
  'circle',
]

/** Tolerance of `trim: true`: the noise of a JPEG's plain border. */
const TRIM_TOLERANCE = 10
/** Strength of `sharpen: true`. */
const SHARPEN_STRENGTH = 1
/** Share by which a picture is larger before its seams are healed: the part that overlaps. */
const OVERLAP = 1 / 8

/**
 * Resolves the finishing steps of one file.
 *
 * @param scale of the file, relative to the full width of the output
 * @returns `undefined` if it has none
 */
export function resolveFinish(rule: FinishFile, scale: number): Finish | undefined {
  const { trim, rotate, flip, heal, grayscale, tint, duotone, blur, sharpen, round, circle } = rule
  const finish: Finish = {
    ...(isOn(trim) ? { trim: trim === true ? TRIM_TOLERANCE : trim } : {}),
    ...(rotate === undefined ? {} : { rotate }),
    ...(flip === undefined ? {} : { flip }),
    ...(heal === undefined ? {} : { heal }),
    ...(grayscale === true ? { grayscale } : {}),
    ...(tint === undefined ? {} : { tint: longColour(tint) }),
    ...(duotone === undefined
      ? {}
      : { duotone: [longColour(duotone[0]!), longColour(duotone[1]!)] as [string, string] }),
    ...(blur === undefined ? {} : { blur: scaled(blur, scale) }),
    ...(isOn(sharpen) ? { sharpen: sharpen === true ? SHARPEN_STRENGTH : sharpen } : {}),
    ...(round === undefined ? {} : { round: scaled(round, scale) }),
    ...(circle === true ? { circle } : {}),
  }
  return Object.keys(finish).length === 0 ? undefined : finish
}

function isOn(setting: boolean | number | undefined): setting is true | number {
  return setting !== undefined && setting !== false
}

function scaled(px: number, scale: number): number {
  return Math.round(px * scale * 100) / 100
}

function longColour(colour: string): string {
  const digits = colour.slice(1).toLowerCase()
  return digits.length === 3
    ? `#${[...digits].map((digit) => digit + digit).join('')}`
    : `#${digits}`
}

/** Returns the finishing steps of a file that shows an output at another scale. */
export function scaleFinish(finish: Finish, scale: number): Finish {
  return {
    ...finish,
    ...(finish.blur === undefined ? {} : { blur: scaled(finish.blur, scale) }),
    ...(finish.round === undefined ? {} : { round: scaled(finish.round, scale) }),
  }
}

/** Returns whether finishing steps make the corners of a picture transparent. */
export function cutsCorners({ round, circle }: Pick<FinishFile, 'round' | 'circle'>): boolean {
  return (round !== undefined && round > 0) || circle === true
}

/** Swaps width and height if a turn does. */
export function turnSize<Edge>(
  size: { width: Edge; height: Edge },
  rotate: Turn | undefined,
): { width: Edge; height: Edge } {
  return rotate === 90 || rotate === 270 ? { width: size.height, height: size.width } : size
}

/**
 * Returns an output as it is cut from the master: before it is turned, and with the overlap that
 * healing needs. Only `trim` is left of its finishing steps.
 */
export function beforeFinish<Cut extends { width: number; height: number; finish?: Finish }>(
  output: Cut,
): Cut {
  const { finish, ...rest } = output
  if (finish === undefined) return output
  const { width, height } = turnSize(output, finish.rotate)
  const grow = (edge: number): number => (finish.heal === undefined ? edge : withOverlap(edge))
  return {
    ...rest,
    width: grow(width),
    height: grow(height),
    ...(finish.trim === undefined ? {} : { finish: { trim: finish.trim } }),
  } as Cut
}

/** Returns the size of a file whose picture had a size before its finishing steps, px. */
export function sizeAfterFinish(
  size: { width: number; height: number },
  { heal, rotate }: Finish = {},
): { width: number; height: number } {
  const turned = turnSize(size, rotate)
  return heal === undefined
    ? turned
    : { width: healedEdge(turned.width), height: healedEdge(turned.height) }
}

/** Returns the length that an edge has before healing, px. */
export function withOverlap(edge: number): number {
  return edge + Math.max(1, Math.round(edge * OVERLAP))
}

/** Returns the length that an edge has after healing, px. */
export function healedEdge(edge: number): number {
  return Math.max(1, Math.round(edge / (1 + OVERLAP)))
}

/** Formats finishing steps for a recipe, one text per step in the order of `finishSteps`. */
export function formatFinish(finish: Finish | undefined): string[] {
  if (finish === undefined) return []
  return finishSteps.flatMap((step) => {
    const value = finish[step]
    return value === undefined ? [] : [`${step} ${Array.isArray(value) ? value.join(' ') : value}`]
  })
}
