import { isObject } from '../is-object.ts'
import { JUDGE_ANSWER_TOKENS, type JudgeUsage } from '../models/judges.ts'
import { redactKeys } from '../providers/http/redact-keys.ts'
import { explainStatus } from '../providers/openai/explain-error.ts'
import type { FailureContext } from '../providers/openai/failure-table.ts'
import type { RawAnswer } from './judge-answer.ts'
import { readCount } from './read-count.ts'
import { type JudgeCall, toDataUrl } from './shrunk-prompt.ts'

/** Creates the body of a call of the Responses API. The server does not keep what it contains. */
export function createResponsesCall({
  prompt,
  model,
  isKnown,
}: JudgeCall): Record<string, unknown> {
  const { instructions, parts, schema, name } = prompt
  return {
    model,
    instructions,
    input: [
      {
        role: 'user',
        content: parts.map((part) =>
          'text' in part
            ? { type: 'input_text', text: part.text }
            : { type: 'input_image', image_url: toDataUrl(part), detail: 'high' },
        ),
      },
    ],
    text: { format: { type: 'json_schema', name, schema, strict: true } },
    max_output_tokens: JUDGE_ANSWER_TOKENS,
    store: false,
    ...(isKnown ? { reasoning: { effort: 'low' } } : {}),
  }
}

/**
 * Reads an answer of the Responses API.
 *
 * @throws ProviderError for an error that arrived in place of an answer
 */
export function readResponsesAnswer(value: unknown, context: FailureContext): RawAnswer {
  const answer = isObject(value) ? value : {}
  const { error } = answer
  if (isObject(error)) throw explainStatus({ status: 200, body: error }, context)
  const contents = listObjects(answer['output']).flatMap(({ content }) => listObjects(content))
  const text = contents.map((part) => stringOf(part['text'])).join('')
  const usage = readUsage(answer['usage'])
  const problem = findProblem(answer, contents, context.apiKey)
  return { text, ...(usage === undefined ? {} : { usage }), ...(problem ? { problem } : {}) }
}

function findProblem(
  { status, incomplete_details: details }: Record<string, unknown>,
  contents: readonly Record<string, unknown>[],
  apiKey: string,
): RawAnswer['problem'] {
  const refusal = contents.find(({ refusal: said }) => typeof said === 'string' && said !== '')
  if (refusal !== undefined) {
    return { kind: 'refused', reason: redactKeys(stringOf(refusal['refusal']), apiKey) }
  }
  if (status !== 'incomplete') return undefined
  const isFiltered = isObject(details) && details['reason'] === 'content_filter'
  return { kind: isFiltered ? 'filtered' : 'cut-off' }
}

function readUsage(usage: unknown): JudgeUsage | undefined {
  if (!isObject(usage)) return undefined
  const details = isObject(usage['input_tokens_details']) ? usage['input_tokens_details'] : {}
  const cacheWriteTokens = readCount(details['cache_write_tokens'])
  const inputTokens = readCount(usage['input_tokens'])
  // A request without tokens is none that a server has counted.
  if (inputTokens === 0) return undefined
  return {
    inputTokens,
    outputTokens: readCount(usage['output_tokens']),
    ...(cacheWriteTokens === 0 ? {} : { cacheWriteTokens }),
  }
}

function listObjects(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
