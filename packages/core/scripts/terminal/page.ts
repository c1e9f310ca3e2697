import type { Terminal } from './play.ts'

/** The codes that Limn prints, each with the style that a terminal shows. */
const classes: Readonly<Record<string, string>> = {
  1: 'bold',
  2: 'dim',
  31: 'red',
  32: 'green',
  33: 'yellow',
  35: 'magenta',
}

/** Returns a page that shows a terminal with a text, in which escape codes set colours. */
export function terminalPage(title: string, text: string, { columns }: Terminal): string {
  return `<!doctype html><meta charset="utf-8"><style>${style(columns)}</style>
<figure><figcaption>${escapeHtml(title)}</figcaption><pre>${toHtml(text)}</pre></figure>`
}

function toHtml(text: string): string {
  // A colour that a line leaves open goes on in the next one.
  const open: string[] = []
  return text
    .split('\n')
    .map((line) =>
      line.startsWith('$ ') ? `<b class="prompt">${escapeHtml(line)}</b>` : lineToHtml(line, open),
    )
    .join('\n')
}

const ESCAPE = '\u001B'
const COLOUR = new RegExp(`${ESCAPE}\\[(\\d+)m`)

function lineToHtml(line: string, open: string[]): string {
  return line
    .split(COLOUR)
    .map((part, index) => {
      if (index % 2 === 0) {
        return part === '' ? '' : `<span class="${open.join(' ')}">${escapeHtml(part)}</span>`
      }
      const name = classes[part]
      if (name === undefined) open.pop()
      else open.push(name)
      return ''
    })
    .join('')
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

const style = (columns: number): string => `
* { box-sizing: border-box; margin: 0 }
body { background: #16181d; padding: 14px; width: max-content }
figure { color: #dcdfe6; font: 14px/20px monospace }
figcaption { color: #6b7280; padding-bottom: 8px }
pre { font: inherit; width: ${columns}ch; white-space: pre-wrap; word-break: break-all; outline: 1px solid #2a2e37; outline-offset: 4px }
.prompt { color: #fff }
.bold { font-weight: 700; color: #fff } .dim { color: #8b909c }
.red { color: #ff7b72 } .green { color: #7ee787 } .yellow { color: #e3b341 } .magenta { color: #d2a8ff }`
