/*
 * Every text of the page in English. `zh.ts` has the same keys.
 */
import type { Refusal, SheetReason } from '../../protocol.ts'
import { actionTexts } from './en-actions.ts'
import { assetTexts } from './en-asset.ts'

/** An asset, or a step of the plan, with why it is not up to date. */
export type Explained = {
  why: string
  reasons: readonly SheetReason[]
  failure?: { code: string; message: string } | null
}

/** Returns a count with its noun: `1 picture`, `12 pictures`. */
function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`
}

export const en = {
  otherLanguage: '中文',
  report: 'Report',
  nav: { label: 'Views', pictures: 'Pictures', run: 'Run', costs: 'Costs' },
  themes: { system: 'Theme: as the system', light: 'Theme: light', dark: 'Theme: dark' },
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
  stages: {
    queued: 'in the queue',
    requested: 'requested',
    partial: 'arriving',
    retrying: 'will be retried',
    done: 'done',
    failed: 'failed',
  },
  /** Why an asset is not up to date. The server explains it in English. */
  why: ({ why }: Explained): string => why,
  /** Why a request waits or failed. */
  whyInRun: ({ why }: { why: string; code: string }): string => why,
  refusal: ({ text }: Refusal, _money: (usd: number | null) => string): string => text,
  /** What a failure or a mistake is, by its code. Without an entry, the server's words say it. */
  failures: {} as Readonly<Record<string, string>>,
  facets: { status: 'State', folder: 'Folder', model: 'Model', preset: 'Preset', style: 'Style' },
  sorts: { name: 'Name', status: 'State', cost: 'Cost', model: 'Model' },
  groupings: { none: 'No groups', folder: 'Folder', status: 'State', model: 'Model' },
  loading: 'Reading the project…',
  retry: 'Try again',
  close: 'Close',
  free: 'free',
  unknownPrice: 'unknown price',
  count: { pictures: (number: number) => count(number, 'picture') },
  mistakes: (number: number) =>
    `The manifest has ${count(number, 'mistake')}. The page shows the last valid version.`,
  disconnected: {
    title: 'Disconnected.',
    dev: 'The dev server does not answer. The page reconnects when it is back.',
    ui: '`limn ui` does not answer. Start it again, and open the link that it prints.',
    report: '',
  },
  grid: {
    toolbar: 'Search and filter',
    search: 'Search names, descriptions, models…',
    searchValues: 'Search',
    nothingHere: 'Nothing matches.',
    clearFilters: 'Clear filters',
    arrange: 'Order and groups',
    sortBy: 'Sort by',
    groupBy: 'Group by',
    size: 'Size of the pictures',
    smaller: 'Smaller pictures',
    larger: 'Larger pictures',
    noFolder: 'No folder',
    shown: (shown: number, all: number) =>
      shown === all
        ? count(all, 'picture')
        : `${shown.toLocaleString('en')} of ${count(all, 'picture')}`,
    generateAll: (pictures: number, price: string) =>
      `Update ${count(pictures, 'picture')} · ${price}`,
    select: (name: string) => `Select ${name}`,
    selection: 'Selection',
    selected: (number: number) => `${number.toLocaleString('en')} selected`,
    generateStale: 'Generate what is stale…',
    regenerate: 'Regenerate…',
    clearSelection: 'Clear the selection',
    emptyTitle: 'No pictures yet',
    emptyHint: (manifest: string) =>
      `Describe the first one in ${manifest}. It appears here at once.`,
    noMatchTitle: 'No picture matches',
    noMatchHint: 'Try fewer words, or clear the filters.',
  },
  run: {
    noneTitle: 'No run',
    noneHint: 'Some pictures are not up to date. A run shows its progress here.',
    upToDate: 'Every picture is up to date. A run shows its progress here.',
    start: 'Generate what is stale…',
    progress: 'Progress',
    spent: 'Spent',
    ran: 'Running for',
    left: 'Time left',
    unknown: 'unknown',
    derived: 'Files derived',
    stop: 'Stop',
    stopping: 'Stopping…',
    sections: {
      failed: 'Failed',
      active: 'In flight',
      retrying: 'Waiting to retry',
      queued: 'Queue',
      done: 'Done',
    },
    more: (number: number) => `and ${number.toLocaleString('en')} more`,
    retryIn: (seconds: number) => (seconds === 0 ? 'now' : `in ${seconds} s`),
  },
  costs: {
    total: 'Spent in total',
    saved: 'Saved by the lockfile',
    savedNote: (pictures: number) => `${count(pictures, 'picture')} reused or recovered`,
    plan: 'Cost of the plan',
    planNote: 'at most, to bring everything up to date',
    budget: 'Budget',
    month: (spent: string, limit: string) => `${spent} of ${limit} spent this month`,
    noMonth: (spent: string) => `${spent} spent this month. The manifest sets no monthly limit.`,
    perRun: (limit: string) => `At most ${limit} per run`,
    devLeft: (amount: string) => `The dev server may spend another ${amount}`,
    byDay: 'Spending by day',
    byModel: 'By model',
    byAsset: 'By picture',
    byProfile: 'By profile',
    asTable: 'Show as a table',
    day: 'Day (UTC)',
    amount: 'Amount',
    pictures: 'Pictures',
    nothing: 'Nothing has been spent yet.',
    showAll: (number: number) => `Show all ${number.toLocaleString('en')}`,
  },
  help: {
    title: 'Keyboard',
    keys: [
      { keys: ['←', '↑', '→', '↓'], does: 'Move in the grid' },
      { keys: ['Home', 'End'], does: 'First and last picture' },
      { keys: ['PageUp', 'PageDown'], does: 'Move by a screen' },
      { keys: ['Enter'], does: 'Open the picture' },
      { keys: ['Space'], does: 'Select the picture' },
      { keys: ['Shift + ←↑→↓'], does: 'Select a range' },
      { keys: ['Ctrl / ⌘ + A'], does: 'Select everything shown' },
      { keys: ['/'], does: 'Search' },
      { keys: ['Esc'], does: 'Clear the selection, or go back to the grid' },
      { keys: ['?'], does: 'Show this help' },
    ],
  },
  asset: assetTexts,
  actions: actionTexts,
}

/** The texts of the page in one language. */
export type Text = typeof en
