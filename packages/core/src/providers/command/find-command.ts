import { statSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { canonicalJson, sha256 } from '../../digest.ts'
import { findProgram, isPath } from '../../disk/find-program.ts'
import { describeReadError } from '../../disk/read-errors.ts'
import { readNamed } from '../../disk/read-inside.ts'
import { LimnError } from '../../errors.ts'
import type { ProviderSettings } from '../../manifest/manifest.ts'
import type { NamedCommand } from '../key-access.ts'

/** A program that can be started, and what the user agrees to by running it. */
export type FoundCommand = {
  /** Absolute. */
  program: string
  args: readonly string[]
  use: NamedCommand
}

/**
 * Size above which a file of a command line counts by its size only, bytes: programs are smaller,
 * and the weights of a model are larger.
 */
const MAX_HASHED_BYTES = 64 * 1024 * 1024

/**
 * Finds the program of a provider without running it. The digest that the user agrees to covers the
 * command line, the names of its variables, and the content of each file that the line names, as a
 * whole argument or after the first `=`.
 *
 * @param root folder of the manifest, absolute
 * @throws LimnError `command/not-found`
 */
export function findCommand(
  { name, command }: Pick<ProviderSettings, 'name' | 'command'>,
  root: string,
): FoundCommand {
  const { line, variables } = command ?? { line: [], variables: [] }
  const [named = '', ...args] = line
  const program = findProgram(named, root)
  if (program === undefined) throw notFound(name, named)
  const files = [...(isPath(named) ? [named] : []), ...args.flatMap(possibleFiles)].flatMap(
    (path) => {
      const content = digestOfFile(isAbsolute(path) ? path : join(root, path))
      return content === undefined ? [] : [[path, content] as const]
    },
  )
  const digest = sha256(
    canonicalJson({
      v: 1,
      line: [...line],
      variables: [...variables],
      files: Object.fromEntries(files),
    }),
  )
  return { program, args, use: { kind: 'command', digest, provider: name, line, variables } }
}

/** Returns the texts of an argument that may name a file: `--script=tools/picture.py` has two. */
function possibleFiles(argument: string): string[] {
  const equals = argument.indexOf('=')
  return equals === -1 ? [argument] : [argument, argument.slice(equals + 1)]
}

/** Returns what identifies the content of a file; `undefined` if there is no file. */
function digestOfFile(path: string): string | undefined {
  const stat = statOf(path)
  if (stat?.isFile() !== true) return undefined
  if (stat.size > MAX_HASHED_BYTES) return `${stat.size} bytes`
  try {
    return sha256(readNamed(path, MAX_HASHED_BYTES))
  } catch (error) {
    throw new LimnError(
      'command/not-found',
      `${path}, which a command names, can't be read: ${describeReadError(error)}.`,
      { hint: 'Make the file readable, or change `command`.', cause: error },
    )
  }
}

function statOf(path: string): ReturnType<typeof statSync> | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

function notFound(provider: string, program: string): LimnError {
  const [where, hint] = isPath(program)
    ? [
        'there is no such file that can be executed',
        `Check the path, and make the file executable; or name its interpreter first, such as \`command: [node, ${program}]\`.`,
      ]
    : [
        'PATH has no such program',
        'Install it, or write its path with a slash, such as ./tools/picture.',
      ]
  return new LimnError(
    'command/not-found',
    `The command of "${provider}" starts with "${program}", but ${where}.`,
    { hint },
  )
}
