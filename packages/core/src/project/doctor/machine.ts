import { readFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { isWritable } from '../../disk/preflight.ts'
import type { ProjectPaths } from '../../store/paths.ts'
import { currentWriter } from '../../store/single-writer.ts'
import { fail, type Finding, ok, unknown, warn } from './finding.ts'

/** Formats that Limn cuts, as sharp names them, and as people do. */
const FORMATS = { heif: 'AVIF', webp: 'WebP', jpeg: 'JPEG', png: 'PNG' } as const
const GB = 1e9
/** Free bytes below which a run may well end half-way. */
const LITTLE_SPACE = GB
const NO_SPACE = 0.1 * GB

/** Node, sharp, the disk, and who else is writing. Writes nothing. */
export async function examineMachine(paths: ProjectPaths, nodeVersion: string): Promise<Finding[]> {
  return [
    examineNode(nodeVersion),
    await examineSharp(),
    ...(await examineFolders(paths)),
    await examineSpace(paths),
    await examineWriter(paths),
  ]
}

function examineNode(version: string): Finding {
  const { engines } = JSON.parse(
    readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
  ) as { engines: { node: string } }
  const least = engines.node.replace(/^>=/, '')
  const isNewEnough = version.localeCompare(least, 'en', { numeric: true }) >= 0
  return isNewEnough
    ? ok('Node', version)
    : fail('Node', `${version}, and ${least} is the least`, 'Install a newer Node.')
}

async function examineSharp(): Promise<Finding> {
  try {
    const { default: sharp } = await import('sharp')
    const missing = Object.entries(FORMATS).flatMap(([id, name]) =>
      sharp.format[id as keyof typeof FORMATS]?.output.buffer === true ? [] : [name],
    )
    const said = `${sharp.versions.sharp ?? '?'} with libvips ${sharp.versions.vips}`
    if (missing.length > 0) {
      return fail(
        'sharp',
        `${said} can't write ${missing.join(', ')}`,
        'Reinstall sharp: its own build has every format, one of the system may not.',
      )
    }
    return ok('sharp', `${said}: ${Object.values(FORMATS).join(', ')}`)
  } catch (error) {
    return fail(
      'sharp',
      `can't be loaded: ${error instanceof Error ? error.message.split('\n', 1)[0] : String(error)}`,
      'Install the packages again on this machine: sharp has a build of its own for each system.',
    )
  }
}

/** The root, `.limn` and the cache, each by the nearest folder that is there. */
async function examineFolders({ root, state, cache }: ProjectPaths): Promise<Finding[]> {
  const refused: string[] = []
  for (const folder of [root, state, cache]) {
    if (!(await isWritable(folder))) refused.push(relative(root, folder) || '.')
  }
  if (refused.length === 0) return [ok('folders', 'can be written: project, .limn, cache')]
  return [
    fail(
      'folders',
      `can't be written: ${refused.join(', ')}`,
      'Give yourself the right to write there, or make them with the user who runs Limn.',
    ),
  ]
}

async function examineSpace({ root }: ProjectPaths): Promise<Finding> {
  try {
    const { bavail, bsize } = await statfs(root)
    const free = bavail * bsize
    const said = `${(free / GB).toFixed(free < 10 * GB ? 1 : 0)} GB free`
    if (free < NO_SPACE) {
      return fail(
        'disk',
        said,
        'Make room: a picture that was paid for has to be written before it counts.',
      )
    }
    return free < LITTLE_SPACE
      ? warn('disk', said, 'Make room before a large run.')
      : ok('disk', said)
  } catch {
    return unknown('disk', 'this system does not say how much is free')
  }
}

async function examineWriter(paths: ProjectPaths): Promise<Finding> {
  const writer = await currentWriter(paths)
  if (writer === undefined) return ok('writer', 'nobody is writing to the project')
  const who = `process ${writer.pid}${writer.isHere ? '' : ' of another machine'}`
  return warn(
    'writer',
    `${who} is writing to the project: others wait for it`,
    writer.isHere
      ? 'Let it end, or stop it.'
      : `Let it end. If there is none, delete ${join(relative(paths.root, paths.state), 'writer.lock')}.`,
  )
}
