import { dirname, join } from 'node:path'
import { readIfExists } from '@limn/core/for-vite'
import { isBelow, maxBytes, readTextInside } from '@limn/core/for-vite/start'
import { attributesOf, editHtml } from './editor.ts'
import { relsOf } from './head.ts'
import type { ManifestIcon } from './page.ts'

/** A web app manifest with icons: the page's own one or a new one. */
export type WebManifest = {
  content: Record<string, unknown>
  /** Its path below `public/`, where it keeps its URL; `undefined` if it gets a new URL. */
  publicPath: string | undefined
}

type Site = {
  /** Vite's root, absolute. */
  root: string
  /** Absolute path; empty if there is none. */
  publicDir: string
  base: string
}

export type IconOptions = {
  /** Path of the page's source, if it is a file. */
  file: string
  /** Title of the page, the name in a new manifest. */
  title: string | undefined
  icons: readonly ManifestIcon[]
  site: Site
}

/**
 * Adds icons to the manifest of a page, or to a new one if the page links to none. Returns
 * `undefined` if the page's own manifest has icons.
 *
 * @throws SyntaxError if the page's own manifest is not JSON; LimnError `store/unreadable`,
 *   `store/outside` if it can't be read, or is a link that leads out of the site
 */
export function withIcons({ file, title, icons, site }: IconOptions): WebManifest | undefined {
  const own = findOwnManifest(file, site)
  if (own === undefined) {
    return {
      content: { ...(title === undefined ? {} : { name: title }), icons },
      publicPath: undefined,
    }
  }
  const content = JSON.parse(own.text) as Record<string, unknown>
  const { icons: written } = content
  if (Array.isArray(written) && written.length > 0) return undefined
  return { content: { ...content, icons }, publicPath: own.publicPath }
}

/** Finds the manifest that a page links to; `undefined` if it is no file of the project. */
function findOwnManifest(
  file: string,
  { root, publicDir, base }: Site,
): { text: string; publicPath: string | undefined } | undefined {
  const page = readBelow(isBelow(root, file) ? root : dirname(file), file)
  const link = editHtml(page ?? '').elements.find(
    (element) => element.tagName === 'link' && relsOf(element).includes('manifest'),
  )
  const href = (link === undefined ? undefined : attributesOf(link)['href'])
    ?.trim()
    .replace(/[?#].*$/, '')
  if (href === undefined || href === '' || /^(?:[a-z]+:|\/\/)/i.test(href)) return undefined
  const below = href.startsWith('/')
    ? href.slice(base.startsWith('/') && href.startsWith(base) ? base.length : 1)
    : undefined
  if (below !== undefined && publicDir !== '') {
    const text = readBelow(publicDir, join(publicDir, below))
    if (text !== undefined) return { text, publicPath: below }
  }
  const path = below === undefined ? join(dirname(file), href) : join(root, below)
  const text = readBelow(isBelow(root, file) ? root : dirname(file), path)
  return text === undefined ? undefined : { text, publicPath: undefined }
}

/** Reads a file below a folder; `undefined` if it is missing. @throws LimnError as `withIcons` */
function readBelow(folder: string, path: string): string | undefined {
  return readIfExists(path, () => readTextInside(folder, path, maxBytes.text))
}
