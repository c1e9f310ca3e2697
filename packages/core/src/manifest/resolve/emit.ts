import { posix } from 'node:path'
import type { ManifestFile } from '../manifest-file.ts'
import type { EmitSettings } from '../manifest.ts'
import { normalizePath } from './paths.ts'

/** Folders whose content frameworks serve at the root of the site. */
const SERVED = /^(?:.*\/)?(?:public|static)(?=\/|$)/

/** Fills in the defaults of `emit`. Returns `null` if the manifest has none. */
export function resolveEmit({ emit, out }: ManifestFile): EmitSettings | null {
  if (emit === undefined) return null
  const { file, as, base } = typeof emit === 'string' ? { file: emit } : emit
  const path = posix.normalize(normalizePath(file))
  const served = base ?? servedAt(normalizePath(out ?? ''))
  const isJson = path.endsWith('.json')
  const form = as ?? (isJson || served !== undefined ? 'urls' : 'imports')
  return {
    file: path,
    as: form,
    base: form === 'imports' ? null : (served?.replace(/\/+$/, '') ?? null),
  }
}

/** Returns the URL at which frameworks serve a folder: `public/images` at `/images`. */
function servedAt(out: string): string | undefined {
  return SERVED.test(out) ? encodeURI(out.replace(SERVED, '')) : undefined
}
