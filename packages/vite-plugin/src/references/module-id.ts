/** The module of all images: `import { hero } from 'virtual:limn'`. */
export const INDEX_ID = 'virtual:limn'
/** Start of the ids that people import: `virtual:limn/hero`, `virtual:limn/hero@og`. */
export const MODULE_PREFIX = 'virtual:limn/'
/** The resolved id of the index; other plugins ignore ids that start with `\0`. */
const RESOLVED_INDEX = '\0virtual:limn'
const RESOLVED_PREFIX = '\0virtual:limn/'
/** The module that swaps images in an open page. */
export const CLIENT_ID = 'virtual:limn-client'

/** Path below the base at which the dev server serves images. */
export const DEV_PATH = '@limn/'

/** What people write to name an image, `product/mug@og`. Asset names may contain slashes. */
export type Reference = { asset: string; selector: string | undefined }

/**
 * What a module exports: a `Picture` or a URL (`value`), always a URL (`?url`), always a data URL
 * (`?inline`), or the placeholder as a data URL (`?placeholder`).
 */
export type Form = 'value' | 'url' | 'inline' | 'placeholder'

/** The module of one reference. */
export type ReferenceModule = Reference & {
  form: Form
  /** Whether a small file may be inlined; `?no-inline` forbids it, as for Vite's own assets. */
  mayInline: boolean
}

/** An image module: the index, or the module of one reference. */
export type ModuleId = { form: 'index' } | ReferenceModule

/** Queries that determine the form; the first one present applies. */
const forms = ['placeholder', 'inline', 'url'] as const

/** Returns whether a module is the index, `virtual:limn`. */
export function isIndex(module: ModuleId): module is { form: 'index' } {
  return module.form === 'index'
}

/** Parses a resolved id, `\0virtual:limn/product/mug@og?url`; `undefined` if it is no image module. */
export function parseModuleId(resolved: string): ModuleId | undefined {
  if (resolved === RESOLVED_INDEX) return { form: 'index' }
  if (!resolved.startsWith(RESOLVED_PREFIX)) return undefined
  const [path, query] = splitQuery(resolved.slice(RESOLVED_PREFIX.length))
  return {
    ...parseReference(path),
    form: forms.find((name) => query.has(name)) ?? 'value',
    mayInline: !query.has('no-inline'),
  }
}

/** Parses `product/mug@og`. */
export function parseReference(text: string): Reference {
  const at = text.indexOf('@')
  return at === -1
    ? { asset: text, selector: undefined }
    : { asset: text.slice(0, at), selector: text.slice(at + 1) }
}

/** Splits a text that may end in `?key&key=value` into its path and its query. */
export function splitQuery(text: string): [path: string, query: URLSearchParams] {
  const at = text.indexOf('?')
  return at === -1
    ? [text, new URLSearchParams()]
    : [text.slice(0, at), new URLSearchParams(text.slice(at + 1))]
}
