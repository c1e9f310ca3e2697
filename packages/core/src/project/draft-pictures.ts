import { join } from 'node:path'
import { sha256 } from '../digest.ts'
import { maxBytes, readInside } from '../disk/read-inside.ts'
import { tryWriteFile } from '../disk/write-atomic.ts'
import { hashRequest, type ImageRequest, requestOf } from '../identity/request.ts'
import type { Asset } from '../manifest/manifest.ts'
import { findModel, LOCAL_MODEL } from '../models/models.ts'
import { chooseSize, formatSize, parseSize } from '../models/size.ts'
import type { ImageProvider } from '../providers/provider.ts'
import type { ProjectPaths } from '../store/paths.ts'

/** The pictures that the embedded provider draws as drafts, cached on disk. */
export type DraftPictures = {
  /** Returns the picture of a request, drawn if it is not cached. */
  read(request: ImageRequest): Promise<Uint8Array>
  /** Returns the SHA-256 of the picture of a request. */
  digest(request: ImageRequest): Promise<string>
  close(): Promise<void>
}

/** Longest edge of a draft, px: drafts are not looked at closely. */
const DRAFT_EDGE = 1024

/** Opens the drafts of a project. */
export function openDraftPictures({ root, cache }: ProjectPaths): DraftPictures {
  // Only digests: the pictures of a long dev session would fill the memory.
  const digestByRequest = new Map<string, Promise<string>>()
  let provider: ImageProvider | undefined

  function readCached(path: string): Buffer | undefined {
    try {
      return readInside(root, path, maxBytes.picture)
    } catch {
      return undefined
    }
  }

  async function read(request: ImageRequest): Promise<Uint8Array> {
    const path = join(cache, 'drafts', `${hashRequest(request)}.png`)
    const cached = readCached(path)
    if (cached !== undefined && cached.length > 0) return cached
    provider ??= (await import('../providers/local/local.ts')).createLocalProvider(root)
    const [bytes] = (await provider.generate(request, {})).images
    tryWriteFile(root, path, bytes!)
    return bytes!
  }

  function digest(request: ImageRequest): Promise<string> {
    const hash = hashRequest(request)
    const known = digestByRequest.get(hash)
    if (known !== undefined) return known
    const drawn = read(request).then(sha256)
    digestByRequest.set(hash, drawn)
    drawn.catch(() => digestByRequest.delete(hash))
    return drawn
  }

  return { read, digest, close: async () => provider?.close?.() }
}

/** Returns the request for an asset's draft: the same prompt at a small size, drawn locally. */
export function draftRequest(asset: Asset): ImageRequest {
  const { width, height } = parseSize(asset.size)!
  const scale = Math.min(1, DRAFT_EDGE / Math.max(width, height))
  const size = chooseSize(
    { width: Math.round(width * scale), height: Math.round(height * scale) },
    findModel(LOCAL_MODEL)!.sizes,
  )
  const { inputs: _, ...request } = requestOf(asset)
  return {
    ...request,
    operation: 'generate',
    model: LOCAL_MODEL,
    quality: 'auto',
    format: 'png',
    size: formatSize(size),
  }
}
