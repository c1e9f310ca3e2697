import { fileURLToPath } from 'node:url'
import { readIfExists } from '../disk/read-errors.ts'
import { maxBytes, readNamed } from '../disk/read-inside.ts'
import { LimnError } from '../errors.ts'
import { packageFile } from '../program-file.ts'

/** A JSON Schema, as plain JSON. */
type JsonSchema = Record<string, unknown>

/** The file that the build derives from the code, in the package. */
const FILE = 'output.schema.json'

/**
 * Returns the JSON Schema of each line that a command prints with `--json`, with only the
 * definitions that it needs.
 *
 * @param path of the schema of all commands; default that of the package
 * @throws LimnError `store/failed` in a clone that was not built
 */
export function readOutputSchema(
  command: string,
  path: string = fileURLToPath(packageFile(FILE)),
): JsonSchema {
  const text = readIfExists(path, () => readNamed(path, maxBytes.text).toString('utf8'))
  if (text === undefined) {
    throw new LimnError('store/failed', `The package has no ${FILE}.`, {
      hint: 'Install @limn/core again; in a clone, run `npx pnpm@12 build`.',
    })
  }
  const all = JSON.parse(text) as JsonSchema & { $defs: Record<string, JsonSchema> }
  const name = `command:${command}`
  return {
    $schema: all['$schema'],
    title: `The lines that limn ${command} prints with --json`,
    ...all.$defs[name],
    $defs: definitionsOf(all.$defs[name], all.$defs),
  }
}

/** Returns the definitions that a schema refers to, directly or not. */
function definitionsOf(
  schema: JsonSchema | undefined,
  all: Readonly<Record<string, JsonSchema>>,
): Record<string, JsonSchema> {
  const names = new Set<string>()
  const visit = (value: unknown): void => {
    for (const [, name] of JSON.stringify(value).matchAll(/"\$ref":"#\/\$defs\/([^"]+)"/g)) {
      if (names.has(name!)) continue
      names.add(name!)
      visit(all[name!])
    }
  }
  visit(schema ?? {})
  return Object.fromEntries([...names].sort().map((name) => [name, all[name]!]))
}
