import type { SettingOrigin } from '../manifest/manifest.ts'

/** What somebody changed so that a picture is to be generated. */
export type Cause =
  | { kind: 'new' | 'forced' | 'missing' }
  /** A style whose text changed; `null` if the asset has other styles than before. */
  | { kind: 'style'; name: string | null }
  | { kind: 'variable'; name: string }
  /** The prompt itself: of the assets of a matrix by the name of their entry, otherwise `null`. */
  | { kind: 'prompt'; name: string | null }
  /** A field of the request; `origin` is `null` where the asset itself sets it. */
  | {
      kind: 'setting'
      field: string
      from: string | null
      to: string | null
      origin: SettingOrigin | null
    }
  /** Another input picture: an asset or a file; `null` if there are only fewer. */
  | { kind: 'input'; name: string | null }
