import { mainOutput, selectorsOf } from '@limn/core/for-vite'
import type { FileUse } from '../context.ts'
import type { Reference } from '../references/module-id.ts'
import type { ResolvedReference } from '../references/resolve-reference.ts'
import { attributesOf, type Element } from './editor.ts'
import { hasIcons, linkIcon, linkIcons, preload, relsOf, selectsAllIcons } from './head.ts'
import { showImage, showSource } from './image.ts'
import { replaceInJson } from './json.ts'
import { MENTION, type Mention } from './mentions.ts'
import type { ElementReference, Page } from './page.ts'
import { readReference } from './read-reference.ts'
import { describeSocialImage, socialNameOf, socialReference } from './social.ts'
import { formatSrcset, parseSrcset } from './srcset.ts'

/** An attribute whose value is one reference. */
type ReferenceAttribute = {
  page: Page
  element: Element
  name: string
  reference: Reference
  /** The reference as the page contains it. */
  written: string
}

/**
 * Replaces every mention of a picture in a page, and adds what the images need. Warns of those that
 * stay.
 */
export function replaceReferences(page: Page, mentions: readonly Mention[]): void {
  for (const mention of mentions) replaceMention(page, mention)
}

function replaceMention(page: Page, mention: Mention): void {
  const { element, attribute, text, kind } = mention
  if (attribute === undefined) {
    const at = kind === 'json' ? replaceInJson(page, mention) : text.search(MENTION)
    if (at !== -1) page.reportUnreplaced(mention, at)
    return
  }
  const reference = readReference(text)
  if (kind === 'srcset' && (reference === undefined || element.tagName !== 'source')) {
    return replaceSrcset(page, mention)
  }
  if (reference === undefined || kind === 'unknown') return page.reportUnreplaced(mention)
  const written = text.trim()
  if (kind === 'other') {
    const resolved = page.find(reference)
    if (resolved === undefined) return page.reportUnreplaced(mention)
    return setUrl({ page, element, name: attribute, reference, written }, resolved, { use: 'file' })
  }
  const resolve = (): ResolvedReference => page.resolve(reference, written)
  if (element.tagName === 'img' && attribute === 'src') {
    return showImage({ page, element, resolved: resolve() })
  }
  if (kind === 'srcset') return showSource({ page, element, resolved: resolve() })
  replaceUrl({ page, element, name: attribute, reference, written })
}

function replaceUrl(attribute: ReferenceAttribute): void {
  const { page, element, reference, written } = attribute
  if (element.tagName === 'meta') return replaceInMeta(attribute)
  if (element.tagName === 'link') return replaceInLink(attribute)
  // A link needs a file; an image in the page may be inlined.
  setUrl(attribute, page.resolve(reference, written), {
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
function replaceSrcset(page: Page, mention: Mention): void {
  const { element, attribute, text } = mention
  const candidates = parseSrcset(text).flatMap(({ url, descriptor }) => {
    const reference = readReference(url)
    if (reference === undefined) return [{ url, descriptor }]
    const { asset, outputs } = page.resolve(reference, url)
    const main = mainOutput(outputs)
    const offered =
      descriptor === '' ? outputs.filter(({ format }) => format === main.format) : [main]
    return offered.map((output) => ({
      url: page.urlsOf('candidate')(asset)(output),
      descriptor: offered.length > 1 ? `${output.width}w` : descriptor,
    }))
  })
  page.editor.set(element, attribute!, formatSrcset(candidates))
}
