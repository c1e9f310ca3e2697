import type { Clock } from '../limits/clock.ts'
import type { ProviderId } from '../manifest/manifest.ts'
import type { Texts } from '../manifest/read-text.ts'
import type { ProviderEnvironment } from '../providers/environment.ts'
import type { KeyAccess } from '../providers/key-access.ts'
import type { ProjectPaths } from '../store/paths.ts'
import type { TrustQuestion } from './options.ts'
import type { FullSnapshot } from './snapshot.ts'

/** What the actions of an open project share. */
export type ProjectContext = {
  /** Folder that file arguments are relative to. Absolute. */
  cwd: string
  paths: ProjectPaths
  provider: ProviderId | undefined
  profile: string | undefined
  env: ProviderEnvironment
  /** Absolute path of the file that a variable comes from, by its name. */
  envFiles: Readonly<Record<string, string>>
  /** The user's file of grants, absolute. */
  trustFile: string | undefined
  askForTrust: ((question: TrustQuestion) => Promise<boolean>) | undefined
  /** The options that a command for this project needs. @see ProjectOptions */
  commandOptions: readonly string[] | undefined
  /** The keys in `env`, and the guard that every use of one passes. */
  access: KeyAccess
  clock: Clock | undefined
  /**
   * Reads manifest, lockfile and disk again.
   *
   * @param texts manifest files that are not on the disk yet, to see what they would change
   * @throws ManifestError, LimnError
   */
  read(texts?: Texts): Promise<FullSnapshot>
}
