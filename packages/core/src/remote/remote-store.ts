/** An object of a store as a listing names it. */
export type RemoteObject = {
  key: string
  /** Bytes; `null` if the store does not say. */
  bytes: number | null
  /** When it was written, ms since 1970 by the clock of the store; `null` if the store does not say. */
  modified: number | null
}

/** Options of each operation. When `signal` fires, the operation fails. */
export type RemoteOptions = { signal?: AbortSignal | undefined }

/**
 * A store of objects that several machines share. Keys have segments of letters, digits, `-`, `_`,
 * `+` and `.`, separated by `/`. Every operation throws LimnError `remote/denied` if the store
 * rejects the credentials or forbids the operation, `remote/full`, or `remote/unreachable` for
 * every other failure.
 */
export type RemoteStore = {
  /** The store as messages name it, without credentials. */
  readonly name: string
  /** Whether `list` can be called. */
  readonly canList: boolean
  /**
   * Reads an object; `undefined` if it is missing.
   *
   * @param options.maxBytes of an object that is longer, only a part is returned, which its digest
   *   shows
   */
  get(key: string, options: RemoteOptions & { maxBytes: number }): Promise<Uint8Array | undefined>
  /**
   * Writes an object as a whole unless there is one. Of several writers at the same time, exactly
   * one succeeds; if the server ignores conditions, more than one may.
   *
   * @returns whether it was written
   */
  putIfAbsent(key: string, bytes: Uint8Array, options?: RemoteOptions): Promise<boolean>
  /** Describes an object; `undefined` if it is missing. */
  head(key: string, options?: RemoteOptions): Promise<RemoteObject | undefined>
  /** Lists the objects whose key starts with a prefix that ends with `/`, page by page. */
  list(prefix: string, options?: RemoteOptions): AsyncIterable<RemoteObject>
  /** Removes an object if it exists. */
  delete(key: string, options?: RemoteOptions): Promise<void>
}
