import { pathOfPageFile, type Report } from '@limn/contact-sheet'
import { decodeText } from '../../disk/decode-text.ts'
import { maxBytes, readNamed } from '../../disk/read-inside.ts'
import { LimnError } from '../../errors.ts'
import { formatDocument, generatorMark } from '../html-document.ts'
import type { Project } from '../project.ts'
import { type ReadReport, readReport, type ReportOptions } from './read-report.ts'

/** By which Limn recognises its own documents. */
export const REPORT_MARK: string = generatorMark('limn report')

/** A report as one HTML file, and what it contains. */
export type MadeReport = Omit<ReadReport, 'report'> & {
  html: string
  /** Number of assets. */
  assets: number
}

/**
 * Makes a report: the contact sheet with its data and pictures in one HTML file, which loads
 * nothing. Writes only the cache.
 *
 * @param options.maxBytes largest file
 * @throws ManifestError, LimnError
 */
export async function makeReport(project: Project, options: ReportOptions): Promise<MadeReport> {
  const page = { script: readPageFile('page.js'), style: readPageFile('page.css') }
  const pageBytes = Buffer.byteLength(page.script) + Buffer.byteLength(page.style)
  const { report, ...rest } = await readReport(project, {
    ...options,
    // The rest of the document is small.
    maxBytes: options.maxBytes - pageBytes - 5000,
  })
  const { project: name, assets } = report.sheet
  const html = formatDocument({
    title: `${name}: pictures`,
    mark: REPORT_MARK,
    ...page,
    isModule: true,
    body: formatData(report),
  })
  return { html, assets: assets.length, ...rest }
}

/** @throws LimnError `store/unreadable` if the page is not built */
function readPageFile(name: 'page.js' | 'page.css'): string {
  try {
    return decodeText(readNamed(pathOfPageFile(name), maxBytes.text))
  } catch (error) {
    throw new LimnError('store/unreadable', 'The page of the contact sheet is not built.', {
      hint: 'Run `pnpm build`, or install @limn/contact-sheet again.',
      cause: error,
    })
  }
}

/** Formats the data of a report so that no text in it can end the element. */
function formatData(report: Report): string {
  const json = JSON.stringify(report).replaceAll('<', String.raw`\u003c`)
  return `<script type="application/json" id="limn-report">${json}</script>`
}
