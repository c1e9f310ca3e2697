import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { crc32, createGzip, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import type { Fault } from '../../../../fixtures/openai-server/index.ts'
import { createTestProject, smallManifest } from '../test-project.ts'
import { parsePeakMemory, REPORT_MEMORY } from './memory.ts'

/** Creates a PNG of one colour whose file is small but whose pixels are many. */
function bomb(width: number, height: number): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.writeUInt8(1, 8)
  const pixels = deflateSync(Buffer.alloc((Math.ceil(width / 8) + 1) * height))
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', head),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

const picture = (bytes: Uint8Array | string): Fault => ({
  kind: 'image',
  bytes: Buffer.from(bytes),
})
const INCOMPLETE = /The provider returned an incomplete picture\./

test('reports each hostile answer as the failure of one asset, and keeps the rejected file', async () => {
  const good = await sharp({ create: { width: 816, height: 816, channels: 3, background: 'teal' } })
    .png()
    .toBuffer()
  const cases: readonly [name: string, fault: Fault, message: RegExp][] = [
    [
      'one-pixel',
      { kind: 'otherPicture', width: 1, height: 1 },
      /The provider returned a picture of 1x1 px instead of 816x816 px\./,
    ],
    [
      'speck',
      { kind: 'otherPicture', width: 816, height: 50 },
      /The provider returned a picture of 816x50 px/,
    ],
    ['bomb', picture(bomb(40_000, 40_000)), INCOMPLETE],
    ['strip', picture(bomb(700_000, 400)), INCOMPLETE],
    ['truncated', picture(good.subarray(0, good.length - 100)), INCOMPLETE],
    [
      'bit',
      picture(
        Buffer.concat([good.subarray(0, 60), Buffer.from([good[60]! ^ 1]), good.subarray(61)]),
      ),
      INCOMPLETE,
    ],
    ['pdf', picture('%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer <<>>\n%%EOF\n'), INCOMPLETE],
    ['text', picture('The model is busy, please come back later.'), INCOMPLETE],
    [
      'html',
      picture(
        Buffer.concat([good.subarray(0, 8), Buffer.from('<html><body>Log in</body></html>')]),
      ),
      INCOMPLETE,
    ],
    ['zip', picture('PK\x03\x04\x14\0\0\0'), INCOMPLETE],
    [
      'entities',
      picture(
        `<!DOCTYPE svg [<!ENTITY a "${'x'.repeat(1000)}"><!ENTITY b "${'&a;'.repeat(1000)}"><!ENTITY c "${'&b;'.repeat(1000)}">]><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>&c;</text></svg>`,
      ),
      INCOMPLETE,
    ],
    ['no-base64', { kind: 'base64', text: '<html>'.repeat(50) }, /not valid base64/],
    [
      'page',
      { kind: 'html', status: 200 },
      /not in the format of the Images API|without a picture|no answer/i,
    ],
    [
      'private',
      {
        kind: 'body',
        status: 200,
        contentType: 'application/json',
        text: JSON.stringify({ data: [{ url: 'file:///etc/passwd' }] }),
      },
      /not http\(s\)/,
    ],
    [
      'wrong-types',
      {
        kind: 'body',
        status: 200,
        contentType: 'application/json',
        text: JSON.stringify({ data: [{ b64_json: 5, url: {} }], usage: 'x' }),
      },
      /without a picture/,
    ],
    ['nothing', { kind: 'body', status: 200, contentType: 'application/json', text: 'null' }, /./],
    [
      'deep',
      {
        kind: 'body',
        status: 200,
        contentType: 'application/json',
        text: `{"data":${'['.repeat(5000)}${']'.repeat(5000)}}`,
      },
      /without a picture/,
    ],
  ]
  const names = cases.map(([name]) => name)
  const manifest = smallManifest(
    Object.fromEntries([...names, 'fine', 'drawing'].map((name) => [name, `Prompt of ${name}`])),
  )
  const project = await createTestProject({ files: { 'images.yaml': manifest }, server: true })
  const faultByPrompt = new Map(cases.map(([name, fault]) => [`Prompt of ${name}`, fault]))
  const script =
    '<svg xmlns="http://www.w3.org/2000/svg" width="816" height="816" onload="alert(1)"><script>alert(2)</script><rect width="816" height="816" fill="teal"/><image href="http://169.254.169.254/x.png"/></svg>'
  project.server.answer(({ body }) =>
    body['prompt'] === 'Prompt of drawing'
      ? picture(script)
      : faultByPrompt.get(String(body['prompt'])),
  )
  const { code, stderr } = await project.cli(['generate', '--verbose'])
  expect(code).toBe(1)
  expect(stderr).not.toMatch(/This is a bug|\n\s+at /)
  for (const [name, , message] of cases) {
    expect(new RegExp(`✗ ${name}: (.*)\\n`).exec(stderr)?.[1] ?? '', name).toMatch(message)
  }
  expect(project.server.requests).toHaveLength(cases.length + 2)
  // A paid answer that is no picture is kept for the user to examine, but never becomes a master.
  const rejected = cases.filter(([, { kind }]) => kind === 'image' || kind === 'otherPicture')
  expect(project.list('.limn/rejected').filter((path) => path.endsWith('.picture'))).toHaveLength(
    rejected.length,
  )
  expect(Object.keys(project.lock().assets)).toEqual(['drawing', 'fine'])
  expect(project.text('images/drawing.svg')).not.toMatch(/script|onload|169\.254/)
  expect(project.list('images')).toEqual(['images/drawing.svg', 'images/fine.png'])
  faultByPrompt.clear()
  expect((await project.generate()).requested).toEqual(
    names.map((name) => `Prompt of ${name}`).sort(),
  )
})

/** Starts a server whose answers the test writes. */
async function startRawServer(
  answer: (response: ServerResponse) => void,
): Promise<{ baseURL: string; sent: () => number }> {
  let sent = 0
  const server = createServer((request, response) => {
    const write = response.write.bind(response) as (chunk: Buffer) => boolean
    response.write = ((bytes: Buffer) => {
      sent += bytes.length
      return write(bytes)
    }) as typeof response.write
    request.resume().on('end', () => answer(response))
  }).listen(0, '127.0.0.1')
  onTestFinished(async () => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  })
  await once(server, 'listening')
  return {
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    sent: () => sent,
  }
}

