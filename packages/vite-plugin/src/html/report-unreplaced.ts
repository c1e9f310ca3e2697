import type { Context } from '../context.ts'
import { formatPlace, locateSlice } from '../errors/locate-slice.ts'
import { textLocation } from './editor.ts'
import { MENTION, type Mention } from './mentions.ts'

/**
 * Warns once of a mention that Limn does not replace in a page, with its place in the page's
 * source.
 *
 * @param at offset in the text of the mention; ignored for attributes, whose first one counts
 */
export function reportUnreplaced(
  { context, html, filename }: { context: Context; html: string; filename: string },
  { mention, at = 0 }: { mention: Mention; at: number | undefined },
): void {
  const { element, attribute, text } = mention
  const isText = attribute === undefined
  const { startOffset: start, endOffset: end } = isText
    ? textLocation(element)
    : element.sourceCodeLocation!.attrs![attribute]!
  const offset = isText ? at : Math.max(0, html.slice(start, end).search(MENTION))
  const [words] = /limn:[^\s"'()<>,;\\]*/u.exec(text.slice(isText ? at : 0))!
  const place = locateSlice(filename, { text: html, start, end, at: start + offset, words })
  const where = isText ? `in a <${element.tagName}>` : `in the attribute ${attribute}`
  context.log.warnOnce(
    `[limn] ${formatPlace(context, place)} Limn does not replace "${words}" ${where}, so the page contains it as it is. Refer to the picture in an attribute of its own, or import 'virtual:limn/…' in a module.`,
  )
}
