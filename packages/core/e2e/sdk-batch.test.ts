import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import {
  type Ending,
  type SdkBatchServer,
  startSdkBatchServer,
} from '../../../fixtures/sdk-batch-server.ts'
import { createTestProject, type Run, type TestProject } from './test-project.ts'

const modules = fileURLToPath(new URL('../node_modules', import.meta.url))
const KEY = 'AIza-test-0123456789abcdefghijklmnopqrs'
const picture = (
  await sharp({ create: { width: 64, height: 64, channels: 3, background: '#e4572e' } })
    .png()
    .toBuffer()
).toString('base64')

const configs = {
  google: `import { createGoogleGenerativeAI } from '@ai-sdk/google'
const google = createGoogleGenerativeAI({ apiKey: '${KEY}', baseURL: process.env.SDK_URL + '/v1beta' })
export default { imageModels: { art: google.image('gemini-2.5-flash-image') }, batchProviders: [google] }
`,
  xai: `import { createXai } from '@ai-sdk/xai'
const xai = createXai({ apiKey: '${KEY}', baseURL: process.env.SDK_URL + '/v1' })
export default { imageModels: { art: xai.image('grok-imagine-image') }, batchProviders: [xai] }
`,
} as const

const manifest = (model = '{ sizes: any, price: 0.04, batchPrice: 0.02 }', more = ''): string =>
  `version: 1
provider: sdk
providers: { sdk: { server: ai-sdk, models: { art: ${model} } } }
defaults: { model: art, size: 1024x1024, outputs: [{ name: s, width: 64, height: 64, formats: [webp] }] }
assets:
  boat: { prompt: A red boat, alt: x }
  hill: { prompt: A green hill, alt: x }
  lamp: { prompt: A brass lamp, alt: x }
${more}`

type Vendor = keyof typeof configs
type Opened = TestProject & { sdk: SdkBatchServer; finish: (ending?: Ending) => void }

async function open(
  vendor: Vendor,
  { text = manifest(), config = configs[vendor] as string } = {},
): Promise<Opened> {
  const sdk = await startSdkBatchServer()
  onTestFinished(() => sdk.close())
  const project = await createTestProject({
    files: { 'images.yaml': text, 'limn.config.mjs': config },
    env: { SDK_URL: sdk.url },
    trust: 'limn.config.mjs',
  })
  process.env['SDK_URL'] = sdk.url
  mkdirSync(join(project.root, 'node_modules'))
  for (const name of ['ai', '@ai-sdk']) {
    symlinkSync(join(modules, name), join(project.root, 'node_modules', name))
  }
  const finish = (ending: Ending = {}): void =>
    sdk.finish(sdk.batches.at(-1)!.id, { picture, ...ending })
  return Object.assign(project, { sdk, finish })
}

const codes = ({ failed }: Run): unknown[] =>
  failed.map(({ asset, error }) => [asset, (error as { code?: string }).code])
const records = ({ root }: TestProject): string[] => readdirSync(join(root, '.limn/batches'))
const unread = ({ events }: Run): unknown[] =>
  events.flatMap((event) => (event.type === 'batch-unread' ? [event.error.code] : []))

test.each(['google', 'xai'] as const)(
  'sends a batch through the AI SDK at its price, and collects it in a later run: %s',
  async (vendor) => {
    const project = await open(vendor)
    const { sdk, plan, generate, finish, lock, expectNoKey } = project
    expect((await plan()).usd).toBeCloseTo(0.12)
    expect((await plan({ batch: true })).usd).toBeCloseTo(0.06)
    const sent = await generate({ batch: true })
    expect(sent).toMatchObject({
      generated: 0,
      failed: [],
      sent: [{ assets: ['boat', 'hill', 'lamp'] }],
    })
    expect(sent.usd).toBeCloseTo(0.06)
    expect(sdk.batches).toMatchObject([{ api: vendor, rows: [{}, {}, {}] }])
    expect(JSON.stringify(sdk.batches[0]!.rows[1]!.body)).toContain('A green hill')
    // Nothing is sent again while the batch is open.
    const waiting = await generate()
    expect(waiting.events).toContainEqual(
      expect.objectContaining({ type: 'batch-waiting', status: 'in_progress' }),
    )
    expect(sdk.batches).toHaveLength(1)

    finish()
    expect(await generate()).toMatchObject({ recovered: 3, generated: 0, failed: [], usd: 0 })
    expect(lock().assets['lamp']!.made).toMatchObject({
      provider: 'sdk',
      batch: sdk.batches[0]!.id,
      usd: 0.02,
    })
    expect(records(project)).toEqual([])
    expect(sdk).toMatchObject({ singles: 0, batches: { length: 1 } })
    expectNoKey(sent)
  },
)

