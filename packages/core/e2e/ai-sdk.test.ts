import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { expect, onTestFinished, test, vi } from 'vitest'
import {
  errors,
  type ImageServer,
  startImageServer,
} from '../../../fixtures/openai-server/index.ts'
import { createTestProject, KEY, type Run, type TestProject } from './test-project.ts'

const modules = fileURLToPath(new URL('../node_modules', import.meta.url))
const core = fileURLToPath(new URL('../src/index.ts', import.meta.url))
const photo = await sharp({
  create: { width: 320, height: 320, channels: 3, background: '#335577' },
})
  .png()
  .toBuffer()
const white = await sharp({
  create: { width: 320, height: 320, channels: 3, background: '#ffffff' },
})
  .png()
  .toBuffer()

const manifest = (asset: string, more = ''): string => `version: 1
provider: sdk
providers: { sdk: { server: ai-sdk${more} } }
defaults: { model: art, outputs: [{ name: s, width: 320, formats: [jpeg] }] }
assets:
  hero: { prompt: A lighthouse, alt: x, ${asset} }
`

/**
 * A project with the AI SDK installed and a config: plain JavaScript where it is loaded within the
 * tests, because their runner would transform TypeScript instead of Node.
 */
async function open(
  config: string | undefined,
  {
    asset = 'size: 1024x1024',
    more = '',
    env = {},
    name = 'limn.config.mjs',
  }: { asset?: string; more?: string; env?: Record<string, string>; name?: string } = {},
): Promise<TestProject> {
  const project = await createTestProject({
    files: {
      'images.yaml': manifest(asset, more),
      'photo.png': photo,
      'mask.png': white,
      ...(config === undefined ? {} : { [name]: config }),
    },
    env,
    trust: 'limn.config.ts',
  })
  mkdirSync(join(project.root, 'node_modules'))
  symlinkSync(join(modules, 'ai'), join(project.root, 'node_modules', 'ai'))
  symlinkSync(join(modules, '@ai-sdk'), join(project.root, 'node_modules', '@ai-sdk'))
  return project
}

/** A config in TypeScript whose model is the SDK's own mock; each call is written to `calls.jsonl`. */
const typedConfig = (answer: string, more = ''): string => `import { appendFileSync } from 'node:fs'
import { MockImageModelV4 } from 'ai/test'
import sharp from ${JSON.stringify(join(modules, 'sharp/dist/index.mjs'))}
import { defineConfig } from ${JSON.stringify(core)}

type Asked = { prompt: string | undefined; n: number; files?: readonly unknown[]; mask?: unknown; size?: string; aspectRatio?: string; providerOptions: unknown; headers?: Record<string, string | undefined> }

async function picture(): Promise<Uint8Array> {
  return sharp({ create: { width: 1024, height: 1024, channels: 3, background: '#e4572e' } }).png().toBuffer()
}

const art = new MockImageModelV4({
  provider: 'mock.image',
  modelId: 'art-1',
  maxImagesPerCall: 4,
  ${more}
  async doGenerate({ prompt, n, files, mask, size, aspectRatio, providerOptions, headers }: Asked) {
    appendFileSync(new URL('calls.jsonl', import.meta.url), JSON.stringify({ prompt, n, files: files?.length ?? 0, mask: mask !== undefined, size, aspectRatio, providerOptions, team: headers?.['x-team'] }) + '\\n')
    ${answer}
  },
})

export default defineConfig({ imageModels: { art } })
`
const mockConfig = (answer: string, more = ''): string =>
  typedConfig(answer, more)
    .replace(/^type Asked.*$/m, '')
    .replace(': Promise<Uint8Array>', '')
    .replace(': Asked)', ')')
const good = `return { images: await Promise.all(Array.from({ length: n }, picture)), warnings: [{ type: 'unsupported', feature: 'aspectRatio' }], response: { timestamp: new Date(0), modelId: 'art-1', headers: { 'x-request-id': 'req_mock' } } }`

const calls = (project: TestProject): unknown[] =>
  project
    .text('calls.jsonl')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
const said = ({ failed }: Run): string[] =>
  failed.map(({ error }) => `${(error as { code?: string }).code}: ${(error as Error).message}`)

