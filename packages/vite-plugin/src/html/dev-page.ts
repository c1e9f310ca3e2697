import { sha256 } from '@limn/core/for-vite'
import type { HtmlTagDescriptor, IndexHtmlTransformContext } from 'vite'
import type { Context, State } from '../context.ts'
import { decode } from '../decode.ts'
import { MODULE_PREFIX, parseReference } from '../references/module-id.ts'
import { devBase, devUrls, see } from '../references/resolve-reference.ts'
import { DEV_MANIFESTS, manifestsOf } from './dev-web-manifests.ts'
import { openPage, readyFor } from './open-page.ts'
import { showPictures } from './transform.ts'

/** A page as the dev server sends it: what it shows is imported too, so that the same code swaps it. */
export async function transformDevPage(
  context: Context,
  html: string,
  { filename, server }: IndexHtmlTransformContext,
): Promise<{ html: string; tags: HtmlTagDescriptor[] }> {
  const state = await readyFor(context)
  const host = server?.resolvedUrls?.local[0]
  const base = devBase(context)
  const seen = new Set<string>(namesInStyles(html))
  const page = openPage({
    context,
    state,
    html,
    filename,
    onSee: ({ asset, selector }) =>
      seen.add(`${asset}${selector === undefined ? '' : `@${selector}`}`),
    urlsOf: (use) =>
      devUrls(
        state,
        use === 'absolute' && host !== undefined ? new URL(base, host).href : base,
        context.partials,
      ),
    addManifest(manifest) {
      const text = JSON.stringify(manifest.content)
      const url = `${context.config.base}${DEV_MANIFESTS}${sha256(text).slice(0, 16)}.webmanifest`
      manifestsOf(context).set(url, text)
      return url
    },
  })
  showPictures(page)
  // The pictures' modules swap them when they change, wherever they stand in the page.
  const imports = [...seen]
    .filter((name) => canSee(state, name))
    .map(
      (name) =>
        `import ${JSON.stringify(`${base}@id/__x00__${encodeURI(`${MODULE_PREFIX}${name}`)}`)}\n`,
    )
  return {
    html: page.editor.toString(),
    tags:
      imports.length === 0
        ? []
        : [
            {
              tag: 'script',
              attrs: { type: 'module' },
              children: imports.join(''),
              injectTo: 'head' as const,
            },
          ],
  }
}

/** What `style` attributes and `<style>` name; Vite's own pipeline for styles has put URLs there. */
function namesInStyles(html: string): string[] {
  return [...html.matchAll(/\/@limn\/([^?"'()\s]+)\/([^?/"'()\s]+)\?v=/g)].map(
    ([, asset, file]) => `${decode(asset!)}@${decode(file!)}`,
  )
}

function canSee(state: State, name: string): boolean {
  try {
    see(state, parseReference(name))
    return true
  } catch {
    return false
  }
}
