import * as api from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node'
import { afterEach, expect, test } from 'vitest'
import type { ImageRequest } from '../identity/request.ts'
import { noTelemetry, openTelemetry, type RequestFacts } from './telemetry.ts'

type Host = {
  spans: () => ReadableSpan[]
  metrics: () => Promise<Record<string, [attributes: api.Attributes, value: unknown][]>>
}

/** Registers an SDK that keeps what it receives, as the host of a process does. */
function registerHost(): Host {
  const spanExporter = new InMemorySpanExporter()
  new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spanExporter)] }).register()
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter: metricExporter })
  api.metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }))
  return {
    spans: () => spanExporter.getFinishedSpans(),
    async metrics() {
      await reader.forceFlush()
      const all = metricExporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics)
      return Object.fromEntries(
        all
          .flatMap(({ metrics }) => metrics)
          .map(({ descriptor, dataPoints }) => [
            descriptor.name,
            dataPoints.map(({ attributes, value }): [api.Attributes, unknown] => [
              attributes,
              value !== null && typeof value === 'object' && 'sum' in value ? value.sum : value,
            ]),
          ]),
      )
    },
  }
}

afterEach(() => {
  for (const part of [api.trace, api.context, api.metrics]) part.disable()
})

const request: ImageRequest = {
  operation: 'generate',
  prompt: 'A lighthouse at dawn',
  model: 'gpt-image-2',
  size: '1024x1024',
  quality: 'low',
  background: 'auto',
  format: 'png',
}
const facts: RequestFacts = { asset: 'hero', request, count: 2, provider: 'mine', server: 'openai' }
const env = (value?: string): Record<string, string | undefined> => ({
  OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: value,
})

test('records a request with its waits, tokens, cost and outcome, below the span of the host', async () => {
  const host = registerHost()
  const tracer = api.trace.getTracer('host')
  const parent = tracer.startSpan('deploy')
  const run = await api.context.with(api.trace.setSpan(api.context.active(), parent), () =>
    openTelemetry({ run: 'run-1', env: {} }),
  )
  const sent = run.startRequest(facts)
  sent.limited({ ms: 1500, limit: 'images' })
  sent.attempted({ ms: 900, outcome: 'provider/server' })
  sent.retrying({ attempt: 1, ms: 2000, code: 'provider/server' })
  await sent.within(() => {
    tracer.startSpan('POST').end()
    return Promise.resolve()
  })
  sent.attempted({ ms: 4000, outcome: 'ok' })
  sent.end({
    outcome: 'ok',
    pictures: 2,
    usd: 0.012,
    isEstimate: false,
    usage: { inputTextTokens: 20, inputImageTokens: 5, outputTokens: 400 },
    requestId: 'req_1',
  })
  run.end({ generated: 1, failed: 0, usd: 0.012 })
  parent.end()

  const [http, span, root, deploy] = host.spans()
  expect([http!.name, span!.name, root!.name, deploy!.name]).toEqual([
    'POST',
    'generate_content gpt-image-2',
    'limn run',
    'deploy',
  ])
  expect([http, span, root].map((each) => each!.parentSpanContext?.spanId)).toEqual(
    [span, root, deploy].map((each) => each!.spanContext().spanId),
  )
  expect(span!.kind).toBe(api.SpanKind.CLIENT)
  expect(span!.attributes).toEqual({
    'gen_ai.operation.name': 'generate_content',
    'gen_ai.output.type': 'image',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-image-2',
    'gen_ai.request.choice.count': 2,
    'gen_ai.usage.input_tokens': 25,
    'gen_ai.usage.output_tokens': 400,
    'limn.asset': 'hero',
    'limn.cost.estimated': false,
    'limn.cost.usd': 0.012,
    'limn.inputs': 0,
    'limn.operation': 'generate',
    'limn.outcome': 'ok',
    'limn.pictures': 2,
    'limn.provider': 'mine',
    'limn.quality': 'low',
    'limn.request_id': 'req_1',
    'limn.retries': 1,
    'limn.run': 'run-1',
    'limn.size': '1024x1024',
    'limn.wait.limit_ms': 1500,
    'limn.wait.retry_ms': 2000,
  })
  expect(span!.events.map(({ name }) => name)).toEqual(['limn.limited', 'limn.retrying'])
  const metrics = await host.metrics()
  expect(metrics['gen_ai.client.operation.duration']).toMatchObject([
    [{ 'error.type': 'provider/server', 'gen_ai.request.model': 'gpt-image-2' }, 0.9],
    [{ 'gen_ai.operation.name': 'generate_content' }, 4],
  ])
  expect(metrics['gen_ai.client.token.usage']).toMatchObject([
    [{ 'gen_ai.token.type': 'input' }, 25],
    [{ 'gen_ai.token.type': 'output' }, 400],
  ])
  expect(metrics['limn.wait.duration']).toMatchObject([
    [{ 'limn.wait.reason': 'images' }, 1.5],
    [{ 'limn.wait.reason': 'retry' }, 2],
  ])
  expect(metrics['limn.cost']).toMatchObject([[{}, 0.012]])
  expect(metrics['limn.pictures']).toMatchObject([[{}, 2]])
})

