import type { Asset } from '@limn/core'
import type { UrlOf } from '@limn/core/for-vite'
import type { FileUse } from '../context.ts'
import type { Reference } from '../references/module-id.ts'
import type { ResolvedReference } from '../references/resolve-reference.ts'
import type { Editor, Element } from './editor.ts'
import type { Mention } from './mentions.ts'

/** A page whose references are being replaced. */
export type Page = {
  /** The page as it was before. */
  html: string
  editor: Editor
  /** Whether a content security policy forbids scripts in attributes. */
  hasPolicy: boolean
  /**
   * Resolves a reference.
   *
   * @param written the reference as the page contains it
   * @throws Error in Vite's shape, with the location in the page
   */
  resolve(reference: Reference, written: string): ResolvedReference
  /** Resolves a reference; `undefined` if the project has no such picture. */
  find(reference: Reference): ResolvedReference | undefined
  /**
   * Warns once of a mention that Limn does not replace.
   *
   * @param at offset in the text of the mention; the first one by default
   */
  reportUnreplaced(mention: Mention, at?: number): void
  /** Returns the URLs of an asset's outputs for one use. */
  urlsOf(use: FileUse): (asset: Asset) => UrlOf
  /**
   * Adds icons to the page's web app manifest, or to a new one.
   *
   * @returns the URL of the manifest; `undefined` if the page's own one keeps its URL
   */
  addIcons(icons: readonly ManifestIcon[]): string | undefined
}

/** An element of a page and what its reference resolves to. */
export type ElementReference = { page: Page; element: Element; resolved: ResolvedReference }

/** An icon in a web app manifest. */
export type ManifestIcon = { src: string; sizes: string; type: string; purpose: 'any' | 'maskable' }
