import type { Sheet } from '@limn/contact-sheet'
import type { SheetHost } from './host.ts'
import type { RequestFailure, SheetRuns } from './runs.ts'
import type { SheetState } from './session-state.ts'

/** What the calls of a page work with. */
export type SheetContext = {
  readonly host: SheetHost
  /** The runs that the page shows: its own, and those of the host. */
  readonly runs: SheetRuns
  /**
   * Returns the last valid read of the project, and reads it first if there is none.
   *
   * @throws the error of the read
   */
  requireState(): Promise<SheetState>
  /** Returns how the last request of an asset failed; `undefined` if it did not. */
  failureOf(asset: string): RequestFailure | undefined
  /** Returns everything that the grid shows. */
  sheet(): Promise<Sheet>
  /**
   * Sends what changed since the last read to the pages.
   *
   * @param options.isFresh as in `SheetHost.read`. Default false
   */
  update(options?: { isFresh?: boolean }): Promise<void>
}
