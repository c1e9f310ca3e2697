import type { OpenAI } from 'openai'
import { LimnError } from '../errors.ts'
import type { JudgeSettings } from '../manifest/manifest.ts'
import { findJudgePrice } from '../models/judges.ts'
import { badAnswer } from '../providers/http/bad-answer.ts'
import { redactKeys } from '../providers/http/redact-keys.ts'
import { type KeyAccess, openServer } from '../providers/key-access.ts'
import { createAzureClient, isV1Route } from '../providers/openai/azure.ts'
import {
  createClient,
  createLimitedClients,
  type OpenAIClientOptions,
} from '../providers/openai/client.ts'
import { timeoutError } from '../providers/openai/explain-connection.ts'
import { explainOpenAIError } from '../providers/openai/explain-error.ts'
import type { FailureContext } from '../providers/openai/failure-table.ts'
import { requireKey } from '../providers/openai/key.ts'
import { createChatCall, readChatAnswer } from './chat-api.ts'
import type { RawAnswer } from './judge-answer.ts'
import type { JudgeServer } from './judge-server.ts'
import { createResponsesCall, readResponsesAnswer } from './responses-api.ts'
import { shrinkPrompt } from './shrunk-prompt.ts'

/** Longest time for one answer, ms, unless the provider's own limit is shorter. */
const TIMEOUT = 120_000
/** Largest answer, bytes. */
const MAX_BYTES = 1024 * 1024

/** The two APIs that a server may have. */
const apis = {
  responses: {
    endpoint: 'responses',
    createCall: createResponsesCall,
    readAnswer: readResponsesAnswer,
  },
  chat: { endpoint: 'chat/completions', createCall: createChatCall, readAnswer: readChatAnswer },
} as const

/**
 * Opens a judge at OpenAI, or at a server with an API like OpenAI's.
 *
 * @throws LimnError `provider/no-key`, `provider/no-consent`; `usage` for an invalid base URL
 */
export async function openOpenAIJudge(
  { model, server }: JudgeSettings,
  access: KeyAccess,
): Promise<JudgeServer> {
  const { apiKey, baseURL } = await openServer(server, access)
  requireKey(server, apiKey)
  const timeoutMs = Math.min(server.timeoutMs, TIMEOUT)
  const { env } = access
  const client = createClient({
    apiKey,
    baseURL,
    timeoutMs,
    headers: server.headers,
    env,
    makeClient: azureClientOf(server, baseURL),
  })
  const api = apis[server.quirks.judgeApi]
  const call = {
    model: server.names[model] ?? model,
    isKnown: findJudgePrice(model) !== undefined,
    isOpenAI: ['openai', 'azure', 'new-api'].includes(server.server),
  }
  const context: FailureContext = {
    model,
    apiKey,
    baseURL: client.baseURL,
    keyName: server.key,
    endpoint: api.endpoint,
    hasPictures: true,
    isBegun: false,
  }
  const limited = createLimitedClients(client, { timeoutMs, env })(MAX_BYTES)
  const post = createPost(limited, { timeoutMs, context })
  const ask: JudgeServer['ask'] = async (prompt, { signal }) => {
    const fields = api.createCall({ ...call, prompt: await shrinkPrompt(prompt, signal) })
    const body = Object.fromEntries(
      Object.entries(fields).filter(([field]) => !server.quirks.omit.includes(field)),
    )
    const { value, requestId } = await post(`/${api.endpoint}`, body, signal)
    const answer: RawAnswer = api.readAnswer(value, context)
    return requestId === undefined ? answer : { ...answer, requestId }
  }
  return { ask, apiKey }
}

/** Returns what creates the client of Azure's older route; `undefined` for any other server. */
function azureClientOf(
  { server, apiVersion }: JudgeSettings['server'],
  baseURL: string | undefined,
): OpenAIClientOptions['makeClient'] {
  if (server !== 'azure' || baseURL === undefined || isV1Route(baseURL)) return undefined
  return (sdk, options) => createAzureClient(sdk, options, { baseURL, apiVersion })
}

type Post = (
  path: string,
  body: Record<string, unknown>,
  signal: AbortSignal | undefined,
) => Promise<{ value: unknown; requestId: string | undefined }>

/** Creates the function that sends one call and parses the answer. */
function createPost(
  client: OpenAI,
  { timeoutMs, context }: { timeoutMs: number; context: FailureContext },
): Post {
  return async (path, body, signal) => {
    const timeout = AbortSignal.timeout(timeoutMs)
    try {
      const { data: response, request_id: id } = await client
        .post<Response>(path, {
          body,
          signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
          __metadata: { model: body['model'] },
          __binaryResponse: true,
        })
        .withResponse()
      const requestId = typeof id === 'string' ? redactKeys(id, context.apiKey) : undefined
      return { value: parse(await response.text()), requestId }
    } catch (error) {
      if (signal?.aborted === true) throw stopped(error, context.apiKey)
      if (timeout.aborted) throw timeoutError('answer')
      throw explainOpenAIError(error, context)
    }
  }
}

/** @throws ProviderError for anything but JSON */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw badAnswer('The server answered the judge with something other than JSON.')
  }
}

function stopped(error: unknown, apiKey: string): LimnError {
  return new LimnError('aborted', 'The run was stopped before the judge answered.', {
    cause: redactKeys(String(error), apiKey),
  })
}
