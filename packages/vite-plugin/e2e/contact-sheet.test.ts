import { chmodSync, readFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import type { AssetView, Sheet, ToPage } from '@limn/core/for-vite/sheet'
import { describe, expect, it, onTestFinished, test, vi } from 'vitest'
import { generatedSite, manifest, page, type Site, testSite, vites } from './site.ts'

vi.setConfig({ testTimeout: 40_000 })

/** A page of the contact sheet, as a dev server sees it. */
type SheetPage = {
  /** Calls the server. @returns the reply */
  call(name: string, input: unknown, token?: string): Promise<ToPage & { type: 'reply' }>
  /** Calls, and returns the output. */
  ask<T>(name: string, input: unknown): Promise<T>
  /** Waits for the next event that passes a test. */
  next(isWanted: (event: ToPage) => boolean): Promise<ToPage>
  send(data: unknown): void
  close(): void
}

/** Returns the tokens of Vite's websocket and of the contact sheet's page. */
async function tokensOf(url: string): Promise<{ vite: string; sheet: string }> {
  const [client, html] = await Promise.all(
    ['@vite/client', '__limn/'].map(async (path) => (await fetch(`${url}${path}`)).text()),
  )
  return {
    vite: /wsToken = "([\w-]+)"/.exec(client!)![1]!,
    sheet: /data-token="([\w-]+)"/.exec(html!)![1]!,
  }
}

/** Connects to a dev server as the page does. */
async function connect(url: string): Promise<SheetPage> {
  const { vite, sheet } = await tokensOf(url)
  const address = url.replace('http', 'ws')
  const socket = new WebSocket(`${address}?token=${vite}`, 'vite-hmr')
  onTestFinished(() => socket.close())
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true })
    socket.addEventListener('error', reject, { once: true })
  })
  const events: ToPage[] = []
  const listeners = new Set<() => void>()
  socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
    const message = JSON.parse(data) as { event?: string; data: ToPage }
    if (message.event !== 'limn:sheet') return
    events.push(message.data)
    for (const listener of listeners) listener()
  })
  const next: SheetPage['next'] = (isWanted) =>
    new Promise((resolve) => {
      const check = (): void => {
        const index = events.findIndex(isWanted)
        if (index < 0) return
        listeners.delete(check)
        resolve(events.splice(index, 1)[0]!)
      }
      listeners.add(check)
      check()
    })
  const send: SheetPage['send'] = (data) =>
    socket.send(JSON.stringify({ type: 'custom', event: 'limn:sheet', data }))
  let id = 0
  const call: SheetPage['call'] = async (name, input, token = sheet) => {
    id++
    const own = id
    send({ id: own, call: name, input, token })
    return (await next((event) => event.type === 'reply' && event.id === own)) as ToPage & {
      type: 'reply'
    }
  }
  return {
    call,
    next,
    send,
    async ask<T>(name: string, input: unknown) {
      const reply = await call(name, input)
      expect(reply).toHaveProperty('output')
      return (reply as { output: unknown }).output as T
    },
    close: () => socket.close(),
  }
}

const files = { 'images.yaml': manifest, ...page }

