import sharp from 'sharp'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  type CompatServer,
  fieldsOf,
  startAzure,
  startGemini,
  startLocalAI,
  startNewApi,
  startStableDiffusionCpp,
  startTogether,
  startVllmOmni,
  startXai,
} from '../../../fixtures/compat-servers/index.ts'
import type { Diagnostic, ManifestError } from '../src/index.ts'
import { createTestProject, KEY, type Run, type TestProject } from './test-project.ts'

/*
 * Every server that Limn has a profile of, simulated over real HTTP: a plan, a generation, an edit
 * if the server supports it, and an error in the server's form.
 */

/** Closes the server after the test. */
async function started<T extends CompatServer>(starting: Promise<T>): Promise<T> {
  const server = await starting
  onTestFinished(() => server.close())
  return server
}

const photo = await sharp({
  create: { width: 640, height: 320, channels: 3, background: '#335577' },
})
  .png()
  .toBuffer()
const white = await sharp({
  create: { width: 160, height: 320, channels: 3, background: '#ffffff' },
})
  .png()
  .toBuffer()
/** A quarter is white: the area that may change. */
const mask = await sharp({
  create: { width: 640, height: 320, channels: 3, background: '#000000' },
})
  .composite([{ input: white, left: 0, top: 0 }])
  .png()
  .toBuffer()

/** Creates a project with `entry` as its only provider. `assets` has one entry per line. */
function open(
  entry: string,
  assets: readonly string[],
  { model = 'flux', variable }: { model?: string; variable?: string } = {},
): Promise<TestProject> {
  const manifest = [
    'version: 1',
    'provider: mine',
    `providers: { mine: ${entry} }`,
    `defaults: { model: ${model}, outputs: [{ name: s, width: 320, formats: [jpeg] }] }`,
    'assets:',
    ...assets.map((asset) => `  ${asset}`),
    '',
  ].join('\n')
  return createTestProject({
    files: { 'images.yaml': manifest, 'photo.png': photo, 'mask.png': mask },
    ...(variable === undefined ? {} : { env: { [variable]: KEY } }),
  })
}

const hero = 'hero: { prompt: A lighthouse, alt: x, size: 1024x1024 }'
const edited =
  'night: { edit: { image: ./photo.png }, prompt: The same at night, alt: x, size: 1024x1024 }'
const masked =
  'part: { edit: { image: ./photo.png, mask: ./mask.png }, prompt: A red door, alt: x, size: 1024x1024 }'
const said = ({ failed }: Run): string[] =>
  failed.map(({ error }) =>
    error instanceof Error
      ? `${(error as { code?: string }).code}: ${error.message}`
      : String(error),
  )
/** Returns the errors of a plan, without warnings. */
const mistakesOf = (plan: Promise<unknown>): Promise<Diagnostic[]> =>
  plan.then(
    () => [],
    (error: unknown) =>
      (error as ManifestError).diagnostics.filter(({ severity }) => severity === 'error'),
  )
const draws = (server: CompatServer): CompatServer['requests'] =>
  server.requests.filter(({ method }) => method === 'POST')

