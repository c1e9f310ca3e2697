import { sha256 } from '../digest.ts'

/** A paid picture that another replaced, as its key on the shelf describes it. */
export type ShelvedPicture = {
  /** `<request hash>+<digest>+<tag of the asset>+<size>`; older versions wrote only the first parts. */
  key: string
  requestHash: string
  /** Digest of the picture; `null` if the key does not contain it. */
  sha256: string | null
  /** Tag of the asset whose master it was; empty if the key does not contain it. */
  tag: string
  /** `WIDTHxHEIGHT` of the request, px; `null` if the key does not contain it. */
  size: string | null
}

/**
 * Returns the key of a picture on the shelf. It contains what a plan needs to know, so that nothing
 * has to be opened: the requests of an asset's dependants contain the digest of its picture.
 */
export function shelfKey({
  asset,
  requestHash,
  digest,
  size,
}: {
  asset: string
  requestHash: string
  digest: string
  size: string
}): string {
  return `${requestHash}+${digest}+${tagOf(asset)}+${size}`
}

/** Reads a key of the shelf. */
export function parseShelfKey(key: string): ShelvedPicture {
  const [requestHash, digest = null, tag = '', size = null] = key.split('+')
  return { key, requestHash: requestHash!, sha256: digest, tag, size }
}

/**
 * Chooses the picture that an asset gets: its own, else one that no other asset takes, else any.
 *
 * @param pictures those of the asset's request
 */
export function chooseShelved(
  asset: string,
  pictures: readonly ShelvedPicture[],
  takenKeys: ReadonlySet<string> = new Set(),
): ShelvedPicture | undefined {
  const own = tagOf(asset)
  return (
    pictures.find(({ tag }) => tag === own) ??
    pictures.find(({ key }) => !takenKeys.has(key)) ??
    pictures[0]
  )
}

/** Returns 8 hex digits that stand for an asset's name. */
export function tagOf(asset: string): string {
  return sha256(asset).slice(0, 8)
}