describe.each(vites)('the contact sheet in a dev server of Vite %s', (_, vite) => {
  it('shows every asset, where it is imported, and what changes', async () => {
    const site = await generatedSite({ vite, files, limn: { dev: { generate: 'never' } } })
    const { url } = await site.dev()
    const sheet = await connect(url)
    const { assets, budget } = await sheet.ask<Sheet>('sheet', {})
    expect(assets.map(({ name, state }) => [name, state])).toEqual([
      ['hero', 'generated'],
      ['product/mug', 'generated'],
    ])
    expect(budget.devLeft).toBe(0)
    const response = await fetch(
      `${url}__limn/picture/thumb?asset=hero&version=${assets[0]!.picture}`,
    )
    expect(response.headers.get('content-type')).toBe('image/webp')
    const view = await sheet.ask<AssetView>('asset', { name: 'hero' })
    expect(view).toMatchObject({
      asset: { name: 'hero' },
      madePrompt: expect.stringContaining('dawn') as string,
    })
    site.write('images.yaml', manifest.replace('at dawn', 'at night'))
    const changed = await sheet.next(({ type }) => type === 'changed')
    expect(changed).toMatchObject({ assets: [{ name: 'hero', state: 'stale' }], gone: [] })
    site.write('images.yaml', manifest.replace('prompt', 'promt'))
    expect(await sheet.next(({ type }) => type === 'changed')).toMatchObject({
      assets: [],
      sheet: { mistakes: [{ text: expect.stringContaining('promt') as string }] },
    })
  })

  it('names every place that uses an asset, and opens it in the editor', async () => {
    const site = await generatedSite({
      vite,
      files: {
        ...files,
        'index.html': `<!doctype html>
<link rel="icon" href="limn:hero@og">
<img src="limn:product/mug"><script type="module" src="/main.js"></script>`,
        'main.js': `import './style.css'
import hero from 'virtual:limn/hero'
import url from 'virtual:limn/hero@og?url'
import other from './heroes.js'
export const all = [hero, url, other]
`,
        'heroes.js': "import { productMug } from 'virtual:limn'\nexport default productMug\n",
        'style.css': '.a {}\n.mug { background: url(limn:product/mug@square) }\n',
        'editor.sh': '#!/bin/sh\necho "$@" > "$(dirname "$0")/opened.txt"\n',
      },
      limn: { dev: { generate: 'never' } },
    })
    const { server, url } = await site.dev()
    await (await fetch(url, { headers: { accept: 'text/html' } })).text()
    for (const path of ['/main.js', '/heroes.js', '/style.css']) {
      await server.transformRequest(path)
    }
    const sheet = await connect(url)
    const placesOf = async (name: string): Promise<string[]> =>
      ((await sheet.ask<AssetView>('asset', { name })).imports ?? []).map(
        ({ file, line, column }) => `${file}:${line}:${column}`,
      )
    expect(await placesOf('hero')).toEqual(['index.html:2:24', 'main.js:2:19', 'main.js:3:18'])
    expect(await placesOf('product/mug')).toEqual([
      'index.html:3:11',
      'style.css:2:24',
      'heroes.js:1:10',
      'heroes.js:2:16',
    ])
    chmodSync(join(site.root, 'editor.sh'), 0o755)
    vi.stubEnv('LAUNCH_EDITOR', join(site.root, 'editor.sh'))
    onTestFinished(() => void vi.unstubAllEnvs())
    await sheet.ask('openInEditor', { file: 'main.js', line: 2, column: 19 })
    await vi.waitFor(() => expect(site.read('opened.txt')).toContain('main.js'), 10_000)
    for (const file of ['/etc/passwd', '../x', 'package.json', 'images.lock', 'main.js\n']) {
      expect(await sheet.call('openInEditor', { file, line: 1, column: 1 })).toMatchObject({
        error: { code: 'usage' },
      })
    }
  })

  it('shows a run of the server', async () => {
    const site = testSite({ vite, files })
    const { url } = await site.dev()
    const sheet = await connect(url)
    await sheet.ask('sheet', {})
    site.write('images.yaml', manifest.replace('at dawn', 'at noon'))
    const run = await sheet.next(
      (event) =>
        event.type === 'run' && event.run?.assets.some(({ stage }) => stage === 'done') === true,
    )
    expect(run).toMatchObject({ run: { usd: 0 } })
    await sheet.next((event) => event.type === 'run' && event.run === null)
  })
})

/** Sends a request with headers that `fetch` does not allow. @returns status, headers and body */
function get(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { headers }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body }),
      )
    })
    request.on('error', reject)
    request.end()
  })
}

/** Waits long enough for an answer that must not come: a valid call is answered meanwhile. */
async function expectNoReply(sheet: SheetPage, id: number): Promise<void> {
  await sheet.ask('sheet', {})
  const late = sheet.next((event) => event.type === 'reply' && event.id === id)
  expect(await Promise.race([late, sheet.ask('sheet', {})])).toHaveProperty('assets')
}

