import type { Command, OptionSpec } from './command.ts'
import { commands, globalOptions } from './registry.ts'
import { wrapLine } from './wrap.ts'

/**
 * Returns what `limn --help` prints, generated from the commands.
 *
 * @param columns width of the terminal; `undefined` if there is none
 */
export function formatOverview(version: string, columns?: number): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length))
  const rows = Object.entries(commands).map(
    ([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`,
  )
  const text = `limn ${version}: manages a repo's generated pictures the way a package manager manages dependencies

Usage: limn <command> [options]

${rows.join('\n')}

Options
${formatOptions(globalOptions)}

Exit codes: 0 done, 1 failed or stale, 2 changes pending (plan --detailed-exitcode), 130 interrupted
`
  return fit(text, columns)
}

/**
 * Returns what `limn <command> --help` prints.
 *
 * @param columns width of the terminal; `undefined` if there is none
 */
export function formatCommandHelp(
  name: string,
  { summary, usage, options = {} }: Command,
  columns?: number,
): string {
  const synopsis = `limn ${name}${usage === undefined ? '' : ` ${usage}`}`
  const own = Object.keys(options).length === 0 ? '' : `\n${formatOptions(options)}\n`
  return fit(
    `${synopsis}: ${summary}\n${own}\nGlobal options\n${formatOptions(globalOptions)}\n`,
    columns,
  )
}

function fit(text: string, columns: number | undefined): string {
  if (columns === undefined) return text
  return text
    .split('\n')
    .map((line) => wrapLine(line, columns))
    .join('\n')
}

function formatOptions(options: Readonly<Record<string, OptionSpec>>): string {
  const heads = Object.entries(options).map(
    ([key, { short, value }]) =>
      `${short === undefined ? '    ' : `-${short}, `}--${key}${value === undefined ? '' : ` ${value}`}`,
  )
  const width = Math.max(...heads.map(({ length }) => length))
  return Object.values(options)
    .map(({ help }, index) => `  ${heads[index]!.padEnd(width)}  ${help}`)
    .join('\n')
}