describe('Azure', () => {
  const entry = (server: CompatServer, more = ''): string =>
    `{ server: azure, baseURL: '${server.origin}'${more} }`

  test('requests the deployment, with the key in a header of Azure', async () => {
    const server = await started(startAzure({ key: KEY, deployments: ['pictures'] }))
    const { generate, lock, expectNoKey } = await open(
      entry(
        server,
        ", apiVersion: '2025-04-01-preview', models: { pictures: { like: gpt-image-2 } }",
      ),
      [hero, edited],
      { model: 'pictures', variable: 'MINE_API_KEY' },
    )
    const run = await generate()
    expect(run).toMatchObject({ generated: 2, failed: [] })
    expect(
      draws(server).map(({ path, query, headers }) => [
        path,
        query.get('api-version'),
        headers.authorization,
      ]),
    ).toEqual([
      ['/openai/deployments/pictures/images/generations', '2025-04-01-preview', undefined],
      ['/openai/deployments/pictures/images/edits', '2025-04-01-preview', undefined],
    ])
    // Tokens are counted by the model that the deployment is `like`: 10 in, 196 out.
    expect(lock().assets['hero']!.made).toMatchObject({
      provider: 'mine',
      requestId: 'req_azure',
      usd: (10 * 5 + 196 * 30) / 1e6,
    })
    expectNoKey(run.events)
  })

  test('sends the v1 route the same requests as OpenAI', async () => {
    const server = await started(startAzure({ key: KEY, deployments: ['pictures'] }))
    const { generate } = await open(
      `{ server: azure, baseURL: '${server.origin}/openai/v1', models: { gpt-image-2: { as: pictures } } }`,
      [hero],
      { model: 'gpt-image-2', variable: 'MINE_API_KEY' },
    )
    expect(await generate()).toMatchObject({ generated: 1, failed: [] })
    expect(draws(server).map(({ path, body, query }) => [path, body['model'], query.size])).toEqual(
      [['/openai/v1/images/generations', 'pictures', 0]],
    )
  })

  test('inverts the compression, as 100 is the smallest file there', async () => {
    const server = await started(startAzure({ key: KEY, deployments: ['gpt-image-2'] }))
    const { generate } = await open(
      entry(server),
      ['hero: { prompt: A lighthouse, alt: x, format: jpeg, compression: 80, size: 1024x1024 }'],
      { model: 'gpt-image-2', variable: 'MINE_API_KEY' },
    )
    expect(await generate()).toMatchObject({ generated: 1, failed: [] })
    expect(draws(server)[0]!.body).toMatchObject({ output_format: 'jpeg', output_compression: 20 })
  })

  test('rejects WebP while planning, and reports what the content filter found', async () => {
    const server = await started(startAzure({ key: KEY, deployments: ['gpt-image-2'] }))
    const webp = await open(
      entry(server),
      ['hero: { prompt: A lighthouse, alt: x, format: webp }'],
      { model: 'gpt-image-2', variable: 'MINE_API_KEY' },
    )
    expect(await mistakesOf(webp.plan())).toMatchObject([
      { code: 'manifest/server', message: 'mine does not return WEBP.' },
    ])

    const { generate } = await open(entry(server), ['hero: { prompt: A blocked thing, alt: x }'], {
      model: 'gpt-image-2',
      variable: 'MINE_API_KEY',
    })
    expect(said(await generate())).toEqual([
      'provider/moderation: Moderation rejected the prompt: violence.',
    ])
    expect(draws(server)).toHaveLength(1)
  })

  test('reports a missing deployment and a wrong key', async () => {
    const server = await started(startAzure({ key: KEY, deployments: ['pictures'] }))
    const missing = await open(entry(server), [hero], {
      model: 'gpt-image-2',
      variable: 'MINE_API_KEY',
    })
    expect(said(await missing.generate())).toEqual([
      'provider/refused: The server has no model "gpt-image-2", or this key does not have access to it.',
    ])
    const other = await started(startAzure({ key: 'another', deployments: ['pictures'] }))
    const wrong = await open(entry(other), [hero], { model: 'pictures', variable: 'MINE_API_KEY' })
    expect(said(await wrong.generate())).toEqual([
      'provider/auth: The server does not accept the key.',
    ])
  })
})

