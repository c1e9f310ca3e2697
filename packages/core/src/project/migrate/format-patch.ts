import { existsSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { compareLines } from '../text-diff.ts'

/** Lines around a change, as git writes them. */
const CONTEXT = 3

/** A text file before and after; `null` if it is new. `path` is relative to the root, with `/`. */
export type ChangedText = { path: string; before: string | null; after: string }

/**
 * Formats changes as a patch for `git apply`, byte for byte: also CRLF and files without a last
 * line break.
 */
export function formatPatch(root: string, changes: readonly ChangedText[]): string {
  const prefix = prefixOf(root)
  return changes.map((change) => formatFile({ ...change, path: prefix + change.path })).join('')
}

/** git reads paths relative to the top of the working tree. */
function prefixOf(root: string): string {
  for (let folder = root; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) {
      const path = relative(folder, root).split(sep).join('/')
      return path === '' ? '' : `${path}/`
    }
    if (folder === dirname(folder)) return ''
  }
}

function formatFile({ path, before, after }: ChangedText): string {
  const [old, now] = [linesOf(before ?? ''), linesOf(after)]
  const head =
    before === null
      ? `diff --git ${name('a', path)} ${name('b', path)}\nnew file mode 100644\n--- /dev/null\n`
      : `diff --git ${name('a', path)} ${name('b', path)}\n--- ${name('a', path)}\n`
  let start = 0
  while (start < old.length && start < now.length && old[start] === now[start]) start++
  let end = 0
  const most = Math.min(old.length, now.length) - start
  while (end < most && old.at(-1 - end) === now.at(-1 - end)) end++
  const first = Math.max(0, start - CONTEXT)
  const tail = Math.min(CONTEXT, end)
  const lines = [
    ...old.slice(first, start).map((line) => ` ${line}`),
    ...compareLines(old.slice(start, old.length - end), now.slice(start, now.length - end)),
    ...old.slice(old.length - end, old.length - end + tail).map((line) => ` ${line}`),
  ]
  const range = (all: readonly string[]): string => {
    const length = all.length - end - first + tail
    return `${length === 0 ? 0 : first + 1},${length}`
  }
  const body = lines.map((line) =>
    line.endsWith('\n') ? line : `${line}\n\\ No newline at end of file\n`,
  )
  return `${head}+++ ${name('b', path)}\n@@ -${range(old)} +${range(now)} @@\n${body.join('')}`
}

/** Splits a text into lines that keep their line breaks. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

/** Writes a path as git does: in quotes, with escapes, if it has unusual characters. */
function name(side: 'a' | 'b', path: string): string {
  const text = `${side}/${path}`
  if (/^[\w./ @+~()[\]{}$,=-]*$/.test(text) && !text.includes(' ')) return text
  const escaped = Buffer.from(text).reduce((out, byte) => {
    const character = String.fromCharCode(byte)
    if (character === '"' || character === '\\') return `${out}\\${character}`
    return byte >= 0x20 && byte < 0x7f
      ? out + character
      : `${out}\\${byte.toString(8).padStart(3, '0')}`
  }, '')
  return `"${escaped}"`
}
