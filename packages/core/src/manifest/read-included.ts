import { canonicalJson, compareText, sha256 } from '../digest.ts'
import { LimnError } from '../errors.ts'
import type { IncludeProblem } from './resolve/merge-included.ts'

/** The files of a project, on the disk or in a commit. Paths are relative to its root, with `/`. */
export type ProjectFiles = {
  /** Whether a file, or a link, has this path. */
  has(path: string): boolean
  /**
   * Returns the path of the file that a path leads to: it identifies the file, and starts with `..`
   * outside the project. `undefined` if there is no such file.
   */
  realPath(path: string): string | undefined
  /** Finds the files that match a glob, in any order; no links. */
  glob(pattern: string): Promise<string[]>
  /**
   * Reads a file of at most `limit` bytes; by default as many as a manifest may have.
   *
   * @throws LimnError if it can't be read as text
   */
  readText(path: string, limit?: number): string | Promise<string>
}

type ReadIncludedOptions = {
  files: ProjectFiles
  /** Path of the manifest. */
  manifest: string
  /** The manifest's `include`: paths and globs, relative to the root. */
  entries: readonly string[]
  /** What the entries lead to. Default: manifests. */
  kind?: ListedKind | undefined
}

/** What files of a list are for: words for messages, limits, and what is kept of each file. */
export type ListedKind = {
  /** The files, as the subject of a sentence. */
  noun: string
  /** The start of a sentence that says how many there are. */
  finds: string
  /** A pattern as an example. */
  example: string
  /** Number of files that can be listed. */
  maxFiles: number
  /** Length of all files together, characters. */
  maxLength: number
  /** Size of one file, bytes. Default: that of a manifest. */
  maxBytes?: number | undefined
  /** Returns what is kept of a file, or why it can't be used. Default: all of it. */
  keep?: ((path: string, text: string) => string | FileProblem) | undefined
}

/** Why a file can't be used. */
export type FileProblem = Omit<IncludeProblem, 'entry'>

/** The files that the entries of `include` lead to. */
export type IncludedFiles = {
  /**
   * Files with their text, each once, in the order of the entries; those of a glob by name. Paths
   * are relative to the root.
   */
  files: { path: string; text: string }[]
  problems: IncludeProblem[]
  /** SHA-256 of all files and problems. */
  digest: string
  /** Every file that was found or is named, whether it exists or not; relative to the root. */
  named: string[]
  /** Folders that globs search, relative to the root; empty for the root itself. */
  folders: string[]
  /** Whether a glob also searches folders below these: only searching again shows what it finds. */
  isDeep: boolean
}

const manifests: ListedKind = {
  noun: 'Included files',
  finds: 'The manifest includes',
  example: 'campaigns/*.yaml',
  maxFiles: 1000,
  maxLength: 16 * 1024 * 1024,
}

const GLOB = /[*?[\]{}()]|^!/

/** Finds and reads the files that a manifest includes; only files inside the project. */
export async function readIncluded(options: ReadIncludedOptions): Promise<IncludedFiles> {
  const patterns = options.entries.map(normalizeEntry)
  const { kind = manifests } = options
  const found = await Promise.all(patterns.map((pattern) => find(options.files, pattern, kind)))
  const { files, problems } = await readFound(found, { ...options, kind })
  const inProject = patterns.filter((pattern) => !leadsOut(pattern))
  const globs = inProject.filter((pattern) => GLOB.test(pattern))
  const named = inProject.filter((pattern) => !GLOB.test(pattern))
  return {
    files,
    problems,
    digest: sha256(canonicalJson([problems, files.map(({ path, text }) => [path, sha256(text)])])),
    named: [...new Set([...named, ...files.map(({ path }) => path)])],
    folders: [...new Set(globs.map(folderOf))],
    isDeep: patterns.some(isDeep),
  }
}

function normalizeEntry(entry: string): string {
  return entry.replaceAll('\\', '/').replace(/^(\.\/+)+/, '')
}

