import { posix } from 'node:path'
import type { Context, State } from '../context.ts'
import { locate } from '../errors/locate.ts'
import { toViteError } from '../errors/vite-error.ts'
import type { Reference } from '../references/module-id.ts'
import { see, withoutSlowFormats } from '../references/resolve-reference.ts'
import { editHtml, type Editor, titleOf } from './editor.ts'
import type { ManifestIcon, Page } from './page.ts'
import { type WebManifest, withIcons } from './web-manifest.ts'

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

/** Reads a page that is to be given its pictures. */
export function openPage({
  context,
  state,
  html,
  filename,
  onSee,
  urlsOf,
  addManifest,
}: PageOptions): Page {
  const { config, project } = context
  const editor: Editor = editHtml(html)
  return {
    html,
    editor,
    hasPolicy: config.html?.cspNonce !== undefined,
    urlsOf,
    see(reference, written) {
      try {
        const sight = see(
          state,
          reference,
          config.command === 'serve' ? withoutSlowFormats : undefined,
        )
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
        config.logger.warn(
          `[limn] The web app manifest of ${posix.basename(filename)} gets no icons: ${error instanceof Error ? error.message : String(error)}`,
        )
        return undefined
      }
    },
  }
}

/** What is known of the project. @throws an error in Vite's shape */
export async function readyFor(context: Context): Promise<State> {
  try {
    return await context.ready()
  } catch (error) {
    context.isBroken = true
    throw toViteError(error, context.project.paths.root)
  }
}
