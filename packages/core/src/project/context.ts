import type { Clock } from '../limits/clock.ts'
import type { ProviderId } from '../manifest/manifest.ts'
import type { ProviderEnvironment } from '../providers/environment.ts'
import type { ProjectPaths } from '../store/paths.ts'
import type { FullSnapshot } from './snapshot.ts'

/** What the actions of an open project share. */
export type ProjectContext = {
  /** Folder that file arguments are relative to. Absolute. */
  cwd: string
  paths: ProjectPaths
  provider: ProviderId | undefined
  profile: string | undefined
  env: ProviderEnvironment
  clock: Clock | undefined
  /** Reads manifest, lockfile and disk again. @throws ManifestError, LimnError */
  read(): Promise<FullSnapshot>
}
