import type { ProviderFile } from '../manifest-file.ts'
import type { Report } from './rule.ts'

/** Keys of a provider that only a server on the network has, each with what to do instead. */
const hintByNetworkKey = {
  baseURL: 'Remove it: the program knows where its server is.',
  headers: 'Remove them: the program sends its own.',
  key: 'Name the variable in `env`: the program receives it.',
  apiVersion: 'Remove it, or pass it to the program as an argument.',
  safetyIdentifier: 'Remove it, or pass it to the program as an argument.',
} as const satisfies Partial<Record<keyof ProviderFile, string>>

/** Checks that a program has a command line, and that only a program has one. */
export function checkCommand(name: string, entry: ProviderFile, report: Report): void {
  const { server = 'openai', command, env } = entry
  const path = ['providers', name]
  if (server !== 'command') {
    for (const [key, value] of Object.entries({ command, env })) {
      if (value === undefined) continue
      report({
        code: 'provider-command',
        path: [...path, key],
        part: 'key',
        message: `\`${key}\` is only for the server \`command\`, and this one is ${server}.`,
        hint: `Write \`server: command\`, or remove \`${key}\`.`,
      })
    }
    return
  }
  if (command === undefined) {
    report({
      code: 'provider-command',
      path,
      part: 'key',
      message: `"${name}" has no \`command\`.`,
      hint: 'Add the program and its arguments, such as `command: [python3, tools/picture.py]`.',
    })
  }
  for (const [key, hint] of Object.entries(hintByNetworkKey)) {
    if (entry[key as keyof typeof hintByNetworkKey] === undefined) continue
    report({
      code: 'provider-command',
      path: [...path, key],
      part: 'key',
      message: `The server \`command\` is a program on this machine, which has no \`${key}\`.`,
      hint,
    })
  }
}
