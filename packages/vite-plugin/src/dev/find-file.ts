import { LimnError } from '@limn/core'
import type { Context, ProjectState } from '../context.ts'
import { toViteError } from '../errors/vite-error.ts'
import { type AssetOutput, currentEntry, findOutput } from '../references/lookup.ts'
import { decodeUri, mimeByFormat } from '../references/urls.ts'
import type { GeneratorStatus } from './generator-status.ts'

/**
 * A file as the dev server sends it. `recipe` is the hash that identifies its content; partials
 * have none. `origin` says where it comes from, for the log.
 */
export type DevFile = {
  bytes: Buffer
  mime: string
  recipe?: string
  origin: 'cache' | 'cut' | 'partial' | 'draft'
}

/** How long a request waits for a free image, ms: sending a draft would take as long. */
const MAX_WAIT_MS = 1500

/** Finds the output of a URL below `@limn/`: `product/mug/square.webp?v=…`. */
export function findFile(state: ProjectState, path: string): AssetOutput | undefined {
  const segments = path.replace(/\?.*$/, '').split('/').map(decodeUri)
  return findOutput(state, { asset: segments.slice(0, -1).join('/'), file: segments.at(-1)! })
}

/** Reads the best version of a file that exists now: the final file, the partial or the draft. */
export async function readBestFile(
  context: Context,
  { asset, output, generator }: AssetOutput & { generator: GeneratorStatus },
): Promise<DevFile> {
  const file = { asset, output }
  const existing = (await readFinal(context, file)) ?? (await readPartial(context, file))
  if (existing !== undefined) return existing
  if (generator.isWorthWaitingFor(asset.name)) {
    await Promise.race([
      generator.whenIdle(),
      new Promise((resolve) => setTimeout(resolve, MAX_WAIT_MS)),
    ])
    const generated = await readFinal(context, file)
    if (generated !== undefined) return generated
  }
  const service = await context.loadOutputService()
  const draft = await service.draft(asset, output)
  return { ...draft, mime: mimeByFormat[output.format], origin: 'draft' }
}

async function readFinal(
  context: Context,
  { asset, output }: AssetOutput,
): Promise<DevFile | undefined> {
  const entry = currentEntry(await context.requireState(), asset)
  if (entry === undefined) return undefined
  const service = await context.loadOutputService()
  try {
    const { cached, ...final } = await service.soon(entry, output)
    return { ...final, mime: mimeByFormat[output.format], origin: cached ? 'cache' : 'cut' }
  } catch (error) {
    // The master is unreadable or was deleted a moment ago: the page gets the draft.
    if (!(error instanceof LimnError)) throw error
    context.log.error(
      `[limn] ${asset.name}: ${toViteError(error, context.project.paths.root).message}`,
      { timestamp: true },
    )
    return undefined
  }
}

async function readPartial(
  context: Context,
  { asset, output }: AssetOutput,
): Promise<DevFile | undefined> {
  const partial = context.dev.partialByAsset.get(asset.name)
  if (partial === undefined || output.format === 'ico') return undefined
  const service = await context.loadOutputService()
  // The provider may have sent bytes that are no image.
  const bytes = await service.partial(partial.bytes, output).catch(() => undefined)
  return bytes === undefined ? undefined : { bytes, mime: mimeByFormat.webp, origin: 'partial' }
}
