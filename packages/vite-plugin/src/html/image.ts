import { createPicture, type Picture } from '@limn/core/for-vite'
import { useOfPicture } from '../build/tokens.ts'
import { mimeByFormat } from '../references/urls.ts'
import { attributesOf, type Element, tag } from './editor.ts'
import type { ElementReference } from './page.ts'

/**
 * Replaces `<img src="limn:hero">`: sets file, size, alt text and placeholder, and wraps it in a
 * `<picture>` if there are better formats. Attributes that the page has itself stay unchanged.
 */
export function showImage(target: ElementReference): void {
  const { page, element, resolved } = target
  const { editor } = page
  const written = attributesOf(element)
  // With a `srcset` or sources in the page, the file is one candidate of several.
  const use =
    written['srcset'] === undefined && !isInPicture(element)
      ? useOfPicture(resolved.outputs)
      : 'candidate'
  const picture = createPicture(resolved.asset, {
    outputs: resolved.outputs,
    urlOf: page.urlsOf(use)(resolved.asset),
    placeholder: resolved.placeholder,
  })
  const size = sizeOf(picture, written)
  const sizes = written['sizes'] ?? defaultSizes(picture, size.width)
  const set = (name: string, value: string | undefined): void => {
    if (value !== undefined && written[name] === undefined) editor.set(element, name, value)
  }
  editor.set(element, 'src', picture.src)
  if (written['srcset'] === undefined && hasWidths(picture.srcset)) {
    set('srcset', picture.srcset)
    set('sizes', sizes)
  }
  set('width', size.width)
  set('height', size.height)
  set('alt', picture.alt)
  set('loading', written['fetchpriority'] === 'high' ? 'eager' : 'lazy')
  set('decoding', 'async')
  showPlaceholder(target)
  if (written['srcset'] === undefined) addSources(target, picture, sizes)
}

/**
 * Replaces `<source srcset="limn:hero">` in a `<picture>` with one source per format. All of them
 * keep its other attributes, such as `media`.
 */
export function showSource({ page, element, resolved }: ElementReference): void {
  const { editor } = page
  const { type, ...written } = attributesOf(element)
  const ofType = resolved.outputs.filter(({ format }) => mimeByFormat[format] === type)
  const picture = createPicture(resolved.asset, {
    outputs: ofType.length === 0 ? resolved.outputs : ofType,
    urlOf: page.urlsOf('candidate')(resolved.asset),
    placeholder: '',
  })
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

/** Adds a `<source>` for each better format, in the `<picture>` of the page or in a new one. */
function addSources(
  { page: { editor }, element }: ElementReference,
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
    // The image stays a direct child of its parent in the layout.
    editor.before(element, `<picture style="display:contents">${sources.join('')}`)
    editor.after(element, '</picture>')
    return
  }
  // Browsers ignore the sources after one without a condition.
  const hasUnconditional = element.parentNode!.childNodes.some(
    (node) =>
      node.nodeName === 'source' && 'attrs' in node && attributesOf(node)['media'] === undefined,
  )
  if (!hasUnconditional) editor.before(element, sources.join(''))
}

function isInPicture({ parentNode }: Element): boolean {
  return parentNode?.nodeName === 'picture'
}

/**
 * Returns the size attributes, px: those of the page. If it has one of the two, the other keeps the
 * aspect ratio.
 */
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

/** Returns `sizes` for an image as wide as the page, but no wider than itself. */
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

/** Removes the descriptor of a single width, which would require `sizes`. */
function withoutLoneWidth(srcset: string): string {
  return hasWidths(srcset) ? srcset : srcset.replace(/ \d+w$/, '')
}

function mimeOf(format: string): string {
  return mimeByFormat[format as keyof typeof mimeByFormat]
}

/**
 * Sets a blurred version as the background of an image until it has loaded. Does nothing if the
 * page sets a background itself.
 */
function showPlaceholder({ page, element, resolved }: ElementReference): void {
  const { editor, hasPolicy } = page
  const { placeholder, entry } = resolved
  const { style, onload } = attributesOf(element)
  if (placeholder === '' || entry === undefined || (style ?? '').includes('background')) return
  // Without a script that removes it, the placeholder must be covered by the image.
  if (hasPolicy && !isOpaque(entry.master.thumbhash)) return
  const own = style === undefined || style.trim() === '' ? '' : `${style.trim().replace(/;$/, '')};`
  editor.set(element, 'style', `${own}background:url(${placeholder}) center/cover no-repeat`)
  if (hasPolicy) return
  const remove = "this.style.background=''"
  editor.set(element, 'onload', onload === undefined ? remove : `${remove};${onload}`)
}

/** Reads the flag for transparency: the highest bit of the third byte of a ThumbHash (base64). */
function isOpaque(thumbhash: string): boolean {
  return (Buffer.from(thumbhash, 'base64')[2]! & 0x80) === 0
}
