import { isObject } from '../../is-object.ts'
import { isDataUrl } from './decode-picture.ts'

/**
 * A picture of an answer: base64 text, bytes that were decoded while the answer arrived, or a link.
 * Not every server keeps to the types.
 */
export type AnswerPicture = { b64_json?: unknown; url?: unknown; revised_prompt?: unknown }

/** Deepest value that is searched for pictures. */
const MAX_DEPTH = 12

/** First characters of pictures as base64: PNG, JPEG, GIF, WebP, AVIF, TIFF, SVG. */
const BASE64 =
  /^\s*(?:iVBORw0KG|[/_]9j[/_]|R0lGOD|UklGR|AAAA[\w+/-][GWm2]Z0eX|SUkq|TU0AKg|PHN2Zy|PD94bWwg)/
/** Names of base64 that is a picture whatever its first characters are. */
const BASE64_KEY = /^(?:b64(?:_json|_image)?|(?:image_?)?base64|image_?b64|bytesBase64Encoded)$/i
/** Names of values that contain pictures, or links to them. */
const CONTAINER =
  /^(?:(?:image|img|picture|output|result|file|download|media|signed)?_?ur[il]s?|(?:generated|result|output)?_?(?:images?|pictures?)|data|outputs?|results?|artifacts?|predictions|content)$/i
/** Names of values that are not the result: what was sent, and what explains an error. */
const OTHER =
  /^(?:errors?|inputs?|requests?|parameters|prompts?|masks?|usage|.*(?:init|source|reference|input|control)_?images?|.*(?:thumb|preview|partial).*)$/i
/** A link to a picture that is relative to the server. */
const RELATIVE = /^(?:\/[^\s<>"]+|[^\s:<>"]+\.(?:png|jpe?g|webp|gif|avif|svg)(?:\?[^\s<>"]*)?)$/i
const MARKDOWN = /!\[[^\]]*\]\(\s*<?([^\s)>]+)>?[^)]*\)/g
const SVG = /^\s*(?:<\?xml[^>]*>\s*)?(?:<!(?:--[^]*?--|DOCTYPE[^>]*)>\s*)*<svg[\s>]/i

/** Finds the pictures of an answer, also if a server wraps them in its own way. */
export function findPictures(answer: unknown): AnswerPicture[] {
  const listed = isObject(answer) ? answer['data'] : undefined
  const pictures = Array.isArray(listed) ? listed.filter(isObject) : []
  if (pictures.some(hasPicture)) return pictures
  // Beside an error, a link may lead to its documentation.
  const isContainer = !isObject(answer) || !['error', 'message', 'msg'].some((key) => answer[key])
  return unique(search(answer, { key: isContainer ? 'data' : '', depth: 0 }))
}

function hasPicture({ b64_json: base64, url }: AnswerPicture): boolean {
  return isFilled(base64) || (typeof url === 'string' && url !== '')
}

/** Whether a value is text or bytes, and not empty. */
export function isFilled(base64: unknown): boolean {
  return base64 instanceof Uint8Array || (typeof base64 === 'string' && base64 !== '')
}

/** Whether a text starts as a picture does in base64. */
export function isBase64Picture(text: string): boolean {
  return BASE64.test(text)
}

type Place = {
  /** Name of the value; for the items of a list, that of the list. */
  key: string
  depth: number
}

function search(value: unknown, { key, depth }: Place): AnswerPicture[] {
  if (depth > MAX_DEPTH || OTHER.test(key)) return []
  if (value instanceof Uint8Array) return [{ b64_json: value }]
  if (typeof value === 'string') return searchText(value, { key, depth })
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown) => search(item, { key, depth: depth + 1 }))
  }
  return isObject(value) ? searchObject(value, { key, depth }) : []
}

/** Several links of one object lead to the same picture. */
function searchObject(fields: Record<string, unknown>, { key, depth }: Place): AnswerPicture[] {
  const isInside = CONTAINER.test(key)
  const own: AnswerPicture[] = []
  const nested: AnswerPicture[] = []
  for (const [name, value] of Object.entries(fields)) {
    const isText = typeof value === 'string' || value instanceof Uint8Array
    // A bare `url` says nothing about what it leads to.
    const isLink = isInside || !/^ur[il]$/i.test(name)
    const found = isText && !isLink ? [] : search(value, { key: name, depth: depth + 1 })
    if (isText) own.push(...found)
    else nested.push(...found)
  }
  const bytes = own.filter((picture) => isFilled(picture.b64_json))
  const links = own.filter(({ url }) => typeof url === 'string')
  const chosen = bytes.length > 0 ? bytes : links.slice(0, 1)
  const [link] = links
  const revised = fields['revised_prompt']
  return [
    ...chosen.map((picture) => ({
      ...(chosen.length === 1 ? link : {}),
      ...picture,
      ...(revised === undefined ? {} : { revised_prompt: revised }),
    })),
    ...nested,
  ]
}

function searchText(text: string, { key, depth }: Place): AnswerPicture[] {
  if (isDataUrl(text)) return /^\s*data:image\//i.test(text) ? [{ b64_json: text }] : []
  if (isBase64Picture(text) || (BASE64_KEY.test(key) && text !== '' && !isAbsolute(text))) {
    return [{ b64_json: text }]
  }
  if (SVG.test(text)) return [{ b64_json: Buffer.from(text) }]
  if (/^\s*[{[]/.test(text)) return searchJson(text, { key, depth })
  const inMarkdown = [...text.matchAll(MARKDOWN)].flatMap(([, link]): AnswerPicture[] =>
    isDataUrl(link!) ? [{ b64_json: link! }] : isAbsolute(link!) ? [{ url: link! }] : [],
  )
  if (inMarkdown.length > 0) return inMarkdown
  const isLink = isAbsolute(text) || (depth > 0 && RELATIVE.test(text))
  return CONTAINER.test(key) && isLink ? [{ url: text.trim() }] : []
}

/** Some relays send the answer of the server as text within their own. */
function searchJson(text: string, place: Place): AnswerPicture[] {
  try {
    return search(JSON.parse(text), { ...place, depth: place.depth + 1 })
  } catch {
    return []
  }
}

function isAbsolute(text: string): boolean {
  return /^\s*https?:\/\/[^\s<>"]+\s*$/i.test(text)
}

/** Some servers list each picture twice, under two names. */
function unique(pictures: readonly AnswerPicture[]): AnswerPicture[] {
  const seen = new Set<unknown>()
  return pictures.filter(({ b64_json: base64, url }) => {
    const id = base64 ?? url
    if (seen.has(id)) return false
    seen.add(id)
    return true
  })
}
