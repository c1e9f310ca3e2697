import { canonicalJson, sha256 } from '../digest.ts'
import type { Scalar } from './scalar.ts'

/** Where the text of an overlay can be. */
export const overlayPositions = [
  'centre',
  'top',
  'right',
  'bottom',
  'left',
  'top-left',
  'top-right',
  'bottom-left',
  'bottom-right',
] as const
type OverlayPosition = (typeof overlayPositions)[number]

/** A text, or one for each value of `each` or of a matrix. */
export type TextFile = Scalar | Record<string, Scalar>

/** `overlay` of an output, as people write it. */
export type OverlayFile = {
  /** A text for `{{variables}}`. */
  text?: TextFile | undefined
  /** An HTML file with `{{variables}}`, in place of `text`. */
  template?: string | undefined
  /** Pictures that the template shows. */
  files?: string[] | undefined
  /** Variables in addition to those of the asset. */
  vars?: Record<string, TextFile> | undefined
  /** Font files, and npm packages with fonts. A later one has what the earlier ones lack. */
  font?: string | string[] | undefined
  /** Size of the text at the full width of the output, px. Default: as large as fits. */
  size?: number | undefined
  /** `#rrggbb`. Default white. */
  color?: string | undefined
  /** 100 to 900. Default 700. */
  weight?: number | undefined
  /** Default: at the bottom, where lines start. */
  position?: OverlayPosition | undefined
  /** Distance of the text from the edges, as a share of the shorter one. Default 0.06. */
  padding?: number | undefined
  /** What is behind the text: its strength, 0 to 1, or its colour. Default `true`. */
  shade?: boolean | number | string | undefined
  /** A picture at the opposite edge. */
  logo?: string | undefined
  /** Whether the text stays in the part that every client of a platform shows. Default `true`. */
  safe?: boolean | undefined
}

/** The part of a file that something stays in, by its distances from the edges as shares. */
export type Insets = { left: number; top: number; right: number; bottom: number }

/** The overlay of one file with every default filled in. Plain data. */
export type Overlay = {
  /** `null` if there is a template. */
  text: string | null
  /** Relative to the root with `/`; `null` if there is a text. */
  template: string | null
  /** Values of the template's variables. */
  values: Readonly<Record<string, string>>
  /** Relative to the root with `/`. */
  files: readonly string[]
  /** Relative to the root with `/`, or a package: `@fontsource/inter`. */
  fonts: readonly string[]
  /** px; `null` for as large as fits. */
  size: number | null
  /** `#rrggbb` */
  color: string
  weight: number
  /** `null`: at the bottom, where lines start. */
  position: OverlayPosition | null
  padding: number
  /** `null` for none. */
  shade: { color: string; strength: number } | null
  /** Relative to the root with `/`; `null` for none. */
  logo: string | null
  /** `null` if text may be anywhere. */
  safe: Insets | null
  /** Language of the text, BCP 47; `null` if unknown. */
  lang: string | null
  /**
   * The digests of its files in the order of `overlayFiles`, once they are read: a package by its
   * version. `null` for a file that is missing.
   */
  digests?: readonly (string | null)[]
  /** The template with its variables filled in, once it is read. */
  html?: string
  /** What is wrong with it; absent in a manifest without mistakes. */
  problem?: string
}

/** Version of how overlays are drawn: raise it when the same settings produce another picture. */
const OVERLAY_VERSION = 1

/**
 * Hashes everything that determines an overlay. Of a template, it is the filled text: a variable
 * that it does not use makes nothing stale.
 */
export function hashOverlay({ values, html, ...overlay }: Overlay): string {
  const filled = html === undefined ? values : sha256(html)
  return sha256(canonicalJson([OVERLAY_VERSION, overlay, filled]))
}

/** Returns the files and packages of an overlay: its template, logo, pictures and fonts. */
export function overlayFiles({ template, logo, files, fonts }: Overlay): string[] {
  return [
    ...(template === null ? [] : [template]),
    ...(logo === null ? [] : [logo]),
    ...files,
    ...fonts,
  ]
}

const FONT_FILE = /\.(?:ttf|otf|woff2?)$/i
const PACKAGE = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*/

/** A font of an npm package: one file of it, or those that a text needs. */
export type PackageFont = { name: string; file: string | undefined }

/**
 * Returns the package that a font comes from: `@scope/name`, `npm:name`, or a file in one;
 * `undefined` for a file of the project.
 */
export function parsePackageFont(font: string): PackageFont | undefined {
  const isPackage = font.startsWith('@') || font.startsWith('npm:')
  if (!isPackage) return undefined
  const path = font.replace(/^npm:/, '')
  const name = PACKAGE.exec(path)?.[0]
  if (name === undefined) return undefined
  const rest = path.slice(name.length)
  return rest === '' || rest.startsWith('/')
    ? { name, file: rest.length > 1 ? rest.slice(1) : undefined }
    : undefined
}

/** Explains what is wrong with a font as it is written; `undefined` if nothing is. */
export function explainFont(font: string): string | undefined {
  const isPackage = font.startsWith('@') || font.startsWith('npm:')
  const found = parsePackageFont(font)
  if (isPackage && found === undefined) return 'is not the name of a package'
  const file = found === undefined ? font : found.file
  if (file === undefined || FONT_FILE.test(file)) return undefined
  return 'is no font file (.ttf, .otf, .woff, .woff2) and no package'
}

/** Returns an overlay whose paths are relative to the root, of one written in a folder. */
export function rebaseOverlay(
  overlay: OverlayFile | string,
  toRoot: (path: string) => string,
): OverlayFile | string {
  if (typeof overlay === 'string') return overlay
  const { template, files, font, logo, ...rest } = overlay
  const move = (path: string): string =>
    path.startsWith('@') || path.startsWith('npm:') ? path : toRoot(path)
  return {
    ...rest,
    ...(template === undefined ? {} : { template: toRoot(template) }),
    ...(logo === undefined ? {} : { logo: toRoot(logo) }),
    ...(files === undefined ? {} : { files: files.map(toRoot) }),
    ...(font === undefined ? {} : { font: [font].flat().map(move) }),
  }
}
