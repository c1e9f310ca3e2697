import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { drawPicture } from '@limn/painter'
import { createPageHtml, parsePicturePath, pathOfPageFile } from '../src/index.ts'
import type { ToPage, ToServer } from '../src/protocol.ts'
import { type FakeCalls, fakeCosts, fakeSheet, subjectOf } from './fake-project.ts'
import { fakeActionCalls } from './fake-view.ts'

/** A server with the addresses of `limn ui`, and a made-up project. */
export type FakeServer = {
  url: string
  /** Every call that the page made, the first one first. */
  calls: ToServer[]
  /** Paths of all requests. */
  requests: string[]
  /** Sends an event to all pages. */
  send(event: ToPage): void
  [Symbol.asyncDispose](): Promise<void>
}

/** The headers that a real server sends with the page. */
const pageHeaders = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
}

/**
 * Starts a fake server for a sheet of `assets` assets. `calls` replaces answers, and `replaced`
 * those of the moment.
 */
export async function startFakeServer(
  options: { assets?: number; port?: number; calls?: FakeCalls; replaced?: () => FakeCalls } = {},
): Promise<FakeServer> {
  const sheet = fakeSheet(options.assets ?? 60)
  const answers = (): FakeCalls => ({
    sheet: () => sheet,
    costs: fakeCosts,
    ...fakeActionCalls(() => sheet.assets),
    ...options.calls,
    ...options.replaced?.(),
  })
  const streams = new Set<ServerResponse>()
  const fake: Pick<FakeServer, 'calls' | 'requests'> = { calls: [], requests: [] }
  const server = createServer((request, response) => {
    fake.requests.push(request.url ?? '')
    void respond(request, response, { answers: answers(), streams, calls: fake.calls })
  })
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  return {
    ...fake,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    send(event) {
      for (const stream of streams) stream.write(`data: ${JSON.stringify(event)}\n\n`)
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

type Context = { answers: FakeCalls; streams: Set<ServerResponse>; calls: ToServer[] }

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  { answers, streams, calls }: Context,
): Promise<void> {
  const path = request.url ?? '/'
  const ref = parsePicturePath(path)
  if (ref !== null) {
    response.writeHead(200, { 'content-type': 'image/png', 'cache-control': 'max-age=3600' })
    response.end(drawThumb('version' in ref ? ref.version : ref.id))
  } else if (path === '/page.js' || path === '/page.css') {
    const type = path === '/page.js' ? 'text/javascript' : 'text/css'
    response.writeHead(200, { 'content-type': type })
    response.end(await readFile(pathOfPageFile(path === '/page.js' ? 'page.js' : 'page.css')))
  } else if (path === '/events') {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(':\n\n')
    streams.add(response)
    response.on('close', () => streams.delete(response))
  } else if (path === '/call') {
    const message = JSON.parse(await text(request)) as ToServer
    calls.push(message)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer(answers, message)))
  } else {
    response.writeHead(path === '/' ? 200 : 404, { ...pageHeaders, 'content-type': 'text/html' })
    response.end(path === '/' ? createPageHtml('ui') : '')
  }
}

function answer(answers: FakeCalls, message: ToServer): ToPage {
  try {
    const call = answers[message.call] as ((input: unknown) => unknown) | undefined
    if (call === undefined) throw new Error(`The fake server does not answer ${message.call}.`)
    return { type: 'reply', id: message.id, output: call(message.input) as never }
  } catch (error) {
    const { message: text, hint = '' } = error as Error & { hint?: string }
    return { type: 'reply', id: message.id, error: { code: 'FAKE', message: text, hint } }
  }
}

/** Earlier pictures of the same subject differ. */
const SUBJECTS = 12
const moods = ['', ' at night', ' in snow', ' in fog', ' in rain']

const thumbs = new Map<string, Uint8Array>()

/** Draws the picture of a version such as `v3` or `v3@1200x630`, at most 480 px wide and high. */
function drawThumb(version: string): Uint8Array {
  const known = thumbs.get(version)
  if (known !== undefined) return known
  const [, index = '0', ownWidth, ownHeight] = /(\d+)(?:@(\d+)x(\d+))?$/.exec(version) ?? []
  const subject = subjectOf(Number(index))
  const width = Number(ownWidth ?? subject.width)
  const height = Number(ownHeight ?? subject.height)
  const scale = Math.min(1, 480 / Math.max(width, height))
  const drawn = drawPicture({
    prompt: subject.prompt + (moods[Math.floor(Number(index) / SUBJECTS)] ?? ''),
    width: Math.round(width * scale),
    height: Math.round(height * scale),
    transparent: false,
  })
  thumbs.set(version, drawn)
  return drawn
}
