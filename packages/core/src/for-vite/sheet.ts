/*
 * What `@limn/vite-plugin` needs for the contact sheet. A dev server loads it when the page is opened.
 * Internal: it changes without notice.
 */
export type { AssetView, CostsView, Sheet, ToPage } from '@limn/contact-sheet'
export type { SheetHost, SheetPlace, SheetSpending } from '../project/sheet/host.ts'
export { isLocalHost, nameOf, requestedHost } from '../project/sheet/request-origin.ts'
export { respond } from '../project/sheet/respond.ts'
export type { ShownRun } from '../project/sheet/runs.ts'
export { createSheetSession, type SheetSession } from '../project/sheet/session.ts'
