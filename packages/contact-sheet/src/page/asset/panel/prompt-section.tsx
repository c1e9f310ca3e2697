import type { JSX } from 'preact'
import type { AssetView } from '../../../protocol.ts'
import { Button } from '../../controls/button.tsx'
import { useStore, useText } from '../../store/store.ts'
import { Section } from './section.tsx'

/** The prompt, each part marked with the style that adds it. */
export function PromptSection({ view }: { view: AssetView }): JSX.Element {
  const store = useStore()
  const text = useText().asset.prompt
  const parts = view.prompt.filter((part) => part.text.trim() !== '')
  const styles = [...new Set(parts.map(({ style }) => style).filter((style) => style !== null))]
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(parts.map((part) => part.text.trim()).join(' '))
    store.notice.value = { tone: 'plain', message: text.copied }
  }
  if (parts.length === 0) {
    return (
      <Section title={text.title}>
        <p class="quiet">{text.none}</p>
      </Section>
    )
  }
  return (
    <Section
      title={text.title}
      action={<Button look="plain" icon="copy" label={text.copy} onClick={() => void copy()} />}
    >
      <p class="prompt">
        {parts.map((part, index) => (
          <PromptPart
            key={index}
            part={part}
            color={part.style === null ? 0 : styles.indexOf(part.style) + 1}
          />
        ))}
      </p>
      {view.made?.revisedPrompt == null ? null : (
        <details class="revised">
          <summary>{text.revised}</summary>
          <p>{view.made.revisedPrompt}</p>
        </details>
      )}
    </Section>
  )
}

/** How many colours mark styles. */
const COLORS = 4

function PromptPart({
  part,
  color,
}: {
  part: AssetView['prompt'][number]
  color: number
}): JSX.Element {
  const text = useText().asset.prompt
  if (part.style === null) return <span class="own">{`${part.text.trim()} `}</span>
  return (
    <span class={`style-${(color - 1) % COLORS}`}>
      <span class="hidden">{`[${text.style(part.style)}] `}</span>
      <span class="prompt-part">{part.text.trim()}</span>
      <span class="prompt-origin" aria-hidden="true">
        {part.style}
      </span>{' '}
    </span>
  )
}
