import { XmlElement, type XmlNode, XmlText } from '@rgrove/parse-xml'
import { parseSvg, SVG } from './parse-svg.ts'

/*
 * An SVG can run scripts and load other files. Before Limn stores, serves or renders one, it removes
 * everything that these lists do not allow.
 */

const XLINK = 'http://www.w3.org/1999/xlink'

const ELEMENTS: ReadonlySet<string> = new Set(
  `svg g defs symbol use switch title desc path rect circle ellipse line polyline polygon text tspan textPath image style
  linearGradient radialGradient stop pattern clipPath mask marker view
  filter feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight
  feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight
  feSpecularLighting feSpotLight feTile feTurbulence
  animate animateMotion animateTransform mpath`.split(/\s+/),
)

/** Embedded pictures that are allowed: raster formats in data URLs. */
const DATA_PICTURE = /^data:image\/(png|jpeg|webp|gif);base64,[a-z0-9+/=\s]*$/i
/** Nesting limit of elements. */
const MAX_DEPTH = 200

/**
 * Removes everything from an SVG that could run code, load a file or link elsewhere. Returns a
 * clean SVG unchanged, byte for byte.
 *
 * @throws LimnError `picture/unreadable` if it is too large or not an SVG
 */
export function sanitizeSvg(bytes: Uint8Array): Uint8Array {
  const { root, isPlain } = parseSvg(bytes)
  const removed = { count: 0 }
  const clean = format(root, 0, removed)
  return removed.count === 0 && isPlain ? bytes : new TextEncoder().encode(`${clean}\n`)
}

/** Formats the allowed parts of an element's children. */
export function formatSafeChildren(element: XmlElement): string {
  return formatChildren(element, 0, { count: 0 })
}

/** Formats the allowed attributes of an element, those in `omitted` excepted. */
export function formatSafeAttributes(element: XmlElement, omitted: readonly string[]): string {
  return Object.entries(element.attributes)
    .filter(([name, value]) => !omitted.includes(name) && isSafe(element, name, value))
    .map(([name, value]) => `${name}="${escapeXml(value)}"`)
    .join(' ')
}

/** Formats a PNG as an SVG of the same size (px) that embeds it. */
export function formatPixelsAsSvg(
  png: Uint8Array,
  { width, height }: { width: number; height: number },
): string {
  return `<svg xmlns="${SVG}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><image width="${width}" height="${height}" href="data:image/png;base64,${Buffer.from(png).toString('base64')}"/></svg>\n`
}

/** Formats the allowed parts of an element, and counts the removed ones in `removed`. */
function format(element: XmlElement, depth: number, removed: { count: number }): string {
  const all = Object.entries(element.attributes)
  const attributes = all.filter(([name, value]) => isSafe(element, name, value))
  removed.count += all.length - attributes.length
  const children = formatChildren(element, depth, removed)
  const head = [
    element.name,
    ...attributes.map(([name, value]) => `${name}="${escapeXml(value)}"`),
  ].join(' ')
  return children === '' ? `<${head}/>` : `<${head}>${children}</${element.name}>`
}

function formatChildren(element: XmlElement, depth: number, removed: { count: number }): string {
  return element.children
    .map((child) => formatNode({ node: child, parent: element }, depth + 1, removed))
    .join('')
}

function formatNode(
  { node, parent }: { node: XmlNode; parent: XmlElement },
  depth: number,
  removed: { count: number },
): string {
  if (node instanceof XmlText) {
    if (parent.name !== 'style' || isSafeCss(node.text)) return escapeXml(node.text)
  } else if (node instanceof XmlElement && isAllowed(node) && depth < MAX_DEPTH) {
    return format(node, depth, removed)
  }
  removed.count++
  return ''
}

function isAllowed(element: XmlElement): boolean {
  return ELEMENTS.has(element.name) && !animatesLink(element)
}

/** Returns whether an element animates a link or an event handler. */
function animatesLink({ name, attributes }: XmlElement): boolean {
  return name.startsWith('animate') && /href|^on/i.test(attributes['attributeName'] ?? '')
}

function isSafe({ name: element }: XmlElement, name: string, value: string): boolean {
  if (name === 'xmlns') return value === SVG
  if (name === 'xmlns:xlink') return value === XLINK
  if (name === 'href' || name === 'xlink:href') {
    return /^#[^\s]+$/.test(value) || (element === 'image' && DATA_PICTURE.test(value))
  }
  if (name.includes(':')) return name === 'xml:space' || name === 'xml:lang'
  return (
    !/^on/i.test(name) &&
    !/^(base|src|srcdoc|formaction|action|target|ping)$/i.test(name) &&
    isSafeCss(value)
  )
}

/** Returns whether CSS, or an attribute's value, loads nothing: `url()` refers to the file itself. */
function isSafeCss(css: string): boolean {
  // Within quotes, `/* */` is no comment and hides nothing, so both readings must be safe.
  return loadsNothing(css) && loadsNothing(css.replace(/\/\*[\s\S]*?\*\//g, ''))
}

function loadsNothing(css: string): boolean {
  if (
    // An escape can spell any word.
    /\\/.test(css) ||
    /@import|expression\s*\(|javascript:|-moz-binding|behavior\s*:|image-set\s*\(|@font-face|@namespace/i.test(
      css,
    )
  ) {
    return false
  }
  return [...css.matchAll(/url\s*\(\s*(['"]?)([^'")]*)\1\s*\)?/gi)].every(([, , target]) =>
    target!.trim().startsWith('#'),
  )
}

/** Escapes text for XML. */
export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
