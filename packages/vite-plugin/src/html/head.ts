import type { Output } from '@limn/core'
import type { Reference } from '../references/module-id.ts'
import { createPicture, mainOutput } from '../references/picture.ts'
import type { Sight } from '../references/resolve-reference.ts'
import { mimeByFormat } from '../references/urls.ts'
import { attributesOf, type Element, indentOf, tag } from './editor.ts'
import type { Page } from './page.ts'

/** Presets that make up the icons of a site. */
const ICON_PRESETS = ['favicon', 'apple_touch_icon', 'pwa_icon', 'pwa_maskable']

/** The words of a `rel`. */
export function relsOf(element: Element): string[] {
  return (attributesOf(element)['rel'] ?? '').toLowerCase().split(/\s+/)
}

/** Whether a reference in `<link rel="icon">` asks for all icons of an asset, and not for one file. */
export function asksForIcons({ selector }: Reference): boolean {
  return selector === undefined || selector === 'favicon' || selector === 'favicons'
}

/**
 * `<link rel="icon" href="limn:logo@favicon">`: brings every icon that the asset has, those of a
 * web app manifest too.
 */
export function linkIcons(page: Page, element: Element, { asset }: Sight): void {
  const { editor, html } = page
  const urlOf = page.urlsOf('file')(asset)
  const outputs = asset.outputs.filter(({ preset }) => ICON_PRESETS.includes(preset))
  const of = (preset: string): Output[] => outputs.filter((output) => output.preset === preset)
  const { media } = attributesOf(element)
  const [first, ...others] = [
    ...of('favicon').filter(({ format }) => format === 'ico'),
    ...of('favicon').filter(({ format }) => format !== 'ico'),
  ]
  const isLinked = (rel: string): boolean =>
    editor.elements.some((other) => other.tagName === 'link' && relsOf(other).includes(rel))
  const links = others.map((output) =>
    tag('link', {
      rel: 'icon',
      type: mimeByFormat[output.format],
      sizes: sizesOf(output),
      href: urlOf(output),
      media,
    }),
  )
  if (!isLinked('apple-touch-icon')) {
    links.push(
      ...of('apple_touch_icon').map((output) =>
        tag('link', {
          rel: 'apple-touch-icon',
          sizes: sizesOf(output),
          href: urlOf(output),
          media,
        }),
      ),
    )
  }
  const icons = [...of('pwa_icon'), ...of('pwa_maskable')].map((output) => ({
    src: urlOf(output),
    sizes: sizesOf(output),
    type: mimeByFormat[output.format],
    purpose: output.preset === 'pwa_maskable' ? ('maskable' as const) : ('any' as const),
  }))
  const manifestUrl = icons.length === 0 ? undefined : page.addIcons(icons)
  const manifest = editor.elements.find(
    (other) => other.tagName === 'link' && relsOf(other).includes('manifest'),
  )
  if (manifestUrl !== undefined && manifest !== undefined) editor.set(manifest, 'href', manifestUrl)
  else if (manifestUrl !== undefined) {
    links.push(tag('link', { rel: 'manifest', href: manifestUrl }))
  }
  linkIcon(page, element, asset, first ?? mainOutput(outputs))
  editor.after(element, links.map((link) => `${indentOf(element, html)}${link}`).join(''))
}

/** Whether an asset has icons to bring. */
export function hasIcons({ asset }: Sight): boolean {
  return asset.outputs.some(({ preset }) => ICON_PRESETS.includes(preset))
}

/** `<link rel="icon">` of one file. */
export function linkIcon(
  page: Page,
  element: Element,
  asset: Sight['asset'],
  output: Output,
): void {
  const written = attributesOf(element)
  page.editor.set(element, 'href', page.urlsOf('file')(asset)(output))
  if (written['type'] === undefined) page.editor.set(element, 'type', mimeByFormat[output.format])
  if (written['sizes'] === undefined) page.editor.set(element, 'sizes', sizesOf(output))
}

