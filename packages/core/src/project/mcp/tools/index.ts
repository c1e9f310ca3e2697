import type { McpTool } from '../tool.ts'
import { addTool, editTool } from './edit.ts'
import { examineTool } from './examine.ts'
import { generateTool } from './generate.ts'
import { listTool } from './list.ts'
import { pickTool } from './pick.ts'
import { planTool } from './plan.ts'
import { reportTool } from './report.ts'
import { showTool } from './show.ts'

/** The tools of the MCP server, in the order in which a task uses them. */
export const tools: readonly McpTool[] = [
  listTool,
  showTool,
  addTool,
  editTool,
  planTool,
  generateTool,
  pickTool,
  examineTool,
  reportTool,
]
