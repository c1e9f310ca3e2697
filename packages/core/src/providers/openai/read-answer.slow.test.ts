import { expect, test } from 'vitest'
import { serve } from '../testing.ts'
import { findPictures } from './find-pictures.ts'
import { readUsage } from './read-answer.ts'
import { readPicture } from './read-picture.ts'

const official = 'https://api.openai.com/v1'
const bytes = Buffer.from([137, 80, 78, 71, 1, 2, 3])
const base64 = bytes.toString('base64')

test.each([
  ['base64', { b64_json: base64 }],
  ['base64 without its padding', { b64_json: base64.replace(/=+$/, '') }],
  ['base64 with line breaks', { b64_json: `${base64.slice(0, 4)}\n${base64.slice(4)}` }],
  ['base64 with a data: prefix', { b64_json: `data:image/png;base64,${base64}` }],
  ['a data: link', { url: `data:image/png;base64,${base64}` }],
  ['base64 with a link', { b64_json: base64, url: 'http://127.0.0.1:1/x' }],
])('reads %s', async (_, picture) => {
  expect(
    Buffer.from(await readPicture(picture, { baseURL: official, env: {} })).equals(bytes),
  ).toBe(true)
})

test.each([
  ['bad base64', { b64_json: '***' }, 'The picture is not valid base64.'],
  [
    'base64 with a hole',
    { b64_json: `${base64.slice(0, 4)}!!!!${base64.slice(4)}` },
    'The picture is not valid base64.',
  ],
  ['a prefix alone', { b64_json: 'data:image/png;base64,' }, 'The picture is not valid base64.'],
  ['nothing', {}, 'The server answered without a picture.'],
  ['empty fields', { b64_json: '', url: '' }, 'The server answered without a picture.'],
  ['null', { b64_json: null, url: null }, 'The server answered without a picture.'],
  [
    'a file: link',
    { url: 'file:///etc/passwd' },
    'The server returned a picture link that is not http(s).',
  ],
  [
    'an invalid link',
    { url: 'not a link' },
    'The server returned a picture link that is not http(s).',
  ],
])('rejects %s', async (_, picture, message) => {
  await expect(readPicture(picture, { baseURL: official, env: {} })).rejects.toMatchObject({
    name: 'ProviderError',
    code: 'provider/bad-answer',
    message,
    retry: undefined,
  })
})

test.each([
  'http://127.0.0.1/x',
  'http://localhost/x',
  'http://10.1.2.3/x',
  'http://192.168.0.1/x',
  'http://172.20.0.1/x',
  'http://169.254.169.254/latest/meta-data',
  'http://100.64.0.1/x',
  'http://0.0.0.0/x',
  'http://[::1]/x',
  'http://[::]/x',
  'http://[fe80::1]/x',
  'http://[fd00::1]/x',
  'http://[::ffff:127.0.0.1]/x',
  'http://[64:ff9b::7f00:1]/x',
  'http://2130706433/x',
  'http://0x7f.1/x',
])('refuses a link to the private address %s', async (url) => {
  // An IP address, so that the test does not depend on DNS.
  await expect(
    readPicture({ url }, { baseURL: 'https://203.0.113.1/v1', env: {} }),
  ).rejects.toMatchObject({ message: 'The server returned a picture link to a private address.' })
})

test('follows a link to a private address if the API itself is at one', async () => {
  const origin = await serve((_, response) => response.end(bytes))
  expect(
    Buffer.from(
      await readPicture({ url: `${origin}/x.png` }, { baseURL: `${origin}/v1`, env: {} }),
    ).equals(bytes),
  ).toBe(true)
})

test('reports an expired link', async () => {
  const origin = await serve((_, response) => response.writeHead(403).end('gone'))
  await expect(
    readPicture({ url: `${origin}/x` }, { baseURL: `${origin}/v1`, env: {} }),
  ).rejects.toMatchObject({
    message: "The server's picture link returned 403. The picture may have been billed.",
  })
})

test('downloads at most 64 MB from a link', async () => {
  const origin = await serve((_, response) => {
    const chunk = Buffer.alloc(1024 * 1024)
    const send = (): void => {
      while (!response.destroyed && response.write(chunk));
      if (!response.destroyed) response.once('drain', send)
    }
    send()
  })
  await expect(
    readPicture({ url: `${origin}/endless` }, { baseURL: `${origin}/v1`, env: {} }),
  ).rejects.toMatchObject({ message: 'The picture is larger than 67108864 bytes.' })
})

