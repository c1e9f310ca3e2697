import { expect, test } from 'vitest'
import { startProcess } from './service-process.ts'
import { call, createTested, KEYS, PATH } from './start.ts'

const headers = { authorization: `Bearer ${KEYS.web}`, 'content-type': 'application/json' }
const body = JSON.stringify({ prompt: 'A mug' })

test.each([
  ['the picture reaches its place', String.raw`/images/picture\.png$`],
  ['the lockfile is written', String.raw`/images\.lock$`],
  ['the outcome is recorded', String.raw`/picture\.json$`],
])('keeps a paid picture if it is killed before %s', async (_moment, killOn) => {
  const tested = await createTested()
  const service = await startProcess(tested, killOn)
  await expect(call(service.origin + PATH, { method: 'POST', headers, body })).rejects.toThrow()
  expect(await service.ended).toBe('SIGKILL')
  expect(tested.server.requests).toHaveLength(1)

  await tested.start()
  const spent = await tested.spentBy(KEYS.web)
  expect(spent).toBeGreaterThan(0)
  const { status, body: answer } = await tested.post({ prompt: 'A mug' }, KEYS.app)
  expect(status).toBe(200)
  expect(answer.limn.usd).toBe(0)
  expect((await tested.get(new URL(answer.data[0]!.url!).pathname)).status).toBe(200)
  expect(tested.server.requests).toHaveLength(1)
  expect(await tested.spentBy(KEYS.web)).toBe(spent)
  expect(await tested.spentBy(KEYS.app)).toBe(0)
})

test('charges a request whose answer it never saw with the most that it can cost', async () => {
  const tested = await createTested()
  tested.server.answer(() => ({ kind: 'hang' }))
  const service = await startProcess(tested)
  const answer = call(service.origin + PATH, { method: 'POST', headers, body }).catch(() => 'cut')
  await expect.poll(() => tested.server.requests.length).toBe(1)
  service.kill('SIGKILL')
  expect(await answer).toBe('cut')
  await service.ended

  await tested.start()
  const { body: list } = await tested.get('/v1/models')
  const { prices } = (list as unknown as { data: { prices: Record<string, number> }[] }).data[0]!
  const spent = await tested.spentBy(KEYS.web)
  expect(spent).toBeGreaterThan(0)
  expect(spent).toBeLessThanOrEqual(prices['1024x1024 low']!)
  expect(tested.server.requests).toHaveLength(1)
})

test('ends with SIGTERM once the picture in flight is there, and refuses a second process', async () => {
  const tested = await createTested()
  let release = (): void => {}
  const until = new Promise<void>((resolve) => (release = resolve))
  tested.server.answer(() => ({ kind: 'hold', until }))
  const service = await startProcess(tested)
  const answer = call(service.origin + PATH, { method: 'POST', headers, body })
  await expect.poll(() => tested.server.inFlight).toBe(1)
  await expect(startProcess(tested)).rejects.toThrow(`Process ${service.pid} uses`)
  service.kill('SIGTERM')
  await expect.poll(() => service.output()).toContain('closing')
  release()
  expect(await answer).toMatchObject({ status: 200 })
  expect(await service.ended).toBe(0)
})
