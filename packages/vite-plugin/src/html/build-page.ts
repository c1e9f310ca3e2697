import { posix } from 'node:path'
import { sha256 } from '@limn/core/for-vite'
import type { IndexHtmlTransformContext } from 'vite'
import { type Emitted, type Emitter, emitTokened, replacementUrl } from '../build/emit.ts'
import { TOKEN, tokenUrls } from '../build/tokens.ts'
import type { Context } from '../context.ts'
import { toViteError } from '../errors/vite-error.ts'
import { openPage } from './open-page.ts'
import { absoluteUrl } from './site-url.ts'
import { replaceReferences } from './transform.ts'
import type { WebManifest } from './web-manifest.ts'

/** Placeholder of the URL of a page's web app manifest until its content is known. */
const MANIFEST_URL = '__LIMN_WEB_MANIFEST__'

/** The part of a build hook's `this` that transforming a page needs. */
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

type BuildPage = { html: string; page: IndexHtmlTransformContext }

/** A page that contains tokens, and its web app manifest. */
type TokenedPage = { text: string; manifest: WebManifest | undefined }

type EmittedFiles = ReadonlyMap<string, Emitted>

/** Transforms a page for a build and emits its files. @throws Error in Vite's shape */
export async function transformBuildPage(
  hook: BuildHook,
  context: Context,
  { html, page }: BuildPage,
): Promise<string> {
  const { text, manifest } = await insertTokens(context, html, page.filename)
  if (text === html) return html
  const manifestText = manifest === undefined ? '' : JSON.stringify(manifest.content)
  const emitted = await emitTokened(hook, context, `${text}${manifestText}`).catch(
    (error: unknown) => {
      throw toViteError(error, context.project.paths.root, { id: page.filename })
    },
  )
  const { siteUrl } = context.options
  if (siteUrl === undefined && [...emitted.values()].some(({ file }) => file.use === 'absolute')) {
    hook.warn(
      `${page.path.slice(1)} has a picture for other sites (og:image, twitter:image, structured data), but its URL has no host. Set siteUrl to the URL of your site: limn({ siteUrl: 'https://example.com' }).`,
    )
  }
  const replaced = text.replace(TOKEN, (token, digits: string) => {
    const file = emitted.get(digits)
    if (file === undefined) return token
    if (!('reference' in file) || file.file.use !== 'absolute' || siteUrl === undefined) {
      return replacementUrl(file)
    }
    return absoluteUrl(hook.getFileName(file.reference), {
      environment: hook.environment,
      page: page.path,
      siteUrl,
    })
  })
  if (manifest === undefined) return replaced
  return replaced.replaceAll(MANIFEST_URL, emitManifest(hook, context, { manifest, emitted }))
}

/** Replaces the references of a page with tokens. */
async function insertTokens(
  context: Context,
  html: string,
  filename: string,
): Promise<TokenedPage> {
  let manifest: WebManifest | undefined
  const { page, mentions } = await openPage({
    context,
    html,
    filename,
    urlsOf: (_, use) => tokenUrls(context, use),
    addManifest(added) {
      manifest = added
      return added.publicPath === undefined ? MANIFEST_URL : undefined
    },
  })
  replaceReferences(page, mentions)
  return { text: page.editor.toString(), manifest }
}

/**
 * Emits a web app manifest whose icons have been emitted.
 *
 * @returns the URL that stands for it until Vite adds the base
 */
function emitManifest(
  hook: BuildHook,
  { config }: Context,
  { manifest, emitted }: { manifest: WebManifest; emitted: EmittedFiles },
): string {
  const { content, publicPath } = manifest
  const folder = publicPath === undefined ? config.build.assetsDir : posix.dirname(publicPath)
  const source = JSON.stringify(content).replace(TOKEN, (token, digits: string) => {
    const file = emitted.get(digits)
    return file !== undefined && 'reference' in file
      ? posix.relative(folder, hook.getFileName(file.reference))
      : token
  })
  const fileName =
    publicPath ?? posix.join(folder, `manifest-${sha256(source).slice(0, 8)}.webmanifest`)
  return replacementUrl({ reference: hook.emitFile({ type: 'asset', fileName, source }) })
}
