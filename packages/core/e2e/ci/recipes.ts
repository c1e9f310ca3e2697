import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const page = fileURLToPath(new URL('../../../../docs/ci.md', import.meta.url))

/** Returns the recipe of docs/ci.md that is saved as a file, as it is written. */
export function readRecipe(file: string): string {
  const blocks = readFileSync(page, 'utf8').matchAll(/^```(?:yaml|sh)\n(.*?)^```$/gms)
  const found = [...blocks].find(([, text]) => text!.split('\n', 2).includes(`# ${file}`))
  if (found === undefined) throw new Error(`docs/ci.md has no recipe for ${file}.`)
  return found[1]!
}
