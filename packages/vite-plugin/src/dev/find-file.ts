import { LimnError } from '@limn/core'
import type { Context, State } from '../context.ts'
import { decode } from '../decode.ts'
import { toViteError } from '../errors/vite-error.ts'
import { currentEntry } from '../references/lookup.ts'
import { mimeByFormat } from '../references/urls.ts'
import { findWanted, type Wanted } from '../wanted.ts'
import type { DevWork } from './generator.ts'

/**
 * A file as the dev server sends it. `recipe` stands for its content; unfinished pictures have
 * none.
 */
export type DevFile = { bytes: Buffer; mime: string; recipe?: string }

/**
 * How long a request waits for a picture that is being drawn for nothing, ms: a draft would take as
 * long.
 */
const WAIT_MS = 1500

/** Finds what a path below `@limn/` names: `product/mug/square.webp`. */
export function findFile(state: State, path: string): Wanted | undefined {
  const parts = path.replace(/\?.*$/, '').split('/').map(decode)
  return findWanted(state, parts.slice(0, -1).join('/'), parts.at(-1)!)
}

/** The best there is of a file right now: finished, else as the model is drawing it, else a draft. */
export async function fileOf(context: Context, work: DevWork, wanted: Wanted): Promise<DevFile> {
  const ready = (await finished(context, wanted)) ?? (await unfinished(context, wanted))
  if (ready !== undefined) return ready
  if (work.isComing(wanted.asset.name)) {
    await Promise.race([work.settled(), new Promise((resolve) => setTimeout(resolve, WAIT_MS))])
    const made = await finished(context, wanted)
    if (made !== undefined) return made
  }
  const { asset, output } = wanted
  const files = await context.files()
  return { ...(await files.draft(asset, output)), mime: mimeByFormat[output.format] }
}

async function finished(context: Context, { asset, output }: Wanted): Promise<DevFile | undefined> {
  const entry = currentEntry(await context.ready(), asset)
  if (entry === undefined) return undefined
  const files = await context.files()
  try {
    return { ...(await files.final(entry, output)), mime: mimeByFormat[output.format] }
  } catch (error) {
    // A master that can't be read, or went a moment ago: the page goes on with the draft.
    if (!(error instanceof LimnError)) throw error
    context.config.logger.error(
      `[limn] ${asset.name}: ${toViteError(error, context.project.paths.root).message}`,
      { timestamp: true },
    )
    return undefined
  }
}

async function unfinished(
  { partials, files }: Context,
  { asset, output }: Wanted,
): Promise<DevFile | undefined> {
  const partial = partials.get(asset.name)
  if (partial === undefined || output.format === 'ico') return undefined
  // Whatever the server sent may be no picture at all.
  const service = await files()
  const bytes = await service.partial(partial.bytes, output).catch(() => undefined)
  return bytes === undefined ? undefined : { bytes, mime: mimeByFormat.webp }
}
