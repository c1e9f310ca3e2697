import { type InstalledPackage, readPackageJson } from '../../disk/find-package.ts'
import { LimnError } from '../../errors.ts'
import type { PackageFont } from '../../manifest/overlay.ts'
import { createStampedCache } from './stamped-cache.ts'

/** A file of a package, and the characters that it is for. */
export type PackageFile = {
  /** Name of the family; `undefined` for the one that the file states. */
  family: string | undefined
  path: string
  /** Pairs of the first and the last code point; `undefined` for all that the file has. */
  ranges: [number, number][] | undefined
}

/**
 * Returns the files of a package that some characters need: its own file, or the subsets of a
 * package of Fontsource.
 *
 * @param characters code points
 * @throws LimnError `overlay/font` if the package says nowhere which files it has
 */
export function filesOfPackage(
  { folder }: InstalledPackage,
  { name, file }: PackageFont,
  { characters, weight }: { characters: Iterable<number>; weight: number },
): PackageFile[] {
  if (file !== undefined) return [{ family: undefined, path: file, ranges: undefined }]
  const facts = factsOf(folder, 'unicode.json')
  if (facts === undefined) {
    throw new LimnError('overlay/font', `The package ${name} does not say which fonts it has.`, {
      hint: `Name one of its files, such as ${name}/files/font.woff2, or use a package of Fontsource.`,
    })
  }
  const { id, family, weights, subsets } = facts
  const nearest = weights.reduce((best, each) =>
    Math.abs(each - weight) < Math.abs(best - weight) ? each : best,
  )
  const wanted = [...characters]
  return subsets.flatMap(({ name: subset, ranges }) => {
    const isNeeded = wanted.some((character) =>
      ranges.some(([first, last]) => character >= first && character <= last),
    )
    const part = subset.replace(/[[\]]/g, '')
    const path = `files/${id}-${part}-${nearest}-normal.woff2`
    return isNeeded ? [{ family, path, ranges }] : []
  })
}

/** What a package of Fontsource states of itself. */
type FontsourceFacts = {
  id: string
  family: string
  weights: [number, ...number[]]
  subsets: { name: string; ranges: [number, number][] }[]
}

const factsOf = createStampedCache(16, readFacts)

function readFacts(folder: string): FontsourceFacts | undefined {
  const metadata = readPackageJson(folder, 'metadata.json')
  const subsets = readPackageJson(folder, 'unicode.json')
  const { id, family, weights } = metadata ?? {}
  if (typeof id !== 'string' || !/^[a-z0-9-]+$/.test(id) || typeof family !== 'string') {
    return undefined
  }
  if (!Array.isArray(weights) || weights.length === 0 || subsets === undefined) return undefined
  const known = weights.filter((weight): weight is number => typeof weight === 'number')
  const parsed = Object.entries(subsets).map(([name, text]) => ({
    name,
    ranges: parseRanges(text),
  }))
  return { id, family, weights: known as [number], subsets: parsed }
}

/** Parses ranges of code points as CSS writes them: `U+4E00-4EFF,U+3002`. */
function parseRanges(text: unknown): [number, number][] {
  if (typeof text !== 'string') return []
  return text.split(',').flatMap((part): [number, number][] => {
    const found = /^\s*U\+([0-9a-f]{1,6})(?:-([0-9a-f]{1,6}))?\s*$/i.exec(part)
    if (found === null) return []
    const first = Number.parseInt(found[1]!, 16)
    return [[first, found[2] === undefined ? first : Number.parseInt(found[2], 16)]]
  })
}
