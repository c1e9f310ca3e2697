import { createJsonSchema } from '../../project/built-ins.ts'
import type { CommandContext } from '../command.ts'
import { jsonLines } from '../text.ts'

/** Runs `limn schema`: prints the JSON Schema of the manifest, for editors and other tools. */
export async function run({ output }: CommandContext): Promise<number> {
  const schema = await createJsonSchema()
  if (output.json) output.document(schema)
  else for (const line of jsonLines(schema)) output.data(line)
  return 0
}
