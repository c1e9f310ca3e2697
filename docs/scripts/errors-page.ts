import { readFileSync } from 'node:fs'
import { plain } from './markdown.ts'

const source = new URL('../../packages/core/src/errors.ts', import.meta.url)

/** Lists the codes of errors with their doc comments, by what they are about. */
export function errorsPage(): string {
  const groups = Map.groupBy(readCodes(), ({ code }) =>
    code.includes('/') ? code.split('/')[0]! : 'general',
  )
  const sections = [...groups].map(([group, codes]) =>
    [`## ${group}`, ...codes.map(sectionOf)].join('\n\n'),
  )
  return `# Errors by code

Every message of Limn says what is wrong, where, and what to do. Its code is stable, so that scripts can match on it: \`limn COMMAND --json\` prints it as \`code\`, and the Node API has it as \`LimnError.code\`. [JSON output](../json.md) describes the rest.

${sections.join('\n\n')}
`
}

type Code = { code: string; meaning: string }

function sectionOf({ code, meaning }: Code): string {
  return `### \`${code}\` {#${code.replace('/', '-')}}\n\n${plain(meaning)}`
}

function readCodes(): Code[] {
  const text = readFileSync(source, 'utf8')
  const [union = ''] = text.split('/** The optional properties')
  const matches = union.matchAll(/\/\*\* (.+?) \*\/\n {2}\| '([\w/-]+)'/g)
  return [...matches].map(([, meaning, code]) => ({ code: code!, meaning: meaning! }))
}
