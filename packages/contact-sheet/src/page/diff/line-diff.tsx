import type { JSX } from 'preact'
import { parseLines } from './parse-lines.ts'

/** Shows a unified diff of a file's lines. */
export function LineDiff({ diff, label }: { diff: string; label: string }): JSX.Element {
  return (
    <pre class="line-diff" tabIndex={0} role="region" aria-label={label}>
      {parseLines(diff).map(({ kind, number, text }, index) => (
        <span key={index} class={`line line-${kind}`}>
          <span class="line-number" aria-hidden="true">
            {number ?? ''}
          </span>
          <span class="line-sign">{sign[kind]}</span>
          <span class="line-text">{`${text}\n`}</span>
        </span>
      ))}
    </pre>
  )
}

const sign = { same: ' ', added: '+', removed: '−', gap: '⋯' } as const