describe('LocalAI', () => {
  const entry = (server: CompatServer): string =>
    `{ server: localai, baseURL: '${server.origin}/v1' }`

  test('requests base64, without a key', async () => {
    const server = await started(startLocalAI({ models: ['flux'] }))
    const { generate, lock, project } = await open(entry(server), [hero])
    expect((await project.plan()).plan.steps).toMatchObject([{ kind: 'generate', usd: null }])
    expect(await generate()).toMatchObject({ generated: 1, failed: [] })
    expect(
      draws(server).map(({ path, headers, body }) => [
        path,
        headers.authorization,
        body['response_format'],
      ]),
    ).toEqual([['/v1/images/generations', undefined, 'b64_json']])
    expect(lock().assets['hero']!.master).toMatchObject({ width: 1024, height: 1024 })
    expect(lock().assets['hero']!.made).not.toHaveProperty('usage')
  })

  test('sends only its own key, if there is one', async () => {
    const server = await started(startLocalAI({ models: ['flux'], key: KEY }))
    const { generate } = await open(entry(server), [hero], { variable: 'LOCALAI_API_KEY' })
    expect(await generate()).toMatchObject({ generated: 1, failed: [] })
    const without = await open(entry(server), [hero], { variable: 'OPENAI_API_KEY' })
    expect(said(await without.generate())).toEqual([
      'provider/auth: The server does not accept the key.',
    ])
    expect(draws(server).at(-1)!.headers.authorization).toBeUndefined()
  })

  test('sends an input picture with a generation, and a mask to the inpainting route', async () => {
    const server = await started(startLocalAI({ models: ['flux'] }))
    const { generate, lock } = await open(entry(server), [
      edited,
      masked,
      'like: { references: [./photo.png], prompt: In this manner, alt: x, size: 512x512 }',
    ])
    const run = await generate()
    expect(run).toMatchObject({ generated: 3, failed: [] })
    const [start, inpainted, like] = ['The same', 'A red door', 'In this manner'].map((prompt) =>
      draws(server).find((request) => String(fieldsOf(request)['prompt']).startsWith(prompt))!,
    )
    expect([start!.path, start!.body['files']]).toEqual([
      '/v1/images/generations',
      [photo.toString('base64')],
    ])
    expect([like!.path, like!.body['ref_images']]).toEqual([
      '/v1/images/generations',
      [photo.toString('base64')],
    ])
    expect([inpainted!.path, inpainted!.body.files!.map(({ field }) => field)]).toEqual([
      '/v1/images/inpainting',
      ['image', 'mask'],
    ])
    // That route always returns the same size, as a link to the server.
    expect(lock().assets['part']!.master).toMatchObject({ width: 512, height: 512 })
    expect(run.events).toContainEqual({
      type: 'mismatch',
      asset: 'part',
      asked: { size: '1024x1024', format: 'png' },
      got: { size: '512x512', format: 'png' },
    })
  })

  test('reports an error with a numeric code', async () => {
    const server = await started(startLocalAI({ models: [] }))
    const { project } = await open(entry(server), [hero])
    const controller = new AbortController()
    const messages: string[] = []
    await project.generate({
      signal: controller.signal,
      onEvent: (event) => {
        if (event.type !== 'retrying') return
        messages.push(event.error.message)
        controller.abort()
      },
    })
    expect(messages).toEqual([
      'The server failed (500): code=500, message=could not load model - all backends returned error: model flux not found.',
    ])
  })
})

describe('stable-diffusion.cpp', () => {
  const entry = (server: CompatServer): string =>
    `{ server: stable-diffusion.cpp, baseURL: '${server.origin}/v1', models: { flux: { sizes: any, price: 0 } } }`

  test('generates any size at the price of the manifest', async () => {
    const server = await started(startStableDiffusionCpp())
    const { generate, lock, project } = await open(entry(server), [
      'hero: { prompt: A lighthouse, alt: x, size: 704x384, format: webp }',
    ])
    expect((await project.plan()).plan.steps).toMatchObject([{ kind: 'generate', usd: 0 }])
    expect((await project.plan()).warnings).toEqual([])
    expect(await generate()).toMatchObject({ generated: 1, failed: [], usd: 0 })
    expect(lock().assets['hero']!.master).toMatchObject({
      path: 'images/hero.webp',
      width: 704,
      height: 384,
    })
    expect(Object.keys(draws(server)[0]!.body).sort()).toEqual([
      'model',
      'n',
      'output_format',
      'prompt',
      'size',
    ])
  })

  test('sends a mask as an opaque grey picture, white where it may change', async () => {
    const server = await started(startStableDiffusionCpp())
    const { generate } = await open(entry(server), [masked])
    expect(await generate()).toMatchObject({ generated: 1, failed: [] })
    expect(server.maskWhite).toBeCloseTo(0.25, 2)
    const sent = draws(server)[0]!.body.files!.find(({ field }) => field === 'mask')!
    expect(await sharp(sent.bytes).metadata()).toMatchObject({
      width: 640,
      height: 320,
      hasAlpha: false,
    })
  })

  test('reports an error that is plain text', async () => {
    const server = await started(startStableDiffusionCpp())
    const { generate } = await open(entry(server), [
      'night: { edit: { image: ./photo.png }, prompt: At night, alt: x, format: webp, size: 640x320 }',
    ])
    expect(said(await generate())).toEqual([
      'provider/refused: The server refused the request: invalid output_format, must be one of [png, jpeg].',
    ])
  })
})

