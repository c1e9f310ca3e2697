import { signal } from '@preact/signals'
import { pathOfPicture } from '../../picture-path.ts'
import type { Calls, Report } from '../../protocol.ts'
import { CallFailure, type Connection } from './connection.ts'

/** The `id` of the element that contains a report. */
const REPORT_ID = 'limn-report'

/** Returns the report that the document contains; `null` if it contains none. */
export function findReport(): Report | null {
  const text = document.getElementById(REPORT_ID)?.textContent
  return text ? (JSON.parse(text) as Report) : null
}

/** Answers calls from a report. What writes or spends fails. */
export function connectToReport(report: Report): Connection {
  return {
    host: 'report',
    status: signal('open'),
    reportedAt: report.at,
    call: async (name, input) => answer(report, name, input) as never,
    listen: () => () => undefined,
    urlOf: (ref) => report.pictures[pathOfPicture(ref)] ?? null,
  }
}

function answer(report: Report, name: keyof Calls, input: unknown): unknown {
  if (name === 'sheet') return { ...report.sheet, canAct: false }
  if (name === 'costs' && report.costs !== null) return report.costs
  if (name === 'asset') {
    const view = Object.entries(report.views).find(
      ([key]) => key === (input as { name: string }).name,
    )
    if (view !== undefined) return view[1]
  }
  throw new CallFailure({
    code: 'REPORT',
    message: 'The report does not contain this.',
    hint: 'Run `limn ui` in the project to see everything.',
  })
}
