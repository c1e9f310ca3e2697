/** How an animal is drawn. */
export interface AnimalOptions {
  /** Whether it holds and reads a map. */
  readonly map: boolean
  /** Its fur's colour where one is named. */
  readonly color: string | null
  /** Whether the light of the scene falls on it (else it keeps its own colours). */
  readonly lit: boolean
}
