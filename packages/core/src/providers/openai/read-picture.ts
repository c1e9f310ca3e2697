import type { ProviderEnvironment } from '../environment.ts'
import { badAnswer } from '../http/bad-answer.ts'
import { download, isPrivateAddress } from '../http/download.ts'
import { MAX_PICTURE_BYTES } from '../http/limited-fetch.ts'
import { formatLink, parseLink } from '../http/link.ts'
import { isPicture, isWebPage } from '../http/picture-bytes.ts'
import { isInOwnNetwork } from '../http/private-address.ts'
import { ProviderError } from '../provider.ts'
import { isDataUrl, toBytes } from './decode-picture.ts'
import { type AnswerPicture, isBase64Picture, isFilled } from './find-pictures.ts'

/** How links are resolved and fetched. */
export type LinkOptions = {
  /** Absolute URL of the server that returned the link. */
  baseURL: string
  /** Variables of the process, with the user's proxies. */
  env: ProviderEnvironment
  signal?: AbortSignal | undefined
}

/**
 * Reads one picture: base64, a `data:` URL, or a link.
 *
 * @throws ProviderError `provider/bad-answer`
 */
export async function readPicture(
  picture: AnswerPicture,
  options: LinkOptions,
): Promise<Uint8Array> {
  const { bytes, link } = partsOf(picture)
  if (bytes === undefined && link === undefined) {
    throw badAnswer('The server answered without a picture.')
  }
  if (bytes === undefined) return fetchPicture(link!, options)
  try {
    return toBytes(bytes)
  } catch (error) {
    if (link === undefined) throw error
    return fetchPicture(link, options)
  }
}

/**
 * Returns the absolute link that a picture has to be fetched from; `undefined` if its bytes are
 * there.
 */
export function linkOf(
  picture: AnswerPicture,
  { baseURL }: Pick<LinkOptions, 'baseURL'>,
): string | undefined {
  const { bytes, link } = partsOf(picture)
  return bytes === undefined && link !== undefined ? resolveLink(link, baseURL)[0] : undefined
}

/** Servers confuse the two keys, so the content decides which of them is meant. */
function partsOf({ b64_json: base64, url }: AnswerPicture): {
  bytes: string | Uint8Array | undefined
  link: string | undefined
} {
  const values = [base64, url].filter(isFilled) as (string | Uint8Array)[]
  const isLink = (value: string | Uint8Array): value is string =>
    typeof value === 'string' &&
    !isDataUrl(value) &&
    (/^\s*https?:/i.test(value) || (value === url && !isBase64Picture(value)))
  return { bytes: values.find((value) => !isLink(value)), link: values.find(isLink) }
}

/**
 * Resolves a link to absolute ones, the likeliest first. Servers do not agree on what a relative
 * link is relative to: the base URL, the host, or the address of the request.
 *
 * @returns an empty list for a link that is not http(s)
 */
function resolveLink(link: string, baseURL: string): string[] {
  const root = baseURL.replace(/\/*$/, '')
  // Text is no link.
  if (/\s/.test(link.trim().replace(/[\t\r\n]/g, ''))) return []
  const isAbsolute = /^\s*(?:[a-z][\w+.-]*:|\/\/)/i.test(link)
  const bases = [`${root}/`, `${new URL(root).origin}/`, `${root}/images/generations`]
  const resolved = isAbsolute
    ? [parseLink(link, parseLink(root))]
    : link.trim().startsWith('/')
      ? [
          parseLink(link, parseLink(root)),
          parseLink(link.trim().replace(/^\/+/, ''), parseLink(bases[0]!)),
        ]
      : bases.map((base) => parseLink(link, parseLink(base)))
  return [...new Set(resolved.flatMap((each) => (each === undefined ? [] : [formatLink(each)])))]
}

/** @throws ProviderError `provider/bad-answer` */
async function fetchPicture(link: string, options: LinkOptions): Promise<Uint8Array> {
  const { baseURL, env, signal } = options
  const links = resolveLink(link, baseURL)
  if (links.length === 0) throw badAnswer('The server returned a picture link that is not http(s).')
  // Download from the user's own network only if the API itself is there.
  const isLocal = await isInOwnNetwork(new URL(baseURL).hostname)
  const shared = {
    maxBytes: MAX_PICTURE_BYTES,
    refuses: isLocal ? () => false : isPrivateAddress,
    signal,
    env,
  }
  let failure: unknown
  for (const [index, each] of links.entries()) {
    const isLast = index === links.length - 1
    try {
      // oxlint-disable-next-line no-await-in-loop -- a less likely link is fetched only if the others fail
      const bytes = await download(each, { ...shared, ...(isLast ? {} : { pauses: [] }) })
      if (isLast ? !isWebPage(bytes) : isPicture(bytes)) return bytes
      failure ??= leadsToPage()
    } catch (error) {
      if (!(error instanceof ProviderError) || error.link === undefined) throw error
      // A link that may work later matters more than one that is not valid.
      if (failure === undefined || error.link === 'down') failure = error
    }
  }
  throw failure
}

function leadsToPage(): ProviderError {
  return new ProviderError(
    'provider/bad-answer',
    "The server's picture link leads to a web page. The picture may have been billed.",
    { link: 'gone' },
  )
}
