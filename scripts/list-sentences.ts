/*
 * Prints every sentence that Limn can show a user, with its place:
 *
 *     node scripts/list-sentences.ts [PATH…]
 */
import { findSentences } from './sentences.ts'

const paths = process.argv.slice(2)
const shown = findSentences().filter(
  ({ file }) => paths.length === 0 || paths.some((path) => file.startsWith(path)),
)
for (const { file, line, text } of shown) process.stdout.write(`${file}:${line}  ${text}\n`)
process.stdout.write(`${shown.length} sentences\n`)
