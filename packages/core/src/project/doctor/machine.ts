import { statfs } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { isWritable } from '../../disk/preflight.ts'
import { describeOldNode, MINIMUM_NODE } from '../../node-version.ts'
import type { ProjectPaths } from '../../store/paths.ts'
import { currentWriter } from '../../store/single-writer.ts'
import { fail, type Finding, ok, unknown, warn } from './finding.ts'

/** Formats that Limn encodes, by their names in sharp. */
const FORMATS = { heif: 'AVIF', webp: 'WebP', jpeg: 'JPEG', png: 'PNG' } as const
const GB = 1e9
/** Free space below which a large run may fill the disk, bytes. */
const LOW_SPACE = GB
/** Free space below which any run may fill the disk, bytes. */
const NO_SPACE = 0.1 * GB

/** Checks Node, sharp, the disk, and whether another process is writing. Writes nothing. */
export async function examineMachine(paths: ProjectPaths, nodeVersion: string): Promise<Finding[]> {
  return [
    examineNode(nodeVersion),
    await examineSharp(),
    await examineFolders(paths),
    await examineSpace(paths),
    await examineWriter(paths),
  ]
}

function examineNode(version: string): Finding {
  return describeOldNode(version) === undefined
    ? ok('Node', version)
    : fail(
        'Node',
        `${version}; Limn requires ${MINIMUM_NODE} or later`,
        `Install Node ${MINIMUM_NODE} or later.`,
      )
}

async function examineSharp(): Promise<Finding> {
  try {
    const { default: sharp } = await import('sharp')
    const missing = Object.entries(FORMATS).flatMap(([id, name]) =>
      sharp.format[id as keyof typeof FORMATS]?.output.buffer === true ? [] : [name],
    )
    const versions = `${sharp.versions.sharp ?? '?'} with libvips ${sharp.versions.vips}`
    if (missing.length > 0) {
      return fail(
        'sharp',
        `${versions} can't encode ${missing.join(', ')}`,
        "Reinstall sharp with its own libvips build; the system's build may lack formats.",
      )
    }
    return ok('sharp', `${versions}: ${Object.values(FORMATS).join(', ')}`)
  } catch (error) {
    return fail(
      'sharp',
      `failed to load: ${error instanceof Error ? error.message.split('\n', 1)[0] : String(error)}`,
      'Reinstall the packages on this machine: sharp has a separate build for each platform.',
    )
  }
}

/** Checks the root, `.limn` and the cache; for a missing folder, the nearest existing parent. */
async function examineFolders({ root, state, cache }: ProjectPaths): Promise<Finding> {
  const readOnly: string[] = []
  for (const folder of [root, state, cache]) {
    if (!(await isWritable(folder))) readOnly.push(relative(root, folder) || '.')
  }
  return readOnly.length === 0
    ? ok('folders', 'writable: project, .limn, cache')
    : fail(
        'folders',
        `not writable: ${readOnly.join(', ')}`,
        'Give the user who runs Limn write permission, or create the folders as that user.',
      )
}

async function examineSpace({ root }: ProjectPaths): Promise<Finding> {
  try {
    const { bavail, bsize } = await statfs(root)
    const free = bavail * bsize
    const says = `${(free / GB).toFixed(free < 10 * GB ? 1 : 0)} GB free`
    if (free < NO_SPACE) {
      return fail('disk', says, 'Free up space: Limn stores each picture before it counts as paid.')
    }
    return free < LOW_SPACE
      ? warn('disk', says, 'Free up space before a large run.')
      : ok('disk', says)
  } catch {
    return unknown('disk', 'this system does not report free space')
  }
}

async function examineWriter(paths: ProjectPaths): Promise<Finding> {
  const writer = await currentWriter(paths)
  if (writer === undefined) return ok('writer', 'no process is writing to the project')
  const name = `process ${writer.pid}${writer.isHere ? '' : ' on another machine'}`
  const lockFolder = join(relative(paths.root, paths.state), 'writer.lock')
  return warn(
    'writer',
    `${name} is writing to the project; other processes wait`,
    writer.isHere
      ? 'Wait until it ends, or stop it.'
      : `Wait until it ends; if it no longer exists, delete ${lockFolder}.`,
  )
}
