import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { parseAnswer, readAnswer } from './read-json.ts'

const parse = (text: string): unknown => parseAnswer(Buffer.from(text))

test('gives pictures as bytes, and all else as JSON.parse does', () => {
  const pictures = [1, 2, 3, 100, 200_000].map((length) => randomBytes(length))
  const data = pictures.map((bytes) => ({ b64_json: bytes.toString('base64'), revised_prompt: 'A "b64_json": "fox"' }))
  const answer = parse(JSON.stringify({ created: 1, data, usage: { output_tokens: 5 } }, null, 2)) as { data: { b64_json: Uint8Array; revised_prompt: string }[] }
  expect(answer.data.map(({ b64_json: bytes }) => Buffer.from(bytes).equals(pictures.shift()!))).toEqual([true, true, true, true, true])
  expect(answer).toMatchObject({ created: 1, usage: { output_tokens: 5 } })
  expect(answer.data[0]!.revised_prompt).toBe('A "b64_json": "fox"')
})

test('leaves as text what is no plain base64', () => {
  for (const text of ['', '%%%%', `${'iVBO'.repeat(20_000)} ${'iVBO'.repeat(20_000)}`, 'iVBO\\/Rw0KGgo=', 'data:image/png;base64,iVBORw0KGgo=', 'iVBORw0\\u004bGgo=']) {
    const json = `{"data":[{"b64_json":"${text}"}]}`
    expect(parse(json), text).toEqual(JSON.parse(json))
  }
  expect(parse('{"b64_json":null,"type":"b64_json","b64_json" : 5}')).toEqual({ b64_json: 5, type: 'b64_json' })
})

test('takes no mark of its own from a server', () => {
  const json = JSON.stringify({ data: [{ b64_json: 'iVBORw0KGgo=' }, { b64_json: '\0picture 7' }, { note: '\0picture 0' }] })
  expect(parse(json)).toMatchObject({ data: [{ b64_json: expect.any(Uint8Array) }, { b64_json: '\0picture 7' }, { note: '\0picture 0' }] })
})

test('refuses what is no JSON', () => {
  for (const text of ['', '<html>', '{"b64_json":"iVBORw0KGgo=', '{"b64_json":"iVBORw0KGgo="']) expect(() => parse(text), text).toThrow(SyntaxError)
})

test('goes by the type that a server gives', async () => {
  const json = '{"data":[]}'
  expect(await readAnswer(new Response(json, { headers: { 'content-type': 'application/json; charset=utf-8' } }))).toEqual({ data: [] })
  expect(await readAnswer(new Response(json, { headers: { 'content-type': 'text/plain' } }))).toBe(json)
  expect(await readAnswer(new Response('', { headers: { 'content-type': 'application/json' } }))).toBeUndefined()
})
