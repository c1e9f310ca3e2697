import { resolve } from 'node:path'
import { listAssetNames } from '../project/asset-names.ts'
import type { Command, OptionSpec } from './command.ts'
import { commands, globalOptions } from './registry.ts'
import { shells } from './shell-scripts.ts'

/** Values of arguments that are words of Limn's own, by command. */
const words: Readonly<Record<string, readonly string[]>> = {
  cache: ['stat', 'push', 'pull', 'verify', 'gc'],
  completion: shells,
  schema: [...Object.keys(commands), 'command-request'],
  trust: ['list', 'grant', 'revoke'],
}

/**
 * Returns what completes the last of some words of a command line, one candidate per line; nothing
 * where the shell completes paths.
 */
export async function complete(line: readonly string[], cwd: string): Promise<string> {
  const current = line.at(-1) ?? ''
  const before = line.slice(0, -1)
  const { name, folder, manifest, isValue } = readWords(before)
  if (isValue) return ''
  const candidates = await candidatesFor({ name, current, cwd: resolve(cwd, folder), manifest })
  return candidates
    .filter((candidate) => candidate.startsWith(current))
    .map((candidate) => `${candidate}\n`)
    .join('')
}

/** What the words before the current one say. */
type Before = {
  /** The command. */
  name: string | undefined
  folder: string
  manifest: string | undefined
  /** Whether the current word is the value of an option. */
  isValue: boolean
}

function readWords(before: readonly string[]): Before {
  const found: Before = { name: undefined, folder: '.', manifest: undefined, isValue: false }
  for (let at = 0; at < before.length; at++) {
    const word = before[at]!
    if (!word.startsWith('-')) {
      found.name ??= word
      continue
    }
    const option = findOption(word, found.name)
    if (option?.spec.type !== 'string' || word.includes('=')) continue
    const value = before[++at]
    found.isValue = value === undefined
    if (option.key === 'cwd') found.folder = value ?? '.'
    if (option.key === 'manifest') found.manifest = value
  }
  return found
}

function findOption(
  word: string,
  name: string | undefined,
): { key: string; spec: OptionSpec } | undefined {
  const specs = { ...globalOptions, ...commandOf(name)?.options }
  const found = Object.entries(specs).find(
    ([key, { short }]) => word === `--${key}` || (short !== undefined && word === `-${short}`),
  )
  return found === undefined ? undefined : { key: found[0], spec: found[1] }
}

function commandOf(name: string | undefined): Command | undefined {
  return name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined
}

async function candidatesFor({
  name,
  current,
  cwd,
  manifest,
}: Pick<Before, 'name' | 'manifest'> & { current: string; cwd: string }): Promise<string[]> {
  const command = commandOf(name)
  if (current.startsWith('-')) {
    return Object.keys({ ...globalOptions, ...command?.options }).map((key) => `--${key}`)
  }
  if (name === undefined) return Object.keys(commands)
  if (Object.hasOwn(words, name)) return [...words[name]!]
  return /\b(?:NAME|names|OLD)\b/.test(command?.usage ?? '') ? listAssetNames(cwd, manifest) : []
}
