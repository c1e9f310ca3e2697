import type { FileFact } from '../cache/file-digests.ts'
import type { ShelvedPicture } from '../identity/shelf-key.ts'
import type { Size } from '../models/size.ts'

/** What a plan needs to know about the files on the disk. Gathered before planning. */
export type Inventory = {
  /** Folder of the masters, relative to the root, with `/`. */
  mastersFolder: string
  /** Files in `mastersFolder` by path relative to the root. */
  masters: ReadonlyMap<string, FileFact>
  /** Symbolic links in `mastersFolder`, relative to the root. Limn does not follow them. */
  links: ReadonlySet<string>
  /** Existing files that assets name as `source` or input, by path relative to the root. */
  sources: ReadonlyMap<string, FileFact>
  /**
   * Sizes of some sources, px, upright, and their number of frames: of those on which a request or
   * a note depends. Absent if there are none.
   */
  sourceSizes?: ReadonlyMap<string, Size & { frames?: number }>
  /** Names of the files in the output cache, `<recipe>.<ext>`. */
  cached: Pick<ReadonlySet<string>, 'has'>
  /** Files in the `out` folder by path relative to it; `null` if the folder does not exist. */
  out: ReadonlyMap<string, FileFact> | null
  /**
   * Files that Limn has written to `out` and the lockfile may not name yet, formatted by
   * `writtenFile`.
   */
  written: ReadonlySet<string>
  /** Digests of outputs that this machine encodes differently from the lockfile, by recipe. */
  ownDigests: ReadonlyMap<string, string>
  /** Digests of the received pictures in the journal by key: `<request hash>`, `<request hash>+2`. */
  journal: ReadonlyMap<string, string>
  /**
   * When the requests in open batches were sent, ISO 8601, by request hash; one entry per asset
   * that sent the request.
   */
  inBatch: ReadonlyMap<string, readonly string[]>
  /**
   * The number of answers whose pictures are paid for and still to be fetched from links, by
   * request hash.
   */
  linked: ReadonlyMap<string, number>
  /**
   * The sizes of the requests whose pictures are in the journal, behind links or in batches, by
   * asset. Absent if there are none.
   */
  sentSizes?: ReadonlyMap<string, readonly string[]>
  /** Keys of the judge's verdicts that this machine keeps. Absent if no asset needs the judge. */
  verdicts?: ReadonlySet<string>
  /** The replaced masters that this machine keeps, by request hash. */
  shelf: ReadonlyMap<string, readonly ShelvedPicture[]>
}

/** Returns whether a file has the content of a digest. Line endings make no difference. */
export function hasContent({ sha256, others }: FileFact, digest: string): boolean {
  return sha256 === digest || others?.includes(digest) === true
}

/** Formats a file that Limn has written. `path` is relative to the root. */
export function writtenFile(path: string, digest: string): string {
  return `${digest} ${path}`
}
