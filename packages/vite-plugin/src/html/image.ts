import { useOfPicture } from '../build/tokens.ts'
import { createPicture, type Picture } from '../references/picture.ts'
import { placeholderOf, type Sight } from '../references/resolve-reference.ts'
import { mimeByFormat } from '../references/urls.ts'
import { attributesOf, type Element, tag } from './editor.ts'
import type { Page } from './page.ts'

/**
 * `<img src="limn:hero">`: gets its file, size, alt and stand-in, and becomes a `<picture>` where
 * there are better formats. What the page says itself stays as it is.
 */
export function showImage(page: Page, element: Element, sight: Sight): void {
  const { editor } = page
  const written = attributesOf(element)
  // Where the page has more to choose from, this is one of several.
  const use =
    written['srcset'] === undefined && !isInPicture(element)
      ? useOfPicture(sight.outputs)
      : 'candidate'
  const picture = createPicture(
    sight.asset,
    sight.outputs,
    page.urlsOf(use)(sight.asset),
    placeholderOf(sight),
  )
  const size = sizeOf(picture, written)
  const set = (name: string, value: string | undefined): void => {
    if (value !== undefined && written[name] === undefined) editor.set(element, name, value)
  }
  editor.set(element, 'src', picture.src)
  // A page that has its own srcset chooses for itself.
  const sizes = written['sizes'] ?? defaultSizes(picture, size.width)
  if (written['srcset'] === undefined && hasWidths(picture.srcset)) {
    set('srcset', picture.srcset)
    set('sizes', sizes)
  }
  set('width', size.width)
  set('height', size.height)
  set('alt', picture.alt)
  set('loading', written['fetchpriority'] === 'high' ? 'eager' : 'lazy')
  set('decoding', 'async')
  showPlaceholder(page, element, sight, picture.placeholder)
  if (written['srcset'] === undefined) addSources(page, element, picture, sizes)
}

/** `<source srcset="limn:hero">` in a `<picture>`: one source for each format, all with its `media`. */
export function showSource(page: Page, element: Element, sight: Sight): void {
  const { editor } = page
  const { type, ...written } = attributesOf(element)
  const outputs =
    type === undefined
      ? sight.outputs
      : sight.outputs.filter(({ format }) => mimeByFormat[format] === type)
  const picture = createPicture(
    sight.asset,
    outputs.length === 0 ? sight.outputs : outputs,
    page.urlsOf('candidate')(sight.asset),
    '',
  )
  const size = sizeOf(picture, written)
  const common = {
    ...written,
    sizes: written['sizes'] ?? defaultSizes(picture, size.width),
    width: size.width,
    height: size.height,
  }
  for (const [format, srcset] of Object.entries(picture.sources)) {
    editor.before(
      element,
      tag('source', { ...common, type: mimeOf(format), srcset: withoutLoneWidth(srcset) }),
    )
  }
  editor.set(element, 'srcset', withoutLoneWidth(picture.srcset))
  for (const name of ['sizes', 'width', 'height'] as const) {
    if (written[name] === undefined && common[name] !== undefined) {
      editor.set(element, name, common[name])
    }
  }
}

function addSources(
  page: Page,
  element: Element,
  picture: Picture,
  sizes: string | undefined,
): void {
  const sources = Object.entries(picture.sources).map(([format, srcset]) =>
    tag('source', {
      type: mimeOf(format),
      srcset: withoutLoneWidth(srcset),
      sizes: hasWidths(srcset) ? sizes : undefined,
    }),
  )
  if (sources.length === 0) return
  if (!isInPicture(element)) {
    // The picture takes the image's place in a layout, not a place around it.
    page.editor.before(element, `<picture style="display:contents">${sources.join('')}`)
    page.editor.after(element, '</picture>')
    return
  }
  // Behind a source without a condition no other is looked at.
  const isDecided = element.parentNode!.childNodes.some(
    (node) =>
      node.nodeName === 'source' && 'attrs' in node && attributesOf(node)['media'] === undefined,
  )
  if (!isDecided) page.editor.before(element, sources.join(''))
}

function isInPicture({ parentNode }: Element): boolean {
  return parentNode?.nodeName === 'picture'
}

/** Size attributes, px: the page's own; where it has one of the two, the other to match. */
function sizeOf(
  { width, height }: Picture,
  written: Readonly<Record<string, string>>,
): { width: string | undefined; height: string | undefined } {
  const own = { width: written['width'], height: written['height'] }
  if (own.width !== undefined && own.height !== undefined) return own
  if (own.width !== undefined) {
    return { width: own.width, height: scaled(own.width, height / width) }
  }
  if (own.height !== undefined) {
    return { width: scaled(own.height, width / height), height: own.height }
  }
  return { width: String(width), height: String(height) }
}

function scaled(length: string, factor: number): string | undefined {
  const value = Number(length) * factor
  return Number.isFinite(value) && value > 0 ? String(Math.round(value)) : undefined
}

/** As wide as the page, but never wider than the picture. */
function defaultSizes({ srcset, sources }: Picture, width: string | undefined): string | undefined {
  if (
    width === undefined ||
    !/^\d+$/.test(width) ||
    ![srcset, ...Object.values(sources)].some(hasWidths)
  ) {
    return undefined
  }
  return `(min-width: ${width}px) ${width}px, 100vw`
}

function hasWidths(srcset: string): boolean {
  return srcset.includes(', ')
}

/** One width alone needs no descriptor, and would ask for `sizes`. */
function withoutLoneWidth(srcset: string): string {
  return hasWidths(srcset) ? srcset : srcset.replace(/ \d+w$/, '')
}

function mimeOf(format: string): string {
  return mimeByFormat[format as keyof typeof mimeByFormat]
}

/**
 * A blur of the picture as its background until it is loaded; none where the page has a background
 * of its own.
 */
function showPlaceholder(
  { editor, hasPolicy }: Page,
  element: Element,
  { entry }: Sight,
  placeholder: string,
): void {
  const { style, onload } = attributesOf(element)
  if (placeholder === '' || entry === undefined || (style ?? '').includes('background')) return
  // Where no script may take it away, it may stay only if the picture covers it.
  if (hasPolicy && !isOpaque(entry.master.thumbhash)) return
  const own = style === undefined || style.trim() === '' ? '' : `${style.trim().replace(/;$/, '')};`
  editor.set(element, 'style', `${own}background:url(${placeholder}) center/cover no-repeat`)
  if (!hasPolicy) {
    editor.set(
      element,
      'onload',
      `this.style.background=''${onload === undefined ? '' : `;${onload}`}`,
    )
  }
}

/** The third byte of a ThumbHash says in its highest bit whether the picture has transparent parts. */
function isOpaque(thumbhash: string): boolean {
  return (Buffer.from(thumbhash, 'base64')[2]! & 0x80) === 0
}
