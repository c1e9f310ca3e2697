import { sha256 } from '../../digest.ts'
import { findPackage } from '../../disk/find-package.ts'
import { describeReadError } from '../../disk/read-errors.ts'
import { maxBytes, readInside } from '../../disk/read-inside.ts'
import { isErrno, LimnError } from '../../errors.ts'
import { type Overlay, parsePackageFont } from '../../manifest/overlay.ts'
import { defaultFontHas } from './default-font.ts'
import { filesOfPackage, type PackageFile } from './package-font.ts'
import { type HasGlyph, readGlyphs } from './read-glyphs.ts'
import { createStampedCache } from './stamped-cache.ts'
import { visibleCharacters } from './visible-text.ts'

/** A font file as the renderer takes it. */
export type FontFile = {
  /** Identifies the file and its settings. */
  key: string
  /** Name of the family; absent for the one that the file states. */
  name?: string
  data: Buffer
  /** Pairs of the first and the last code point. */
  unicodeRange?: [number, number][]
}

/**
 * Reads the font files that a text needs, in the order of the overlay's fonts.
 *
 * @param root absolute
 * @throws LimnError `overlay/font`, `overlay/glyph`
 */
export function readFonts(
  { fonts, weight }: Pick<Overlay, 'fonts' | 'weight'>,
  { root, text }: { root: string; text: string },
): FontFile[] {
  const missing = visibleCharacters(text)
  const remove = (has: HasGlyph): void => {
    for (const character of missing) if (has(character)) missing.delete(character)
  }
  if (fonts.length === 0) remove(defaultFontHas)
  const files = fonts.flatMap((font) => {
    const parts = locate(font, { root, characters: missing, weight })
    return parts.map((part) => {
      const file = openFont(part, font)
      remove(file.has)
      return toFontFile(file, part)
    })
  })
  requireNone(missing, fonts)
  return files
}

type LocatedFile = PackageFile & { folder: string }

function locate(
  font: string,
  options: { root: string; characters: Iterable<number>; weight: number },
): LocatedFile[] {
  const { root } = options
  const wanted = parsePackageFont(font)
  if (wanted === undefined) {
    return [{ folder: root, family: undefined, path: font, ranges: undefined }]
  }
  const installed = findPackage(wanted.name, root)
  if (installed === undefined) {
    throw new LimnError('overlay/font', `The package ${wanted.name} is not installed.`, {
      hint: `Run \`npm install --save-dev ${wanted.name}\`.`,
    })
  }
  return filesOfPackage(installed, wanted, options).map((file) => ({
    ...file,
    folder: installed.folder,
  }))
}

/** A font file, and what it has glyphs for. */
type OpenFont = { data: Buffer; digest: string; has: HasGlyph }

const openFile = createStampedCache(64, (folder, path): OpenFont => {
  const data = readInside(folder, path, maxBytes.picture)
  return { data, digest: sha256(data), has: readGlyphs(data) }
})

function openFont({ folder, path }: LocatedFile, font: string): OpenFont {
  try {
    return openFile(folder, path)
  } catch (error) {
    const isUnreadable = isErrno(error)
    const reason = isUnreadable
      ? describeReadError(error)
      : error instanceof RangeError
        ? 'it is damaged'
        : (error as Error).message
    throw new LimnError('overlay/font', `The font ${font} can't be used: ${reason}.`, {
      hint: isUnreadable
        ? 'Check its path, or choose another font.'
        : 'Use another font. For emoji, @fontsource/noto-emoji draws them in the colour of the text.',
      cause: error,
    })
  }
}

function toFontFile({ data, digest }: OpenFont, { family, ranges }: LocatedFile): FontFile {
  return {
    key: sha256(`${digest} ${family ?? ''} ${JSON.stringify(ranges ?? [])}`),
    data,
    ...(family === undefined ? {} : { name: family }),
    ...(ranges === undefined ? {} : { unicodeRange: ranges }),
  }
}

/** @throws LimnError `overlay/glyph` that names the characters without a glyph */
function requireNone(missing: ReadonlySet<number>, fonts: readonly string[]): void {
  if (missing.size === 0) return
  const shown = [...missing].slice(0, 5).map(describe).join(', ')
  const rest = missing.size > 5 ? ` and ${missing.size - 5} more` : ''
  const owner =
    fonts.length === 0
      ? 'The default font has'
      : `${fonts.join(', ')} ${fonts.length === 1 ? 'has' : 'have'}`
  throw new LimnError('overlay/glyph', `${owner} no glyph for ${shown}${rest}.`, {
    hint: `Add a font that has one to \`font\`, for example ${suggest([...missing][0]!)}.`,
  })
}

function describe(character: number): string {
  const code = character.toString(16).toUpperCase().padStart(4, '0')
  return `"${String.fromCodePoint(character)}" (U+${code})`
}

/** Returns a package with the glyphs of a script. */
function suggest(character: number): string {
  const text = String.fromCodePoint(character)
  return packages.find(([script]) => script.test(text))?.[1] ?? '@fontsource/noto-sans'
}

const packages: readonly (readonly [script: RegExp, name: string])[] = [
  [/\p{Script=Arabic}/u, '@fontsource/noto-sans-arabic'],
  [/\p{Script=Hebrew}/u, '@fontsource/noto-sans-hebrew'],
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, '@fontsource/noto-sans-jp'],
  [/\p{Script=Hangul}/u, '@fontsource/noto-sans-kr'],
  [/[\p{Script=Han}\u3000-\u303f\uff00-\uffef]/u, '@fontsource/noto-sans-sc'],
  [/\p{Script=Devanagari}/u, '@fontsource/noto-sans-devanagari'],
  [/\p{Script=Thai}/u, '@fontsource/noto-sans-thai'],
  [/\p{Extended_Pictographic}|\p{Regional_Indicator}/u, '@fontsource/noto-emoji'],
]
