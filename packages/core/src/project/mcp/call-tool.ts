import type { CallToolResult, ServerContext } from '@modelcontextprotocol/server'
import { LimnError } from '../../errors.ts'
import { ManifestError } from '../../manifest/manifest-error.ts'
import { redactSecrets, toOneLine } from '../../safe-text.ts'
import { safeData, safeText } from './safe-data.ts'
import type { McpSession, McpTool, ProgressReport, ToolAnswer } from './tool.ts'

/** Most mistakes of a manifest in one reply. */
const MAX_MISTAKES = 10
/** Longest message of an error, characters. */
const MAX_MESSAGE = 1000

/** What a server needs to run its tools, and where it reports a bug. */
export type ToolHost = {
  session: McpSession
  /** Names the commands in a text as the user runs them. */
  nameCommands: (text: string) => string
  onBug: (error: unknown) => void
}

/** Runs a tool for a client. Every failure becomes an answer that says what to do. */
export async function callTool(
  tool: McpTool,
  { input, request }: { input: unknown; request: ServerContext['mcpReq'] },
  host: ToolHost,
): Promise<CallToolResult> {
  const { session } = host
  try {
    const signal = AbortSignal.any([request.signal, session.signal])
    const answer = await tool.run(input, { ...session, signal, progress: progressOf(request) })
    return toResult(answer)
  } catch (error) {
    return { isError: true, content: [{ type: 'text', text: explain(error, host) }] }
  }
}

function toResult({
  summary,
  data,
  pictures = [],
}: ToolAnswer<Record<string, unknown>>): CallToolResult {
  const structuredContent = safeData(data)
  return {
    content: [
      { type: 'text', text: summary },
      { type: 'text', text: JSON.stringify(structuredContent) },
      ...pictures.map(({ bytes, mime }) => ({
        type: 'image' as const,
        data: Buffer.from(bytes).toString('base64'),
        mimeType: mime,
      })),
    ],
    structuredContent,
  }
}

/** Returns what sends progress to the client, if the client wants to know. */
function progressOf({ _meta, notify }: ServerContext['mcpReq']): (report: ProgressReport) => void {
  const progressToken = _meta?.progressToken
  if (progressToken === undefined) return () => {}
  return ({ done, total, message }) => {
    const params = { progressToken, progress: done, total: Math.max(total, done), message }
    // The client may have left.
    notify({ method: 'notifications/progress', params }).catch(() => {})
  }
}

/** Explains a failure: what is wrong, where, and what to do. */
function explain(error: unknown, { nameCommands, onBug }: ToolHost): string {
  const clean = (text: string): string =>
    safeText(toOneLine(redactSecrets(nameCommands(text))), MAX_MESSAGE)
  if (error instanceof ManifestError) {
    const mistakes = error.diagnostics.filter(({ severity }) => severity === 'error')
    const shown = mistakes
      .slice(0, MAX_MISTAKES)
      .map(({ place, message, hint = '' }) =>
        clean(`${place.file}:${place.line}:${place.column} ${message} ${hint}`.trim()),
      )
    const left = mistakes.length - shown.length
    return [
      'The manifest has mistakes. Fix them, then call the tool again.',
      ...shown,
      ...(left > 0 ? [`${left} more.`] : []),
    ].join('\n')
  }
  if (error instanceof LimnError) {
    const cause = error.cause instanceof LimnError ? error.cause.message : undefined
    const parts = [error.message, cause, error.hint, error.location && `(${error.location})`]
    return parts
      .filter((part) => part !== undefined && part !== '')
      .map((part) => clean(part!))
      .join(' ')
  }
  if (error instanceof Error && error.name === 'AbortError') return 'The call was cancelled.'
  onBug(error)
  return 'Limn failed because of a bug. Its standard error has the details.'
}
