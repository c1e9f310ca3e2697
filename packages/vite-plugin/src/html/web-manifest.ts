import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { attributesOf, editHtml } from './editor.ts'
import { relsOf } from './head.ts'
import type { ManifestIcon } from './page.ts'

/** A web app manifest that gets icons: a page's own one, or a new one. */
export type WebManifest = {
  content: Record<string, unknown>
  /** Its path below `public/`, where it keeps its URL; `undefined` where it gets one of its own. */
  publicPath: string | undefined
}

type Surroundings = { root: string; publicDir: string; base: string }

/**
 * The manifest of a page with icons put in; `undefined` where the page's own one has icons already.
 *
 * @param file path of the page as it was written, where it lies on the disk
 * @throws SyntaxError where the page's own manifest is no JSON
 */
export function withIcons(
  file: string,
  title: string | undefined,
  icons: readonly ManifestIcon[],
  surroundings: Surroundings,
): WebManifest | undefined {
  const own = existsSync(file) ? findOwn(file, surroundings) : undefined
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

/** The manifest that a page links to, where it is a file of the project. */
function findOwn(
  file: string,
  { root, publicDir, base }: Surroundings,
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
