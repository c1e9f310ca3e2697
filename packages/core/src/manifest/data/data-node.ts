/** Offsets in a text: from, and to. */
export type Range = readonly [from: number, to: number]

/**
 * A value of a data file, of whatever format. Scalars are text as it is written: `1.10` and
 * `2024-01-05` stay as they are.
 */
export type DataParts =
  | { kind: 'scalar'; text: string }
  | { kind: 'list'; items: DataNode[] }
  | { kind: 'map'; entries: DataEntry[] }

/** A value of a data file, with its place. */
export type DataNode = DataParts & { range: Range }

export type DataEntry = { key: string; range: Range; value: DataNode }

/** A mistake in a data file, in words. */
export type DataMistake = { range: Range; message: string; hint: string }

/** Thrown where a data file can't be read further. */
export class DataSyntaxError extends Error {
  readonly mistake: DataMistake
  constructor(range: Range, message: string, hint: string) {
    super(message)
    this.mistake = { range, message, hint }
  }
}

/** Levels of maps and lists that a data file can have. */
export const MAX_DATA_DEPTH = 50
