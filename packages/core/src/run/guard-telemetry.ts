import type { RequestTelemetry, RunTelemetry } from './telemetry.ts'
import { noRequest } from './telemetry.ts'

/**
 * Keeps what the SDK of the host throws away from the run: an exporter, a processor or a context
 * manager that fails must neither stop a request nor lose the picture that it paid for.
 */
export function guardTelemetry(telemetry: RunTelemetry): RunTelemetry {
  return {
    startRequest: (facts) =>
      guardRequest(attempt(() => telemetry.startRequest(facts)) ?? noRequest),
    end: (result) => attempt(() => telemetry.end(result)),
  }
}

function guardRequest(telemetry: RequestTelemetry): RequestTelemetry {
  return {
    within: (work) => runOnce(work, (once) => telemetry.within(once)),
    limited: (wait) => attempt(() => telemetry.limited(wait)),
    retrying: (wait) => attempt(() => telemetry.retrying(wait)),
    attempted: (each) => attempt(() => telemetry.attempted(each)),
    end: (end) => attempt(() => telemetry.end(end)),
  }
}

/** Does work exactly once, whether or not `within` throws before or after it has started it. */
function runOnce<T>(
  work: () => Promise<T>,
  within: (once: () => Promise<T>) => Promise<T>,
): Promise<T> {
  let started: Promise<T> | undefined
  const once = (): Promise<T> => (started ??= (async () => work())())
  // What `within` returns is that of a context manager of the host: the work's own promise counts.
  attempt(() => within(once)?.catch?.(() => {}))
  return once()
}

function attempt<T>(call: () => T): T | undefined {
  try {
    return call()
  } catch {
    return undefined
  }
}
