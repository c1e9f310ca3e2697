import type { LimnEvent } from '@limn/core'
import type { Context, RunFeed, ShownRun, ShowRun } from '../context.ts'

/** Returns the runs of a dev server. */
export function runFeedOf({ dev }: Context): RunFeed {
  return (dev.runs ??= createRunFeed())
}

/** A run that has not ended, with the latest events that describe it, by what they are about. */
type Run = { stop: () => void; events: Map<string, LimnEvent>; shown: ShownRun | undefined }

function createRunFeed(): RunFeed {
  let show: ShowRun | undefined
  let current: Run | undefined
  return {
    start(stop) {
      const run: Run = { stop, events: new Map(), shown: show?.(stop) }
      current = run
      return {
        onEvent(event) {
          if (run.shown !== undefined) return run.shown.onEvent(event)
          // The contact sheet shows masters.
          if (event.type === 'derived') return
          const subject = 'asset' in event ? `asset ${event.asset}` : event.type
          // The order of the events is that of the map.
          run.events.delete(subject)
          run.events.set(subject, event)
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
      for (const event of current.events.values()) current.shown.onEvent(event)
      current.events.clear()
    },
  }
}
