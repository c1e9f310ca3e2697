/** A part of a picture: a third along each named side, or the middle ninth. */
export type Area =
  | 'left'
  | 'right'
  | 'top'
  | 'bottom'
  | 'top-left'
  | 'top-right'
  | 'bottom-left'
  | 'bottom-right'
  | 'center'

/** What a picture must be, as `expect:` says it, with every default filled in. */
export interface Expectations {
  transparent?: true
  whole?: true
  quiet?: Area
  contrast?: { at: Area; with: string; ratio: number }
  palette?: { near: string[]; most: number }
  tileable?: true
  sharp?: true
  'not-blank'?: true
  /** Names of assets of which the picture is no near duplicate. */
  unlike?: string[]
  /** What the judge sees in the picture. */
  shows?: string[]
  without?: string[]
  /** Texts that the picture shows, spelled exactly so. */
  text?: string[]
  /** Names of assets that show the same person, object or visual style. */
  like?: string[]
}

export type ExpectationName = keyof Expectations
