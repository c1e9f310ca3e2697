import type { LimnEvent, OnEvent, Progress } from '../../events.ts'
import { formatUsd } from '../../models/cost.ts'
import type { ProgressReport } from './tool.ts'

/** Time between reports while nothing happens, ms: clients give up on a silent call. */
const SILENCE = 10_000
/** What a report counts while nothing happens: a protocol requires that each counts more. */
const TICK = 0.001

/** Turns the events of a run into reports of its progress. */
export function createProgressReport(report: (progress: ProgressReport) => void): {
  onEvent: OnEvent
  end(): void
} {
  let last: ProgressReport = { done: 0, total: 1, message: 'Planning.' }
  const send = (next: ProgressReport): void => {
    last = { ...next, done: Math.max(next.done, last.done + TICK) }
    report(last)
  }
  const timer = setInterval(() => send(last), SILENCE)
  timer.unref()
  return {
    onEvent(event: LimnEvent) {
      if (event.type === 'progress') send(describe(event.progress))
    },
    end: () => clearInterval(timer),
  }
}

function describe({ generate, derive, usd }: Progress): ProgressReport {
  return {
    done: generate.done + derive.done,
    total: generate.total + derive.total,
    message: `${generate.done} of ${generate.total} pictures, ${derive.done} of ${derive.total} files, ${formatUsd(usd)}.`,
  }
}
