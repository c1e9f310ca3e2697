import type { JSX } from 'preact'
import type { AssetView } from '../../../protocol.ts'
import { DiffText } from '../../diff/diff-text.tsx'
import { useText } from '../../store/store.ts'
import { Section } from './section.tsx'

/** What changed in the manifest since the picture was made. */
export function ChangesSection({ view }: { view: AssetView }): JSX.Element | null {
  const text = useText().asset.changes
  const prompt = promptOf(view)
  const isSame = view.madePrompt === null || view.madePrompt === prompt
  const changes = view.changes.filter(({ field }) => field !== 'prompt')
  if (isSame && changes.length === 0) return null
  return (
    <Section title={text.title}>
      <dl class="changes">
        {isSame ? null : (
          <>
            <dt>{text.prompt}</dt>
            <dd>
              <DiffText from={view.madePrompt ?? ''} to={prompt} />
            </dd>
          </>
        )}
        {changes.map(({ field, from, to }) => (
          <div key={field} class="change">
            <dt>{field}</dt>
            <dd>
              <del>
                <span class="hidden">{`${text.removed}: `}</span>
                {from || text.nothing}
              </del>
              <span aria-hidden="true"> → </span>
              <ins>
                <span class="hidden">{`${text.added}: `}</span>
                {to || text.nothing}
              </ins>
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}

/** The whole prompt as it is now. */
export function promptOf(view: AssetView): string {
  return view.prompt.map(({ text }) => text).join('')
}
