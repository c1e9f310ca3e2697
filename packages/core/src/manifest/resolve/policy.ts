import type { PolicyFile } from '../manifest-file.ts'
import type { Policy } from '../manifest.ts'

/** Fills in the defaults of `policy`. */
export function resolvePolicy(file: PolicyFile | undefined): Policy | null {
  if (file === undefined) return null
  const { models = null, providers = null, maxCost = null, maxPageBytes = null } = file
  const acknowledge = (file.acknowledge ?? []).map(
    ({ finding, for: names = null, reason, until = null }) => ({
      finding,
      for: names,
      reason,
      until,
    }),
  )
  return {
    models,
    providers,
    maxCost,
    maxPageBytes,
    pages: file.pages ?? {},
    require: file.require ?? [],
    acknowledge,
  }
}
