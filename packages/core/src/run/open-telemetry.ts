import type * as Api from '@opentelemetry/api'
import { redactKeys } from '../providers/http/redact-keys.ts'
import { limnVersion } from '../version.ts'
import { createInstruments, type Instruments } from './telemetry-metrics.ts'
import type { RequestEnd, RequestFacts, RequestTelemetry, RunTelemetry } from './telemetry.ts'

/*
 * Spans by the semantic conventions for generative AI (v1.41, in development), as `gen_ai.*`, and
 * what they do not define as `limn.*`. No attribute is a URL, a header or an error's text: those may
 * contain keys.
 */

type TelemetryOptions = {
  run: string
  /** Whether spans contain prompts. */
  hasPrompts: boolean
}

/** The conventions' names of the providers behind the kinds of servers. */
const PROVIDER_NAMES: Readonly<Record<string, string>> = {
  openai: 'openai',
  azure: 'azure.ai.openai',
  gemini: 'gcp.gemini',
  xai: 'x_ai',
}

/** Creates the telemetry of a run, whose span starts now. */
export function createTelemetry(api: typeof Api, options: TelemetryOptions): RunTelemetry {
  const version = limnVersion()
  const tracer = api.trace.getTracer('@limn/core', version)
  const instruments = createInstruments(api, version)
  const parent = api.context.active()
  const span = tracer.startSpan('limn run', { attributes: { 'limn.run': options.run } }, parent)
  const context = api.trace.setSpan(parent, span)
  return {
    startRequest: (facts) => startRequest(facts, { api, tracer, instruments, context, ...options }),
    end({ generated, failed, usd }) {
      span.setAttributes({
        'limn.generated': generated,
        'limn.failed': failed,
        'limn.cost.usd': usd,
      })
      if (failed > 0) span.setStatus({ code: api.SpanStatusCode.ERROR })
      span.end()
    },
  }
}

type RequestContext = TelemetryOptions & {
  api: typeof Api
  tracer: Api.Tracer
  instruments: Instruments
  /** The context of the run. */
  context: Api.Context
}

function startRequest(
  facts: RequestFacts,
  { api, tracer, instruments, context: parent, run, hasPrompts }: RequestContext,
): RequestTelemetry {
  const shared = sharedAttributes(facts)
  const span = tracer.startSpan(
    `${shared['gen_ai.operation.name']} ${facts.request.model}`,
    {
      kind: api.SpanKind.CLIENT,
      attributes: { ...shared, ...requestAttributes(facts, hasPrompts), 'limn.run': run },
    },
    parent,
  )
  const context = api.trace.setSpan(parent, span)
  const waits = { limit: 0, retry: 0 }
  let retries = 0
  return {
    within: (work) => api.context.with(context, work),
    limited({ ms, limit }) {
      waits.limit += ms
      span.addEvent('limn.limited', { 'limn.wait.ms': ms, 'limn.limit': limit })
      instruments.waits.record(ms / 1000, { ...shared, 'limn.wait.reason': limit })
    },
    retrying({ attempt, ms, code }) {
      waits.retry += ms
      retries++
      span.addEvent('limn.retrying', {
        'limn.attempt': attempt,
        'limn.wait.ms': ms,
        'error.type': code,
      })
      instruments.waits.record(ms / 1000, { ...shared, 'limn.wait.reason': 'retry' })
    },
    attempted({ ms, outcome }) {
      instruments.duration.record(ms / 1000, { ...shared, ...errorType(outcome) }, context)
    },
    end(end) {
      span.setAttributes({
        ...endAttributes(end),
        'limn.retries': retries,
        'limn.wait.limit_ms': waits.limit,
        'limn.wait.retry_ms': waits.retry,
      })
      if (!isGood(end.outcome)) span.setStatus({ code: api.SpanStatusCode.ERROR })
      span.end()
      instruments.count(end, shared)
    },
  }
}

/** Returns the attributes that spans and metrics share: few values each. */
function sharedAttributes({ request, server, provider }: RequestFacts): Api.Attributes {
  return {
    'gen_ai.operation.name': 'generate_content',
    'gen_ai.output.type': 'image',
    'gen_ai.provider.name': PROVIDER_NAMES[server] ?? provider,
    'gen_ai.request.model': request.model,
  }
}

function requestAttributes(
  { asset, request, count, provider }: RequestFacts,
  hasPrompts: boolean,
): Api.Attributes {
  const { operation, size, quality, prompt, inputs = [] } = request
  const parts = [{ type: 'text', content: redactKeys(prompt, '') }]
  return {
    'limn.asset': asset,
    'limn.provider': provider,
    'limn.operation': operation,
    'limn.size': size,
    'limn.quality': quality,
    'limn.inputs': inputs.length,
    ...(count === 1 ? {} : { 'gen_ai.request.choice.count': count }),
    ...(hasPrompts ? { 'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts }]) } : {}),
  }
}

function endAttributes(end: RequestEnd): Api.Attributes {
  const { outcome, pictures, usd, isEstimate, usage, requestId, answeredBy, batch } = end
  const { inputTextTokens, inputImageTokens, outputTokens } = usage ?? {}
  return {
    ...errorType(outcome),
    'limn.outcome': outcome,
    'limn.pictures': pictures,
    ...(usd === null ? {} : { 'limn.cost.usd': usd, 'limn.cost.estimated': isEstimate }),
    ...(outputTokens === undefined ? {} : { 'gen_ai.usage.output_tokens': outputTokens }),
    ...(inputTextTokens === undefined && inputImageTokens === undefined
      ? {}
      : { 'gen_ai.usage.input_tokens': (inputTextTokens ?? 0) + (inputImageTokens ?? 0) }),
    ...(requestId === undefined ? {} : { 'limn.request_id': requestId }),
    ...(batch === undefined ? {} : { 'limn.batch': batch }),
    ...(answeredBy === undefined ? {} : { 'limn.answered_by': answeredBy }),
  }
}

function errorType(outcome: string): Api.Attributes {
  return isGood(outcome) ? {} : { 'error.type': outcome }
}

function isGood(outcome: string): boolean {
  return outcome === 'ok' || outcome === 'sent'
}
