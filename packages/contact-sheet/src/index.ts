/*
 * What Limn's servers need of the page: the types of its messages, and where its files are.
 */
import { fileURLToPath } from 'node:url'

export type * from './protocol.ts'
export { createPageHtml } from './page-html.ts'
export type { PageHost } from './page-html.ts'
export { parsePicturePath, pathOfPicture } from './picture-path.ts'

/** A file of the built page. `page.js` is one script without imports, `page.css` its only style. */
export type PageFile = 'page.js' | 'page.css'

/**
 * Returns the absolute path of a file of the page. `pnpm build` creates it; in the repo itself it
 * does not exist before.
 */
export function pathOfPageFile(name: PageFile): string {
  // From `src` in the repo, from `dist` in the published package.
  const isSource = import.meta.url.endsWith('.ts')
  return fileURLToPath(new URL(`${isSource ? '../dist' : '.'}/page/${name}`, import.meta.url))
}
