import { request as httpRequest } from 'node:http'
import type { ToPage } from '@limn/contact-sheet'
import { expect, onTestFinished, test } from 'vitest'
import type { CliProcess } from './cli-process.ts'
import { createTestProject, smallManifest, type TestProject } from './test-project.ts'

/** A running `limn ui`, and what a browser would do with its link. */
type Ui = {
  command: CliProcess
  origin: string
  token: string
  /** The cookie of the session, once it is open. */
  readonly cookie: string
  /** Exchanges the token. @returns the response */
  open(token?: string): Promise<Response>
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>
  call(
    name: string,
    input: unknown,
    headers?: Readonly<Record<string, string | undefined>>,
  ): Promise<Response>
  /** Calls, and returns the output. */
  ask<T>(name: string, input: unknown): Promise<T>
}

async function startUi(project: TestProject, ...args: string[]): Promise<Ui> {
  const command = project.start(['ui', '--no-open', '--json', ...args])
  await command.printed(/"type":"ui".*\n/)
  const { url } = JSON.parse(/\{.*"type":"ui".*\}/.exec(command.stdout)![0]) as { url: string }
  const { origin, hash } = new URL(url)
  const token = hash.replace('#token=', '')
  let cookie = ''
  const get: Ui['get'] = (path, headers = {}) =>
    fetch(`${origin}/${path}`, { headers: { cookie, ...headers } })
  const call: Ui['call'] = (name, input, headers = {}) => {
    const all = { 'content-type': 'application/json', origin, cookie, ...headers }
    return fetch(`${origin}/call`, {
      method: 'POST',
      headers: Object.fromEntries(
        Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
      ),
      body: JSON.stringify({ id: 1, call: name, input }),
    })
  }
  return {
    command,
    origin,
    token,
    get cookie() {
      return cookie
    },
    async open(given = token) {
      const response = await fetch(`${origin}/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin },
        body: JSON.stringify({ token: given }),
      })
      cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie
      return response
    },
    get,
    call,
    async ask<T>(name: string, input: unknown) {
      const reply = (await (await call(name, input)).json()) as { output: T }
      expect(reply).toHaveProperty('output')
      return reply.output
    },
  }
}

const files = {
  'images.yaml': smallManifest({ hero: 'A lighthouse', mug: 'A mug' }, 'provider: local'),
}

/** Sends a request with headers that `fetch` does not allow. @returns status and body */
function send(
  origin: string,
  path: string,
  { method = 'GET', headers = {}, body = '' }: { method?: string; headers?: object; body?: string },
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin)
    const request = httpRequest(
      { hostname, port, path, method, headers: { ...headers } },
      (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
        response.on('end', () => resolve({ status: response.statusCode!, body: text }))
      },
    )
    request.on('error', reject)
    request.end(body)
  })
}

test('shows the sheet, its pictures and an asset to the browser that opened the link', async () => {
  const project = await createTestProject({ files })
  await project.generate({ names: ['hero'] })
  const ui = await startUi(project)
  expect((await ui.open()).status).toBe(204)
  const sheet = await ui.ask<{ assets: { name: string; state: string; picture: string }[] }>(
    'sheet',
    {},
  )
  expect(sheet).toMatchObject({
    assets: [
      { name: 'hero', state: 'generated', isDraft: false, usd: 0 },
      { name: 'mug', state: 'new', isDraft: true, step: { kind: 'generate', usd: 0 } },
    ],
    mistakes: [],
    planUsd: 0,
  })
  for (const { name, picture } of sheet.assets) {
    for (const kind of ['thumb', 'master']) {
      const response = await ui.get(`picture/${kind}?asset=${name}&version=${picture}`)
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toMatch(/^image\/(webp|png)$/)
      expect(response.headers.get('cache-control')).toContain('immutable')
    }
  }
  expect(await ui.ask('asset', { name: 'hero' })).toMatchObject({
    madePrompt: 'A lighthouse',
    outputs: [{ file: 's.webp', width: 64 }],
    made: { provider: 'local' },
    place: { file: 'images.yaml' },
  })
})

test('sends only what changed when a file changes', async () => {
  const project = await createTestProject({ files })
  await project.generate()
  const ui = await startUi(project)
  await ui.open()
  await ui.ask('sheet', {})
  const leaving = new AbortController()
  onTestFinished(() => leaving.abort())
  const stream = await fetch(`${ui.origin}/events`, {
    headers: { cookie: ui.cookie },
    signal: leaving.signal,
  })
  const events = readEvents(stream)
  project.write('images.yaml', files['images.yaml'].replace('A mug', 'A red mug'))
  const changed = await nextOf(events, 'changed')
  expect(changed).toMatchObject({ assets: [{ name: 'mug', state: 'stale' }], gone: [] })
  project.write('images.yaml', files['images.yaml'].replace('prompt', 'promt'))
  const mistaken = await nextOf(events, 'changed')
  expect(mistaken).toMatchObject({
    assets: [],
    sheet: {
      mistakes: [
        { code: 'manifest/unknown-key', text: expect.stringContaining('promt') as string },
      ],
    },
  })
  project.write('images.yaml', smallManifest({ hero: 'A lighthouse' }, 'provider: local'))
  expect(await nextOf(events, 'changed')).toMatchObject({ gone: ['mug'], sheet: { mistakes: [] } })
})

async function* readEvents(response: Response): AsyncGenerator<ToPage> {
  let text = ''
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk
    const parts = text.split('\n\n')
    text = parts.pop()!
    for (const part of parts) {
      if (part.startsWith('data: ')) yield JSON.parse(part.slice(6)) as ToPage
    }
  }
}

async function nextOf(events: AsyncGenerator<ToPage>, type: ToPage['type']): Promise<ToPage> {
  for (;;) {
    const { value, done } = await events.next()
    if (done === true) throw new Error('The stream ended.')
    if (value.type === type) return value
  }
}

test('opens the session once, for the token alone, with a cookie that no script and no other site can use', async () => {
  const ui = await startUi(await createTestProject({ files }))
  for (const wrong of ['', 'x', `${ui.token}x`, ui.token.slice(1), ui.token.toUpperCase()]) {
    const response = await ui.open(wrong)
    expect({ status: response.status, cookie: response.headers.get('set-cookie') }).toEqual({
      status: 403,
      cookie: null,
    })
  }
  const response = await ui.open()
  expect(response.status).toBe(204)
  expect(response.headers.get('set-cookie')).toMatch(
    /^limn-\d+=[\w-]{32}; Path=\/; HttpOnly; SameSite=Strict$/,
  )
  expect((await ui.open()).status).toBe(403)
})

test('answers nobody without the cookie', async () => {
  const ui = await startUi(await createTestProject({ files }))
  await ui.open()
  const name = ui.cookie.split('=')[0]!
  for (const cookie of ['', `${name}=`, `${name}=x`, `${ui.cookie}x`, ui.cookie.toLowerCase()]) {
    expect((await ui.call('sheet', {}, { cookie })).status, cookie).toBe(403)
    expect((await ui.get('events', { cookie })).status, cookie).toBe(403)
    expect((await ui.get('picture/thumb?asset=hero&version=x', { cookie })).status).toBe(403)
  }
})

test('answers no page of another origin, and no name that somebody else may own', async () => {
  const ui = await startUi(await createTestProject({ files }))
  const { host, port } = new URL(ui.origin)
  const post = { 'content-type': 'application/json' }
  for (const origin of [
    'https://evil.example',
    'null',
    `http://localhost:${port}`,
    `https://${host}`,
    'http://127.0.0.1:1',
    undefined,
  ]) {
    const headers = { ...post, host, ...(origin === undefined ? {} : { origin }) }
    const body = JSON.stringify({ token: ui.token })
    expect((await send(ui.origin, '/session', { method: 'POST', headers, body })).status).toBe(403)
  }
  await ui.open()
  expect((await ui.call('sheet', {}, { origin: 'https://evil.example' })).status).toBe(403)
  expect((await ui.call('sheet', {}, { origin: undefined })).status).toBe(403)
  for (const site of ['cross-site', 'same-site']) {
    for (const path of ['/events', '/page.css', '/picture/thumb?asset=hero&version=x', '/']) {
      const headers = { host, cookie: ui.cookie, 'sec-fetch-site': site }
      expect((await send(ui.origin, path, { headers })).status, `${site} ${path}`).toBe(403)
    }
  }
  for (const name of [
    'evil.example',
    `evil.example:${port}`,
    '127.0.0.1.evil.example',
    `[::1]:${port}`,
  ]) {
    const { status, body } = await send(ui.origin, '/', { headers: { host: name } })
    expect(status, name).toBe(421)
    expect(body).not.toContain('<')
  }
})

