import { type DataRow, placeOfRow } from '../data/data-table.ts'
import type { Checked, Problem, Report } from './rule.ts'

const NAME = /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_-]*(\/[\p{L}\p{N}_][\p{L}\p{M}\p{N}_-]*)*$/u
/** Longest part of a name, bytes of UTF-8: with `.tiff` it is well below the limit of disks. */
const MAX_SEGMENT_BYTES = 240
/** Longest name, characters. */
const MAX_NAME_LENGTH = 200
/** Names that Windows reserves for devices, or JavaScript for itself. */
const RESERVED = /^(con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³]|__proto__|constructor|prototype)$/i

/** Whether some systems or JavaScript reserve a name. */
export function isReserved(name: string): boolean {
  return RESERVED.test(name)
}

type Wording = Pick<Problem, 'message' | 'hint'>

/** What can be wrong with the name of an asset; only the first mistake is reported. */
const nameChecks: readonly ((name: string, key: string) => Wording | undefined)[] = [
  explainDecomposed,
  explainCharacters,
  explainLongSegment,
  explainReserved,
  explainLongName,
]

export function checkAssetNames({ expanded }: Checked, report: Report): void {
  for (const { name, key, row } of expanded) {
    for (const check of nameChecks) {
      const wording = check(name, key)
      if (wording === undefined) continue
      const place = row === undefined ? undefined : placeOfRow(row)
      report({ code: 'name', path: ['assets', key], part: 'key', place, ...wording })
      break
    }
  }
}

function explainDecomposed(name: string): Wording | undefined {
  return name === name.normalize('NFC')
    ? undefined
    : {
        message: `The name "${name}" is not in Unicode's composed form (NFC).`,
        hint: 'Type the accented letters as single letters.',
      }
}

function explainCharacters(name: string, key: string): Wording | undefined {
  if (NAME.test(name)) return undefined
  const isMatrix = name !== key && NAME.test(key)
  return {
    message: `"${name}" is not a valid asset name.`,
    hint: isMatrix
      ? 'Give each value of the matrix a letter or digit: the value becomes part of the name.'
      : 'Use letters and digits of any script, - and _, in parts joined by /, none of which starts with -.',
  }
}

const encoder = new TextEncoder()

function explainLongSegment(name: string): Wording | undefined {
  const bytes = Math.max(...name.split('/').map((segment) => encoder.encode(segment).length))
  return bytes <= MAX_SEGMENT_BYTES
    ? undefined
    : {
        message: `A part of the name has ${bytes} bytes; disks allow at most 255 including the extension.`,
        hint: `Use at most ${MAX_SEGMENT_BYTES} bytes between two slashes: ${MAX_SEGMENT_BYTES} Latin letters, or ${Math.floor(MAX_SEGMENT_BYTES / 3)} Chinese ones.`,
      }
}

function explainReserved(name: string): Wording | undefined {
  return name.split('/').some(isReserved)
    ? {
        message: `"${name}" is a reserved name.`,
        hint: 'Choose another name: some systems or JavaScript reserve this one.',
      }
    : undefined
}

function explainLongName(name: string): Wording | undefined {
  return name.length <= MAX_NAME_LENGTH
    ? undefined
    : {
        message: `The name has ${name.length} characters; the limit is ${MAX_NAME_LENGTH}.`,
        hint: 'Shorten the name.',
      }
}

/** Finds names of which disks make the same file or folder. */
export function checkNameCollisions({ expanded }: Checked, report: Report): void {
  const assetByFolded = new Map<string, Named>()
  const folderByFolded = new Map<string, Named>()
  for (const { name, key, row } of expanded) {
    const asset: Named = { name, key, row }
    // Disks keep the case of the first folder: masters in the second would not be found again.
    const clash = foldersOf(name)
      .map((folder) => ({ folder, first: firstOf(folderByFolded, { name: folder, key, row }) }))
      .find(({ folder, first }) => first.name !== folder)
    const first = firstOf(assetByFolded, asset)
    if (clash === undefined && first === asset) continue
    const wording =
      clash === undefined
        ? explainSameName(name, first.name)
        : explainSameFolder(clash.folder, clash.first.name)
    const other = clash?.first ?? first
    // `checkRowNames` reports two rows of the same data.
    if (row !== undefined && other.row !== undefined && other.key === key) continue
    report({
      code: 'name-collision',
      path: ['assets', key],
      part: 'key',
      place: row === undefined ? undefined : placeOfRow(row),
      ...wording,
      other: ['assets', other.key],
    })
  }
}

/** The name of an asset or folder, and the key and the row of the asset that has it. */
type Named = { name: string; key: string; row: DataRow | undefined }

function explainSameFolder(folder: string, first: string): Wording {
  return {
    message: `The folders "${folder}" and "${first}" differ only in case: on many disks they are the same folder.`,
    hint: 'Write both in the same case.',
  }
}

function explainSameName(name: string, first: string): Wording {
  return name === first
    ? {
        message: `Two entries define a picture named "${name}".`,
        hint: 'Rename one of them, or leave the combination out with `exclude`.',
      }
    : {
        message: `"${name}" and "${first}" differ only in case: on many disks they are the same file.`,
        hint: 'Rename one of them.',
      }
}

/** Returns the first to have a name, on a disk that ignores case. */
function firstOf(firstByFolded: Map<string, Named>, named: Named): Named {
  const folded = named.name.normalize('NFC').toLowerCase()
  const first = firstByFolded.get(folded)
  if (first === undefined) firstByFolded.set(folded, named)
  return first ?? named
}

/** Returns the folders along a name: `a` and `a/b` of `a/b/c`. */
function foldersOf(name: string): string[] {
  return [...name.matchAll(/\//g)].map(({ index }) => name.slice(0, index))
}

export function checkPresetNames({ file }: Checked, report: Report): void {
  for (const name of Object.keys(file.presets ?? {})) {
    if (/^[\p{L}\p{N}_-]+$/u.test(name)) continue
    report({
      code: 'name',
      path: ['presets', name],
      part: 'key',
      message: `"${name}" is not a valid preset name.`,
      hint: 'Use letters, digits, - and _.',
    })
  }
}
