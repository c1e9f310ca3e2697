import { attributesOf, type Element } from './editor.ts'
import { readReference } from './read-reference.ts'

/** Matches the start of a reference in any text: `limn:` and a name, not the end of another word. */
export const MENTION: RegExp = /(?<![\p{L}\p{N}_:@/-])limn:(?=[\p{L}\p{N}_])/u

/**
 * A place in a page whose text contains `limn:`.
 *
 * - `url`: an attribute for a URL, which is one reference
 * - `srcset`: an attribute for several URLs
 * - `other`: any other attribute, which is one reference: `data-src`, `background`
 * - `json`: the text of a `<script>` with JSON
 * - `unknown`: a place in which Limn can't replace anything
 */
export type Mention = {
  element: Element
  /** Name of the attribute; `undefined` for the text of a `<script>` or `<style>`. */
  attribute: string | undefined
  text: string
  kind: 'url' | 'srcset' | 'other' | 'json' | 'unknown'
}

/** Attributes that contain one URL, on any element. */
const URL_ATTRIBUTES = ['src', 'href', 'xlink:href', 'content', 'poster', 'data']
/** Attributes that contain words, names or code, never a URL alone. */
const WORD_ATTRIBUTES = /^(?:alt|title|id|class|name|value|label|placeholder|style|on.*|aria-.*)$/

/** Returns every place of some elements that mentions a picture, in document order. */
export function mentionsIn(elements: readonly Element[]): Mention[] {
  return elements.flatMap((element) => [
    ...Object.entries(attributesOf(element)).flatMap(([attribute, text]): Mention[] =>
      MENTION.test(text) ? [{ element, attribute, text, kind: kindOf(attribute, text) }] : [],
    ),
    ...mentionsInText(element),
  ])
}

/** Returns whether a page requests a picture, so that a project without a manifest is a mistake. */
export function requestsPicture({ kind }: Mention): boolean {
  return kind === 'url' || kind === 'srcset'
}

function kindOf(attribute: string, text: string): Mention['kind'] {
  if (attribute.endsWith('srcset')) return 'srcset'
  if (readReference(text) === undefined || WORD_ATTRIBUTES.test(attribute)) return 'unknown'
  return URL_ATTRIBUTES.includes(attribute) ? 'url' : 'other'
}

/** Returns what code and data of a page mention. Text that people read may contain anything. */
function mentionsInText(element: Element): Mention[] {
  if (element.tagName !== 'script' && element.tagName !== 'style') return []
  const [child] = element.childNodes
  const text = child !== undefined && 'value' in child ? child.value : ''
  if (!MENTION.test(text)) return []
  const isJson = element.tagName === 'script' && /json$/i.test(attributesOf(element)['type'] ?? '')
  return [{ element, attribute: undefined, text, kind: isJson ? 'json' : 'unknown' }]
}