test('refuses what is no call, and keeps answering', async () => {
  const ui = await startUi(await createTestProject({ files }))
  await ui.open()
  const post = (
    body: string,
    type = 'application/json',
  ): Promise<{ status: number; body: string }> =>
    send(ui.origin, '/call', {
      method: 'POST',
      headers: { origin: ui.origin, cookie: ui.cookie, 'content-type': type },
      body,
    })
  for (const body of [
    '',
    '{',
    'null',
    '[]',
    '1',
    '{}',
    '{"id":"1","call":"sheet","input":{}}',
    '"x"',
  ]) {
    expect((await post(body)).status, body).toBe(400)
  }
  expect((await post('{"id":1,"call":"sheet","input":{}}', 'text/plain')).status).toBe(403)
  for (const message of [
    { id: 1 },
    { id: 1, call: 'sheet' },
    { id: 1, call: 'nothing', input: {} },
    { id: 1, call: 'constructor', input: {} },
    { id: 1, call: '__proto__', input: {} },
    { id: 1, call: 'asset', input: {} },
    { id: 1, call: 'asset', input: { name: 1 } },
    { id: 1, call: 'asset', input: { name: ['hero'] } },
    { id: 1, call: 'asset', input: { name: 'x'.repeat(5000) } },
    { id: 1, call: 'asset', input: { name: 'nobody' } },
  ]) {
    const { status, body } = await post(JSON.stringify(message))
    expect(status).toBe(200)
    expect(JSON.parse(body), body).toMatchObject({
      type: 'reply',
      id: 1,
      error: { code: expect.stringMatching(/^(usage|asset\/unknown)$/) as string },
    })
  }
  expect(
    (
      await send(ui.origin, '/call', {
        method: 'POST',
        headers: {
          origin: ui.origin,
          cookie: ui.cookie,
          'content-type': 'application/json',
          'content-length': String(200 * 1024 * 1024),
        },
        body: '{',
      }).catch(() => ({ status: 413 }))
    ).status,
  ).toBe(413)
  expect((await ui.call('sheet', {})).status).toBe(200)
})

