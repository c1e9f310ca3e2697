import { posix } from 'node:path'
import type { Context, ProjectState } from '../context.ts'
import { locate } from '../errors/locate.ts'
import { toViteError } from '../errors/vite-error.ts'
import type { Reference } from '../references/module-id.ts'
import {
  type ResolvedReference,
  resolveReference,
  withoutSlowFormats,
} from '../references/resolve-reference.ts'
import { editHtml, titleOf } from './editor.ts'
import type { Page } from './page.ts'
import { type WebManifest, withIcons } from './web-manifest.ts'

export type PageOptions = {
  context: Context
  state: ProjectState
  html: string
  /** Path of the page's file, absolute. */
  filename: string
  /** Called with each reference that was resolved. */
  onResolve?: (reference: Reference) => void
  urlsOf: Page['urlsOf']
  /**
   * Takes a web app manifest.
   *
   * @returns its URL; `undefined` if it keeps its own
   */
  addManifest(manifest: WebManifest): string | undefined
}

/** Parses a page whose references are to be replaced. */
export function openPage(options: PageOptions): Page {
  const { context, html, filename, urlsOf, addManifest } = options
  const { config } = context
  const editor = editHtml(html)
  return {
    html,
    editor,
    hasPolicy: config.html?.cspNonce !== undefined,
    urlsOf,
    resolve: (reference, written) => resolveInPage(options, { reference, written }),
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
}

function resolveInPage(
  { context, state, html, filename, onResolve }: PageOptions,
  { reference, written }: { reference: Reference; written: string },
): ResolvedReference {
  const { config, project } = context
  try {
    const adjust = config.command === 'serve' ? withoutSlowFormats : undefined
    const resolved = resolveReference(state, reference, adjust)
    onResolve?.(reference)
    return resolved
  } catch (error) {
    context.mayShowError = true
    throw toViteError(error, project.paths.root, locate(filename, [written], html))
  }
}

/** Returns the project's state for a page. @throws Error in Vite's shape */
export async function requireStateForPage(context: Context): Promise<ProjectState> {
  try {
    return await context.requireState()
  } catch (error) {
    context.mayShowError = true
    throw toViteError(error, context.project.paths.root)
  }
}
