/** Where and how an animal is painted. */
export interface AnimalOptions {
  readonly x: number
  readonly y: number
  readonly scale: number
  /** Whether it holds and reads a map. */
  readonly map: boolean
  /** Colour of the fur as `#rrggbb` or `#rgb`; null keeps the natural one. */
  readonly color: string | null
  /** Whether the light of the scene changes its colours. */
  readonly lit: boolean
}
