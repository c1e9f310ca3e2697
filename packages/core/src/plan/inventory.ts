/** What stands on the disk, as far as a plan has to know. Plain facts, gathered before planning. */
export type Inventory = {
  /** Folder of the masters, relative to the root with `/`. */
  mastersFolder: string
  /** Files in it by path relative to the root. */
  masters: ReadonlyMap<string, FileFact>
  /** Links in it, to files or folders, by path relative to the root: none is followed. */
  links: ReadonlySet<string>
  /**
   * Files that assets name as their `source` or as an input of their model, by path relative to the
   * root; those that are there.
   */
  sources: ReadonlyMap<string, FileFact>
  /** Names of the files in the output cache, `<recipe>.<ext>`. */
  cached: ReadonlySet<string>
  /** Files in the `out` folder by path relative to it; `null` where the folder does not exist. */
  out: ReadonlyMap<string, FileFact> | null
  /** Digests that this machine's encoder gave where the lock has another, by recipe. */
  ownDigests: ReadonlyMap<string, string>
  /**
   * Digests of the pictures in the journal by key (`<request hash>`, `<request hash>+2`): received,
   * and perhaps not in the lock yet.
   */
  journal: ReadonlyMap<string, string>
  /**
   * When requests that wait for a batch were sent, ISO 8601, by request hash: once for each asset
   * that asked.
   */
  inBatch: ReadonlyMap<string, readonly string[]>
  /**
   * Hashes of requests whose picture was paid for, gave way to another, and is kept on this
   * machine.
   */
  shelf: ReadonlySet<string>
}

export type FileFact = { bytes: number; sha256: string }
