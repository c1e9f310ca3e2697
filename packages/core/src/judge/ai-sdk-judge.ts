import type { SdkLanguageModel } from '../config.ts'
import { LimnError } from '../errors.ts'
import type { JudgeSettings } from '../manifest/manifest.ts'
import { JUDGE_ANSWER_TOKENS, type JudgeUsage } from '../models/judges.ts'
import { explainSdkError } from '../providers/ai-sdk/explain-error.ts'
import { findJudgeModel, loadConfig } from '../providers/ai-sdk/load-config.ts'
import { loadSdk } from '../providers/ai-sdk/load-sdk.ts'
import { redactKeys } from '../providers/http/redact-keys.ts'
import { requireProviderConsent } from '../providers/key-access.ts'
import type { RawAnswer } from './judge-answer.ts'
import type { JudgeAccess, JudgeServer } from './judge-server.ts'
import { readCount } from './read-count.ts'
import { type ShrunkPrompt, shrinkPrompt } from './shrunk-prompt.ts'

type Sdk = Awaited<ReturnType<typeof loadSdk>>

/** Longest time for one answer, ms, unless the provider's own limit is shorter. */
const TIMEOUT = 120_000

/**
 * Opens a judge among the language models of the AI SDK in `limn.config.ts`.
 *
 * @throws LimnError `config/not-found`, `config/not-trusted`, `config/invalid`
 */
export async function openAiSdkJudge(
  { model: id, server }: JudgeSettings,
  { access, root }: JudgeAccess,
): Promise<JudgeServer> {
  await requireProviderConsent(server, { access, root })
  const config = await loadConfig(root)
  const sdk = await loadSdk()
  const model = findJudgeModel(server.names[id] ?? id, config)
  const timeoutMs = Math.min(server.timeoutMs, TIMEOUT)
  return {
    apiKey: '',
    async ask(prompt, { signal }) {
      const shrunk = await shrinkPrompt(prompt, signal)
      const timeout = AbortSignal.timeout(timeoutMs)
      const stop = signal === undefined ? timeout : AbortSignal.any([signal, timeout])
      try {
        return readResult(
          await sdk.generateText({
            ...createOptions(sdk, shrunk, model),
            headers: server.headers,
            maxRetries: 0,
            abortSignal: stop,
          }),
        )
      } catch (error) {
        if (signal?.aborted === true) {
          throw new LimnError('aborted', 'The run was stopped before the judge answered.', {
            cause: redactKeys(String(error), ''),
          })
        }
        return explain(error, { model: id, isTimeout: timeout.aborted })
      }
    },
  }
}

function createOptions(
  sdk: Sdk,
  { instructions, parts, schema, name }: ShrunkPrompt,
  model: SdkLanguageModel,
): Parameters<Sdk['generateText']>[0] {
  const content = parts.map((part) =>
    'text' in part
      ? { type: 'text' as const, text: part.text }
      : { type: 'file' as const, data: part.bytes, mediaType: part.mimeType },
  )
  return {
    model: model as Parameters<Sdk['generateText']>[0]['model'],
    instructions,
    messages: [{ role: 'user', content }],
    output: sdk.Output.object({ schema: sdk.jsonSchema(schema), name }),
    maxOutputTokens: JUDGE_ANSWER_TOKENS,
  }
}

/** The parts of a result, or of the SDK's error about an answer that is not in the form. */
type SdkAnswer = {
  text?: string | undefined
  finishReason?: string | undefined
  usage?: Awaited<ReturnType<Sdk['generateText']>>['usage'] | undefined
}

function readResult({ text = '', finishReason, usage }: SdkAnswer): RawAnswer {
  const tokens = readUsage(usage)
  const problem =
    finishReason === 'length'
      ? ({ kind: 'cut-off' } as const)
      : finishReason === 'content-filter'
        ? ({ kind: 'filtered' } as const)
        : undefined
  return {
    text,
    ...(tokens === undefined ? {} : { usage: tokens }),
    ...(problem === undefined ? {} : { problem }),
  }
}

function readUsage(usage: SdkAnswer['usage']): JudgeUsage | undefined {
  const inputTokens = readCount(usage?.inputTokens)
  if (inputTokens === 0) return undefined
  return {
    inputTokens,
    outputTokens: readCount(usage?.outputTokens),
    cacheWriteTokens: readCount(usage?.inputTokenDetails?.cacheWriteTokens),
  }
}

/** Returns an answer that the SDK rejects, as it was billed. @throws the explained error otherwise */
function explain(
  error: unknown,
  { model, isTimeout }: { model: string; isTimeout: boolean },
): RawAnswer {
  // Compare by name: two copies of the SDK have different classes.
  if (error instanceof Error && error.name === 'AI_NoObjectGeneratedError') {
    return readResult(error as Error & SdkAnswer)
  }
  throw explainSdkError(error, { request: { model }, isTimeout, wanted: 'answer' })
}
