import { basename, dirname } from 'node:path'
import { canonicalJson, compareText, sha256 } from '../../digest.ts'
import { maxBytes } from '../../disk/read-inside.ts'
import { openProjectFiles } from '../files-on-disk.ts'
import {
  type FileProblem,
  type IncludedFiles,
  type ListedKind,
  type ProjectFiles,
  readIncluded,
} from '../read-included.ts'
import type { Texts } from '../read-text.ts'
import { cutFrontMatter } from './cut-front-matter.ts'
import { dataExtensions, isDataFile, isMarkdown } from './formats.ts'

/** The data files of a manifest, as they are on the disk or in a commit. */
export type FoundData = {
  /** What each pattern leads to. */
  byPattern: ReadonlyMap<string, Pick<IncludedFiles, 'files' | 'problems'>>
  /** SHA-256 of what is kept of all files, and of all problems. */
  digest: string
  /** Every file that was found or is named, whether it exists or not; relative to the root. */
  files: string[]
  /** Folders that globs search, relative to the root; empty for the root itself. */
  folders: string[]
  /** Whether a glob also searches folders below these. */
  isDeep: boolean
}

const dataFiles: ListedKind = {
  noun: 'Data files',
  finds: 'The pattern finds',
  example: 'data/*.csv',
  maxFiles: 10_000,
  maxLength: 64 * 1024 * 1024,
  maxBytes: maxBytes.text,
  keep: keepOf,
}

/**
 * Finds and reads data files; only files inside the project.
 *
 * @param options.manifest path of the manifest
 * @param options.patterns paths and globs, relative to the root
 */
export async function readData({
  files,
  manifest,
  patterns,
}: {
  files: ProjectFiles
  manifest: string
  patterns: readonly string[]
}): Promise<FoundData> {
  const found = await Promise.all(
    patterns.map((pattern) =>
      readIncluded({ files, manifest, entries: [pattern], kind: dataFiles }),
    ),
  )
  return {
    byPattern: new Map(patterns.map((pattern, index) => [pattern, found[index]!])),
    digest: sha256(
      canonicalJson(
        found.map(({ problems, files: own }) => [
          problems,
          own.map(({ path, text }) => [path, sha256(text)]),
        ]),
      ),
    ),
    files: [...new Set(found.flatMap(({ named }) => named))].sort(compareText),
    folders: [...new Set(found.flatMap(({ folders }) => folders))],
    isDeep: found.some(({ isDeep }) => isDeep),
  }
}

/**
 * Finds and reads the data files of a manifest on the disk.
 *
 * @param path absolute path of the manifest
 * @param patterns relative to its folder
 * @param texts what to read in place of files
 */
export function findData(
  path: string,
  patterns: readonly string[],
  texts?: Texts,
): Promise<FoundData> {
  return readData({
    files: openProjectFiles(dirname(path), texts),
    manifest: basename(path),
    patterns,
  })
}

/** Returns what is kept of a data file, with LF line endings: of a post, its front matter. */
function keepOf(path: string, text: string): string | FileProblem {
  if (isDataFile(path)) {
    const lines = text.replace(/\r\n?/g, '\n')
    return isMarkdown(path) ? cutFrontMatter(lines) : lines
  }
  return {
    message: `${path} is in no format that Limn reads rows from.`,
    hint: `Use a file that ends with ${dataExtensions.map((extension) => `.${extension}`).join(', ')}.`,
  }
}
