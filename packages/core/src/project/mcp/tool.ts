import type { z } from 'zod'
import type { Project } from '../project.ts'
import type { AgreedSettings } from './agreed-settings.ts'
import type { McpSpending } from './spending.ts'

/** What all tools of a server share. */
export type McpSession = {
  readonly project: Project
  readonly spending: McpSpending
  /** The settings that decide about costs, as the person agreed to them. */
  readonly agreed: AgreedSettings
  /** Fires when the server ends: nothing new starts, requests in flight are still received. */
  readonly signal: AbortSignal
  /** Fires when requests in flight are to be abandoned too. */
  readonly quit: AbortSignal
}

/** What a call of a tool receives in addition to its input. */
export type ToolContext = McpSession & {
  /** Fires when the client cancels the call, or the server ends. */
  readonly signal: AbortSignal
  /** Reports progress to the client, if it wants to know. */
  progress(report: ProgressReport): void
}

/** `done` of `total` steps, and a sentence for people. */
export type ProgressReport = { done: number; total: number; message: string }

/** A picture as a client shows it. */
export type ToolPicture = { bytes: Uint8Array; mime: string }

/** What a tool answers. */
export type ToolAnswer<Data> = {
  /** One or two sentences of Limn's own. They contain no text of the project. */
  summary: string
  /** Data of the project, as the output schema describes it. */
  data: Data
  pictures?: ToolPicture[]
}

/** A tool of the MCP server. */
export type McpTool = {
  name: string
  title: string
  description: string
  input: z.ZodObject
  output: z.ZodObject
  /** Whether it only reads. */
  isReadOnly: boolean
  /** `input` has passed the schema. */
  run(input: unknown, context: ToolContext): Promise<ToolAnswer<Record<string, unknown>>>
}

/** A tool whose input and answer have the types of its schemas. */
type TypedTool<Input extends z.ZodObject, Output extends z.ZodObject> = Omit<
  McpTool,
  'input' | 'output' | 'run'
> & {
  input: Input
  output: Output
  run(input: z.output<Input>, context: ToolContext): Promise<ToolAnswer<z.input<Output>>>
}

/** Defines a tool by its schemas and what it does. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: TypedTool<Input, Output>,
): McpTool {
  return { ...tool, run: (input, context) => tool.run(input as z.output<Input>, context) }
}
