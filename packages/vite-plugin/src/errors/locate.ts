import { existsSync, readFileSync } from 'node:fs'
import { codeFrame } from '@limn/core/for-vite/start'

/** A place in a user's file. Line and column count from 1. */
export type Located = {
  id: string
  loc: { file: string; line: number; column: number }
  frame: string
}

/**
 * Finds where a file names something; the file alone where it does not, as where it was put
 * together from others.
 *
 * @param id path of the file, with or without a query
 * @param names how it may be written
 * @param text its content, where it is not that on the disk
 */
export function locate(
  id: string,
  names: readonly string[],
  text?: string,
): Located | { id: string } {
  const file = id.replace(/[?#].*$/, '')
  const candidates = [existsSync(file) ? readFileSync(file, 'utf8') : undefined, text]
  for (const content of candidates) {
    for (const name of names) {
      const at = content === undefined ? -1 : indexOfName(content, name)
      if (content === undefined || at === -1) continue
      const before = content.slice(0, at).split('\n')
      const place = {
        file,
        line: before.length,
        column: before.at(-1)!.length + 1,
        length: name.length,
      }
      return {
        id: file,
        loc: { file, line: place.line, column: place.column },
        frame: viteFrame(codeFrame(content, place)),
      }
    }
  }
  return { id: file }
}

/** Where a name stands as a whole, and not as the start of a longer one. */
function indexOfName(text: string, name: string): number {
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    if (!/[\p{L}\p{N}_/@.-]/u.test(text.charAt(at + name.length))) return at
  }
  return -1
}

/**
 * A code frame without the marks in front: Vite trims its first line, and the others would stand
 * askew.
 */
export function viteFrame(frame: string): string {
  return frame.replace(/^(?:> | {2})/gm, '')
}
