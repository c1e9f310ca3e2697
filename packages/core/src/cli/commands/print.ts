import type { CommandContext } from '../command.ts'
import { findAsset, openFrom } from '../open-project.ts'

/** `limn print [NAME]`: the manifest as Limn understands it, every default filled in. */
export async function run(context: CommandContext): Promise<number> {
  const { output, args } = context
  const snapshot = await openFrom(context).snapshot()
  const { warnings: _, ...manifest } = snapshot.manifest
  const value = args[0] === undefined ? manifest : findAsset(snapshot, args[0])
  if (output.json) output.event(value)
  else output.line(JSON.stringify(value, null, 2))
  return 0
}
