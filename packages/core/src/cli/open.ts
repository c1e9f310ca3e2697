import { LimnError } from '../errors.ts'
import type { Asset } from '../manifest/manifest.ts'
import { unknownAsset } from '../manifest/select.ts'
import { openProject, type Project } from '../project.ts'
import type { Snapshot } from '../snapshot.ts'
import { projectPaths } from '../store/paths.ts'
import type { CommandContext } from './command.ts'
import { readEnvironment } from './environment.ts'

/** The project that a command's options speak of. */
export function openFrom({ cwd, options, env: own, output }: CommandContext): Project {
  const { manifest, root } = projectPaths(cwd, text(options['manifest']))
  const { env, warning } = readEnvironment([...new Set([cwd, root])], own)
  if (warning !== undefined) {
    output.event({ type: 'ignored', variable: 'OPENAI_BASE_URL', message: warning })
    output.problem(warning)
  }
  return openProject({ cwd, manifest, provider: text(options['provider']), profile: text(options['profile']), env })
}

/** An asset by name. @throws LimnError `asset/unknown` */
export function findAsset({ manifest }: Snapshot, name: string): Asset {
  const asset = manifest.assets.find((candidate) => candidate.name === name)
  if (asset === undefined) throw unknownAsset(name, manifest)
  return asset
}

/** An option's text; `undefined` where it was not given. */
export function text(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** USD from the command line. @throws LimnError `usage` */
export function usdFrom(value: string | boolean | undefined): number | undefined {
  if (typeof value !== 'string') return undefined
  const usd = Number(value.replace(/^\$/, ''))
  if (!Number.isFinite(usd) || usd < 0 || value.trim() === '') throw new LimnError('usage', `--max-cost takes a sum in USD, and "${value}" is none.`, { hint: 'Write it as --max-cost 0.50.' })
  return usd
}
