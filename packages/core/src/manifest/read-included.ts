import { realpathSync } from 'node:fs'
import { isAbsolute, join, relative, sep } from 'node:path'
import { canonicalJson, compareText, sha256 } from '../digest.ts'
import { statInside } from '../disk/read-inside.ts'
import { LimnError } from '../errors.ts'
import type { IncludeProblem } from './resolve/merge-included.ts'

type ReadIncludedOptions = {
  /** Absolute path of the manifest's folder. */
  root: string
  /** Name of the manifest in it. */
  manifest: string
  /** The manifest's `include`: paths and globs, relative to the root. */
  entries: readonly string[]
  /**
   * Reads a file.
   *
   * @throws LimnError if it can't be read as text
   */
  readText: (path: string, shownPath: string) => string
}

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

type Problem = Omit<IncludeProblem, 'entry'>

/** Number of files that a manifest can include. */
const MAX_FILES = 1000
/** Length of all included files together, characters. */
const MAX_LENGTH = 16 * 1024 * 1024

const GLOB = /[*?[\]{}()]|^!/

/** Finds and reads the files that a manifest includes; only files inside the project. */
export async function readIncluded(options: ReadIncludedOptions): Promise<IncludedFiles> {
  const patterns = options.entries.map(normalizeEntry)
  const found = await Promise.all(patterns.map((pattern) => find(options.root, pattern)))
  const { files, problems } = readFound(found, options)
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
function readFound(
  found: readonly (string[] | Problem)[],
  { root, manifest, readText }: ReadIncludedOptions,
): Pick<IncludedFiles, 'files' | 'problems'> {
  const problems: IncludeProblem[] = []
  const files: IncludedFiles['files'] = []
  const realRoot = realpathSync(root)
  const realManifest = realPath(join(root, manifest))
  const known = new Set<string>()
  let length = 0
  for (const [entry, paths] of found.entries()) {
    if (!Array.isArray(paths)) {
      problems.push({ entry, ...paths })
      continue
    }
    for (const path of paths) {
      const real = realPath(join(root, path))
      const problem = checkFile(path, real, { realRoot, realManifest })
      if (problem !== undefined) problems.push({ entry, ...problem })
      if (problem !== undefined || known.size === known.add(real!).size) continue
      if (files.length === MAX_FILES || length > MAX_LENGTH) {
        problems.push({ entry, ...tooManyFiles })
        break
      }
      const text = tryRead(() => readText(join(root, path), path))
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

const tooManyFiles: Problem = {
  message: `The manifest includes more than ${MAX_FILES} files, or more than ${MAX_LENGTH} characters in total.`,
  hint: 'Check that the pattern finds the right files.',
}

/**
 * Finds the files of an entry, sorted; a glob finds no links. Loads the glob library only if the
 * entry is a glob.
 */
async function find(root: string, pattern: string): Promise<string[] | Problem> {
  if (leadsOut(pattern)) {
    return {
      message: `Included files must be inside the project, but "${pattern}" is not.`,
      hint: "Write a path below the manifest's own folder, for example campaigns/*.yaml.",
    }
  }
  if (!GLOB.test(pattern)) {
    // A link counts: `checkFile` follows it.
    const stat = statInside(root, pattern)
    return stat === undefined || stat.isDirectory() ? notFound(pattern) : [pattern]
  }
  const { glob } = await import('tinyglobby')
  const paths = await glob(pattern, {
    cwd: root,
    ignore: ['**/node_modules/**'],
    followSymbolicLinks: false,
    expandDirectories: false,
  })
  return paths.length > 0
    ? paths.sort(compareText)
    : {
        message: `No file matches "${pattern}".`,
        hint: 'Check the pattern: it is relative to the manifest; * stays within one folder, ** includes all folders below.',
      }
}

function notFound(path: string): Problem {
  return {
    message: `There is no file ${path}.`,
    hint: 'Check the path: it is relative to the manifest.',
  }
}

/** Explains why a file can't be included; `undefined` if it can. */
function checkFile(
  path: string,
  real: string | undefined,
  { realRoot, realManifest }: { realRoot: string; realManifest: string | undefined },
): Problem | undefined {
  if (real === undefined) return notFound(path)
  if (real === realManifest) {
    return {
      message: `${path} is the manifest itself.`,
      hint: 'Remove it; if a glob finds it, move the other files to a folder of their own, for example campaigns/*.yaml.',
    }
  }
  const within = relative(realRoot, real)
  if (isAbsolute(within) || within.split(sep)[0] === '..') {
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

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}

function tryRead(read: () => string): string | Problem {
  try {
    return read()
  } catch (error) {
    if (error instanceof LimnError) {
      return { message: error.message, hint: error.hint ?? 'Check the path.' }
    }
    throw error
  }
}
