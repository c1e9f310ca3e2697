import { realpathSync, statSync } from 'node:fs'
import { isAbsolute, join, relative, sep } from 'node:path'
import { canonicalJson, compareText, sha256 } from '../digest.ts'
import { LimnError } from '../errors.ts'
import type { IncludeProblem } from './resolve/merge-included.ts'

export type ReadIncludedOptions = {
  /** Absolute path of the folder that holds the manifest. */
  root: string
  /** The manifest's name in it. */
  manifest: string
  /** What stands in `include`: paths and globs, relative to the root. */
  entries: readonly string[]
  /** @throws LimnError where a file can't be had as text */
  readText: (path: string, shownPath: string) => string
}

/** What the entries of `include` lead to. */
export type IncludedFiles = {
  /**
   * Files with their text, each once: in the order of the entries, those of a glob by name. Paths
   * relative to the root.
   */
  files: { path: string; text: string }[]
  problems: IncludeProblem[]
  /** SHA-256 of all of it: the same where nothing has changed. */
  digest: string
  /** Every file that was found or is named, whether it is there or not; relative to the root. */
  named: string[]
  /** Folders that globs look in, relative to the root; empty for the root itself. */
  folders: string[]
  /** Whether a glob looks in folders below these too: then only looking again tells what it finds. */
  isDeep: boolean
}

type Problem = Omit<IncludeProblem, 'entry'>

/** Files that a manifest includes at most, and what they hold together, in characters. */
const MAX_FILES = 1000
const MAX_LENGTH = 16 * 1024 * 1024

const GLOB = /[*?[\]{}()]|^!/

/** Finds and reads what a manifest includes: files inside the project alone. */
export async function readIncluded({
  root,
  manifest,
  entries,
  readText,
}: ReadIncludedOptions): Promise<IncludedFiles> {
  const patterns = entries.map((entry) => entry.replaceAll('\\', '/').replace(/^(\.\/+)+/, ''))
  const found = await Promise.all(patterns.map((pattern) => find(root, pattern)))
  const problems: IncludeProblem[] = []
  const files: IncludedFiles['files'] = []
  const realRoot = realpathSync(root)
  const realManifest = realPath(join(root, manifest))
  const seen = new Set<string>()
  let length = 0
  for (const [entry, paths] of found.entries()) {
    if (!Array.isArray(paths)) {
      problems.push({ entry, ...paths })
      continue
    }
    for (const path of paths) {
      const real = realPath(join(root, path))
      const problem = whyNot(path, real, realRoot, realManifest)
      if (problem !== undefined) problems.push({ entry, ...problem })
      if (problem !== undefined || seen.size === seen.add(real!).size) continue
      if (files.length === MAX_FILES || length > MAX_LENGTH) {
        problems.push({
          entry,
          message: `More is included than ${MAX_FILES} files, or than ${MAX_LENGTH} characters together.`,
          hint: 'Check that the pattern finds the right files.',
        })
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
  return {
    files,
    problems,
    digest: sha256(canonicalJson([problems, files.map(({ path, text }) => [path, sha256(text)])])),
    named: [
      ...new Set([
        ...patterns.filter((pattern) => !GLOB.test(pattern) && !leadsOut(pattern)),
        ...files.map(({ path }) => path),
      ]),
    ],
    folders: [
      ...new Set(
        patterns.filter((pattern) => GLOB.test(pattern) && !leadsOut(pattern)).map(folderOf),
      ),
    ],
    isDeep: patterns.some(isDeep),
  }
}

/**
 * The files that an entry stands for, sorted; a glob finds no links. Loads the library that knows
 * globs only where one is written.
 */
async function find(root: string, pattern: string): Promise<string[] | Problem> {
  if (leadsOut(pattern)) {
    return {
      message: `What is included must lie inside the project, and "${pattern}" does not.`,
      hint: "Write a path below the manifest's own folder, as campaigns/*.yaml.",
    }
  }
  if (!GLOB.test(pattern)) {
    const isFile = statSync(join(root, pattern), { throwIfNoEntry: false })?.isFile() === true
    return isFile ? [pattern] : notThere(pattern)
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
        hint: 'Check the pattern: it is relative to the manifest; * stays within one folder, ** goes through all below.',
      }
}

function notThere(path: string): Problem {
  return {
    message: `There is no file ${path}.`,
    hint: 'Check the path: it is relative to the manifest.',
  }
}

/** Why a file that an entry stands for is none to include. */
function whyNot(
  path: string,
  real: string | undefined,
  realRoot: string,
  realManifest: string | undefined,
): Problem | undefined {
  if (real === undefined) return notThere(path)
  if (real === realManifest) {
    return {
      message: `${path} is the manifest itself.`,
      hint: 'Take it out. Where a glob finds it, put the other files into a folder of their own, as campaigns/*.yaml.',
    }
  }
  const within = relative(realRoot, real)
  if (isAbsolute(within) || within.split(sep)[0] === '..') {
    return {
      message: `${path} is a link that leads out of the project.`,
      hint: 'Put the file itself there.',
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

/** Whether an entry finds files below the folder in which it begins to look. */
function isDeep(pattern: string): boolean {
  const folder = folderOf(pattern)
  return (
    GLOB.test(pattern) && /\/|\*\*|^!/.test(pattern.slice(folder === '' ? 0 : folder.length + 1))
  )
}

/** The folder in which a glob begins to look: `campaigns` of `campaigns/*.yaml`. */
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
