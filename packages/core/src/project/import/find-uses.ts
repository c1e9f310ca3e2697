import { posix } from 'node:path'
import { readTextInside } from '../../disk/read-inside.ts'
import { type Reference, scanCode } from './scan-code.ts'
import { walkFiles } from './walk-files.ts'

/** How code uses a picture. */
export type PictureUse = {
  /** Widths at which it is shown, px, with those of dense screens. */
  widths: Set<number>
  /** Heights at which it is shown where no width is known, px. */
  heights: Set<number>
  /** Alt texts, with how often each is used. An empty one means that it is decorative. */
  alts: Map<string, number>
}

/** Files that may name pictures. */
export const CODE: RegExp =
  /\.(?:html?|[cm]?[jt]sx?|vue|svelte|astro|mdx?|markdown|css|s[ac]ss|less|styl|njk|liquid|hbs|ejs|php|erb|twig)$/i

/** Limits of what is read: bundles and data are no code that names pictures. */
const MAX_FILE = 1_000_000
const MAX_FILES = 50_000

/**
 * Finds how the code of a project uses its pictures. Reads text only, and runs nothing.
 *
 * @param pictures paths relative to the root
 */
export function findUses(
  pictures: readonly string[],
  { root, ignored }: { root: string; ignored: ReadonlySet<string> },
): Map<string, PictureUse> {
  const uses = new Map<string, PictureUse>()
  const pathByKey = new Map(pictures.map((path) => [keyOf(path), path]))
  let files = 0
  for (const file of walkFiles('', { root, ignored })) {
    if (!CODE.test(file)) continue
    if (++files > MAX_FILES) break
    for (const reference of scanCode(readOrNothing(root, file))) {
      const path = candidatesOf(reference.path, posix.dirname(file))
        .map((candidate) => pathByKey.get(keyOf(candidate)))
        .find((found) => found !== undefined)
      if (path !== undefined) addUse(uses, path, reference)
    }
  }
  return uses
}

function readOrNothing(root: string, file: string): string {
  try {
    return readTextInside(root, file, MAX_FILE)
  } catch {
    return ''
  }
}

/** Disks and authors disagree about case and about how accented letters are stored. */
function keyOf(path: string): string {
  return path.normalize('NFC').toLowerCase()
}

/** Folders whose files a site serves at its root, and those that an alias stands for. */
const PUBLIC_FOLDERS = ['public/', 'static/', '', 'src/', 'app/']
const ALIASES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(?:@@|~~|@|~)\//, ['src/', '', 'app/']],
  [/^\$lib\//, ['src/lib/']],
  [/^\//, PUBLIC_FOLDERS],
]

/** Returns the paths that a reference in a folder may mean, the likeliest first. */
export function candidatesOf(reference: string, folder: string): string[] {
  const path = decode(reference)
  if (/^(?:[a-z][a-z\d+.-]*:|\/\/)/i.test(path)) return []
  const alias = ALIASES.find(([prefix]) => prefix.test(path))
  const places =
    alias === undefined
      ? [posix.join(folder, path), ...PUBLIC_FOLDERS.map((place) => place + path)]
      : alias[1].map((place) => place + path.replace(alias[0], ''))
  return places.map((place) => posix.normalize(place))
}

function decode(text: string): string {
  try {
    return decodeURI(text)
  } catch {
    return text
  }
}

function addUse(
  uses: Map<string, PictureUse>,
  path: string,
  { widths, height, alt }: Reference,
): void {
  const use = uses.get(path) ?? { widths: new Set(), heights: new Set(), alts: new Map() }
  uses.set(path, use)
  for (const width of widths) use.widths.add(width)
  if (height !== undefined) use.heights.add(height)
  if (alt !== undefined) use.alts.set(alt, (use.alts.get(alt) ?? 0) + 1)
}

/** Combines how copies of a picture are used. */
export function mergeUses(uses: readonly (PictureUse | undefined)[]): PictureUse {
  const merged: PictureUse = { widths: new Set(), heights: new Set(), alts: new Map() }
  for (const use of uses) {
    for (const width of use?.widths ?? []) merged.widths.add(width)
    for (const height of use?.heights ?? []) merged.heights.add(height)
    for (const [alt, times] of use?.alts ?? []) {
      merged.alts.set(alt, (merged.alts.get(alt) ?? 0) + times)
    }
  }
  return merged
}
