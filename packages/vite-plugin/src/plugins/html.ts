import { posix } from 'node:path'
import { sha256 } from '@limn/core/internal'
import type { Environment, IndexHtmlTransformContext, Plugin } from 'vite'
import type { Context, ContextHandle, State } from '../context.ts'
import { type Emitter, emitTokened, placeholderUrl } from '../emit.ts'
import { toViteError } from '../error.ts'
import { editHtml, type Editor, titleOf } from '../html/editor.ts'
import type { ManifestIcon, Page } from '../html/page.ts'
import { absoluteUrl } from '../html/site-url.ts'
import { showPictures } from '../html/transform.ts'
import { type WebManifest, withIcons } from '../html/web-manifest.ts'
import { locate } from '../locate.ts'
import { MODULE_PREFIX, type Reference } from '../module-id.ts'
import { devBase, devUrls, see, withoutSlowFormats } from '../render.ts'
import { TOKEN, tokenUrls } from '../tokens.ts'

/** Stands in a page for the URL of its web app manifest until that has its content. */
const MANIFEST_URL = '__LIMN_WEB_MANIFEST__'
/** Path below the base at which the dev server has web app manifests. */
const DEV_MANIFESTS = '@limn-manifest/'

/** What a build's hook has beside its page. */
type BuildHook = Emitter & { getFileName(reference: string): string; warn(message: string): void; emitFile(file: { type: 'asset'; fileName?: string; name?: string; originalFileName?: string; source: Uint8Array | string }): string }

/**
 * `limn:` in pages. Vite leaves such URLs as they are, so pages get their pictures after Vite has
 * read them: in dev before they are sent, in a build before they are written.
 */
export function htmlPlugin(handle: ContextHandle): Plugin {
  return {
    name: 'limn:html',
    sharedDuringBuild: true,
    configureServer({ config, middlewares }) {
      const manifests = manifestsOf(handle.get(config))
      middlewares.use((request, response, next) => {
        const manifest = manifests.get(request.url?.replace(/\?.*$/, '') ?? '')
        if (manifest === undefined) return next()
        response.setHeader('Content-Type', 'application/manifest+json')
        response.end(manifest)
      })
    },
    async transformIndexHtml(html, page) {
      if (!html.includes('limn')) return undefined
      const { server } = page
      if (server !== undefined) return transformDev(handle.get(server.config), html, page)
      // In a build Vite calls this with the context of its own hook.
      const hook = this as unknown as BuildHook & { environment: Environment }
      return transformBuild(handle.get(hook.environment.getTopLevelConfig()), hook, html, page)
    },
  }
}

const manifestsByContext = new WeakMap<Context, Map<string, string>>()

/** The web app manifests that the dev server has, by their URL. */
function manifestsOf(context: Context): Map<string, string> {
  let manifests = manifestsByContext.get(context)
  if (manifests === undefined) manifestsByContext.set(context, (manifests = new Map()))
  return manifests
}

async function transformDev(context: Context, html: string, { filename, server }: IndexHtmlTransformContext) {
  const state = await readyFor(context)
  const host = server?.resolvedUrls?.local[0]
  const base = devBase(context)
  const seen = new Set<string>(namesInStyles(html))
  const page = openPage({
    context,
    state,
    html,
    filename,
    onSee: ({ asset, selector }) => seen.add(`${asset}${selector === undefined ? '' : `@${selector}`}`),
    urlsOf: (use) => devUrls(state, use === 'absolute' && host !== undefined ? new URL(base, host).href : base, context.partials),
    addManifest(manifest) {
      const text = JSON.stringify(manifest.content)
      const url = `${context.config.base}${DEV_MANIFESTS}${sha256(text).slice(0, 16)}.webmanifest`
      manifestsOf(context).set(url, text)
      return url
    },
  })
  showPictures(page)
  // The pictures' modules swap them when they change, wherever they stand in the page.
  const imports = [...seen].filter((name) => canSee(state, name)).map((name) => `import ${JSON.stringify(`${base}@id/__x00__${encodeURI(`${MODULE_PREFIX}${name}`)}`)}\n`)
  return { html: page.editor.toString(), tags: imports.length === 0 ? [] : [{ tag: 'script', attrs: { type: 'module' }, children: imports.join(''), injectTo: 'head' as const }] }
}

