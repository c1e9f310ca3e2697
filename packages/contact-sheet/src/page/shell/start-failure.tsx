import type { JSX } from 'preact'
import { describeFailure } from '../connection/connection.ts'
import { Icon } from '../controls/icon.tsx'

/** Takes the place of the page if it cannot connect. There is no store, so it has no language. */
export function StartFailure({ error }: { error: unknown }): JSX.Element {
  const { message, hint } = describeFailure(error)
  return (
    <main class="start-failure">
      <div class="placeholder" role="alert">
        <Icon name="offline" />
        <h1>{message}</h1>
        <p>{hint}</p>
      </div>
    </main>
  )
}
