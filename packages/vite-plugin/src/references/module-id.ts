/** Every picture of the manifest by name: `import { hero } from 'virtual:limn'`. */
export const INDEX_ID = 'virtual:limn'
/** What people import: `virtual:limn/hero`, `virtual:limn/hero@og`. */
export const MODULE_PREFIX = 'virtual:limn/'
/** The same inside Vite, where `\0` keeps other plugins away. */
export const RESOLVED_INDEX = '\0virtual:limn'
export const RESOLVED_PREFIX = '\0virtual:limn/'
/** The code that swaps pictures in an open page. */
export const CLIENT_ID = 'virtual:limn-client'

/** Path below the base at which the dev server has pictures. */
export const DEV_PATH = '@limn/'

/** Whether a resolved id is one of a module that pictures are imported from. */
export function isPictureModule(id: string): boolean {
  return id === RESOLVED_INDEX || id.startsWith(RESOLVED_PREFIX)
}

/**
 * What people write to name a picture, wherever it stands: names hold slashes, so `@` separates
 * what stands behind.
 */
export type Reference = { asset: string; selector: string | undefined }

/**
 * What a module gives: a Picture or URL (`value`), always a URL (`?url`), always a data URL
 * (`?inline`), or the data URL of its stand-in (`?placeholder`).
 */
export type Form = 'value' | 'url' | 'inline' | 'placeholder'

export type ModuleId = Reference & {
  form: Form
  /**
   * Whether a small file may stand in the code itself: `?no-inline` forbids it, as for Vite's own
   * assets.
   */
  mayInline: boolean
}

/** Queries that change what a module gives, the strongest first. */
const forms = ['placeholder', 'inline', 'url'] as const

/** Reads `\0virtual:limn/product/mug@og?url`. */
export function parseModuleId(resolved: string): ModuleId {
  const [path, query] = splitQuery(resolved.slice(RESOLVED_PREFIX.length))
  return {
    ...parseReference(path),
    form: forms.find((name) => query.has(name)) ?? 'value',
    mayInline: !query.has('no-inline'),
  }
}

/** Reads `product/mug@og`. */
export function parseReference(text: string): Reference {
  const at = text.indexOf('@')
  return at === -1
    ? { asset: text, selector: undefined }
    : { asset: text.slice(0, at), selector: text.slice(at + 1) }
}

/** A text that may end in `?key&key=value`, and its keys. */
export function splitQuery(text: string): [path: string, query: URLSearchParams] {
  const at = text.indexOf('?')
  return at === -1
    ? [text, new URLSearchParams()]
    : [text.slice(0, at), new URLSearchParams(text.slice(at + 1))]
}
