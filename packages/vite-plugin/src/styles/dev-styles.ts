import type { DevEnvironment, EnvironmentModuleNode } from 'vite'
import type { Context, State } from '../context.ts'
import type { Reference } from '../references/module-id.ts'
import { mainOutput } from '../references/picture.ts'
import { devUrls, see } from '../references/resolve-reference.ts'

/** A file that a style names in dev: what it was named as, and what was given for it last. */
type Named = { reference: Reference; url: string; root: string }

const namedByPathByContext = new WeakMap<Context, Map<string, Named>>()

/**
 * The URL below the base of the file that a style shows for a reference, in dev. @throws LimnError
 * `asset/unknown`, `output/unknown`
 */
export function styleUrl(context: Context, state: State, reference: Reference): string {
  const { asset, outputs } = see(state, reference)
  return devUrls(state, '', context.partials)(asset)(mainOutput(outputs))
}

/** Remembers what a style was given, so that the style is updated when the picture changes. */
export function rememberStyle(
  context: Context,
  root: string,
  reference: Reference,
  url: string,
): void {
  let namedByPath = namedByPathByContext.get(context)
  if (namedByPath === undefined) namedByPathByContext.set(context, (namedByPath = new Map()))
  namedByPath.set(url.replace(/\?.*$/, ''), { reference, url, root })
}

/** The styles of an environment that show a picture which has changed. */
export function changedStyles(
  context: Context,
  state: State,
  environment: DevEnvironment,
): EnvironmentModuleNode[] {
  const named = [...(namedByPathByContext.get(context)?.values() ?? [])]
  const changed = named.filter(({ reference, url }) => urlNow(context, state, reference) !== url)
  // Vite 7 keeps the query as a part of the file's name.
  const paths = changed.flatMap(({ root, url }) => [
    `${root}/${url}`,
    `${root}/${url.replace(/\?.*$/, '')}`,
  ])
  const files = paths.flatMap((path) => [...(environment.moduleGraph.getModulesByFile(path) ?? [])])
  // Styles in a page itself are no modules of it: what swaps pictures there swaps them too.
  return [...new Set(files.flatMap(({ importers }) => [...importers]))].filter(
    ({ url }) => !url.includes('html-proxy'),
  )
}

function urlNow(context: Context, state: State, reference: Reference): string | undefined {
  try {
    return styleUrl(context, state, reference)
  } catch {
    return undefined
  }
}
