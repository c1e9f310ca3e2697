import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import { useText } from '../store/store.ts'
import { diffByWords } from './word-diff.ts'

/** Shows what changed between two texts, word by word, with marks that screen readers read out. */
export function DiffText({ from, to }: { from: string; to: string }): JSX.Element {
  const text = useText().asset.changes
  const parts = useMemo(() => diffByWords(from, to), [from, to])
  return (
    <p class="diff-text">
      {parts.map((part, index) => {
        if (part.kind === 'same') return part.text
        const Mark = part.kind === 'added' ? 'ins' : 'del'
        const word = part.kind === 'added' ? text.added : text.removed
        return (
          <Mark key={index}>
            <span class="hidden">{` [${word}: `}</span>
            {part.text}
            <span class="hidden">{'] '}</span>
          </Mark>
        )
      })}
    </p>
  )
}
