import type { AssetView, SheetOutput } from '../../../protocol.ts'
import type { Platform } from '../contexts.ts'

/** What every place is drawn from. */
export type PlaceProps = {
  view: AssetView
  output: SheetOutput
  platform: Platform | null
  /** Whether covered parts are hatched. */
  showsSafeArea: boolean
}