describe('vLLM-Omni', () => {
  const entry = (server: CompatServer, more = ''): string =>
    `{ server: vllm-omni, baseURL: '${server.origin}/v1'${more} }`

  test('sends the diffusion fields of the manifest, and edits as a form', async () => {
    const server = await started(startVllmOmni({ model: 'Qwen/Qwen-Image' }))
    const { generate } = await open(
      entry(server, ', body: { num_inference_steps: 20, seed: 7 }'),
      [hero, edited],
      { model: 'Qwen/Qwen-Image' },
    )
    expect(await generate()).toMatchObject({ generated: 2, failed: [] })
    const bodies = draws(server).map((request) => [request.path, fieldsOf(request)] as const)
    expect(bodies.find(([path]) => path === '/v1/images/generations')![1]).toEqual({
      model: 'Qwen/Qwen-Image',
      prompt: 'A lighthouse',
      n: 1,
      size: '1024x1024',
      response_format: 'b64_json',
      num_inference_steps: 20,
      seed: 7,
    })
    expect(bodies.find(([path]) => path === '/v1/images/edits')![1]).toMatchObject({
      num_inference_steps: '20',
      seed: '7',
    })
  })

  test('reports errors of FastAPI, and rejects a mask while planning', async () => {
    const server = await started(startVllmOmni({ model: 'm' }))
    const steps = await open(entry(server, ', body: { num_inference_steps: 500 }'), [hero])
    expect(said(await steps.generate())).toEqual([
      'provider/refused: The server refused the request: num_inference_steps: Value error, Input should be less than or equal to 200.',
    ])
    const large = await open(entry(server), [
      'hero: { prompt: Something too large, alt: x, size: 4096x4096 }',
    ])
    expect(said(await large.generate())).toEqual([
      'provider/refused: The server refused the request: Requested resolution 4096x4096 exceeds the maximum of this model.',
    ])
    const withMask = await open(entry(server), [masked])
    expect(await mistakesOf(withMask.plan())).toMatchObject([
      { code: 'manifest/server', message: 'mine does not accept masks.' },
    ])
  })

  test('waits for a model that is still loading', async () => {
    let requested = 0
    const server = await started(startVllmOmni({ model: 'm', ready: () => ++requested > 1 }))
    const { generate } = await open(entry(server), [hero])
    const run = await generate()
    expect(run).toMatchObject({ generated: 1, failed: [] })
    expect(run.events.filter(({ type }) => type === 'retrying')).toHaveLength(1)
  })
})

describe('Together', () => {
  const model = 'black-forest-labs/FLUX.1-kontext-pro'
  const entry = (server: CompatServer): string =>
    `{ server: together, baseURL: '${server.origin}/v1' }`

  test('sends width and height, and requests PNG as base64', async () => {
    const server = await started(startTogether({ key: KEY, models: [model] }))
    const { generate, lock } = await open(entry(server), [hero, edited], {
      model,
      variable: 'MINE_API_KEY',
    })
    expect(await generate()).toMatchObject({ generated: 2, failed: [] })
    expect(draws(server).map(({ path }) => path)).toEqual([
      '/v1/images/generations',
      '/v1/images/generations',
    ])
    expect(
      draws(server)
        .map(({ body }) =>
          body['image_url'] === undefined ? 'none' : String(body['image_url']).slice(0, 22),
        )
        .sort(),
    ).toEqual(['data:image/png;base64,', 'none'])
    expect(lock().assets['hero']!.master).toMatchObject({
      path: 'images/hero.png',
      width: 1024,
      height: 1024,
    })
  })

  test('reports refusals', async () => {
    const server = await started(startTogether({ key: KEY, models: [model] }))
    const unknown = await open(entry(server), [hero], { model: 'flux-9', variable: 'MINE_API_KEY' })
    expect(said(await unknown.generate())).toEqual([
      'provider/refused: The server has no model "flux-9", or this key does not have access to it.',
    ])
    const blocked = await open(entry(server), ['hero: { prompt: A blocked thing, alt: x }'], {
      model,
      variable: 'MINE_API_KEY',
    })
    expect(said(await blocked.generate())).toEqual([
      'provider/moderation: Moderation rejected the prompt.',
    ])
  })
})

