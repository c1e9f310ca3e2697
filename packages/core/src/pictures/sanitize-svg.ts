import { parseXml, XmlElement, type XmlNode, XmlText } from '@rgrove/parse-xml'
import { LimnError } from '../errors.ts'

/*
 * An SVG is a program as well as a picture: it can run scripts and load what it likes. Before one
 * is kept, served or drawn, everything is taken out that is not on these lists.
 */

const SVG = 'http://www.w3.org/2000/svg'
const XLINK = 'http://www.w3.org/1999/xlink'

const ELEMENTS: ReadonlySet<string> = new Set(
  `svg g defs symbol use switch title desc path rect circle ellipse line polyline polygon text tspan textPath image style
  linearGradient radialGradient stop pattern clipPath mask marker view
  filter feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight
  feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight
  feSpecularLighting feSpotLight feTile feTurbulence
  animate animateMotion animateTransform mpath`.split(/\s+/),
)

/** Pictures within the picture: pixels alone, as they stand in the file. */
const DATA_PICTURE = /^data:image\/(png|jpeg|webp|gif);base64,[a-z0-9+/=\s]*$/i
/** The longest SVG that is read, characters. */
const MAX_LENGTH = 16 * 1024 * 1024
const MAX_DEPTH = 200

/**
 * An SVG without anything that could run, load or lead elsewhere. One that is clean stays as it is,
 * byte for byte.
 *
 * @throws LimnError `picture/unreadable` where it is no SVG
 */
export function sanitizeSvg(bytes: Uint8Array): Uint8Array {
  if (bytes.length > MAX_LENGTH) throw unreadable(`it has more than ${MAX_LENGTH} bytes`)
  let root: XmlElement | null
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    root = parseXml(text).root
  } catch (error) {
    throw unreadable('it is not whole XML', error)
  }
  if (root === null || root.name !== 'svg' || root.attributes['xmlns'] !== SVG) {
    throw unreadable('it is no SVG')
  }
  const taken = { count: 0 }
  const clean = format(root, 0, taken)
  // Comments, CDATA, document types and other encodings are no part of the tree: where there are any, the clean text stands in.
  if (
    taken.count === 0 &&
    !/<[!?]/.test(
      text.replace(
        /^\uFEFF?\s*<\?xml version="1\.0"( encoding="utf-8")?( standalone="(yes|no)")?\s*\?>/i,
        '',
      ),
    )
  ) {
    return bytes
  }
  return new TextEncoder().encode(`${clean}\n`)
}

/** A picture of pixels as an SVG of the same size. */
export function formatPixelsAsSvg(
  png: Uint8Array,
  { width, height }: { width: number; height: number },
): string {
  return `<svg xmlns="${SVG}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><image width="${width}" height="${height}" href="data:image/png;base64,${Buffer.from(png).toString('base64')}"/></svg>\n`
}

function format(element: XmlElement, depth: number, taken: { count: number }): string {
  const attributes = Object.entries(element.attributes).filter(([name, value]) => {
    const stays = isSafe(element, name, value)
    if (!stays) taken.count++
    return stays
  })
  const children = element.children
    .map((child) => formatNode(child, element, depth + 1, taken))
    .join('')
  const head = [
    element.name,
    ...attributes.map(([name, value]) => `${name}="${escape(value)}"`),
  ].join(' ')
  return children === '' ? `<${head}/>` : `<${head}>${children}</${element.name}>`
}

function formatNode(
  node: XmlNode,
  parent: XmlElement,
  depth: number,
  taken: { count: number },
): string {
  if (node instanceof XmlText) {
    if (parent.name !== 'style' || isSafeCss(node.text)) return escape(node.text)
  } else if (
    node instanceof XmlElement &&
    ELEMENTS.has(node.name) &&
    depth < MAX_DEPTH &&
    !isTricky(node)
  ) {
    return format(node, depth, taken)
  }
  taken.count++
  return ''
}

/** Animations that would write into a link. */
function isTricky({ name, attributes }: XmlElement): boolean {
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

/**
 * Whether a style, or an attribute that is one, loads nothing: `url()` only of what stands in the
 * file itself.
 */
function isSafeCss(css: string): boolean {
  // What looks like a comment may stand in quotes: then it hides nothing.
  return loadsNothing(css) && loadsNothing(css.replace(/\/\*[\s\S]*?\*\//g, ''))
}

function loadsNothing(plain: string): boolean {
  // An escape can spell any word.
  if (
    /\\/.test(plain) ||
    /@import|expression\s*\(|javascript:|-moz-binding|behavior\s*:|image-set\s*\(|@font-face|@namespace/i.test(
      plain,
    )
  ) {
    return false
  }
  return [...plain.matchAll(/url\s*\(\s*(['"]?)([^'")]*)\1\s*\)?/gi)].every(([, , target]) =>
    target!.trim().startsWith('#'),
  )
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

function unreadable(why: string, cause?: unknown): LimnError {
  return new LimnError('picture/unreadable', `The picture can't be read: ${why}.`, {
    hint: 'Take back a good copy with git, or generate it again.',
    cause,
  })
}
