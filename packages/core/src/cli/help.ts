import type { Command, OptionSpec } from './command.ts'
import { commands, globalOptions } from './registry.ts'

/** What `limn --help` prints. Made from the commands themselves. */
export function overview(version: string): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length))
  const rows = Object.entries(commands).map(
    ([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`,
  )
  return `limn ${version}: keeps a repo's generated pictures the way a package manager keeps its dependencies\n\nUsage: limn <command> [options]\n\n${rows.join('\n')}\n\nOptions\n${optionRows(globalOptions)}\n\nExit codes: 0 done, 1 failed or stale, 2 changes pending (plan --detailed-exitcode), 130 interrupted\n`
}

/** What `limn <command> --help` prints. */
export function commandHelp(name: string, { summary, usage, options = {} }: Command): string {
  const own = Object.keys(options).length === 0 ? '' : `\n${optionRows(options)}\n`
  return `limn ${name}${usage === undefined ? '' : ` ${usage}`}: ${summary}\n${own}\nEverywhere\n${optionRows(globalOptions)}\n`
}

function optionRows(options: Readonly<Record<string, OptionSpec>>): string {
  const heads = Object.entries(options).map(
    ([key, { short, value }]) =>
      `${short === undefined ? '    ' : `-${short}, `}--${key}${value === undefined ? '' : ` ${value}`}`,
  )
  const width = Math.max(...heads.map(({ length }) => length))
  return Object.values(options)
    .map(({ help }, index) => `  ${heads[index]!.padEnd(width)}  ${help}`)
    .join('\n')
}
