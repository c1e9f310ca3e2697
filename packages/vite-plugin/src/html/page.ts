import type { Asset } from '@limn/core'
import type { Use } from '../build/tokens.ts'
import { decode } from '../decode.ts'
import { parseReference, type Reference } from '../references/module-id.ts'
import type { UrlOf } from '../references/picture.ts'
import type { Sight } from '../references/resolve-reference.ts'
import type { Editor } from './editor.ts'

/** A page that is being given its pictures. */
export type Page = {
  html: string
  editor: Editor
  /** Whether a content security policy forbids scripts in attributes. */
  hasPolicy: boolean
  /** What a reference stands for. @throws an error in Vite's shape, with its place in the page */
  see(reference: Reference, written: string): Sight
  /** URLs of an asset's files, for one use. */
  urlsOf(use: Use): (asset: Asset) => UrlOf
  /**
   * Takes a web app manifest's icons. @returns the URL of a manifest that has them; `undefined`
   * where the page's own one stays at its URL
   */
  addIcons(icons: readonly ManifestIcon[]): string | undefined
}

/** An icon in a web app manifest. */
export type ManifestIcon = { src: string; sizes: string; type: string; purpose: 'any' | 'maskable' }

/** What an attribute's value names, where it is one `limn:` and nothing else. */
export function readReference(value: string | undefined): Reference | undefined {
  const [, path] = /^\s*limn:(\S+)\s*$/.exec(value ?? '') ?? []
  // Other tools may have encoded the letters of a name.
  return path === undefined ? undefined : parseReference(decode(path))
}
