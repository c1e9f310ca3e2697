import { CLOSING, OPENING } from './cut-front-matter.ts'
import { type DataNode, DataSyntaxError, type Range } from './data-node.ts'
import { parseYamlData } from './parse-yaml-data.ts'

/**
 * Parses front matter, as `cutFrontMatter` returns it.
 *
 * @returns its value, and its range in the file
 * @throws DataSyntaxError
 */
export function parseFrontMatter(text: string): { node: DataNode | undefined; range: Range } {
  const opening = OPENING.exec(text)?.[0]
  const range: Range = [0, Math.max(1, opening?.trimEnd().length ?? 1)]
  if (opening === undefined) {
    if (text === '') return { node: undefined, range }
    throw new DataSyntaxError(
      [0, 3],
      'The front matter is TOML, which Limn does not read.',
      'Write it as YAML between two lines of ---.',
    )
  }
  const closing = CLOSING.exec(text.slice(opening.length))
  if (closing === null) {
    throw new DataSyntaxError(
      range,
      'The front matter that opens here is not closed.',
      'Write a line of --- after its last key.',
    )
  }
  const yaml = text.slice(opening.length, opening.length + closing.index)
  return { node: parseYamlData(yaml, opening.length), range }
}