describe('xAI', () => {
  const model = 'grok-imagine-image'
  const entry = (server: CompatServer): string => `{ server: xai, baseURL: '${server.origin}/v1' }`

  test('sends ratio and resolution, and edits as JSON', async () => {
    const server = await started(startXai({ key: KEY, models: [model] }))
    const { generate, lock } = await open(
      entry(server),
      [
        'hero: { prompt: A lighthouse, alt: x, size: 1536x1024 }',
        edited,
        'both: { references: [./photo.png, hero], prompt: The two, alt: x, size: 1024x1024 }',
      ],
      { model, variable: 'MINE_API_KEY' },
    )
    const run = await generate()
    expect(run).toMatchObject({ generated: 3, failed: [] })
    const bodyOf = (prompt: string): Record<string, unknown> =>
      draws(server).find(({ body }) => body['prompt'] === prompt)!.body
    expect(bodyOf('A lighthouse')).toEqual({
      model,
      prompt: 'A lighthouse',
      n: 1,
      aspect_ratio: '3:2',
      resolution: '2k',
      response_format: 'b64_json',
    })
    expect(Object.keys(bodyOf('The same at night')).sort()).toEqual([
      'image',
      'model',
      'prompt',
      'resolution',
      'response_format',
    ])
    expect(bodyOf('The two')['images']).toHaveLength(2)
    expect(lock().assets['hero']!.master.path).toBe('images/hero.jpg')
    // The server has no format parameter, so a different format is not reported.
    const mismatches = run.events.flatMap((event) => (event.type === 'mismatch' ? [event] : []))
    for (const { asked, got } of mismatches) expect(asked.format).toBe(got.format)
  })

  test('recognises a wrong key by its message, and an empty list as a refusal', async () => {
    const server = await started(startXai({ key: 'another', models: [model] }))
    const wrong = await open(entry(server), [hero], { model, variable: 'MINE_API_KEY' })
    const run = await wrong.generate()
    expect(said(run)).toEqual(['provider/auth: The server does not accept the key.'])
    wrong.expectNoKey(run.events)
    const own = await started(startXai({ key: KEY, models: [model] }))
    const blocked = await open(entry(own), ['hero: { prompt: A blocked thing, alt: x }'], {
      model,
      variable: 'MINE_API_KEY',
    })
    expect(said(await blocked.generate())).toEqual([
      'provider/bad-answer: The server answered without a picture.',
    ])
    expect(draws(own)).toHaveLength(1)
  })
})

describe("Gemini's compatible route", () => {
  const model = 'gemini-2.5-flash-image'
  const entry = (server: CompatServer): string =>
    `{ server: gemini, baseURL: '${server.origin}/v1beta/openai' }`

  test('requests one picture at a time, with only the fields of the route', async () => {
    const server = await started(startGemini({ key: KEY, models: [model] }))
    const { generate } = await open(
      entry(server),
      ['hero: { prompt: A lighthouse, alt: x, candidates: 2, quality: high, size: 1024x1024 }'],
      { model, variable: 'MINE_API_KEY' },
    )
    expect(await generate()).toMatchObject({ generated: 1, failed: [] })
    expect(draws(server).map(({ body }) => body)).toEqual(
      Array.from({ length: 2 }, () => ({
        model,
        prompt: 'A lighthouse',
        n: 1,
        size: '1024x1024',
        response_format: 'b64_json',
      })),
    )
  })

  test('rejects an edit while planning', async () => {
    const server = await started(startGemini({ key: KEY, models: [model] }))
    const { plan } = await open(entry(server), [edited], { model, variable: 'MINE_API_KEY' })
    expect(await mistakesOf(plan())).toMatchObject([
      { code: 'manifest/server', message: 'mine does not accept input pictures.' },
    ])
  })

  test('reports an error in a list, and one with a numeric code', async () => {
    const server = await started(startGemini({ key: 'another', models: [model] }))
    const wrong = await open(entry(server), [hero], { model, variable: 'MINE_API_KEY' })
    expect(said(await wrong.generate())).toEqual([
      'provider/auth: The server does not accept the key.',
    ])
    const own = await started(startGemini({ key: KEY, models: [model] }))
    const unknown = await open(entry(own), [hero], { model: 'imagen-3', variable: 'MINE_API_KEY' })
    expect(said(await unknown.generate())[0]).toContain('models/imagen-3 is not found')
  })
})

