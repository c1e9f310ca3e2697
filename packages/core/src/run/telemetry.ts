import type { ImageRequest } from '../identity/request.ts'
import type { LimitWait } from '../limits/rate-limiter.ts'
import type { Usage } from '../models/cost.ts'
import type { ProviderEnvironment } from '../providers/environment.ts'

/*
 * Telemetry goes to the OpenTelemetry SDK that the host of this process has registered, and nowhere
 * else. Without one, Limn does not even load the API.
 */

/** What the telemetry of a request says before it is sent. */
export type RequestFacts = {
  asset: string
  request: ImageRequest
  /** Number of pictures. */
  count: number
  /** Name of the provider in the manifest, and the kind of its server. */
  provider: string
  server: string
}

/** How a request ended. */
export type RequestEnd = {
  /** `ok`, `sent` in a batch, or the code of the error. */
  outcome: string
  /** Number of pictures received. */
  pictures: number
  /** Cost of all attempts, USD; `null` if the price is unknown. */
  usd: number | null
  /** Whether `usd` is at least in part the worst-case cost. */
  isEstimate: boolean
  usage?: Usage | undefined
  requestId?: string | undefined
  /** The provider that answered, with failover. */
  answeredBy?: string | undefined
  /** Id of the batch that it was sent in. */
  batch?: string | undefined
}

/** The telemetry of one request, with all of its attempts. */
export type RequestTelemetry = {
  /** Does work whose own telemetry belongs to the request. */
  within<T>(work: () => Promise<T>): Promise<T>
  limited(wait: LimitWait): void
  retrying(wait: { attempt: number; ms: number; code: string }): void
  /** Records one attempt. `outcome` is `ok` or the code of the error. */
  attempted(attempt: { ms: number; outcome: string }): void
  end(end: RequestEnd): void
}

/** The telemetry of one run. */
export type RunTelemetry = {
  startRequest(facts: RequestFacts): RequestTelemetry
  /** Ends the run. */
  end(result: { generated: number; failed: number; usd: number }): void
}

/** Records nothing about a request. */
export const noRequest: RequestTelemetry = {
  within: (work) => work(),
  limited() {},
  retrying() {},
  attempted() {},
  end() {},
}
/** Records nothing. */
export const noTelemetry: RunTelemetry = { startRequest: () => noRequest, end() {} }

/** Key of the property of `globalThis` in which version 1 of the API keeps what is registered. */
const REGISTRY = Symbol.for('opentelemetry.js.api.1')

/** Variable that asks for prompts in spans, as the conventions for GenAI define it. */
const CAPTURE = 'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT'

/**
 * Starts the telemetry of a run, below the span that is active.
 *
 * @param options.run id of the run, as the history names it
 */
export async function openTelemetry(options: {
  run: string
  env: ProviderEnvironment
}): Promise<RunTelemetry> {
  if (!(REGISTRY in globalThis)) return noTelemetry
  try {
    const api = await import('@opentelemetry/api')
    const { createTelemetry } = await import('./open-telemetry.ts')
    const capture = options.env[CAPTURE]?.toLowerCase() ?? ''
    const hasPrompts = ['true', 'span_only', 'span_and_event'].includes(capture)
    const { guardTelemetry } = await import('./guard-telemetry.ts')
    return guardTelemetry(createTelemetry(api, { run: options.run, hasPrompts }))
  } catch {
    // The host's copy of the API may be out of reach of this package. A run goes on without it.
    return noTelemetry
  }
}
