import { expect, test } from 'vitest'
import { guardTelemetry } from './guard-telemetry.ts'
import type { RequestEnd, RequestFacts, RequestTelemetry, RunTelemetry } from './telemetry.ts'

const facts = {} as RequestFacts
const end: RequestEnd = { outcome: 'ok', pictures: 1, usd: 0.04, isEstimate: false }

function fail(): never {
  throw new Error('The exporter of the host is broken.')
}

const failing: RequestTelemetry = {
  within: fail,
  limited: fail,
  retrying: fail,
  attempted: fail,
  end: fail,
}

function useAll(telemetry: RunTelemetry): Promise<string> {
  const request = telemetry.startRequest(facts)
  request.limited({ ms: 1, limit: 'requests' } as unknown as Parameters<typeof request.limited>[0])
  request.retrying({ attempt: 1, ms: 1, code: 'provider/busy' })
  request.attempted({ ms: 1, outcome: 'ok' })
  request.end(end)
  telemetry.end({ generated: 1, failed: 0, usd: 0.04 })
  return request.within(async () => 'picture')
}

test.each<[string, () => RequestTelemetry]>([
  ['starts', fail],
  ['records', () => failing],
])('goes on when the SDK of the host throws as it %s', async (_, startRequest) => {
  await expect(useAll(guardTelemetry({ startRequest, end: fail }))).resolves.toBe('picture')
})

test.each<[string, RequestTelemetry['within']]>([
  ['before the work', fail],
  [
    'after the work has started',
    (work) => {
      void work()
      return fail()
    },
  ],
  [
    'twice',
    (work) => {
      void work()
      return work()
    },
  ],
  ['without its promise', ((work: () => unknown) => void work()) as never],
])('does the work once when a context manager fails: %s', async (_, within) => {
  let sent = 0
  const guarded = guardTelemetry({ startRequest: () => ({ ...failing, within }), end: fail })
  const work = async (): Promise<number> => ++sent
  await expect(guarded.startRequest(facts).within(work)).resolves.toBe(1)
  expect(sent).toBe(1)
})

test('passes on the error of the work', async () => {
  const guarded = guardTelemetry({
    startRequest: () => ({ ...failing, within: (work) => work() }),
    end: fail,
  })
  const work = (): Promise<never> => Promise.reject(new Error('refused'))
  await expect(guarded.startRequest(facts).within(work)).rejects.toThrow('refused')
})
