import type { Connection } from './connection.ts'
import { connectToDev } from './dev.ts'
import { connectToReport, findReport } from './report.ts'
import { connectToUi } from './ui.ts'

/** Connects the page to what it is served by, or to the report that it contains. */
export async function connect(): Promise<Connection> {
  const report = findReport()
  if (report !== null) return connectToReport(report)
  return document.documentElement.dataset['host'] === 'dev' ? connectToDev() : connectToUi()
}
