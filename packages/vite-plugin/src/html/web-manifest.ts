import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
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
 * @throws SyntaxError if the page's own manifest is not JSON
 */
export function withIcons({ file, title, icons, site }: IconOptions): WebManifest | undefined {
  const own = existsSync(file) ? findOwnManifest(file, site) : undefined
  if (own === undefined) {
    return {
      content: { ...(title === undefined ? {} : { name: title }), icons },
      publicPath: undefined,
    }
  }
  const content = JSON.parse(readFileSync(own.path, 'utf8')) as Record<string, unknown>
  const { icons: written } = content
  if (Array.isArray(written) && written.length > 0) return undefined
  return { content: { ...content, icons }, publicPath: own.publicPath }
}

/** Finds the manifest that a page links to; `undefined` if it is no file of the project. */
function findOwnManifest(
  file: string,
  { root, publicDir, base }: Site,
): { path: string; publicPath: string | undefined } | undefined {
  const link = editHtml(readFileSync(file, 'utf8')).elements.find(
    (element) => element.tagName === 'link' && relsOf(element).includes('manifest'),
  )
  const href = (link === undefined ? undefined : attributesOf(link)['href'])
    ?.trim()
    .replace(/[?#].*$/, '')
  if (href === undefined || href === '' || /^(?:[a-z]+:|\/\/)/i.test(href)) return undefined
  const below = href.startsWith('/')
    ? href.slice(base.startsWith('/') && href.startsWith(base) ? base.length : 1)
    : undefined
  if (below !== undefined && publicDir !== '' && existsSync(join(publicDir, below))) {
    return { path: join(publicDir, below), publicPath: below }
  }
  const path = below === undefined ? join(dirname(file), href) : join(root, below)
  return existsSync(path) ? { path, publicPath: undefined } : undefined
}
