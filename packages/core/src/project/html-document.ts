import { hash } from 'node:crypto'
import { replaceUnprintable } from '../safe-text.ts'

/** What a self-contained HTML document consists of. */
export type DocumentParts = {
  /** Not escaped yet. */
  title: string
  /** By which Limn recognises its own document, as `generatorMark` returns it. */
  mark: string
  /** CSS, as it is. */
  style: string
  /** JavaScript, as it is. */
  script: string
  /** Runs as a module. Default: a classic script. */
  isModule?: boolean
  /** Markup, escaped already. */
  body: string
}

/**
 * Puts together an HTML document that loads nothing. Its policy allows only this script and this
 * style, by their hashes, and pictures as data URLs.
 */
export function formatDocument({
  title,
  mark,
  style,
  script,
  isModule = false,
  body,
}: DocumentParts): string {
  const css = style.replaceAll(/<\/(?=style)/gi, String.raw`<\/`)
  const code = escapeScript(script)
  const policy = [
    "default-src 'none'",
    'img-src data:',
    `style-src '${digestOf(css)}'`,
    `script-src '${digestOf(code)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
${mark}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${escapeHtml(replaceUnprintable(title))}</title>
<style>${css}</style>
</head>
<body>
${body}
<script${isModule ? ' type="module"' : ''}>${code}</script>
</body>
</html>
`
}

/** Returns the markup that names the command of a document, which no page of a person has. */
export function generatorMark(command: string): string {
  return `<meta name="generator" content="${command}">`
}

function digestOf(text: string): string {
  return `sha256-${hash('sha256', text, 'base64')}`
}

/** Keeps a script from ending early: `</script` and `<!--` occur only in its strings. */
function escapeScript(script: string): string {
  return script.replaceAll(/<(?=\/script|!--)/gi, String.raw`\x3C`)
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Escapes a text for HTML: for the content of an element, and for an attribute in quotes. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => entities[sign]!)
}
