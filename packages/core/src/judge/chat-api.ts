import { isObject } from '../is-object.ts'
import { JUDGE_ANSWER_TOKENS, type JudgeUsage } from '../models/judges.ts'
import { redactKeys } from '../providers/http/redact-keys.ts'
import { explainStatus } from '../providers/openai/explain-error.ts'
import type { FailureContext } from '../providers/openai/failure-table.ts'
import type { RawAnswer } from './judge-answer.ts'
import { readCount } from './read-count.ts'
import { type JudgeCall, toDataUrl } from './shrunk-prompt.ts'

/** Creates the body of a call of chat completions, which almost every compatible server has. */
export function createChatCall({ prompt, model, isOpenAI }: JudgeCall): Record<string, unknown> {
  const { instructions, parts, schema, name } = prompt
  return {
    model,
    messages: [
      { role: 'system', content: instructions },
      {
        role: 'user',
        content: parts.map((part) =>
          'text' in part
            ? { type: 'text', text: part.text }
            : { type: 'image_url', image_url: { url: toDataUrl(part), detail: 'high' } },
        ),
      },
    ],
    response_format: { type: 'json_schema', json_schema: { name, schema, strict: true } },
    // The newest models of OpenAI reject the older name, which other servers know.
    [isOpenAI ? 'max_completion_tokens' : 'max_tokens']: JUDGE_ANSWER_TOKENS,
  }
}

/**
 * Reads an answer of chat completions.
 *
 * @throws ProviderError for an error that arrived in place of an answer
 */
export function readChatAnswer(value: unknown, context: FailureContext): RawAnswer {
  const answer = isObject(value) ? value : {}
  const { error } = answer
  if (isObject(error)) throw explainStatus({ status: 200, body: error }, context)
  const choices: unknown[] = Array.isArray(answer['choices']) ? answer['choices'] : []
  const choice = isObject(choices[0]) ? choices[0] : {}
  const message = isObject(choice['message']) ? choice['message'] : {}
  const usage = readUsage(answer['usage'])
  const problem = findProblem(choice, message['refusal'], context.apiKey)
  return {
    text: textOf(message['content']),
    ...(usage === undefined ? {} : { usage }),
    ...(problem ? { problem } : {}),
  }
}

/** Some servers return the content in parts. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content
    .map((part: unknown) =>
      isObject(part) && typeof part['text'] === 'string' ? part['text'] : '',
    )
    .join('')
}

function findProblem(
  { finish_reason: reason }: Record<string, unknown>,
  refusal: unknown,
  apiKey: string,
): RawAnswer['problem'] {
  if (typeof refusal === 'string' && refusal !== '') {
    return { kind: 'refused', reason: redactKeys(refusal, apiKey) }
  }
  if (reason === 'content_filter') return { kind: 'filtered' }
  return reason === 'length' ? { kind: 'cut-off' } : undefined
}

function readUsage(usage: unknown): JudgeUsage | undefined {
  if (!isObject(usage)) return undefined
  const inputTokens = readCount(usage['prompt_tokens'])
  // A request without tokens is none that a server has counted.
  if (inputTokens === 0) return undefined
  return { inputTokens, outputTokens: readCount(usage['completion_tokens']) }
}