test('waits as long as the details of a Google error state', async () => {
  const server = await started(startGemini({ key: KEY, models: ['gemini-2.5-flash-image'] }))
  const { generate } = await open(
    `{ server: gemini, baseURL: '${server.origin}/v1beta/openai' }`,
    ['hero: { prompt: A crowded square, alt: x }'],
    { model: 'gemini-2.5-flash-image', variable: 'MINE_API_KEY' },
  )
  const run = await generate()
  expect(run).toMatchObject({ generated: 1, failed: [] })
  expect(
    run.events.flatMap((event) =>
      event.type === 'retrying' ? [[event.error.code, Math.round(event.ms / 100)]] : [],
    ),
  ).toEqual([['provider/rate-limit', 2]])
})

describe('a relay of the New API kind', () => {
  const model = 'gpt-image-2'
  const entry = (server: CompatServer, more = ''): string =>
    `{ server: new-api, baseURL: '${server.origin}/v1'${more} }`

  test('downloads links instead of base64, at the price of the manifest', async () => {
    const server = await started(startNewApi({ key: KEY, models: [model] }))
    const { generate, lock, project } = await open(
      entry(server, ', models: { gpt-image-2: { price: 0.03 } }'),
      [hero, edited],
      { model, variable: 'MINE_API_KEY' },
    )
    expect((await project.plan()).plan.steps).toMatchObject([{ usd: 0.03 }, { usd: 0.03 }])
    expect(await generate()).toMatchObject({ generated: 2, failed: [], usd: 0.06 })
    expect(lock().assets['hero']!.made).toMatchObject({ provider: 'mine', usd: 0.03 })
    expect(lock().assets['hero']!.made).not.toHaveProperty('revisedPrompt')
  })

  test('checks the capabilities of a known model', async () => {
    const server = await started(startNewApi({ key: KEY, models: [model] }))
    const { plan } = await open(
      entry(server),
      ['hero: { prompt: A lighthouse, alt: x, size: 100x100 }'],
      { model, variable: 'MINE_API_KEY' },
    )
    expect(await mistakesOf(plan())).toMatchObject([{ code: 'manifest/size' }])
  })

  test.each<[string, { prompt?: string; balance?: number; asks?: string }, string]>([
    ['an empty account behind a 403', { balance: 0 }, 'provider/quota: '],
    [
      'a model that no channel serves behind a 503',
      { asks: 'gpt-image-1' },
      'provider/refused: The server has no model "gpt-image-1',
    ],
    ['an error within a 200', { prompt: 'An upstream failure' }, 'provider/refused: '],
    [
      'a word that its filter holds back',
      { prompt: 'A sensitive thing' },
      'provider/moderation: Moderation rejected the prompt.',
    ],
  ])(
    'reports %s without a retry',
    async (_, { prompt = 'A lighthouse', balance, asks = model }, message) => {
      const server = await started(
        startNewApi({ key: KEY, models: [model], ...(balance === undefined ? {} : { balance }) }),
      )
      const { generate } = await open(
        entry(server),
        [`hero: { prompt: ${prompt}, alt: x, size: 1024x1024 }`],
        { model: asks, variable: 'MINE_API_KEY' },
      )
      expect(said(await generate())[0]).toContain(message)
      expect(draws(server)).toHaveLength(1)
    },
  )
})

test('keeps the format of a request: a change of server makes no picture stale', async () => {
  const server = await started(startNewApi({ key: KEY, models: ['gpt-image-2'] }))
  const { generate, edit, plan, lock } = await open(
    `{ server: new-api, baseURL: '${server.origin}/v1' }`,
    [hero],
    { model: 'gpt-image-2', variable: 'MINE_API_KEY' },
  )
  await generate()
  expect(lock().assets['hero']!.request).toMatchObject({ model: 'gpt-image-2', size: '1024x1024' })
  edit('server: new-api', 'server: together')
  expect((await plan()).steps).toEqual([])
})
