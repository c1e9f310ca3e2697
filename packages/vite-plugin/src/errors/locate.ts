import { dirname } from 'node:path'
import { codeFrame, maxBytes, readTextInside } from '@limn/core/for-vite/start'

/** A file, and if known a location in it with its code frame. Line and column are 1-based. */
export type FileLocation = { id: string } | LocatedName

type LocatedName = {
  id: string
  loc: { file: string; line: number; column: number }
  frame: string
}

/**
 * Finds where a file contains a name. Returns the file alone if it does not contain it, such as a
 * file composed of others.
 *
 * @param id path of the file, with or without a query
 * @param names the spellings to look for
 * @param text content to search if the file on disk does not contain the name
 */
export function locate(id: string, names: readonly string[], text?: string): FileLocation {
  const file = id.replace(/[?#].*$/, '')
  const candidates = [tryRead(file), text]
  for (const content of candidates) {
    if (content === undefined) continue
    for (const name of names) {
      const at = indexOfName(content, name)
      if (at !== -1) return locationOf(file, content, { at, length: name.length })
    }
  }
  return { id: file }
}

/** Reads a source file; `undefined` if it is missing, no regular file, or a link to another folder. */
function tryRead(file: string): string | undefined {
  try {
    return readTextInside(dirname(file), file, maxBytes.text)
  } catch {
    return undefined
  }
}

function locationOf(
  file: string,
  content: string,
  { at, length }: { at: number; length: number },
): LocatedName {
  const before = content.slice(0, at).split('\n')
  const line = before.length
  const column = before.at(-1)!.length + 1
  const frame = viteFrame(codeFrame(content, { file, line, column, length }))
  return { id: file, loc: { file, line, column }, frame }
}

/** Returns the index of a name that is not part of a longer name; -1 if there is none. */
function indexOfName(text: string, name: string): number {
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    if (!/[\p{L}\p{N}_/@.-]/u.test(text.charAt(at + name.length))) return at
  }
  return -1
}

/** Removes the margin of a code frame: Vite trims its first line, which would misalign the others. */
export function viteFrame(frame: string): string {
  return frame.replace(/^(?:> | {2})/gm, '')
}
