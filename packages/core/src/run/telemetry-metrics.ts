import type * as Api from '@opentelemetry/api'
import type { RequestEnd } from './telemetry.ts'

/** The metrics of requests. */
export type Instruments = {
  /** Duration of an attempt, s. */
  duration: Api.Histogram
  /** Wait before an attempt, s. */
  waits: Api.Histogram
  /** Counts the tokens, the cost and the pictures of a request that ended. */
  count(end: RequestEnd, shared: Api.Attributes): void
}

/** Buckets that the conventions for GenAI specify for durations, s: powers of 2 from 0.01. */
const SECONDS = Array.from({ length: 14 }, (_, index) => 0.01 * 2 ** index)
/** Buckets that the conventions for GenAI specify for tokens: powers of 4. */
const TOKENS = Array.from({ length: 14 }, (_, index) => 4 ** index)

/** Creates the metrics. Without a meter provider of the host, they record nothing. */
export function createInstruments(api: typeof Api, version: string): Instruments {
  const meter = api.metrics.getMeter('@limn/core', version)
  const tokens = meter.createHistogram('gen_ai.client.token.usage', {
    description: 'Number of input and output tokens used.',
    unit: '{token}',
    advice: { explicitBucketBoundaries: TOKENS },
  })
  const cost = meter.createCounter('limn.cost', {
    description: 'Cost of requests, with the worst-case cost where the actual one is unknown.',
    unit: 'USD',
  })
  const pictures = meter.createCounter('limn.pictures', {
    description: 'Number of pictures received.',
    unit: '{picture}',
  })
  return {
    duration: meter.createHistogram('gen_ai.client.operation.duration', {
      description: 'GenAI operation duration.',
      unit: 's',
      advice: { explicitBucketBoundaries: SECONDS },
    }),
    waits: meter.createHistogram('limn.wait.duration', {
      description: 'Wait before a request is sent: for a rate limit or a retry.',
      unit: 's',
      advice: { explicitBucketBoundaries: SECONDS },
    }),
    count({ usd, usage, pictures: received }, shared) {
      const { inputTextTokens = 0, inputImageTokens = 0, outputTokens = 0 } = usage ?? {}
      const input = inputTextTokens + inputImageTokens
      if (input > 0) tokens.record(input, { ...shared, 'gen_ai.token.type': 'input' })
      if (outputTokens > 0) {
        tokens.record(outputTokens, { ...shared, 'gen_ai.token.type': 'output' })
      }
      if (usd !== null && usd > 0) cost.add(usd, shared)
      if (received > 0) pictures.add(received, shared)
    },
  }
}
