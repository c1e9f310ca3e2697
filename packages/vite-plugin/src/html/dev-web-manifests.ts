import type { Context } from '../context.ts'

/** Path below the base at which the dev server has web app manifests. */
export const DEV_MANIFESTS = '@limn-manifest/'

const manifestsByContext = new WeakMap<Context, Map<string, string>>()

/** The web app manifests that the dev server has, by their URL. */
export function manifestsOf(context: Context): Map<string, string> {
  let manifests = manifestsByContext.get(context)
  if (manifests === undefined) manifestsByContext.set(context, (manifests = new Map()))
  return manifests
}
