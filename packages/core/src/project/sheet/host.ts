import type { CommittedPictures } from '../../store/committed-pictures.ts'
import type { OutputService } from '../output-service.ts'
import type { PlannedSnapshot, Project } from '../project.ts'

/** A place in a file of the project, as the page shows it. `file` is relative to the root. */
export type SheetPlace = { file: string; line: number; column: number }

/** What the host of a contact sheet allows to spend, in addition to `budget`. */
export type SheetSpending = {
  /** What may still be spent, USD; `null` for no limit of the host. */
  leftUsd(): number | null
  /** How to allow more: one imperative sentence. */
  readonly hint: string
  /**
   * Does work that may cost money, after all earlier work of the host has ended.
   *
   * @param agreedUsd what a person agreed to, USD
   * @param work does the work for `maxUsd` at most: `agreedUsd`, or what is left of the limit of
   *   the host. Reports what it has spent so far, USD.
   */
  spend<T>(
    agreedUsd: number,
    work: (maxUsd: number, report: (usd: number) => void) => Promise<T>,
  ): Promise<T>
}

/** What a contact sheet needs of the server that shows it: a dev server, or `limn ui`. */
export type SheetHost = {
  readonly project: Project
  /**
   * Returns manifest, lockfile, disk and plan.
   *
   * @param options.isFresh whether a file may have changed that the host does not know of yet
   * @throws ManifestError, LimnError
   */
  read(options: { isFresh: boolean }): Promise<PlannedSnapshot>
  /** Loads the service that derives outputs and draws drafts, on the first call. */
  loadOutputService(): Promise<OutputService>
  readonly spending: SheetSpending
  /** The history of git, if it is open for all assets. Default: opened for each asset. */
  history?: CommittedPictures | undefined
  /** Lists where an asset is imported; absent outside of a dev server. */
  importsOf?: ((asset: string) => Promise<SheetPlace[]>) | undefined
  /** Opens a place in the editor of the person; absent if the host cannot. */
  openInEditor?: ((place: SheetPlace) => Promise<void>) | undefined
  /** Names the commands in a text as the user runs them. Default: as they are written. */
  nameCommands?: ((text: string) => string) | undefined
  /** Receives an error that no one else reports: a bug. */
  onBug(error: unknown): void
}
