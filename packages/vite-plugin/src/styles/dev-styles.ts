import { mainOutput } from '@limn/core/for-vite'
import type { DevEnvironment, EnvironmentModuleNode } from 'vite'
import type { Context, ProjectState } from '../context.ts'
import type { Reference } from '../references/module-id.ts'
import { devUrls, resolveReference } from '../references/resolve-reference.ts'

/**
 * Returns the path of a reference in a style on the dev server, below Vite's root, and records it,
 * so that the style is updated when the image changes.
 *
 * @throws LimnError `asset/unknown`, `output/unknown`
 */
export function serveInStyle(context: Context, state: ProjectState, reference: Reference): string {
  const { root } = context.config
  const url = styleUrl(context, state, reference)
  context.dev.styleUrlByPath.set(withoutQuery(url), { ...reference, url, root })
  return `${root}/${url}`
}

/** Returns an environment's styles whose images have changed. */
export function changedStyles(
  context: Context,
  state: ProjectState,
  { moduleGraph }: DevEnvironment,
): EnvironmentModuleNode[] {
  const changed = [...context.dev.styleUrlByPath.values()].filter(
    ({ url, ...reference }) => currentUrl(context, state, reference) !== url,
  )
  // Vite 7 keeps the query as a part of the file's name.
  const paths = changed.flatMap(({ root, url }) => [
    `${root}/${url}`,
    `${root}/${withoutQuery(url)}`,
  ])
  const files = paths.flatMap((path) => [...(moduleGraph.getModulesByFile(path) ?? [])])
  // The client swaps images in the styles of a page itself.
  return [...new Set(files.flatMap(({ importers }) => [...importers]))].filter(
    ({ url }) => !url.includes('html-proxy'),
  )
}

function styleUrl(context: Context, state: ProjectState, reference: Reference): string {
  const { asset, outputs } = resolveReference(state, reference)
  return devUrls(state, '', context.dev.partialByAsset)(asset)(mainOutput(outputs))
}

/** Returns the current URL of a reference; `undefined` if its image no longer exists. */
function currentUrl(
  context: Context,
  state: ProjectState,
  reference: Reference,
): string | undefined {
  try {
    return styleUrl(context, state, reference)
  } catch {
    return undefined
  }
}

function withoutQuery(url: string): string {
  return url.replace(/\?.*$/, '')
}
