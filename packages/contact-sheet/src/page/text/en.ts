/*
 * Every text of the page in English. `zh.ts` has the same keys.
 */
import { assetTexts } from './en-asset.ts'

/** Returns a count with its noun: `1 picture`, `12 pictures`. */
function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`
}

export const en = {
  nav: { label: 'Views', pictures: 'Pictures', run: 'Run', costs: 'Costs' },
  states: {
    generating: 'Generating',
    failed: 'Failed',
    stale: 'Stale',
    draft: 'Draft',
    edited: 'Edited',
    blocked: 'Blocked',
    waiting: 'Waiting',
    pinned: 'Pinned',
    fresh: 'Fresh',
  },
  loading: 'Reading the project …',
  retry: 'Try again',
  count: { pictures: (number: number) => count(number, 'picture') },
  asset: assetTexts,
}

/** The texts of the page in one language. */
export type Text = typeof en