async function transformBuild(context: Context, hook: BuildHook, html: string, { filename, path }: IndexHtmlTransformContext): Promise<string> {
  const state = await readyFor(context)
  const { siteUrl } = context.options
  let manifest: WebManifest | undefined
  const page = openPage({
    context,
    state,
    html,
    filename,
    urlsOf: (use) => tokenUrls(context, use),
    addManifest(added) {
      manifest = added
      return added.publicPath === undefined ? MANIFEST_URL : undefined
    },
  })
  showPictures(page)
  const text = page.editor.toString()
  const manifestText = manifest === undefined ? '' : JSON.stringify(manifest.content)
  const emitted = await emitTokened(hook, context, `${text}${manifestText}`).catch((error: unknown) => {
    throw toViteError(error, context.project.paths.root, { id: filename })
  })
  const isHostMissing = siteUrl === undefined && [...emitted.values()].some(({ file }) => file.use === 'absolute')
  if (isHostMissing) hook.warn(`${path.slice(1)} names a picture that other sites fetch (og:image, twitter:image), and its URL has no host. Set siteUrl of limn() to where the site will be: limn({ siteUrl: 'https://example.com' }).`)
  const filled = text.replace(TOKEN, (token, key: string) => {
    const file = emitted.get(key)
    if (file === undefined) return token
    if (!('reference' in file) || file.file.use !== 'absolute' || siteUrl === undefined) return placeholderUrl(file)
    return absoluteUrl(hook.getFileName(file.reference), { environment: hook.environment, page: path, siteUrl })
  })
  if (manifest === undefined) return filled
  const folder = manifest.publicPath === undefined ? context.config.build.assetsDir : posix.dirname(manifest.publicPath)
  const source = manifestText.replace(TOKEN, (token, key: string) => {
    const file = emitted.get(key)
    return file !== undefined && 'reference' in file ? posix.relative(folder, hook.getFileName(file.reference)) : token
  })
  const fileName = manifest.publicPath ?? posix.join(folder, `manifest-${sha256(source).slice(0, 8)}.webmanifest`)
  const reference = hook.emitFile({ type: 'asset', fileName, source })
  return filled.replaceAll(MANIFEST_URL, `__VITE_ASSET__${reference}__`)
}

type PageOptions = {
  context: Context
  state: State
  html: string
  filename: string
  onSee?: (reference: Reference) => void
  urlsOf: Page['urlsOf']
  /** @returns the URL of a manifest; `undefined` where it keeps its own */
  addManifest(manifest: WebManifest): string | undefined
}

function openPage({ context, state, html, filename, onSee, urlsOf, addManifest }: PageOptions): Page {
  const { config, project } = context
  const editor: Editor = editHtml(html)
  return {
    html,
    editor,
    hasPolicy: config.html?.cspNonce !== undefined,
    urlsOf,
    see(reference, written) {
      try {
        const sight = see(state, reference, config.command === 'serve' ? withoutSlowFormats : undefined)
        onSee?.(reference)
        return sight
      } catch (error) {
        context.isBroken = true
        throw toViteError(error, project.paths.root, locate(filename, [written], html))
      }
    },
    addIcons(icons: readonly ManifestIcon[]) {
      try {
        const manifest = withIcons(filename, titleOf(editor.elements), icons, config)
        return manifest === undefined ? undefined : addManifest(manifest)
      } catch (error) {
        config.logger.warn(`[limn] The web app manifest of ${posix.basename(filename)} gets no icons: ${error instanceof Error ? error.message : String(error)}`)
        return undefined
      }
    },
  }
}

async function readyFor(context: Context): Promise<State> {
  try {
    return await context.ready()
  } catch (error) {
    context.isBroken = true
    throw toViteError(error, context.project.paths.root)
  }
}

/** What `style` attributes and `<style>` name; Vite's own pipeline for styles has put URLs there. */
function namesInStyles(html: string): string[] {
  return [...html.matchAll(/\/@limn\/([^?"'()\s]+)\/([^?/"'()\s]+)\?v=/g)].map(([, asset, file]) => `${decodeURIComponent(asset!)}@${decodeURIComponent(file!)}`)
}

function canSee(state: State, name: string): boolean {
  const at = name.lastIndexOf('@')
  try {
    see(state, at === -1 ? { asset: name, selector: undefined } : { asset: name.slice(0, at), selector: name.slice(at + 1) })
    return true
  } catch {
    return false
  }
}
