import type { JSX } from 'preact'
import { useText } from '../store/store.ts'

/** The view of one asset, with its own address. */
export function AssetPage({ name }: { name: string }): JSX.Element {
  const text = useText()
  return (
    <main class="asset">
      <a href="#/">{text.asset.back}</a>
      <h1>{name}</h1>
    </main>
  )
}
