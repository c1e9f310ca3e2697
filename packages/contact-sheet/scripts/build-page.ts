/*
 * Builds the page of the contact sheet if its sources are newer: in a clone, the demo's dev server
 * and `limn ui` need it.
 *
 *     node packages/contact-sheet/scripts/build-page.ts
 */
import { buildPage } from '../e2e/build-page.ts'

await buildPage()
