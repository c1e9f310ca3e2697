import { type AssetView, pathOfPicture, type PictureRef, type Sheet } from '@limn/contact-sheet'
import { LimnError } from '../../errors.ts'
import type { SheetSession } from '../sheet/session.ts'

/** The pictures of a report. */
export type Embedded = {
  /** Data URLs by `pathOfPicture`. */
  pictures: Record<string, string>
  /** Longest edge of thumbnails and of larger pictures, px; 0 if there is none. */
  edges: { thumb: number; large: number }
  /** Number of assets without a thumbnail, as there was no room or no picture. */
  withoutThumb: number
  /** Number of larger pictures. */
  large: number
}

type EmbedOptions = {
  sheet: Sheet
  views: Readonly<Record<string, AssetView>>
  /** Most bytes of all pictures. */
  maxBytes: number
  onProgress?: ((done: number, total: number) => void) | undefined
  signal?: AbortSignal | undefined
}

/** The share of the bytes that thumbnails may take. */
const THUMBS_SHARE = 0.6
const THUMB_EDGES = [480, 360, 256, 180, 128, 90, 64, 48, 32]
const LARGE_EDGES = [1600, 1200, 900, 640]
/** Pictures that are measured to choose an edge. */
const SAMPLES = 16
/** Drafts that are drawn: each takes about half a second. */
const MAX_DRAFTS = 60

/**
 * Embeds a thumbnail of every asset, then masters and outputs, as large as a number of bytes
 * allows: the more there are, the smaller they get.
 */
export async function embedPictures(
  session: SheetSession,
  { sheet, views, maxBytes, onProgress, signal }: EmbedOptions,
): Promise<Embedded> {
  const thumbs = thumbRefs(sheet)
  const large = largeRefs(sheet, views)
  const pictures: Record<string, string> = {}
  let done = 0
  const total = thumbs.length + large.length
  const shared = {
    session,
    pictures,
    signal,
    onPicture: () => onProgress?.(Math.min(total, ++done), total),
  }
  const first = await embed(thumbs, {
    ...shared,
    edges: THUMB_EDGES,
    maxBytes: maxBytes * THUMBS_SHARE,
  })
  const second = await embed(large, {
    ...shared,
    edges: LARGE_EDGES,
    maxBytes: maxBytes - first.bytes,
  })
  return {
    pictures,
    edges: { thumb: first.edge, large: second.edge },
    withoutThumb: sheet.assets.length - first.count,
    large: second.count,
  }
}

function thumbRefs({ assets }: Sheet): PictureRef[] {
  let drafts = 0
  return assets.flatMap(({ name, picture, isDraft }) =>
    isDraft && ++drafts > MAX_DRAFTS
      ? []
      : [{ kind: 'thumb', asset: name, version: picture } as const],
  )
}

/** Earlier pictures of an asset that are embedded at most. */
const MAX_EARLIER = 4

/** Masters first, then one output of each preset, then earlier pictures. */
function largeRefs({ assets }: Sheet, views: EmbedOptions['views']): PictureRef[] {
  const masters = assets.flatMap(({ name, picture, isDraft }) =>
    isDraft ? [] : [{ kind: 'master', asset: name, version: picture } as const],
  )
  const outputs = Object.entries(views).flatMap(([asset, view]) =>
    bestOutputs(view).map(
      ({ file, version }) => ({ kind: 'output', asset, file, version }) as const,
    ),
  )
  const earlier = Object.entries(views).flatMap(([asset, view]) =>
    view.earlier.slice(0, MAX_EARLIER).map(({ id }) => ({ kind: 'earlier', asset, id }) as const),
  )
  return [...masters, ...outputs, ...earlier]
}

/** Formats that browsers show, the best to look at first: as the page chooses them. */
const FORMATS = ['png', 'webp', 'avif', 'jpeg', 'jpg']

/** The derived file of each preset that the page shows. */
function bestOutputs({ outputs }: AssetView): AssetView['outputs'] {
  const bestByPreset = new Map<string, AssetView['outputs'][number]>()
  const rank = ({ format, width }: AssetView['outputs'][number]): number =>
    width * 10 - FORMATS.indexOf(format)
  for (const output of outputs) {
    if (output.bytes === null || !FORMATS.includes(output.format)) continue
    const best = bestByPreset.get(output.preset)
    if (best === undefined || rank(output) > rank(best)) bestByPreset.set(output.preset, output)
  }
  return [...bestByPreset.values()]
}

/** Pictures that are read and drawn at the same time. */
const AT_ONCE = 4

type Embedding = {
  session: SheetSession
  /** Receives the data URLs. */
  pictures: Record<string, string>
  /** Longest edges to choose from, px, the largest first. */
  edges: readonly number[]
  maxBytes: number
  signal?: AbortSignal | undefined
  onPicture: () => void
}

/** Embeds pictures until the room is used up. @returns the edge, the number and the bytes */
async function embed(
  refs: readonly PictureRef[],
  embedding: Embedding,
): Promise<{ edge: number; count: number; bytes: number }> {
  const { session, pictures, maxBytes, signal, onPicture } = embedding
  const edge = await chooseEdge(refs, embedding)
  let [bytes, count] = [0, 0]
  if (edge === 0) return { edge, count, bytes }
  for (let start = 0; start < refs.length; start += AT_ONCE) {
    signal?.throwIfAborted()
    // Hardly any of the others would fit.
    if (count > 0 && maxBytes - bytes < bytes / count / 2) break
    const next = refs.slice(start, start + AT_ONCE)
    const urls = await Promise.all(next.map((ref) => urlOf(session, ref, { edge, signal })))
    for (const [index, url] of urls.entries()) {
      onPicture()
      const path = pathOfPicture(next[index]!)
      const length = lengthOf(path, url)
      if (url === undefined || bytes + length > maxBytes) continue
      pictures[path] = url
      bytes += length
      count++
    }
  }
  return { edge, count, bytes }
}

/** Finds the largest edge at which a sample of the pictures fits; 0 if there is no room at all. */
async function chooseEdge(
  refs: readonly PictureRef[],
  { session, edges, maxBytes, signal }: Embedding,
): Promise<number> {
  const step = Math.max(1, Math.floor(refs.length / SAMPLES))
  const samples = refs.filter((_, index) => index % step === 0).slice(0, SAMPLES)
  if (samples.length === 0 || maxBytes < 1000) return 0
  for (const edge of edges) {
    let bytes = 0
    for (const ref of samples) {
      bytes += lengthOf(pathOfPicture(ref), await urlOf(session, ref, { edge, signal }))
    }
    // The pictures that were not measured may be a little larger.
    if ((bytes / samples.length) * refs.length * 1.1 <= maxBytes) return edge
  }
  return edges.at(-1)!
}

/** Bytes of a picture in the JSON of a report. */
function lengthOf(path: string, url: string | undefined): number {
  return url === undefined ? 0 : JSON.stringify(path).length + url.length + 4
}

/** Returns a picture as the data URL of a WebP; `undefined` if it can't be read. */
async function urlOf(
  session: SheetSession,
  ref: PictureRef,
  { edge, signal }: { edge: number; signal?: AbortSignal | undefined },
): Promise<string | undefined> {
  const [{ decode }, { dataUrl, drawPreview }] = await Promise.all([
    import('../../pictures/decode.ts'),
    import('../previews.ts'),
  ])
  try {
    const picture = await session.picture(ref, signal)
    if (picture === undefined) return undefined
    return dataUrl(await drawPreview(await decode(picture.bytes, { signal }), edge))
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof LimnError || isMissing(error)) return undefined
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error
}