/** Reads the files that each entry leads to, each once. */
async function readFound(
  found: readonly (string[] | FileProblem)[],
  { files: source, manifest, kind }: ReadIncludedOptions & { kind: ListedKind },
): Promise<Pick<IncludedFiles, 'files' | 'problems'>> {
  const problems: IncludeProblem[] = []
  const files: IncludedFiles['files'] = []
  const realManifest = source.realPath(manifest)
  const known = new Set<string>()
  let length = 0
  for (const [entry, paths] of found.entries()) {
    if (!Array.isArray(paths)) {
      problems.push({ entry, ...paths })
      continue
    }
    for (const path of paths) {
      const real = source.realPath(path)
      const problem = checkFile(path, real, realManifest)
      if (problem !== undefined) problems.push({ entry, ...problem })
      if (problem !== undefined || known.size === known.add(real!).size) continue
      if (files.length === kind.maxFiles || length > kind.maxLength) {
        problems.push({ entry, ...tooManyFiles(kind) })
        break
      }
      const read = await tryRead(() => source.readText(path, kind.maxBytes))
      const text = typeof read === 'string' ? (kind.keep?.(path, read) ?? read) : read
      if (typeof text !== 'string') {
        problems.push({ entry, ...text })
        continue
      }
      length += text.length
      files.push({ path, text })
    }
  }
  return { files, problems }
}

function tooManyFiles({ finds, maxFiles, maxLength }: ListedKind): FileProblem {
  return {
    message: `${finds} more than ${maxFiles} files, or more than ${maxLength} characters in total.`,
    hint: 'Check that the pattern finds the right files.',
  }
}

/** Finds the files of an entry, sorted; a glob finds no links. */
async function find(
  files: ProjectFiles,
  pattern: string,
  { noun, example }: ListedKind,
): Promise<string[] | FileProblem> {
  if (leadsOut(pattern)) {
    return {
      message: `${noun} must be inside the project, but "${pattern}" is not.`,
      hint: `Write a path below the manifest's own folder, for example ${example}.`,
    }
  }
  if (!GLOB.test(pattern)) {
    // A link counts: `checkFile` follows it.
    return files.has(pattern) ? [pattern] : notFound(pattern)
  }
  const paths = await files.glob(pattern)
  return paths.length > 0
    ? paths.sort(compareText)
    : {
        message: `No file matches "${pattern}".`,
        hint: 'Check the pattern: it is relative to the manifest; * stays within one folder, ** includes all folders below.',
      }
}

function notFound(path: string): FileProblem {
  return {
    message: `There is no file ${path}.`,
    hint: 'Check the path: it is relative to the manifest.',
  }
}

/** Explains why a file can't be included; `undefined` if it can. */
function checkFile(
  path: string,
  real: string | undefined,
  realManifest: string | undefined,
): FileProblem | undefined {
  if (real === undefined) return notFound(path)
  if (real === realManifest) {
    return {
      message: `${path} is the manifest itself.`,
      hint: 'Remove it; if a glob finds it, move the other files to a folder of their own, for example campaigns/*.yaml.',
    }
  }
  if (real.split('/')[0] === '..') {
    return {
      message: `${path} is a link to a file outside the project.`,
      hint: 'Replace the link with the file itself.',
    }
  }
  return undefined
}

/** Whether a path or a glob could lead out of the folder that it is relative to. */
function leadsOut(pattern: string): boolean {
  return (
    pattern === '' ||
    pattern.startsWith('/') ||
    /^[a-z]:/i.test(pattern) ||
    pattern.includes('\0') ||
    /(^|[/{,(|])\.\.($|[/},)|])/.test(pattern)
  )
}

/** Whether an entry finds files below the folder that it starts from. */
function isDeep(pattern: string): boolean {
  const folder = folderOf(pattern)
  return (
    GLOB.test(pattern) && /\/|\*\*|^!/.test(pattern.slice(folder === '' ? 0 : folder.length + 1))
  )
}

/** Returns the folder that a glob starts from: `campaigns` of `campaigns/*.yaml`. */
function folderOf(glob: string): string {
  return glob.slice(0, Math.max(0, glob.lastIndexOf('/', glob.search(GLOB))))
}

async function tryRead(read: () => string | Promise<string>): Promise<string | FileProblem> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof LimnError) {
      return { message: error.message, hint: error.hint ?? 'Check the path.' }
    }
    throw error
  }
}
