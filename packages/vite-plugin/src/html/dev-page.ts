import { sha256 } from '@limn/core/for-vite'
import { type HtmlTagDescriptor, type IndexHtmlTransformContext, normalizePath } from 'vite'
import type { Context, ProjectState } from '../context.ts'
import { MODULE_PREFIX, parseReference } from '../references/module-id.ts'
import { devBase, devUrls, resolveReference } from '../references/resolve-reference.ts'
import { decodeUri } from '../references/urls.ts'
import { openPage } from './open-page.ts'
import { replaceReferences } from './transform.ts'
import type { WebManifest } from './web-manifest.ts'

/** Path below the base at which the dev server serves web app manifests. */
const MANIFEST_PATH = '@limn-manifest/'

/**
 * Transforms a page for the dev server. The page also imports the modules of its images, which swap
 * them when they change.
 */
export async function transformDevPage(
  context: Context,
  html: string,
  { filename, server }: IndexHtmlTransformContext,
): Promise<{ html: string; tags: HtmlTagDescriptor[] }> {
  const { partialByAsset } = context.dev
  const host = server?.resolvedUrls?.local[0]
  const base = devBase(context)
  const names = new Set<string>(namesInStyles(html))
  const { page, mentions, state } = await openPage({
    context,
    html,
    filename,
    onResolve: ({ asset, selector }) =>
      names.add(selector === undefined ? asset : `${asset}@${selector}`),
    urlsOf: (current, use) =>
      devUrls(current, use === 'absolute' ? withHost(base, host) : base, partialByAsset),
    addManifest: (manifest) => serveManifest(context, manifest),
  })
  replaceReferences(page, mentions)
  const assets = new Set([...names].map((name) => parseReference(name).asset))
  context.dev.assetsByPage.set(normalizePath(filename), assets)
  const resolvable = [...names].filter((name) => state !== undefined && isResolvable(state, name))
  return { html: page.editor.toString(), tags: importTags(resolvable, base) }
}

function withHost(base: string, host: string | undefined): string {
  return host === undefined ? base : new URL(base, host).href
}

/** Serves a web app manifest. @returns its URL, which changes with its content */
function serveManifest({ config, dev }: Context, { content }: WebManifest): string {
  const text = JSON.stringify(content)
  const url = `${config.base}${MANIFEST_PATH}${sha256(text).slice(0, 16)}.webmanifest`
  dev.webManifestByUrl.set(url, text)
  return url
}

/** Returns the script that imports the modules of some references; none for no references. */
function importTags(names: readonly string[], base: string): HtmlTagDescriptor[] {
  if (names.length === 0) return []
  const imports = names.map((name) => {
    const url = `${base}@id/__x00__${encodeURI(`${MODULE_PREFIX}${name}`)}`
    return `import ${JSON.stringify(url)}\n`
  })
  return [
    { tag: 'script', attrs: { type: 'module' }, children: imports.join(''), injectTo: 'head' },
  ]
}

/** Returns the references in `style` attributes and `<style>`, which Vite has resolved to URLs. */
function namesInStyles(html: string): string[] {
  return [...html.matchAll(/\/@limn\/([^?"'()\s]+)\/([^?/"'()\s]+)\?v=/g)].map(
    ([, asset, file]) => `${decodeUri(asset!)}@${decodeUri(file!)}`,
  )
}

function isResolvable(state: ProjectState, name: string): boolean {
  try {
    resolveReference(state, parseReference(name))
    return true
  } catch {
    return false
  }
}
