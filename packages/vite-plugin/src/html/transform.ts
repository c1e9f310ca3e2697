import { mainOutput, selectorsOf } from '../references/picture.ts'
import type { Sight } from '../references/resolve-reference.ts'
import { attributesOf, type Element } from './editor.ts'
import {
  asksForIcons,
  describeSocial,
  hasIcons,
  linkIcon,
  linkIcons,
  preload,
  relsOf,
  socialNameOf,
  socialReference,
} from './head.ts'
import { showImage, showSource } from './image.ts'
import { type Page, readReference } from './page.ts'
import { formatSrcset, parseSrcset } from './srcset.ts'

/** Attributes that hold one URL, on any element. */
const URL_ATTRIBUTES = ['src', 'href', 'xlink:href', 'content', 'poster', 'data']
/** Attributes that hold several. */
const SRCSET_ATTRIBUTES = ['srcset', 'imagesrcset']

/**
 * Puts URLs in the place of every `limn:` that a page's attributes name, and the rest that a
 * picture needs beside them.
 */
export function showPictures(page: Page): void {
  for (const element of page.editor.elements) {
    const whole = {
      image: wholeOf(page, element, 'img', 'src'),
      source: wholeOf(page, element, 'source', 'srcset'),
    }
    if (whole.image !== undefined) showImage(page, element, whole.image)
    if (whole.source !== undefined) showSource(page, element, whole.source)
    for (const name of URL_ATTRIBUTES) {
      if (!(name === 'src' && whole.image !== undefined)) showUrl(page, element, name)
    }
    for (const name of SRCSET_ATTRIBUTES) {
      if (!(name === 'srcset' && whole.source !== undefined)) showSrcset(page, element, name)
    }
  }
}

/** What an attribute stands for where it names one picture for a certain element. */
function wholeOf(page: Page, element: Element, tagName: string, name: string): Sight | undefined {
  if (element.tagName !== tagName) return undefined
  const value = attributesOf(element)[name]
  const reference = readReference(value)
  return reference === undefined ? undefined : page.see(reference, value!.trim())
}

function showUrl(page: Page, element: Element, name: string): void {
  const value = attributesOf(element)[name]
  const reference = readReference(value)
  if (reference === undefined) return
  const written = value!.trim()
  if (element.tagName === 'meta') {
    const social = socialNameOf(element)
    if (social === undefined) {
      return setFile(page, element, name, page.see(reference, written), 'file')
    }
    const selectors = selectorsOf(page.see({ ...reference, selector: undefined }, written).asset)
    return describeSocial(
      page,
      element,
      social,
      page.see(
        socialReference(reference, social, (selector) => selectors.includes(selector)),
        written,
      ),
    )
  }
  if (element.tagName === 'link') {
    const rels = relsOf(element)
    if (rels.includes('icon') && asksForIcons(reference)) {
      const whole = page.see({ ...reference, selector: undefined }, written)
      if (hasIcons(whole)) return linkIcons(page, element, whole)
    }
    const sight = page.see(reference, written)
    if (rels.some((rel) => rel.endsWith('icon'))) {
      return linkIcon(page, element, sight.asset, mainOutput(sight.outputs))
    }
    if (rels.includes('preload') && attributesOf(element)['imagesrcset'] === undefined) {
      return preload(page, element, sight)
    }
    return setFile(page, element, name, sight, 'file')
  }
  // What a link leads to is a file of its own; what a page shows may stand in the page.
  setFile(
    page,
    element,
    name,
    page.see(reference, written),
    element.tagName === 'a' ? 'file' : 'auto',
  )
}

function setFile(
  { editor, urlsOf }: Page,
  element: Element,
  name: string,
  { asset, outputs }: Sight,
  use: 'auto' | 'file',
): void {
  editor.set(element, name, urlsOf(use)(asset)(mainOutput(outputs)))
}

/**
 * `srcset="limn:hero@card-320.webp 1x, limn:hero@card-640.webp 2x"`; a reference without a
 * descriptor brings its format's every width.
 */
function showSrcset({ editor, see, urlsOf }: Page, element: Element, name: string): void {
  const value = attributesOf(element)[name]
  if (value === undefined || !value.includes('limn:')) return
  const candidates = parseSrcset(value).flatMap(({ url, descriptor }) => {
    const reference = readReference(url)
    if (reference === undefined) return [{ url, descriptor }]
    const { asset, outputs } = see(reference, url)
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