test.each([
  [undefined, false],
  ['false', false],
  ['NO_CONTENT', false],
  ['EVENT_ONLY', false],
  ['true', true],
  ['SPAN_ONLY', true],
  ['span_and_event', true],
])('has prompts in spans only on request: %s', async (value, expected) => {
  const host = registerHost()
  const run = await openTelemetry({ run: 'r', env: env(value) })
  const key = 'sk-proj-0123456789abcdefghijklmnop'
  run
    .startRequest({ ...facts, request: { ...request, prompt: `A lighthouse ${key}` } })
    .end({ outcome: 'ok', pictures: 1, usd: 0, isEstimate: false })
  const said = JSON.stringify(host.spans().map(({ attributes, events }) => [attributes, events]))
  expect(said.includes('A lighthouse')).toBe(expected)
  expect(said).not.toContain(key)
})

test.each([
  ['provider/moderation', 0],
  ['provider/timeout', 0.02],
  ['aborted', null],
])(
  'marks a failed request with its code and what it may have cost: %s, %s',
  async (outcome, usd) => {
    const host = registerHost()
    const run = await openTelemetry({ run: 'r', env: {} })
    run.startRequest(facts).end({ outcome, pictures: 0, usd, isEstimate: usd !== 0 })
    run.end({ generated: 0, failed: 1, usd: usd ?? 0 })
    const [span, root] = host.spans()
    expect(span!.status.code).toBe(api.SpanStatusCode.ERROR)
    expect(root!.status.code).toBe(api.SpanStatusCode.ERROR)
    expect(span!.attributes).toMatchObject({ 'error.type': outcome, 'limn.outcome': outcome })
    expect(span!.attributes['limn.cost.usd']).toBe(usd ?? undefined)
    expect((await host.metrics())['limn.pictures']).toBeUndefined()
  },
)

test.each([
  ['openai', 'openai', 'openai'],
  ['azure', 'work', 'azure.ai.openai'],
  ['gemini', 'g', 'gcp.gemini'],
  ['xai', 'grok', 'x_ai'],
  ['new-api', 'relay', 'relay'],
])('names the provider as the conventions do: %s', async (server, provider, expected) => {
  const host = registerHost()
  const run = await openTelemetry({ run: 'r', env: {} })
  run
    .startRequest({ ...facts, server, provider })
    .end({ outcome: 'sent', pictures: 0, usd: 0.1, isEstimate: true, batch: 'batch_1' })
  expect(host.spans()[0]).toMatchObject({
    attributes: { 'gen_ai.provider.name': expected, 'limn.batch': 'batch_1' },
    status: { code: api.SpanStatusCode.UNSET },
  })
})

test('records nothing in a process without telemetry', async () => {
  const registry = Symbol.for('opentelemetry.js.api.1')
  const host = globalThis as Record<symbol, unknown>
  const before = host[registry]
  delete host[registry]
  try {
    expect(await openTelemetry({ run: 'r', env: {} })).toBe(noTelemetry)
  } finally {
    if (before !== undefined) host[registry] = before
  }
})