const GB = 2 ** 30

/** Sends at least that many bytes of a base64 picture. */
async function sendEndless(
  response: ServerResponse,
  bytes: number,
  into: NodeJS.WritableStream = response,
): Promise<void> {
  const part = Buffer.alloc(2 ** 20, 'A')
  into.write(Buffer.from('{"created":1,"data":[{"b64_json":"'))
  for (let sent = 0; sent < bytes && !response.destroyed; sent += part.length) {
    if (into.write(part)) continue
    // A closed connection never emits `drain`.
    const waiting = new AbortController()
    const stop = (): void => waiting.abort()
    response.once('close', stop)
    await once(into, 'drain', { signal: waiting.signal }).catch(() => {})
    response.off('close', stop)
  }
  into.end('"}]}')
}

test.each<[string, (response: ServerResponse) => void, number]>([
  [
    'of 2 GB',
    (response) =>
      void sendEndless(response.writeHead(200, { 'content-type': 'application/json' }), 2 * GB),
    GB,
  ],
  [
    'that decompresses to 2 GB',
    (response) => {
      const gzip = createGzip()
      gzip.pipe(
        response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }),
      )
      void sendEndless(response, 2 * GB, gzip)
    },
    GB / 100,
  ],
])('hangs up on an answer that is %s, with its memory bounded', async (_, answer, most) => {
  const server = await startRawServer(answer)
  const project = await createTestProject({
    files: { 'images.yaml': smallManifest({ big: 'A hill' }) },
    env: { OPENAI_API_KEY: 'sk-x', OPENAI_BASE_URL: server.baseURL, NODE_OPTIONS: REPORT_MEMORY },
  })
  const { code, stderr } = await project.cliProcess(['generate'])
  expect(code).toBe(1)
  expect(stderr).toMatch(/✗ big: The server's answer is larger than \d+ bytes\./)
  expect(server.sent()).toBeLessThan(most)
  expect(parsePeakMemory(stderr)).toBeLessThan(700)
})

test('gives up on a request that is never answered, and continues with the others', async () => {
  const project = await createTestProject({
    files: {
      'images.yaml': smallManifest(
        { silent: 'A hill', fine: 'A lake' },
        'provider: openai\nproviders: { openai: { timeout: 5 } }',
      ),
    },
    server: true,
  })
  project.server.answer(({ body }) => (body['prompt'] === 'A hill' ? { kind: 'hang' } : undefined))
  const { code, stderr } = await project.cli(['generate'])
  expect(code).toBe(1)
  expect(stderr).toMatch(/✗ silent: The server did not answer in time\. .*billed/)
  expect(Object.keys(project.lock().assets)).toEqual(['fine'])
  expect(project.server.requests).toHaveLength(2)
})
