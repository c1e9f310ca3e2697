import type { FileUse } from '../context.ts'
import type { Reference } from '../references/module-id.ts'
import { mainOutput, selectorsOf } from '../references/picture.ts'
import type { ResolvedReference } from '../references/resolve-reference.ts'
import { attributesOf, type Element } from './editor.ts'
import { hasIcons, linkIcon, linkIcons, preload, relsOf, selectsAllIcons } from './head.ts'
import { showImage, showSource } from './image.ts'
import { type ElementReference, type Page, readReference } from './page.ts'
import { describeSocialImage, socialNameOf, socialReference } from './social.ts'
import { formatSrcset, parseSrcset } from './srcset.ts'

/** Attributes that contain one URL, on any element. */
const URL_ATTRIBUTES = ['src', 'href', 'xlink:href', 'content', 'poster', 'data']
/** Attributes that contain several URLs. */
const SRCSET_ATTRIBUTES = ['srcset', 'imagesrcset']

/** An attribute whose value is one reference. */
type ReferenceAttribute = {
  page: Page
  element: Element
  name: string
  reference: Reference
  /** The reference as the page contains it. */
  written: string
}

/** Replaces every `limn:` reference in a page's attributes, and adds what the images need. */
export function replaceReferences(page: Page): void {
  for (const element of page.editor.elements) {
    const image = resolveOn('img', 'src', { page, element })
    const source = resolveOn('source', 'srcset', { page, element })
    if (image !== undefined) showImage({ page, element, resolved: image })
    if (source !== undefined) showSource({ page, element, resolved: source })
    for (const name of URL_ATTRIBUTES) {
      if (!(name === 'src' && image !== undefined)) replaceUrl(page, element, name)
    }
    for (const name of SRCSET_ATTRIBUTES) {
      if (!(name === 'srcset' && source !== undefined)) replaceSrcset(page, element, name)
    }
  }
}

/** Resolves an attribute of elements of one name; `undefined` if it is not one reference. */
function resolveOn(
  tagName: string,
  name: string,
  { page, element }: { page: Page; element: Element },
): ResolvedReference | undefined {
  if (element.tagName !== tagName) return undefined
  const value = attributesOf(element)[name]
  const reference = readReference(value)
  return reference === undefined ? undefined : page.resolve(reference, value!.trim())
}

function replaceUrl(page: Page, element: Element, name: string): void {
  const value = attributesOf(element)[name]
  const reference = readReference(value)
  if (reference === undefined) return
  const attribute = { page, element, name, reference, written: value!.trim() }
  if (element.tagName === 'meta') return replaceInMeta(attribute)
  if (element.tagName === 'link') return replaceInLink(attribute)
  // A link needs a file; an image in the page may be inlined.
  setUrl(attribute, page.resolve(reference, attribute.written), {
    use: element.tagName === 'a' ? 'file' : 'auto',
  })
}

function replaceInMeta(attribute: ReferenceAttribute): void {
  const { page, element, reference, written } = attribute
  const social = socialNameOf(element)
  if (social === undefined) {
    return setUrl(attribute, page.resolve(reference, written), { use: 'file' })
  }
  const { asset } = page.resolve({ ...reference, selector: undefined }, written)
  const selected = socialReference(reference, social, selectorsOf(asset))
  describeSocialImage({ page, element, resolved: page.resolve(selected, written) }, social)
}

function replaceInLink(attribute: ReferenceAttribute): void {
  const { page, element, reference, written } = attribute
  const rels = relsOf(element)
  if (rels.includes('icon') && selectsAllIcons(reference)) {
    const resolved = page.resolve({ ...reference, selector: undefined }, written)
    if (hasIcons(resolved)) return linkIcons({ page, element, resolved })
  }
  const target: ElementReference = { page, element, resolved: page.resolve(reference, written) }
  if (rels.some((rel) => rel.endsWith('icon'))) {
    return linkIcon(target, mainOutput(target.resolved.outputs))
  }
  if (rels.includes('preload') && attributesOf(element)['imagesrcset'] === undefined) {
    return preload(target)
  }
  setUrl(attribute, target.resolved, { use: 'file' })
}

function setUrl(
  { page, element, name }: ReferenceAttribute,
  { asset, outputs }: ResolvedReference,
  { use }: { use: FileUse },
): void {
  page.editor.set(element, name, page.urlsOf(use)(asset)(mainOutput(outputs)))
}

/**
 * Replaces the references of a `srcset`, `limn:hero@card-320.webp 1x, limn:hero@card-640.webp 2x`.
 * A reference without a descriptor becomes every width of its format.
 */
function replaceSrcset({ editor, resolve, urlsOf }: Page, element: Element, name: string): void {
  const value = attributesOf(element)[name]
  if (value === undefined || !value.includes('limn:')) return
  const candidates = parseSrcset(value).flatMap(({ url, descriptor }) => {
    const reference = readReference(url)
    if (reference === undefined) return [{ url, descriptor }]
    const { asset, outputs } = resolve(reference, url)
    const main = mainOutput(outputs)
    const offered =
      descriptor === '' ? outputs.filter(({ format }) => format === main.format) : [main]
    return offered.map((output) => ({
      url: urlsOf('candidate')(asset)(output),
      descriptor: offered.length > 1 ? `${output.width}w` : descriptor,
    }))
  })
  editor.set(element, name, formatSrcset(candidates))
}
