import { join } from 'node:path'
import { z } from 'zod'
import { count } from '../../../count.ts'
import { formatBytes } from '../../byte-text.ts'
import { makeReport, REPORT_MARK } from '../../report/report.ts'
import { writeDocument } from '../../write-document.ts'
import { defineTool, type McpTool } from '../tool.ts'

/** The file that the report is written to: no client chooses a path. */
const FILE = 'limn-report.html'
/** Largest report, bytes. */
const MAX_BYTES = 10_000_000

/** Writes every picture to one HTML file for people. */
export const reportTool: McpTool = defineTool({
  name: 'report',
  title: 'Write a report',
  description: `Writes every picture with its state and cost to ${FILE}, which a person opens in a browser. Free.`,
  isReadOnly: false,
  input: z.strictObject({
    changed: z.boolean().default(false).describe('Only what differs from the last commit.'),
  }),
  output: z.object({ path: z.string(), assets: z.int(), bytes: z.int() }),
  async run({ changed }, { project, signal }) {
    const { root } = project.paths
    const { html, assets } = await makeReport(project, {
      onlyChanged: changed,
      maxBytes: MAX_BYTES,
      signal,
    })
    await writeDocument(join(root, FILE), html, { mark: REPORT_MARK, option: 'out', root })
    const bytes = Buffer.byteLength(html)
    return {
      summary: `Wrote ${FILE}: ${count(assets, 'asset')}, ${formatBytes(bytes)}.`,
      data: { path: FILE, assets, bytes },
    }
  },
})
