import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import { fieldsOf, startAzure, startNewApi } from '../../../fixtures/compat-servers/index.ts'
import { startCompatServer } from '../../../fixtures/compat-servers/server.ts'
import { createTestProject, KEY, type TestProject } from './test-project.ts'

const closes = <T extends { close(): Promise<void> }>(server: T): T => {
  onTestFinished(() => server.close())
  return server
}
const open = (entry: string, env: Record<string, string> = {}): Promise<TestProject> =>
  createTestProject({
    files: {
      'images.yaml': `version: 1\nprovider: mine\nproviders: { mine: ${entry} }\ndefaults: { model: gpt-image-2, size: 1024x1024 }\nassets: { hero: { prompt: A lighthouse, alt: x } }\n`,
    },
    env,
  })

test('reads the key that a provider names from .env', async () => {
  const server = closes(await startNewApi({ key: KEY, models: ['gpt-image-2'] }))
  const project = await open(
    `{ server: new-api, baseURL: '${server.origin}/v1', key: ART_API_TOKEN }`,
  )
  project.write('.env', `ART_API_TOKEN=${KEY}\n`)
  const { code, stdout, stderr } = await project.cli(['generate', '--json'], {
    LIMN_TRUST: 'ART_API_TOKEN@127.0.0.1',
  })
  expect(code, stdout + stderr).toBe(0)
  expect(server.requests[0]!.headers.authorization).toBe(`Bearer ${KEY}`)
  project.write('.env', '')
  project.expectNoKey(stdout, stderr)
})

test('sends a server only its own key, and nothing that is meant for OpenAI', async () => {
  const server = closes(await startNewApi({ key: KEY, models: ['gpt-image-2'] }))
  const others = {
    OPENAI_API_KEY: 'sk-other-openai',
    OPENAI_ADMIN_KEY: 'sk-other-admin',
    OPENAI_ORG_ID: 'org-other',
    OPENAI_PROJECT_ID: 'proj-other',
    OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
    AZURE_OPENAI_API_KEY: 'other-azure',
    TOGETHER_API_KEY: 'other-together',
  }
  const project = await open(`{ server: new-api, baseURL: '${server.origin}/v1' }`)
  const { code, stderr } = await project.cli(['generate'], { MINE_API_KEY: KEY, ...others })
  expect(code, stderr).toBe(0)
  for (const request of server.requests) {
    expect(JSON.stringify([request.headers, request.body])).not.toContain('other')
  }
  expect(server.requests[0]!.headers.authorization).toBe(`Bearer ${KEY}`)

  const without = await project.cli(['generate', '--force', 'hero'], others)
  expect(without.stderr).toContain(
    'The provider "mine" requires a key, but MINE_API_KEY is not set.',
  )
  expect(server.requests.filter(({ method }) => method === 'POST')).toHaveLength(1)
})

test('sends Azure nothing that is meant for OpenAI either', async () => {
  const server = closes(await startAzure({ key: KEY, deployments: ['gpt-image-2'] }))
  const project = await open(`{ server: azure, baseURL: '${server.origin}' }`)
  const { code, stderr } = await project.cli(['generate'], {
    MINE_API_KEY: KEY,
    OPENAI_ADMIN_KEY: 'sk-other-admin',
    OPENAI_ORG_ID: 'org-other',
    AZURE_OPENAI_ENDPOINT: 'http://127.0.0.1:9',
    OPENAI_API_VERSION: 'other',
  })
  expect(code, stderr).toBe(0)
  expect(
    JSON.stringify(server.requests.map(({ headers, query }) => [headers, [...query]])),
  ).not.toContain('other')
})

test('sends no key to the target of a redirect', async () => {
  const elsewhere = closes(await startNewApi({ key: KEY, models: ['gpt-image-2'] }))
  const server = closes(
    await startCompatServer(() => ({
      status: 307,
      headers: { location: `${elsewhere.origin}/v1/images/generations` },
    })),
  )
  for (const entry of [
    `{ server: new-api, baseURL: '${server.origin}/v1' }`,
    `{ server: azure, baseURL: '${server.origin}' }`,
  ]) {
    const project = await open(entry, { MINE_API_KEY: KEY })
    const run = await project.generate()
    expect(run.failed).toMatchObject([
      {
        error: {
          code: 'provider/refused',
          message: 'The server redirected the request (307). Limn does not follow redirects.',
        },
      },
    ])
    project.expectNoKey(run.events)
  }
  expect(elsewhere.requests).toEqual([])
})

test.each(['new-api', 'azure'])(
  'sends %s none of the headers that the environment sets for OpenAI',
  async (kind) => {
    const server = closes(
      kind === 'azure'
        ? await startAzure({ key: KEY, deployments: ['gpt-image-2'] })
        : await startNewApi({ key: KEY, models: ['gpt-image-2'] }),
    )
    const project = await open(
      `{ server: ${kind}, baseURL: '${server.origin}${kind === 'azure' ? '' : '/v1'}', headers: { X-Team: art } }`,
    )
    const { code, stdout, stderr } = await project.cli(['generate'], {
      MINE_API_KEY: KEY,
      OPENAI_CUSTOM_HEADERS:
        'X-Secret: other-secret\nAuthorization: Bearer other-bearer\napi-key: other-key',
    })
    expect(code, stdout + stderr).toBe(0)
    expect(JSON.stringify(server.requests.map(({ headers }) => headers))).not.toContain('other')
    expect(server.requests[0]!.headers['x-team']).toBe('art')
  },
)

test('keeps a key out of the lockfile if a server returns it as a prompt', async () => {
  const picture = await sharp({
    create: { width: 1024, height: 1024, channels: 3, background: '#335577' },
  })
    .png()
    .toBuffer()
  const server = closes(
    await startCompatServer(() => ({
      status: 200,
      body: {
        data: [
          {
            b64_json: picture.toString('base64'),
            revised_prompt: `A lighthouse, asked with ${KEY}`,
          },
        ],
      },
    })),
  )
  const project = await open(`{ server: new-api, baseURL: '${server.origin}/v1' }`, {
    MINE_API_KEY: KEY,
  })
  const run = await project.generate()
  expect(run).toMatchObject({ generated: 1, failed: [] })
  expect(project.lock().assets['hero']!.made).toMatchObject({
    revisedPrompt: 'A lighthouse, asked with [key]',
  })
  project.expectNoKey(run.events)
})

test('sends the headers and the hash of the end user', async () => {
  const server = closes(await startNewApi({ key: KEY, models: ['gpt-image-2'] }))
  const project = await open(
    `{ server: new-api, baseURL: '${server.origin}/v1', headers: { X-Team: art }, safetyIdentifier: web-team, body: { user_tier: gold } }`,
    { MINE_API_KEY: KEY },
  )
  expect(await project.generate()).toMatchObject({ generated: 1, failed: [] })
  const [request] = server.requests
  expect(request!.headers['x-team']).toBe('art')
  expect(fieldsOf(request!)).toMatchObject({
    safety_identifier: expect.stringMatching(/^[0-9a-f]{32}$/),
    user_tier: 'gold',
  })
})

test('gives up after the timeout of the manifest', async () => {
  const server = closes(await startCompatServer(() => new Promise(() => {})))
  const project = await open(`{ server: new-api, baseURL: '${server.origin}/v1', timeout: 1 }`, {
    MINE_API_KEY: KEY,
  })
  const { failed } = await project.generate()
  expect(failed).toMatchObject([{ error: { code: 'provider/timeout' } }])
  expect(server.requests).toHaveLength(1)
})
