import type { JSX } from 'preact'
import { useText } from '../../store/store.ts'
import { PlaceIcon } from './icons.tsx'

/** Lines that stand for text. `widths` are shares of the line, %. */
export function Lines({ widths }: { widths: readonly number[] }): JSX.Element {
  return (
    <span class="place-lines" aria-hidden="true">
      {widths.map((width, index) => (
        <i key={index} style={{ width: `${width}%` }} />
      ))}
    </span>
  )
}

/** The head of a post: a portrait, an account, and when. */
export function PostHead(): JSX.Element {
  const { sample } = useText().asset.places
  return (
    <div class="post-head">
      <i class="post-portrait" aria-hidden="true" />
      <span class="post-account">{sample.account}</span>
      <PlaceIcon name="dots" />
    </div>
  )
}

/** The row of things to do under a post. */
export function PostActions({ isFeed = false }: { isFeed?: boolean }): JSX.Element {
  return (
    <div class="post-actions" aria-hidden="true">
      {(isFeed
        ? (['heart', 'speech', 'arrow', 'flag'] as const)
        : (['speech', 'repeat', 'heart', 'share'] as const)
      ).map((name) => (
        <PlaceIcon key={name} name={name} />
      ))}
    </div>
  )
}
