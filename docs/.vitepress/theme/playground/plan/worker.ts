import { createJsonSchema } from '../../../../../packages/core/src/manifest/parse/schema.ts'
import { failureOf, planManifest } from './plan-manifest.ts'
import type { Planned, PlanOrder } from './planned.ts'

/** What the planner sends: the JSON Schema of the manifest first, then one answer per order. */
export type PlannerMessage = { schema: Record<string, unknown> } | ({ id: number } & Planned)

const send = (message: PlannerMessage): void => {
  postMessage(message)
}

addEventListener('message', ({ data }: MessageEvent<PlanOrder>) => {
  void planManifest(data)
    .catch((error: unknown) => ({ diagnostics: [explainFailure(error)] }))
    .then((planned) => send({ id: data.id, ...planned }))
})
send({ schema: createJsonSchema() })

function explainFailure(error: unknown): Planned['diagnostics'][number] {
  const message = error instanceof Error ? error.message : String(error)
  const hint = error instanceof Error && 'hint' in error ? error.hint : undefined
  return failureOf(message, typeof hint === 'string' ? hint : 'Report this bug in Limn.')
}