test('generates with a model of limn.config.ts, and sends size and ratio', async () => {
  const project = await open(mockConfig(good), {
    asset: 'size: 1088x1920, candidates: 3',
    more: ', headers: { X-Team: art }, body: { steps: 8 }, models: { art: { maxImages: 4, price: 0.02 } }',
  })
  expect((await project.plan()).steps).toMatchObject([{ kind: 'generate', usd: 0.06, images: 3 }])
  const run = await project.generate()
  expect(run).toMatchObject({ generated: 1, failed: [], usd: 0.06 })
  expect(calls(project)).toEqual([
    {
      prompt: 'A lighthouse',
      n: 3,
      files: 0,
      mask: false,
      size: '1088x1920',
      aspectRatio: '9:16',
      providerOptions: { mock: { steps: 8 } },
      team: 'art',
    },
  ])
  expect(project.lock().assets['hero']!.made).toMatchObject({
    provider: 'sdk',
    requestId: 'req_mock',
    usd: 0.06,
  })
  expect(run.events).toContainEqual({
    type: 'mismatch',
    asset: 'hero',
    asked: { size: '1088x1920', format: 'png' },
    got: { size: '1024x1024', format: 'png' },
  })
})

test('passes the picture to edit and its mask', async () => {
  const project = await open(mockConfig(good), {
    asset: 'size: 1024x1024, edit: { image: ./photo.png, mask: ./mask.png }',
  })
  expect(await project.generate()).toMatchObject({ generated: 1, failed: [] })
  expect(calls(project)).toMatchObject([{ prompt: 'A lighthouse', files: 1, mask: true }])
})

test('pays nothing if the model does not accept input pictures', async () => {
  const project = await open(mockConfig(good, 'supportsFileInputs: false,'), {
    asset: 'size: 1024x1024, references: [./photo.png]',
  })
  expect(said(await project.generate())).toEqual([
    'provider/refused: art does not accept input pictures.',
  ])
  expect(project.has('calls.jsonl')).toBe(false)
})

test('does not retry if the model returns no picture or its vendor refuses', async () => {
  const empty = await open(
    mockConfig(
      "return { images: [], warnings: [], response: { timestamp: new Date(0), modelId: 'art-1', headers: undefined } }",
    ),
  )
  expect(said(await empty.generate())).toEqual([
    'provider/bad-answer: The model answered without a picture.',
  ])
  expect(calls(empty)).toHaveLength(1)
  const refusing = await open(mockConfig("throw new Error('Masks are not for this model')"))
  expect(said(await refusing.generate())).toEqual([
    'provider/refused: Masks are not for this model.',
  ])
  expect(calls(refusing)).toHaveLength(1)
})

test('loads the config only if a picture must be requested', async () => {
  const project = await open("throw new Error('loaded')\n")
  expect((await project.plan()).steps).toHaveLength(1)
  expect((await project.cliProcess(['check'])).stderr).not.toContain('loaded')
  await expect(project.project.generate()).rejects.toMatchObject({
    code: 'config/invalid',
    message: 'limn.config.mjs failed to load: loaded.',
    hint: 'Run `node limn.config.mjs` to see the location of the error.',
  })
})

test.each<[string, string | undefined, string, string]>([
  [
    'a missing config',
    undefined,
    'config/not-found',
    'there is no limn.config.ts next to the manifest',
  ],
  [
    'a config without a default export',
    'export const imageModels = {}\n',
    'config/invalid',
    'The default export of limn.config.ts is not a config object',
  ],
  [
    'models that are a list',
    'export default { imageModels: [] as unknown[] }\n',
    'config/invalid',
    '`imageModels` in limn.config.ts is not an object',
  ],
  [
    'an invalid model',
    'export default { imageModels: { art: 7 } }\n',
    'config/invalid',
    '"art" in limn.config.ts is not an image model',
  ],
  [
    'a package that is not installed',
    "import 'no-such-package'\nexport default {}\n",
    'config/invalid',
    "limn.config.ts failed to load: Cannot find package 'no-such-package'",
  ],
  [
    'a file that does not parse',
    'export default {\n',
    'config/invalid',
    'limn.config.ts failed to load',
  ],
])('reports %s', async (_, config, code, message) => {
  const project = await open(config, { name: 'limn.config.ts' })
  const { code: exit, stderr } = await project.cliProcess(['generate'])
  expect(exit).toBe(1)
  expect(stderr).toContain(message)
  expect(stderr).not.toMatch(/ at |This is a bug/)
  const { stdout } = await project.cliProcess(['generate', '--json'])
  expect(stdout).toContain(`"code":"${code}"`)
})

test('reports a model that the config does not have, and loads the fixed config', async () => {
  const project = await open(mockConfig(good).replace('{ art }', '{ arts: art }'))
  expect(said(await project.generate())).toEqual([
    'config/invalid: limn.config.mjs has no image model "art".',
  ])
  project.write('limn.config.mjs', `${mockConfig(good)}\n`)
  expect(await project.generate()).toMatchObject({ generated: 1, failed: [] })
})

