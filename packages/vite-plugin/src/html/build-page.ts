import { posix } from 'node:path'
import { sha256 } from '@limn/core/for-vite'
import type { IndexHtmlTransformContext } from 'vite'
import { type Emitted, type Emitter, emitTokened, placeholderUrl } from '../build/emit.ts'
import { TOKEN, tokenUrls } from '../build/tokens.ts'
import type { Context } from '../context.ts'
import { toViteError } from '../errors/vite-error.ts'
import { openPage, readyFor } from './open-page.ts'
import { absoluteUrl } from './site-url.ts'
import { showPictures } from './transform.ts'
import type { WebManifest } from './web-manifest.ts'

/** Stands in a page for the URL of its web app manifest until that has its content. */
const MANIFEST_URL = '__LIMN_WEB_MANIFEST__'

/** What a build's hook has beside its page. */
export type BuildHook = Emitter & {
  getFileName(reference: string): string
  warn(message: string): void
  emitFile(file: {
    type: 'asset'
    fileName?: string
    name?: string
    originalFileName?: string
    source: Uint8Array | string
  }): string
}

/** A page as a build writes it. */
export async function transformBuildPage(
  context: Context,
  hook: BuildHook,
  html: string,
  { filename, path }: IndexHtmlTransformContext,
): Promise<string> {
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
  const emitted = await emitTokened(
    hook,
    context,
    `${text}${manifest === undefined ? '' : JSON.stringify(manifest.content)}`,
  ).catch((error: unknown) => {
    throw toViteError(error, context.project.paths.root, { id: filename })
  })
  const isHostMissing =
    siteUrl === undefined && [...emitted.values()].some(({ file }) => file.use === 'absolute')
  if (isHostMissing) {
    hook.warn(
      `${path.slice(1)} names a picture that other sites fetch (og:image, twitter:image), and its URL has no host. Set siteUrl of limn() to where the site will be: limn({ siteUrl: 'https://example.com' }).`,
    )
  }
  const filled = text.replace(TOKEN, (token, key: string) => {
    const file = emitted.get(key)
    if (file === undefined) return token
    if (!('reference' in file) || file.file.use !== 'absolute' || siteUrl === undefined) {
      return placeholderUrl(file)
    }
    return absoluteUrl(hook.getFileName(file.reference), {
      environment: hook.environment,
      page: path,
      siteUrl,
    })
  })
  return manifest === undefined
    ? filled
    : filled.replaceAll(MANIFEST_URL, emitManifest(context, hook, manifest, emitted))
}

/**
 * Writes a web app manifest whose icons have been emitted. @returns what stands for its URL until
 * Vite knows the base
 */
function emitManifest(
  { config }: Context,
  hook: BuildHook,
  { content, publicPath }: WebManifest,
  emitted: ReadonlyMap<string, Emitted>,
): string {
  const folder = publicPath === undefined ? config.build.assetsDir : posix.dirname(publicPath)
  const source = JSON.stringify(content).replace(TOKEN, (token, key: string) => {
    const file = emitted.get(key)
    return file !== undefined && 'reference' in file
      ? posix.relative(folder, hook.getFileName(file.reference))
      : token
  })
  const fileName =
    publicPath ?? posix.join(folder, `manifest-${sha256(source).slice(0, 8)}.webmanifest`)
  return placeholderUrl({ reference: hook.emitFile({ type: 'asset', fileName, source }) })
}
