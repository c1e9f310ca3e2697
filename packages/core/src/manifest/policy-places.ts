import type { Place } from '../diagnostic.ts'
import { findEntries } from './cache/entry-layout.ts'
import { countLines } from './cache/text-diff.ts'
import { parseManifest } from './parse/parse.ts'
import type { Path } from './parse/path.ts'

/**
 * Returns a function that finds keys of the manifest outside of `assets`, such as those of
 * `policy`. It parses the text without the assets, whose number then makes no difference.
 *
 * @param text the manifest, which has no mistakes
 * @param file the path that places name
 */
export function findRootPlaces(text: string, file: string): (path: Path) => Place {
  const layout = findEntries(text)
  // Aliases after the entries may refer to anchors in them.
  if (layout === undefined || /(^|[\s,[{:])\*\S/.test(text.slice(layout.to))) {
    return parseManifest(text, file).placeOf
  }
  const [head, entries] = [text.slice(0, layout.from), text.slice(layout.from, layout.to)]
  const { placeOf } = parseManifest(`${head}  {}\n${text.slice(layout.to)}`, file)
  const last = countLines(head)
  return (path) => {
    const place = placeOf(path)
    return place.line <= last ? place : { ...place, line: place.line + countLines(entries) - 1 }
  }
}