test('runs TypeScript with Node alone, and keeps the events separate from what the SDK prints', async () => {
  const project = await open(typedConfig(good), { name: 'limn.config.ts' })
  const { code, stdout, stderr } = await project.cliProcess(['generate', '--json'])
  expect(code, stderr).toBe(0)
  for (const line of stdout.trim().split('\n')) {
    expect(() => JSON.parse(line) as unknown, line).not.toThrow()
  }
  expect(stderr).not.toContain('AI SDK')
})

test.each(['limn.config.mts', 'limn.config.js', 'limn.config.mjs'])('loads %s', async (name) => {
  const project = await open((name.endsWith('ts') ? typedConfig : mockConfig)(good), { name })
  if (name.endsWith('.js')) project.write('package.json', '{ "type": "module" }')
  const { code, stderr } = await project.cliProcess(['generate'])
  expect(code, stderr).toBe(0)
})

/** A config with OpenAI's model of the AI SDK, at a test server. */
async function openai(
  asset = 'size: 1024x1024',
): Promise<{ project: TestProject; server: ImageServer }> {
  const server = await startImageServer({ apiKey: KEY })
  onTestFinished(() => server.close())
  vi.stubEnv('SDK_TEST_KEY', KEY)
  onTestFinished(() => void vi.unstubAllEnvs())
  const config = `import { createOpenAI } from '@ai-sdk/openai'
import { defineConfig } from ${JSON.stringify(core)}

const openai = createOpenAI({ baseURL: '${server.baseURL}', apiKey: process.env['SDK_TEST_KEY'] })
export default defineConfig({ imageModels: { art: openai.image('gpt-image-2') } })
`
  return {
    server,
    project: await open(config, { asset, more: ', models: { art: { like: gpt-image-2 } }' }),
  }
}

test("requests quality, format and compression from OpenAI's model, and counts its tokens", async () => {
  const { project, server } = await openai(
    'size: 1024x1024, quality: low, format: jpeg, compression: 60, background: opaque',
  )
  const run = await project.generate()
  expect(run).toMatchObject({ generated: 1, failed: [] })
  expect(server.requests[0]!.body).toMatchObject({
    model: 'gpt-image-2',
    prompt: 'A lighthouse',
    n: 1,
    size: '1024x1024',
    quality: 'low',
    output_format: 'jpeg',
    output_compression: 60,
    background: 'opaque',
  })
  expect(project.lock().assets['hero']!.made).toMatchObject({
    usage: { outputTokens: 196 },
    requestId: server.requests[0]!.requestId,
  })
  expect(run.usd).toBeGreaterThan(0.0058)
})

test("edits with OpenAI's model and a mask", async () => {
  const { project, server } = await openai(
    'size: 1024x1024, edit: { image: ./photo.png, mask: ./mask.png }',
  )
  expect(await project.generate()).toMatchObject({ generated: 1, failed: [] })
  expect(server.requests[0]!.path).toBe('/v1/images/edits')
  expect(server.requests[0]!.body.files!.map(({ field }) => field)).toEqual(['image', 'mask'])
})

test.each([
  [
    'a refusal of moderation',
    errors.moderationBlocked,
    'provider/moderation: Moderation rejected the prompt: sexual.',
    1,
  ],
  ['a wrong key', errors.invalidApiKey, 'provider/auth: The server does not accept the key.', 1],
  [
    'an account without credit',
    errors.insufficientQuota,
    "provider/quota: The account's quota or spending limit is used up: You exceeded your current quota, please check your plan and billing details.",
    1,
  ],
  [
    'a field that is refused',
    errors.invalidValueSize,
    "provider/refused: The server refused the request (invalid_value): Invalid size '1000x1000'. Width and height must both be divisible by 16.",
    1,
  ],
  [
    'a server that fails',
    { ...errors.serverError, headers: { 'retry-after-ms': '1' } },
    'provider/server: The server failed (500): The server had an error while processing your request. Sorry about that!',
    4,
  ],
  [
    'a connection that breaks',
    { kind: 'cut', afterBytes: 0 } as const,
    'provider/network: The connection broke before the picture arrived (UND_ERR_SOCKET). The picture may have been billed.',
    1,
  ],
  [
    'an invalid answer',
    { kind: 'body', status: 200, contentType: 'application/json', text: '{"a":1}' } as const,
    "provider/bad-answer: The AI SDK could not parse the server's answer.",
    1,
  ],
])('explains %s like other servers', async (_, fault, message, requests) => {
  const { project, server } = await openai()
  server.answer(() => fault)
  const run = await project.generate()
  expect(said(run)).toEqual([message])
  expect(server.requests).toHaveLength(requests)
  project.expectNoKey(run.events.map((event) => JSON.stringify(event)))
})
