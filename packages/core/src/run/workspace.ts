import type { FileDigests } from '../cache/file-digests.ts'
import type { Asset, Manifest } from '../manifest/manifest.ts'
import type { ProjectPaths } from '../store/paths.ts'
import type { WrittenFiles } from '../store/written-files.ts'

/** The project that a run works on. */
export type Workspace = {
  paths: ProjectPaths
  manifest: Manifest
  assetByName: ReadonlyMap<string, Asset>
  /** The digests of the files on disk. */
  digests: FileDigests
  /** The files that the run writes to `out`. */
  written: WrittenFiles
}
