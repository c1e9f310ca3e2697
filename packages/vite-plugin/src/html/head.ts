import type { Output } from '@limn/core'
import { createPicture, mainOutput } from '@limn/core/for-vite'
import type { Reference } from '../references/module-id.ts'
import type { ResolvedReference } from '../references/resolve-reference.ts'
import { mimeByFormat } from '../references/urls.ts'
import { attributesOf, type Element, insertLinesAfter, tag } from './editor.ts'
import type { ElementReference, ManifestIcon } from './page.ts'

/** The presets of a site's icons. */
const ICON_PRESETS = ['favicon', 'apple_touch_icon', 'pwa_icon', 'pwa_maskable']

/** Returns the keywords of a `rel`, in lower case. */
export function relsOf(element: Element): string[] {
  return (attributesOf(element)['rel'] ?? '').toLowerCase().split(/\s+/)
}

/** Returns whether a reference in `<link rel="icon">` selects all icons of an asset, not one file. */
export function selectsAllIcons({ selector }: Reference): boolean {
  return selector === undefined || selector === 'favicon' || selector === 'favicons'
}

/** Returns whether an asset has an icon preset. */
export function hasIcons({ asset }: ResolvedReference): boolean {
  return asset.outputs.some(({ preset }) => ICON_PRESETS.includes(preset))
}

/**
 * Replaces `<link rel="icon" href="limn:logo@favicon">` with links to every icon that the asset
 * has, including those of a web app manifest.
 */
export function linkIcons(target: ElementReference): void {
  const { page, element, resolved } = target
  const outputs = resolved.asset.outputs.filter(({ preset }) => ICON_PRESETS.includes(preset))
  const favicons = outputs.filter(({ preset }) => preset === 'favicon')
  const [first = mainOutput(outputs), ...others] = [
    ...favicons.filter(({ format }) => format === 'ico'),
    ...favicons.filter(({ format }) => format !== 'ico'),
  ]
  const links = [
    ...iconTags(target, others),
    ...appleIconTags(target, outputs),
    ...manifestTags(target, outputs),
  ]
  linkIcon(target, first)
  insertLinesAfter(page, element, links)
}

/** Replaces the reference of a `<link rel="icon">` with one file. */
export function linkIcon(
  { page: { editor, urlsOf }, element, resolved: { asset } }: ElementReference,
  output: Output,
): void {
  const { type, sizes } = attributesOf(element)
  editor.set(element, 'href', urlsOf('file')(asset)(output))
  if (type === undefined) editor.set(element, 'type', mimeByFormat[output.format])
  if (sizes === undefined) editor.set(element, 'sizes', sizesOf(output))
}

function iconTags({ page, element, resolved }: ElementReference, outputs: Output[]): string[] {
  const { media } = attributesOf(element)
  return outputs.map((output) =>
    tag('link', {
      rel: 'icon',
      type: mimeByFormat[output.format],
      sizes: sizesOf(output),
      href: page.urlsOf('file')(resolved.asset)(output),
      media,
    }),
  )
}

/** Returns the links to Apple's icon; none if the page has one. */
function appleIconTags({ page, element, resolved }: ElementReference, outputs: Output[]): string[] {
  if (findLink(page.editor.elements, 'apple-touch-icon') !== undefined) return []
  const { media } = attributesOf(element)
  return outputs
    .filter(({ preset }) => preset === 'apple_touch_icon')
    .map((output) =>
      tag('link', {
        rel: 'apple-touch-icon',
        sizes: sizesOf(output),
        href: page.urlsOf('file')(resolved.asset)(output),
        media,
      }),
    )
}

/** Adds icons to the page's web app manifest. Returns a link to a new manifest if there is none. */
function manifestTags({ page, resolved }: ElementReference, outputs: Output[]): string[] {
  const { editor } = page
  const icons = ['pwa_icon', 'pwa_maskable'].flatMap((name) =>
    outputs
      .filter(({ preset }) => preset === name)
      .map((output): ManifestIcon => ({
        src: page.urlsOf('file')(resolved.asset)(output),
        sizes: sizesOf(output),
        type: mimeByFormat[output.format],
        purpose: name === 'pwa_maskable' ? 'maskable' : 'any',
      })),
  )
  const url = icons.length === 0 ? undefined : page.addIcons(icons)
  if (url === undefined) return []
  const link = findLink(editor.elements, 'manifest')
  if (link === undefined) return [tag('link', { rel: 'manifest', href: url })]
  editor.set(link, 'href', url)
  return []
}

function findLink(elements: readonly Element[], rel: string): Element | undefined {
  return elements.find((element) => element.tagName === 'link' && relsOf(element).includes(rel))
}

function sizesOf({ width, height, icons }: Output): string {
  if (icons.length === 0) return `${width}x${height}`
  return icons.map((size) => `${size}x${size}`).join(' ')
}

/**
 * Replaces `<link rel="preload" as="image" href="limn:hero">` with the files that a `<picture>`
 * shows in a browser that reads its best format.
 */
export function preload({ page, element, resolved: { asset, outputs } }: ElementReference): void {
  const urlOf = page.urlsOf('file')(asset)
  const picture = createPicture(asset, { outputs, urlOf, placeholder: '' })
  const [format = mainOutput(outputs).format, srcset = picture.srcset] =
    Object.entries(picture.sources)[0] ?? []
  const best = outputs.filter((output) => output.format === format)
  const { imagesizes, type } = attributesOf(element)
  page.editor.set(element, 'href', urlOf(mainOutput(best)))
  if (type === undefined) page.editor.set(element, 'type', mimeByFormat[best[0]!.format])
  if (best.length === 1) return
  page.editor.set(element, 'imagesrcset', srcset)
  if (imagesizes === undefined) {
    const sizes = `(min-width: ${picture.width}px) ${picture.width}px, 100vw`
    page.editor.set(element, 'imagesizes', sizes)
  }
}