test('lets no page of another origin read or act', async () => {
  const site = await generatedSite({ files })
  const { url } = await site.dev({ server: { port: 0, host: '127.0.0.1', cors: true } })
  const own = new URL(url)
  for (const [path, headers] of [
    ['', { origin: 'http://localhost:9999' }],
    ['', { origin: 'https://evil.example' }],
    ['', { origin: 'null' }],
    [
      '',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
    ],
    [
      '',
      { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
    ],
    ['page.js', { 'sec-fetch-site': 'cross-site' }],
    ['picture/thumb?asset=hero&version=x', { 'sec-fetch-site': 'same-site' }],
    ['picture/thumb?asset=hero&version=x', { origin: 'http://127.0.0.1:1' }],
  ] as const) {
    const { status, headers: answered, body } = await get(`${url}__limn/${path}`, { ...headers })
    expect(status, JSON.stringify([path, headers])).toBe(403)
    expect(answered).not.toHaveProperty('access-control-allow-origin')
    expect(body).not.toContain('token')
  }
  const link = {
    'sec-fetch-site': 'cross-site',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
  }
  const opened = await get(`${url}__limn/`, link)
  expect(opened.status).toBe(200)
  expect(opened.headers).not.toHaveProperty('access-control-allow-origin')
  for (const host of ['evil.example', `evil.example:${own.port}`, '127.0.0.1.evil.example']) {
    expect((await get(`${url}__limn/`, { host })).status, host).toBe(403)
  }
})

test('refuses a name of somebody else even if the server allows every host', async () => {
  const site = await generatedSite({ files })
  const { url } = await site.dev({ server: { port: 0, host: '127.0.0.1', allowedHosts: true } })
  for (const host of [
    'evil.example',
    'evil.example:80',
    'localhost.evil.example',
    '127.0.0.1.nip.io',
    'x@localhost',
  ]) {
    expect((await get(`${url}__limn/`, { host })).status, host).toBe(403)
  }
  for (const host of [
    'localhost',
    'LOCALHOST:5173',
    'app.localhost',
    '192.168.0.7:5173',
    '[::1]:5173',
  ]) {
    expect((await get(`${url}__limn/`, { host })).status, host).toBe(200)
  }
})

test('answers only messages with the token of its page, over a websocket with the token of Vite', async () => {
  const site = await generatedSite({ files })
  const { url } = await site.dev()
  const { vite, sheet: token } = await tokensOf(url)
  const sheet = await connect(url)
  for (const wrong of [
    undefined,
    null,
    '',
    1,
    [token],
    { token },
    `${token}x`,
    token.toLowerCase(),
    vite,
  ]) {
    sheet.send({ id: 99, call: 'sheet', input: {}, token: wrong })
  }
  for (const wrong of [null, 1, 'sheet', [], [token], { token }, { id: 99, token: undefined }]) {
    sheet.send(wrong)
  }
  await expectNoReply(sheet, 99)
  const { host } = new URL(url)
  for (const query of ['', '?token=', '?token=x']) {
    expect(await upgrade(`http://${host}/${query}`, { origin: 'https://evil.example' })).not.toBe(
      101,
    )
  }
})

/** Requests a websocket. @returns the status */
function upgrade(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        'sec-websocket-protocol': 'vite-hmr',
        ...headers,
      },
    })
    request.on('response', ({ statusCode }) => resolve(statusCode!))
    request.on('upgrade', (_, socket) => {
      socket.destroy()
      resolve(101)
    })
    request.on('error', reject)
    request.end()
  })
}

test('serves the page at any base, with a policy that runs nothing else', async () => {
  const site = await generatedSite({ files })
  const { url } = await site.dev({ base: '/shop/' })
  expect(url).toMatch(/\/shop\/$/)
  const redirect = await fetch(`${url}__limn`, { redirect: 'manual' })
  expect([redirect.status, redirect.headers.get('location')]).toEqual([302, '/shop/__limn/'])
  const response = await fetch(`${url}__limn/`)
  expect(response.status).toBe(200)
  const policy = response.headers.get('content-security-policy')!.split('; ')
  expect(policy).toEqual(
    expect.arrayContaining(["default-src 'none'", "script-src 'self'", "frame-ancestors 'self'"]),
  )
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  expect(await response.text()).toContain('src="page.js"')
  const sheet = await connect(url)
  expect(await sheet.ask<Sheet>('sheet', {})).toMatchObject({ canAct: true })
})

test('keeps what a hostile manifest says data', async () => {
  const hostile = '</script><script>alert(1)</script></style><img src=x onerror=alert(1)>'
  const site = testSite({
    files: {
      ...page,
      'images.yaml': `version: 1
provider: local
assets:
  hero:
    prompt: ${JSON.stringify(hostile)}
    alt: ${JSON.stringify(hostile)}
    outputs: [{ name: s, width: 32, height: 32, formats: [webp] }]
`,
    },
    limn: { dev: { generate: 'never' } },
  })
  const { url } = await site.dev()
  expect(await (await fetch(`${url}__limn/`)).text()).not.toContain('alert')
  const sheet = await connect(url)
  expect((await sheet.ask<Sheet>('sheet', {})).assets[0]!.alt).toBe(hostile)
  const draft = await fetch(`${url}__limn/picture/thumb?asset=hero&version=x`)
  expect(draft.headers.get('content-type')).toBe('image/webp')
  expect(draft.headers.get('cache-control')).toBe('no-store')
})

test('prints its address below those of the server, and is in no build', async () => {
  const site: Site = await generatedSite({ files })
  const lines: string[] = []
  const log = (line: string): void => void lines.push(line)
  const { server, url } = await site.dev({
    customLogger: {
      info: log,
      warn: log,
      warnOnce: log,
      error: log,
      clearScreen: () => {},
      hasErrorLogged: () => false,
      hasWarned: false,
    },
  })
  server.printUrls()
  expect(lines.filter((line) => line.includes('__limn'))).toEqual([`  ➜  Limn:    ${url}__limn/`])
  await site.build()
  for (const file of site.list('dist')) {
    if (/\.(html|js|css)$/.test(file)) {
      expect(readFileSync(join(site.root, 'dist', file), 'utf8')).not.toMatch(/__limn|limn:sheet/)
    }
  }
})
