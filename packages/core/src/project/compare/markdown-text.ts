import { toOneLine } from '../../safe-text.ts'

/** Invisible: keeps a name after it from being one. */
const SEPARATOR = '&#8203;'

/**
 * Escapes a text for a part of a line of GitHub's Markdown. Signs that could be markup, a link, an
 * emoji or a formula become entities, which Markdown never takes for them, in tables and HTML
 * included; `@team`, `#12` and `GH-12` stay text and notify nobody.
 */
export function escapeMarkdown(text: string): string {
  return toOneLine(text)
    .replace(/[\t\r\v\f\u0085]/g, ' ')
    .replace(/[\\`*_{}[\]<>#!|&@~$:]|(?<=www)\./gi, (sign) => {
      const entity = `&#${sign.charCodeAt(0)};`
      return sign === '@' || sign === '#' ? `${entity}${SEPARATOR}` : entity
    })
    .replace(/(GH-)(?=\d)/gi, `$1${SEPARATOR}`)
}

/** Formats a name as code. */
export function codeMarkdown(text: string): string {
  return `<code>${escapeMarkdown(text)}</code>`
}
