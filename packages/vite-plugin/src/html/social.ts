import { mainOutput } from '@limn/core/for-vite'
import type { Reference } from '../references/module-id.ts'
import { attributesOf, type Element, insertLinesAfter, tag } from './editor.ts'
import type { ElementReference } from './page.ts'

/** The presets for a shared link, the best first, by the first word of the tag's name. */
const presetsByNetwork: Readonly<Record<string, readonly string[]>> = {
  og: ['og'],
  twitter: ['twitter_card', 'og'],
}

/**
 * Returns the name of a `<meta>` whose content is an image for other sites, `og:image` or
 * `twitter:image`; `undefined` for any other `<meta>`.
 */
export function socialNameOf(element: Element): string | undefined {
  const name = metaNameOf(element)
  return /^(?:og:image(?::url|:secure_url)?|twitter:image(?::src)?)$/.test(name) ? name : undefined
}

/** Adds the best selector of an asset to a reference in a social tag that has none. */
export function socialReference(
  reference: Reference,
  name: string,
  selectors: readonly string[],
): Reference {
  if (reference.selector !== undefined) return reference
  const presets = presetsByNetwork[name.split(':')[0]!]!
  return { ...reference, selector: presets.find((preset) => selectors.includes(preset)) }
}

/**
 * Replaces `<meta property="og:image" content="limn:hero@og">` with the URL with host, and adds the
 * size and the alt text unless the page has them.
 */
export function describeSocialImage(
  { page, element, resolved: { asset, outputs } }: ElementReference,
  name: string,
): void {
  const { editor } = page
  const output = mainOutput(outputs)
  editor.set(element, 'content', page.urlsOf('absolute')(asset)(output))
  const isTwitter = name.startsWith('twitter:')
  const properties: [string, string][] = isTwitter
    ? [['twitter:image:alt', asset.alt]]
    : [
        ['og:image:width', String(output.width)],
        ['og:image:height', String(output.height)],
        ['og:image:alt', asset.alt],
      ]
  const written = propertiesAfter(editor.elements, element)
  const tags = properties
    .filter(([property, value]) => value !== '' && !written.has(property))
    .map(([property, content]) =>
      tag('meta', { [isTwitter ? 'name' : 'property']: property, content }),
    )
  insertLinesAfter(page, element, tags)
}

/** Returns the names of the `<meta>` between a social tag and the next one of the same name. */
function propertiesAfter(elements: readonly Element[], element: Element): Set<string> {
  const metas = elements.filter(({ tagName }) => tagName === 'meta')
  const names = metas.slice(metas.indexOf(element) + 1).map(metaNameOf)
  const next = names.indexOf(metaNameOf(element))
  return new Set(next === -1 ? names : names.slice(0, next))
}

/** Returns the `property` of a `<meta>`, else its `name`, in lower case. */
function metaNameOf(element: Element): string {
  const { property, name } = attributesOf(element)
  return (property ?? name ?? '').trim().toLowerCase()
}
