import { parseXml, XmlElement } from '@rgrove/parse-xml'
import { decodeXml, encodingOf } from './svg-text.ts'
import { unreadablePicture } from './unreadable-picture.ts'

/** The namespace of SVG. */
export const SVG = 'http://www.w3.org/2000/svg'

/** Size limit of an SVG, bytes. */
const MAX_BYTES = 16 * 1024 * 1024
/** Length limit of an entity that a doctype declares. Illustrator declares namespaces. */
const MAX_ENTITY_LENGTH = 200

/** An SVG as a tree. The names of its elements have no prefix. */
export type ParsedSvg = {
  root: XmlElement
  text: string
  /** Whether the text is the file: UTF-8, without a prefix, entities and what the tree omits. */
  isPlain: boolean
}

/**
 * Parses an SVG.
 *
 * @throws LimnError `picture/unreadable` if it is too large or not an SVG
 */
export function parseSvg(bytes: Uint8Array): ParsedSvg {
  if (bytes.length > MAX_BYTES) throw unreadablePicture(`it has more than ${MAX_BYTES} bytes`)
  const decoded = decodeXml(bytes)
  if (decoded === undefined) {
    throw unreadablePicture(`its encoding, ${encodingOf(bytes)}, is unknown`)
  }
  const text = decoded.trimStart()
  const root = parseRoot(text)
  const prefix = /^(.+):svg$/.exec(root?.name ?? '')?.[1]
  if (root !== null && prefix !== undefined) removePrefix(root, prefix)
  if (root === null || root.name !== 'svg') throw unreadablePicture('it is not an SVG')
  if (root.attributes['xmlns'] !== SVG) {
    throw unreadablePicture(`its root element has no xmlns="${SVG}", which browsers require`)
  }
  const isPlain =
    prefix === undefined &&
    text.length === decoded.length &&
    encodingOf(bytes) === 'utf-8' &&
    !hasMarkupOutsideTree(text)
  return { root, text, isPlain }
}

function parseRoot(text: string): XmlElement | null {
  const entities = readEntities(text)
  try {
    return parseXml(text, {
      resolveUndefinedEntity: (reference) => entities.get(reference.slice(1, -1)),
    }).root
  } catch (error) {
    throw unreadablePicture('it is not well-formed XML', error)
  }
}

/**
 * Reads the short plain entities that a doctype declares. Those that refer to others stay
 * undefined.
 */
function readEntities(text: string): ReadonlyMap<string, string> {
  const doctype = /<!DOCTYPE[^[>]*\[([^\]]*)\]/i.exec(text)?.[1] ?? ''
  const declarations = doctype.matchAll(/<!ENTITY\s+([\w.-]+)\s+(?:"([^"&<%]*)"|'([^'&<%]*)')\s*>/g)
  return new Map(
    [...declarations].flatMap(([, name, double, single]) => {
      const value = double ?? single!
      return value.length > MAX_ENTITY_LENGTH ? [] : [[name!, value] as const]
    }),
  )
}

/** Renames the elements of a prefix, such as `svg:rect`, and makes its namespace the default one. */
function removePrefix(element: XmlElement, prefix: string): void {
  if (element.name.startsWith(`${prefix}:`)) element.name = element.name.slice(prefix.length + 1)
  const { [`xmlns:${prefix}`]: namespace, ...attributes } = element.attributes
  if (namespace !== undefined) element.attributes = { ...attributes, xmlns: namespace }
  for (const child of element.children) {
    if (child instanceof XmlElement) removePrefix(child, prefix)
  }
}

/** An XML declaration that needs no rewriting: UTF-8 is the default encoding. */
const PLAIN_DECLARATION =
  /^\uFEFF?\s*<\?xml version="1\.0"( encoding="utf-8")?( standalone="(yes|no)")?\s*\?>/i

/** Returns whether a text has comments, CDATA, a doctype or instructions, which the tree omits. */
function hasMarkupOutsideTree(text: string): boolean {
  return /<[!?]/.test(text.replace(PLAIN_DECLARATION, ''))
}
