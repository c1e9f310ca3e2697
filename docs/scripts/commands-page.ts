import type { OptionSpec } from '../../packages/core/src/cli/command.ts'
import { commands, globalOptions } from '../../packages/core/src/cli/registry.ts'
import { code, plain, table } from './markdown.ts'

/** Describes every command, as `limn COMMAND --help` does. */
export function commandsPage(): string {
  const sections = Object.entries(commands).map(([name, { summary, usage, options }]) =>
    [
      `## limn ${name}`,
      `${plain(summary)}.`,
      `\`\`\`sh\nlimn ${[name, ...(usage === undefined ? [] : [usage])].join(' ')}\n\`\`\``,
      ...(options === undefined ? [] : [optionsTable(options)]),
    ].join('\n\n'),
  )
  return `# Commands

Run them as \`npx limn COMMAND\` in a project that depends on \`@limn/core\`. \`limn COMMAND --help\` prints the same. [JSON output](../json.md) describes what \`--json\` prints.

Exit codes: 0 done, 1 failed or stale, 2 changes pending (\`plan --detailed-exitcode\`), 130 interrupted.

## Global options

${optionsTable(globalOptions)}

${sections.join('\n\n')}
`
}

function optionsTable(options: Readonly<Record<string, OptionSpec>>): string {
  const rows = Object.entries(options).map(([name, { short, value, help }]) => [
    code([`--${name}`, value].filter(Boolean).join(' ')) +
      (short === undefined ? '' : `, ${code(`-${short}`)}`),
    plain(help),
  ])
  return table(['option', 'effect'], rows)
}