test.each([
  ['google', 'hang-before', 'unmade'],
  ['xai', 'hang-after', 'found'],
] as const)('pays for nothing twice if it is killed: %s, %s', async (vendor, mode, then) => {
  const project = await open(vendor)
  const { sdk, generate, start, finish } = project
  sdk.onCreate(mode)
  const run = start(['generate', '--batch'])
  const isCreate = (call: string): boolean => /POST .*(batchGenerateContent|v1\/batches)/.test(call)
  await expect.poll(() => sdk.calls.filter(isCreate).length, { timeout: 30_000 }).toBe(1)
  run.kill('SIGKILL')
  await run.done
  expect(records(project)).toHaveLength(1)
  sdk.onCreate('answer')
  if (then === 'found') {
    // Whether the unfinished batch is the one of the record is not known yet.
    const early = await generate({ batch: true })
    expect(unread(early)).toEqual(['batch/unclear'])
    expect(sdk.batches).toHaveLength(1)
    finish()
  } else {
    await generate({ batch: true })
    expect(sdk.batches).toHaveLength(1)
    finish()
  }
  expect(await generate()).toMatchObject({ recovered: 3, generated: 0, failed: [] })
  expect(sdk).toMatchObject({ singles: 0, batches: { length: 1 } })
})

test('keeps the record of a batch that may be created, and finds it once it is finished', async () => {
  const project = await open('google')
  const { sdk, generate, finish } = project
  sdk.onCreate('fail-after')
  const sent = await generate({ batch: true })
  expect(codes(sent).map((each) => (each as string[])[1])).toEqual(Array(3).fill('provider/server'))
  expect(records(project)).toHaveLength(1)
  finish()
  expect(await generate()).toMatchObject({ recovered: 3, failed: [] })
  expect(sdk).toMatchObject({ singles: 0, batches: { length: 1 } })
})

test.each([
  ['google', { state: 'EXPIRED', answered: 1 }, 'batch/expired'],
  ['google', { state: 'CANCELLED', answered: 1 }, 'batch/cancelled'],
  ['xai', { state: 'CANCELLED', answered: 1 }, 'batch/cancelled'],
  ['xai', { state: 'EXPIRED', answered: 1 }, 'batch/expired'],
] as const)('keeps the pictures of a partial batch: %s, %o', async (vendor, ending, code) => {
  const { sdk, generate, finish } = await open(vendor)
  await generate({ batch: true })
  finish(ending)
  const run = await generate()
  expect(run).toMatchObject({ recovered: 1, generated: 0 })
  expect(
    run.events.flatMap((event) =>
      event.type === 'failed' ? [(event.error as { code: string }).code] : [],
    ),
  ).toEqual([code, code])
  // The requests without an answer can be sent again.
  expect(await generate({ batch: true })).toMatchObject({ sent: [{ assets: ['hill', 'lamp'] }] })
  expect(sdk.batches).toHaveLength(2)
})

test.each(['google', 'xai'] as const)(
  'reports requests that fail or are refused, and keeps the others: %s',
  async (vendor) => {
    const { generate, finish } = await open(vendor)
    await generate({ batch: true })
    finish({ errors: { 0: { code: 13, message: 'Internal error' } }, blocked: [1] })
    const run = await generate()
    expect(run).toMatchObject({ recovered: 1 })
    expect(
      run.events.flatMap((event) =>
        event.type === 'failed' ? [[event.asset, (event.error as { code: string }).code]] : [],
      ),
    ).toEqual([
      ['boat', 'batch/failed'],
      ['hill', 'provider/moderation'],
    ])
  },
)

test('stores a damaged line, reads the results again, and gives up on the line after that', async () => {
  const project = await open('google')
  const { root, generate, finish, list } = project
  await generate({ batch: true })
  finish({ lines: ([first, second, third]) => [first!, second!, third!.slice(0, 40)] })
  expect(await generate()).toMatchObject({ recovered: 2, generated: 0 })
  expect(records(project)).toHaveLength(1)
  const [rejected] = list('.limn/rejected')
  expect(readFileSync(join(root, rejected!), 'utf8')).toContain('"key"')
  await generate()
  expect(records(project)).toEqual([])
})

test('cancels a batch', async () => {
  const { cli, generate, sdk } = await open('google')
  await generate({ batch: true })
  expect(await cli(['batch', 'cancel', sdk.batches[0]!.id])).toMatchObject({ code: 0 })
  const run = await generate()
  expect(run.events.filter(({ type }) => type === 'failed')).toHaveLength(3)
})

test('says what a batch needs, and sends nothing', async () => {
  const { plan } = await open('google', { text: manifest('{ price: 0.04 }') })
  expect((await plan({ batch: true })).notes.map(({ text }) => text)).toContain(
    'full price, not in a batch: sdk has no `batchPrice` for art',
  )
  const config = configs.google.replace(', batchProviders: [google]', '')
  const { generate, sdk } = await open('google', { config })
  await expect(generate({ batch: true })).rejects.toMatchObject({
    code: 'config/invalid',
    message: 'limn.config.mjs has no batch provider for the model "art" of google.',
    hint: 'Add `batchProviders: [google]`, or run the command without --batch.',
  })
  expect(sdk.calls).toEqual([])
})
