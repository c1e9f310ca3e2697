import type { CommandContext } from '../command.ts'

/** `limn schema`: for editors and other tools. */
export async function run({ output }: CommandContext): Promise<number> {
  const { createJsonSchema } = await import('../../manifest/parse/schema.ts')
  const text = JSON.stringify(createJsonSchema(), null, output.json ? 0 : 2)
  if (output.json) output.event(createJsonSchema())
  else output.line(text)
  return 0
}