test.each([
  ['none', undefined, undefined],
  ['null', null, undefined],
  [
    'zeros',
    {
      input_tokens: 0,
      output_tokens: 0,
      total_tokens: 0,
      input_tokens_details: { text_tokens: 0, image_tokens: 0 },
    },
    undefined,
  ],
  ['text', { input_tokens: '5', output_tokens: '9' }, undefined],
  ['invalid numbers', { output_tokens: Infinity }, undefined],
  [
    'no details',
    { input_tokens: 50, output_tokens: 1756 },
    { inputTextTokens: 50, inputImageTokens: 0, outputTokens: 1756 },
  ],
  [
    'partial details',
    { input_tokens: 50, output_tokens: 1756, input_tokens_details: { image_tokens: 40 } },
    { inputTextTokens: 10, inputImageTokens: 40, outputTokens: 1756 },
  ],
  [
    'text in the output',
    {
      input_tokens: 3,
      output_tokens: 429,
      input_tokens_details: { text_tokens: 3, image_tokens: 0 },
      output_tokens_details: { image_tokens: 272, text_tokens: 157 },
    },
    { inputTextTokens: 3, inputImageTokens: 0, outputTokens: 429, outputTextTokens: 157 },
  ],
])('reads a usage of %s', (_, usage, read) => {
  expect(readUsage({ data: [], usage })).toEqual(read)
})

test.each<[string, unknown]>([
  ['an object as data', { data: { b64_json: 'AAAA' } }],
  ['another key', { images: [{ b64_json: 'AAAA' }] }],
  ['an envelope', { code: 0, data: { data: [{ b64_json: 'AAAA' }] } }],
  ['the top level', { b64_json: 'AAAA', created: 'yesterday' }],
  ['values of other kinds beside it', { data: [null, 7, { b64_json: 'AAAA' }], usage: 'free' }],
])('finds a picture in %s', (_, answer) => {
  expect(findPictures(answer).filter(({ b64_json: base64 }) => base64 === 'AAAA')).toHaveLength(1)
})

test('takes no link outside of the pictures for a picture', () => {
  expect(findPictures({ error: { url: 'https://example.com/docs' }, url: '/v1/images' })).toEqual(
    [],
  )
})

test('takes the link of a picture whose base64 is damaged', async () => {
  const origin = await serve((_, response) => response.end('picture'))
  const picture = { b64_json: '***', url: `${origin}/x.png` }
  expect(
    Buffer.from(await readPicture(picture, { baseURL: `${origin}/v1`, env: {} })).toString(),
  ).toBe('picture')
})

test.each([
  ['/files/a.png?sig=a%2Bb', '/files/a.png?sig=a%2Bb'],
  ['/files/b.png', '/v1/files/b.png'],
  ['files/c.png?x=', '/v1/files/c.png?x='],
  ['files/d.png', '/files/d.png'],
  ['files/e.png', '/v1/images/files/e.png'],
  ['//HOST/f.png?g=+', '/f.png?g=+'],
])('finds the picture of the relative link %s at %s', async (link, path) => {
  const seen: string[] = []
  const origin = await serve((request, response) => {
    seen.push(request.url!)
    if (request.url === path) response.end(bytes)
    else if (seen.length === 1) response.end('<!doctype html><title>App</title>')
    else response.writeHead(404).end()
  })
  const url = link.replace('HOST', new URL(origin).host)
  const read = await readPicture({ url }, { baseURL: `${origin}/v1`, env: {} })
  expect(Buffer.from(read).equals(bytes)).toBe(true)
  expect(seen.at(-1)).toBe(path)
})

test.each([
  ['a link as base64', { b64_json: 'LINK' }],
  ['base64 as a link', { url: `${'iVBORw0KGgo'}AAAA` }],
  ['a data: URL as base64', { b64_json: 'data:image/png;base64,aGVsbG8=' }],
])('reads %s', async (_, picture) => {
  const origin = await serve((_request, response) => response.end(bytes))
  const sent = JSON.parse(JSON.stringify(picture).replace('LINK', `${origin}/x.png`)) as object
  const read = await readPicture(sent, { baseURL: `${origin}/v1`, env: {} })
  expect(read.length).toBeGreaterThan(0)
})

test('treats a web page behind a link as a link that is no longer valid', async () => {
  const origin = await serve((_, response) => response.end('<html>Log in</html>'))
  await expect(
    readPicture({ url: `${origin}/x.png` }, { baseURL: `${origin}/v1`, env: {} }),
  ).rejects.toMatchObject({ link: 'gone' })
})
