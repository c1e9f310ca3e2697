import { mainOutput } from '@limn/core/for-vite'
import { attributesOf } from './editor.ts'
import { MENTION, type Mention } from './mentions.ts'
import type { Page } from './page.ts'
import { readReference } from './read-reference.ts'

/**
 * Replaces the strings of a `<script>` with JSON that are one reference. In structured data
 * (`application/ld+json`), which other sites read, the URL has a host.
 *
 * @returns the offset in the text of the first mention that stays; -1 if none does
 */
export function replaceInJson(page: Page, { element, text }: Mention): number {
  const use = /ld\+json/i.test(attributesOf(element)['type'] ?? '') ? 'absolute' : 'file'
  const replacedAt = new Set<number>()
  const replaced = text.replace(/"(limn:[^"\\]+)"/g, (string, value: string, offset: number) => {
    const reference = readReference(value)
    const resolved = reference === undefined ? undefined : page.find(reference)
    if (resolved === undefined) return string
    replacedAt.add(offset + 1)
    return JSON.stringify(page.urlsOf(use)(resolved.asset)(mainOutput(resolved.outputs)))
  })
  if (replaced !== text) page.editor.setText(element, replaced)
  const unreplaced = [...text.matchAll(new RegExp(MENTION, 'gu'))].find(
    ({ index }) => !replacedAt.has(index),
  )
  return unreplaced?.index ?? -1
}