function sizesOf({ width, height, icons }: Output): string {
  return icons.length === 0
    ? `${width}x${height}`
    : icons.map((size) => `${size}x${size}`).join(' ')
}

/**
 * `<link rel="preload" as="image" href="limn:hero">`: fetches ahead what a `<picture>` will show in
 * a browser that reads its best format.
 */
export function preload(page: Page, element: Element, { asset, outputs }: Sight): void {
  const picture = createPicture(asset, outputs, page.urlsOf('file')(asset), '')
  const [format = mainOutput(outputs).format, srcset = picture.srcset] =
    Object.entries(picture.sources)[0] ?? []
  const best = outputs.filter((output) => output.format === format)
  const { imagesizes, type } = attributesOf(element)
  page.editor.set(element, 'href', page.urlsOf('file')(asset)(mainOutput(best)))
  if (type === undefined) page.editor.set(element, 'type', mimeByFormat[best[0]!.format])
  if (best.length === 1) return
  page.editor.set(element, 'imagesrcset', srcset)
  if (imagesizes === undefined) {
    page.editor.set(
      element,
      'imagesizes',
      `(min-width: ${picture.width}px) ${picture.width}px, 100vw`,
    )
  }
}

/** Which presets a shared link shows best, by the property's first word. */
const SOCIAL_PRESETS: Readonly<Record<string, readonly string[]>> = {
  og: ['og'],
  twitter: ['twitter_card', 'og'],
}

/**
 * The name of a `<meta>` whose content is a picture that other sites fetch: `og:image`,
 * `twitter:image`; else `undefined`.
 */
export function socialNameOf(element: Element): string | undefined {
  const { property, name } = attributesOf(element)
  const written = (property ?? name ?? '').trim().toLowerCase()
  return /^(?:og:image(?::url|:secure_url)?|twitter:image(?::src)?)$/.test(written)
    ? written
    : undefined
}

/** What a social tag shows where its reference selects nothing. */
export function socialReference(
  reference: Reference,
  name: string,
  has: (selector: string) => boolean,
): Reference {
  if (reference.selector !== undefined) return reference
  return { ...reference, selector: SOCIAL_PRESETS[name.split(':')[0]!]!.find(has) }
}

/**
 * `<meta property="og:image" content="limn:hero@og">`: the URL with its host, and size and alt
 * where the page has none.
 */
export function describeSocial(
  page: Page,
  element: Element,
  name: string,
  { asset, outputs }: Sight,
): void {
  const { editor, html } = page
  const output = mainOutput(outputs)
  editor.set(element, 'content', page.urlsOf('absolute')(asset)(output))
  const isTwitter = name.startsWith('twitter:')
  const facts: [string, string][] = isTwitter
    ? [['twitter:image:alt', asset.alt]]
    : [
        ['og:image:width', String(output.width)],
        ['og:image:height', String(output.height)],
        ['og:image:alt', asset.alt],
      ]
  const known = factsBehind(editor.elements, element)
  const tags = facts
    .filter(([fact, value]) => value !== '' && !known.has(fact))
    .map(([fact, content]) => tag('meta', { [isTwitter ? 'name' : 'property']: fact, content }))
  editor.after(element, tags.map((fact) => `${indentOf(element, html)}${fact}`).join(''))
}

/** What the page says of a social picture itself: it stands behind it, before the next one. */
function factsBehind(elements: readonly Element[], element: Element): Set<string> {
  const metas = elements.filter(({ tagName }) => tagName === 'meta')
  const names = metas
    .slice(metas.indexOf(element) + 1)
    .map((meta) =>
      (attributesOf(meta)['property'] ?? attributesOf(meta)['name'] ?? '').trim().toLowerCase(),
    )
  const own = (attributesOf(element)['property'] ?? attributesOf(element)['name'])!
    .trim()
    .toLowerCase()
  const next = names.indexOf(own)
  return new Set(next === -1 ? names : names.slice(0, next))
}
