/** What people import: `virtual:limn/hero`, `virtual:limn/hero@og`. */
export const MODULE_PREFIX = 'virtual:limn/'
/** The same inside Vite, where `\0` keeps other plugins away. */
export const RESOLVED_PREFIX = '\0virtual:limn/'
/** The code that swaps pictures in an open page. */
export const CLIENT_ID = 'virtual:limn-client'

/** The parts of a picture module's id: names hold slashes, so `@` separates what stands behind. */
export type ModuleId = { asset: string; selector: string | undefined }

/** Reads `\0virtual:limn/product/mug@og`. */
export function parseModuleId(resolved: string): ModuleId {
  const rest = resolved.slice(RESOLVED_PREFIX.length)
  const at = rest.indexOf('@')
  return at === -1 ? { asset: rest, selector: undefined } : { asset: rest.slice(0, at), selector: rest.slice(at + 1) }
}
