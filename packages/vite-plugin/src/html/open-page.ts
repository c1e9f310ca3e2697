import { posix } from 'node:path'
import type { Asset } from '@limn/core'
import type { UrlOf } from '@limn/core/for-vite'
import { LimnError } from '@limn/core/for-vite/start'
import type { Context, FileUse, ProjectState } from '../context.ts'
import { locate } from '../errors/locate.ts'
import { toViteError } from '../errors/vite-error.ts'
import type { Reference } from '../references/module-id.ts'
import {
  type ResolvedReference,
  resolveReference,
  withoutSlowFormats,
} from '../references/resolve-reference.ts'
import { editHtml, titleOf } from './editor.ts'
import { type Mention, mentionsIn, requestsPicture } from './mentions.ts'
import type { Page } from './page.ts'
import { reportUnreplaced } from './report-unreplaced.ts'
import { type WebManifest, withIcons } from './web-manifest.ts'

export type PageOptions = {
  context: Context
  html: string
  /** Path of the page's file, absolute. */
  filename: string
  /** Called with each reference that was resolved. */
  onResolve?: (reference: Reference) => void
  /** Returns the URLs of an asset's outputs for one use. */
  urlsOf(state: ProjectState, use: FileUse): (asset: Asset) => UrlOf
  /**
   * Takes a web app manifest.
   *
   * @returns its URL; `undefined` if it keeps its own
   */
  addManifest(manifest: WebManifest): string | undefined
}

/** A page to edit, and where it mentions pictures. */
type OpenedPage = {
  page: Page
  mentions: readonly Mention[]
  /** `undefined` in a project without a manifest, if the page requests no picture. */
  state: ProjectState | undefined
}

/** Parses a page whose references are to be replaced. @throws Error in Vite's shape */
export async function openPage(options: PageOptions): Promise<OpenedPage> {
  const { context, html, filename, addManifest } = options
  const { config } = context
  const editor = editHtml(html)
  const mentions = mentionsIn(editor.elements)
  const state = await stateForPage(options, mentions)
  const page: Page = {
    html,
    editor,
    hasPolicy: config.html?.cspNonce !== undefined,
    urlsOf: (use) => options.urlsOf(state!, use),
    resolve: (reference, written) => resolveInPage(options, state!, { reference, written }),
    find: (reference) => findInPage(options, state, reference),
    reportUnreplaced: (mention, at) => reportUnreplaced(options, { mention, at }),
    addIcons(icons) {
      try {
        const title = titleOf(editor.elements)
        const manifest = withIcons({ file: filename, title, icons, site: config })
        return manifest === undefined ? undefined : addManifest(manifest)
      } catch (error) {
        context.log.warn(
          `[limn] The web app manifest of ${posix.basename(filename)} gets no icons: ${error instanceof Error ? error.message : String(error)}`,
        )
        return undefined
      }
    },
  }
  return { page, mentions, state }
}

/**
 * Reads the project for a page. The error names the place of the first reference if the project has
 * no manifest.
 */
async function stateForPage(
  { context, html, filename }: PageOptions,
  mentions: readonly Mention[],
): Promise<ProjectState | undefined> {
  try {
    return await context.requireState()
  } catch (error) {
    const request = mentions.find(requestsPicture)
    const isMissing = error instanceof LimnError && error.code === 'manifest/not-found'
    if (isMissing && request === undefined) return undefined
    context.mayShowError = true
    const location =
      request === undefined ? undefined : locate(filename, [request.text.trim()], html)
    throw toViteError(error, context.project.paths.root, location)
  }
}

/** @throws LimnError if the project has no such picture */
function resolveAndNote(
  { context: { config }, onResolve }: PageOptions,
  state: ProjectState,
  reference: Reference,
): ResolvedReference {
  const adjust = config.command === 'serve' ? withoutSlowFormats : undefined
  const resolved = resolveReference(state, reference, adjust)
  onResolve?.(reference)
  return resolved
}

function resolveInPage(
  options: PageOptions,
  state: ProjectState,
  { reference, written }: { reference: Reference; written: string },
): ResolvedReference {
  try {
    return resolveAndNote(options, state, reference)
  } catch (error) {
    const { context, html, filename } = options
    context.mayShowError = true
    throw toViteError(error, context.project.paths.root, locate(filename, [written], html))
  }
}

function findInPage(
  options: PageOptions,
  state: ProjectState | undefined,
  reference: Reference,
): ResolvedReference | undefined {
  if (state === undefined) return undefined
  try {
    return resolveAndNote(options, state, reference)
  } catch {
    return undefined
  }
}
