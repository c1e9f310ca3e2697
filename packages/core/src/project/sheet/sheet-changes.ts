import type { Sheet, ToPage } from '@limn/contact-sheet'

/** What the pages of a session have, to send them only what is new. */
export type SheetChanges = {
  /** Whether a page has a sheet. */
  readonly hasPages: boolean
  /**
   * Compares a sheet with the one that the pages have, which it replaces.
   *
   * @returns `undefined` if nothing changed, or no page has a sheet yet
   */
  next(sheet: Sheet): Extract<ToPage, { type: 'changed' }> | undefined
}

/** Creates the changes of one session. */
export function trackSheetChanges(): SheetChanges {
  let textByAsset: ReadonlyMap<string, string> | undefined
  let textOfRest = ''
  return {
    get hasPages() {
      return textByAsset !== undefined
    },
    next({ assets, ...sheet }) {
      const before = textByAsset
      const texts = new Map(assets.map((asset) => [asset.name, JSON.stringify(asset)]))
      const rest = JSON.stringify(sheet)
      const isSameRest = rest === textOfRest
      textByAsset = texts
      textOfRest = rest
      if (before === undefined) return undefined
      const changed = assets.filter(({ name }) => before.get(name) !== texts.get(name))
      const gone = [...before.keys()].filter((name) => !texts.has(name))
      if (changed.length === 0 && gone.length === 0 && isSameRest) return undefined
      return { type: 'changed', sheet, assets: changed, gone }
    },
  }
}
