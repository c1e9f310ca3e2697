import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startProcess } from './service-process.ts'
import { call, createTested, KEYS, PATH, PROVIDER_KEY, type Received } from './start.ts'

/** The whole load takes minutes: `test:soak` runs it. */
const isSoak = process.env['MODE'] === 'soak'
const REQUESTS = isSoak ? 1000 : 120
const AT_A_TIME = 16

type Sent = { body: string; key: string; isHostile: boolean }

/** A tenth of the requests repeat an earlier one, and a sixth are hostile. */
function createLoad(): Sent[] {
  const keys = [KEYS.web, KEYS.app, KEYS.poor]
  const sent: Sent[] = []
  for (let index = 0; index < REQUESTS; index++) {
    const key = keys[index % keys.length]!
    const body = JSON.stringify({ prompt: `Picture ${index}`, n: 1 + (index % 2) })
    if (index % 10 === 9) sent.push({ ...sent[index - 3]!, key })
    else if (index % 6 === 5) sent.push({ body: hostileBody(index), key, isHostile: true })
    else sent.push({ body, key, isHostile: false })
  }
  return sent
}

function hostileBody(index: number): string {
  const bodies = [
    '{"prompt":',
    '['.repeat(20_000),
    '{"prompt":"x","__proto__":{"n":1}}',
    '{"prompt":"\\ud800"}',
    JSON.stringify({ prompt: 'x'.repeat(80_000) }),
    JSON.stringify({ prompt: 'x', n: 1e12, size: '../..' }),
    '{"prompt":"{{#each}}\\u0000"}',
  ]
  return bodies[index % bodies.length]!
}

/** Returns the memory of a process, MB; 0 where the system does not report it. */
function memoryOf(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024
  } catch {
    return 0
  }
}

test(`pays once, holds budgets and stays small through ${REQUESTS} requests`, async () => {
  const tested = await createTested({ inFlight: 8, waiting: 1000 })
  const service = await startProcess(tested)
  const load = createLoad()
  const received: Received[] = []
  const memory: number[] = []
  let next = 0
  const send = async (): Promise<void> => {
    for (let index = next++; index < load.length; index = next++) {
      const { body, key } = load[index]!
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
      received[index] = await call(service.origin + PATH, { method: 'POST', headers, body })
      if (index % Math.ceil(REQUESTS / 10) === 0) memory.push(memoryOf(service.pid))
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, send))

  const paid = tested.server.requests.map(({ body }) => String(body['prompt']))
  expect(new Set(paid).size).toBe(paid.length)
  for (const [index, { status }] of received.entries()) {
    const { isHostile, key } = load[index]!
    if (isHostile) expect([400, 413]).toContain(status)
    else if (key === KEYS.poor) expect([200, 402]).toContain(status)
    else expect(status).toBe(200)
  }
  expect(received.some(({ status }) => status === 402)).toBe(true)
  const spentBy = async (key: string): Promise<number> => {
    const answer = await call(`${service.origin}/v1/usage`, {
      headers: { authorization: `Bearer ${key}` },
    })
    return (answer.body as unknown as { spentUsd: number }).spentUsd
  }
  const spent = await Promise.all(Object.values(KEYS).map(spentBy))
  expect(spent[2]).toBeLessThanOrEqual(0.02)
  const charged = received.reduce((sum, { body }) => sum + (body.limn?.usd ?? 0), 0)
  expect(spent.reduce((sum, usd) => sum + usd)).toBeCloseTo(charged, 6)

  const everything = [...received.map(({ text }) => text), service.output()].join('\n')
  expect(everything).not.toMatch(/\n +at |\\n +at |node:internal|file:\/\/|\.ts:\d/)
  for (const key of [...Object.values(KEYS), PROVIDER_KEY]) expect(everything).not.toContain(key)
  expect(readFileSync(join(tested.folder, 'data/ledger.jsonl'), 'utf8')).not.toMatch(
    /limn-web-|sk-/,
  )
  // The first fifth loads modules and fills caches.
  if (isSoak) expect(memory.at(-1)!).toBeLessThan(memory[2]! * 1.3 + 30)
})
