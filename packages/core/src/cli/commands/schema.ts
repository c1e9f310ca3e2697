import { didYouMean } from '../../did-you-mean.ts'
import { LimnError } from '../../errors.ts'
import { commandRequestSchema, createJsonSchema } from '../../project/built-ins.ts'
import { readOutputSchema } from '../../project/output-schema.ts'
import type { CommandContext } from '../command.ts'
import { commands } from '../registry.ts'
import { jsonLines } from '../text.ts'

/** The name of the schema of what the program of a provider reads. */
const COMMAND_REQUEST = 'command-request'

/**
 * Runs `limn schema`: prints the JSON Schema of the manifest, for editors and other tools; of what
 * a command prints with `--json`; or of what the program of a provider reads.
 */
export async function run({ args: [name], output }: CommandContext): Promise<number> {
  const schema = await schemaOf(name)
  if (output.json) output.document(schema)
  else for (const line of jsonLines(schema)) output.data(line)
  return 0
}

async function schemaOf(name: string | undefined): Promise<Readonly<Record<string, unknown>>> {
  if (name === undefined) return createJsonSchema()
  if (name === COMMAND_REQUEST) return commandRequestSchema()
  const known = [...Object.keys(commands), COMMAND_REQUEST]
  if (!known.includes(name)) {
    throw new LimnError('usage', `There is no schema of "${name}".`, {
      hint:
        didYouMean(name, known) ??
        `Name a command, such as \`limn schema plan\`, or ${COMMAND_REQUEST}.`,
    })
  }
  return readOutputSchema(name)
}
