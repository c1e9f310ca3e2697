import type { Schema } from './editor/schema.ts'
import type { Planned } from './plan/planned.ts'
import type { PlannerMessage } from './plan/worker.ts'

type PlannerOptions = {
  onSchema: (schema: Schema) => void
  /** Called with the answer to the last order. */
  onPlanned: (planned: Planned) => void
  /** Called if a manifest takes longer than `MAX_MS` or the worker fails. */
  onFailure: (message: string) => void
}

/** Plans in a worker; a new order replaces the last one. */
export type Planner = { plan(text: string, columns: number): void; close(): void }

/** Longest time for a plan before the worker is replaced, ms. A link may carry any manifest. */
const MAX_MS = 15_000

export function createPlanner({ onSchema, onPlanned, onFailure }: PlannerOptions): Planner {
  let id = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let worker = start()

  function start(): Worker {
    const started = new Worker(new URL('./plan/worker.ts', import.meta.url), { type: 'module' })
    started.addEventListener('message', ({ data }: MessageEvent<PlannerMessage>) => {
      if ('schema' in data) onSchema(data.schema)
      else if (data.id === id) {
        clearTimeout(timer)
        onPlanned(data)
      }
    })
    started.addEventListener('error', () =>
      fail('The planner could not be loaded. Reload the page.'),
    )
    return started
  }

  function fail(message: string): void {
    clearTimeout(timer)
    onFailure(message)
  }

  return {
    plan(text, columns) {
      id++
      clearTimeout(timer)
      timer = setTimeout(() => {
        worker.terminate()
        worker = start()
        fail(`The manifest was not planned within ${MAX_MS / 1000} s.`)
      }, MAX_MS)
      worker.postMessage({ id, text, columns })
    },
    close() {
      clearTimeout(timer)
      worker.terminate()
    },
  }
}
