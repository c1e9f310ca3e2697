import { findAsset } from '../../project/find-asset.ts'
import type { Asset } from '../../project/types.ts'
import type { CommandContext } from '../command.ts'
import { openProjectFor } from '../open-project.ts'
import { jsonLines } from '../text.ts'

/** Runs `limn print [NAME]`: prints the manifest, or one asset, with every default filled in. */
export async function run(context: CommandContext): Promise<number> {
  const { output, args } = context
  const snapshot = await openProjectFor(context).snapshot()
  const { warnings: _, ...manifest } = snapshot.manifest
  const value =
    args[0] === undefined
      ? { ...manifest, assets: manifest.assets.map(withoutOrigins) }
      : withoutOrigins(findAsset(snapshot, args[0]))
  if (output.json) output.event(value)
  else for (const line of jsonLines(value)) output.data(line)
  return 0
}

/** Leaves out which style each part of the prompt comes from: the prompt itself says it all. */
function withoutOrigins(
  asset: Asset,
): Omit<Asset, 'promptOrigins' | 'varOrigins' | 'settingOrigins'> {
  const { promptOrigins: _, varOrigins: __, settingOrigins: ___, ...rest } = asset
  return rest
}
