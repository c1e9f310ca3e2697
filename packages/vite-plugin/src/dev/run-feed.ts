import type { LimnEvent } from '@limn/core'
import type { Context, RunFeed, ShownRun, ShowRun } from '../context.ts'

/** Returns the runs of a dev server. */
export function runFeedOf({ dev }: Context): RunFeed {
  return (dev.runs ??= createRunFeed())
}

/** A run that has not ended, with the events that describe it. */
type Run = { stop: () => void; events: LimnEvent[]; shown: ShownRun | undefined }

function createRunFeed(): RunFeed {
  let show: ShowRun | undefined
  let current: Run | undefined
  return {
    start(stop) {
      const run: Run = { stop, events: [], shown: show?.(stop) }
      current = run
      return {
        onEvent(event) {
          if (run.shown !== undefined) return run.shown.onEvent(event)
          run.events = [...run.events.filter((earlier) => !replaces(event, earlier)), event]
        },
        end() {
          run.shown?.end()
          if (current === run) current = undefined
        },
      }
    },
    connect(next) {
      show = next
      if (current === undefined) return
      current.shown = next(current.stop)
      for (const event of current.events.splice(0)) current.shown.onEvent(event)
    },
  }
}

/** Whether an event makes an earlier one obsolete. */
function replaces(event: LimnEvent, earlier: LimnEvent): boolean {
  if (event.type === 'progress') return earlier.type === 'progress'
  return (
    'asset' in event &&
    'asset' in earlier &&
    event.asset === earlier.asset &&
    earlier.type !== 'derived' &&
    event.type !== 'derived'
  )
}
