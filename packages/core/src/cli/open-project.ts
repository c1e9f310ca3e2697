import type { Asset } from '../manifest/manifest.ts'
import { unknownAsset } from '../manifest/select-assets.ts'
import { openProject, type Project } from '../project/project.ts'
import type { Snapshot } from '../project/snapshot.ts'
import type { CommandContext } from './command.ts'
import { projectOptions } from './project-options.ts'

/** The project that a command's options speak of. */
export function openFrom(context: CommandContext): Project {
  return openProject(projectOptions(context))
}

/** An asset by name. @throws LimnError `asset/unknown` */
export function findAsset({ manifest }: Snapshot, name: string): Asset {
  const asset = manifest.assets.find((candidate) => candidate.name === name)
  if (asset === undefined) throw unknownAsset(name, manifest)
  return asset
}