test('sends nothing but the pictures of assets, whatever an address says', async () => {
  const project = await createTestProject({ files: { ...files, 'secret.png': 'secret' } })
  await project.generate()
  const ui = await startUi(project)
  await ui.open()
  for (const path of [
    'picture/master?asset=../secret&version=x',
    'picture/master?asset=..%2F..%2Fetc%2Fpasswd&version=x',
    'picture/thumb?asset=hero%2F..%2F..%2Fsecret&version=x',
    'picture/output?asset=hero&file=..%2F..%2Fimages.lock&version=x',
    'picture/output?asset=hero&file=s.webp%00&version=x',
    'picture/earlier?asset=hero&id=..%2F..%2F..%2Fsecret.png',
    'picture/earlier?asset=hero&id=replaced-0000000000000000',
    'picture/partial?asset=hero&version=x',
    'picture/nothing?asset=hero&version=x',
    'picture/',
    'images.yaml',
    'images.lock',
    '..%2Fimages.yaml',
    'page.js.map',
    'src/page/main.tsx',
  ]) {
    expect((await ui.get(path)).status, path).toBe(404)
  }
})

test('forbids the page to run, load or be shown by anything else', async () => {
  const ui = await startUi(await createTestProject({ files }))
  const page = await ui.get('')
  expect(page.status).toBe(200)
  const policy = page.headers.get('content-security-policy')!
  for (const directive of [
    "default-src 'none'",
    "script-src 'self'",
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ]) {
    expect(policy.split('; ')).toContain(directive)
  }
  expect(policy).not.toMatch(/unsafe|\*|https?:/)
  expect(Object.fromEntries(page.headers)).toMatchObject({
    'cache-control': 'no-store',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  })
  expect(await page.text()).not.toMatch(/<script(?! type="module" src="page\.js"><\/script>)/)
})

test('sends an SVG without its scripts, and as a document that runs nothing', async () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" onload="alert(1)"><script>alert(2)</script><rect width="64" height="64" fill="red"/><foreignObject><body xmlns="http://www.w3.org/1999/xhtml" onload="alert(3)"/></foreignObject></svg>'
  const project = await createTestProject({
    files: {
      'images.yaml': `version: 1
provider: local
assets:
  logo: { source: art/logo.svg, alt: Logo, outputs: [{ name: s, width: 32, height: 32, formats: [png] }] }
`,
      'art/logo.svg': svg,
    },
  })
  const ui = await startUi(project)
  await ui.open()
  const { assets } = await ui.ask<{ assets: { picture: string }[] }>('sheet', {})
  const response = await ui.get(`picture/master?asset=logo&version=${assets[0]!.picture}`)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('image/svg+xml')
  expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none';.*; sandbox$/)
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  const text = await response.text()
  expect(text).toContain('<rect')
  expect(text).not.toMatch(/script|onload|foreignObject|alert/)
})

test('listens on loopback only, at the port that it is told, and ends with Ctrl-C', async () => {
  const project = await createTestProject({ files })
  const ui = await startUi(project)
  expect(new URL(ui.origin).hostname).toBe('127.0.0.1')
  const { port } = new URL(ui.origin)
  const second = await project.cli(['ui', '--no-open', '--port', port])
  expect(second).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`Port ${port} is not free.`),
  })
  for (const wrong of ['x', '70000', '-1', '1.5', '']) {
    const result = await project.cli(['ui', '--no-open', `--port=${wrong}`])
    expect(result).toMatchObject({ code: 1, stderr: expect.stringContaining('--port requires') })
  }
  ui.command.kill('SIGINT')
  expect(await ui.command.done).toMatchObject({ code: 130, stderr: '' })
  await expect(fetch(ui.origin)).rejects.toThrow()
})
