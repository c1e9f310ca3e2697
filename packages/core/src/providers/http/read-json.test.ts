import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { readJson } from './read-json.ts'

/** Parses a text that arrives in pieces of `length` bytes. */
async function parse(text: string, length = 64 * 1024): Promise<unknown> {
  const bytes = Buffer.from(text)
  return readJson(
    Array.from({ length: Math.ceil(bytes.length / length) }, (_, index) =>
      bytes.subarray(index * length, (index + 1) * length),
    ),
  )
}

test.each([1, 2, 3, 7, 64, 65_536, 10_000_000])(
  'returns pictures as bytes and everything else like JSON.parse, in pieces of %i bytes',
  async (length) => {
    const pictures = [1, 2, 3, 100, length < 64 ? 500 : 200_000].map((size) => randomBytes(size))
    const data = pictures.map((bytes) => ({
      b64_json: bytes.toString('base64'),
      revised_prompt: 'Ein Füchslein "b64_json": "狐"',
    }))
    const answer = (await parse(
      JSON.stringify({ created: 1, data, usage: { output_tokens: 5 } }, null, 2),
      length,
    )) as { data: { b64_json: Uint8Array; revised_prompt: string }[] }
    expect(
      answer.data.map(({ b64_json: bytes }) => Buffer.from(bytes).equals(pictures.shift()!)),
    ).toEqual([true, true, true, true, true])
    expect(answer).toMatchObject({ created: 1, usage: { output_tokens: 5 } })
    expect(answer.data[0]!.revised_prompt).toBe('Ein Füchslein "b64_json": "狐"')
  },
)

test.each([1, 5, 65_536])(
  'keeps text that is not plain base64, in pieces of %i bytes',
  async (length) => {
    const long = 'iVBO'.repeat(length < 64 ? 50 : 20_000)
    for (const text of [
      '',
      '%%%%',
      `${long} ${long}`,
      `${long}ü狐`,
      'iVBO\\/Rw0KGgo=',
      'data:image/png;base64,iVBORw0KGgo=',
      'iVBORw0\\u004bGgo=',
      'iVBO\\"b64_json\\":\\"iVBO',
      'iVBO=iVBO',
      '====',
      `-_${long} `,
      'iVBO-_Rw',
    ]) {
      const json = `{"data":[{"b64_json":"${text}","b64_json":null},{"b64_json":"${text}"}]}`
      expect(await parse(json, length), text).toEqual(JSON.parse(json))
    }
    expect(await parse('{"b64_json":null,"type":"b64_json","b64_json" : 5}', length)).toEqual({
      b64_json: 5,
      type: 'b64_json',
    })
  },
)

test('does not mistake a text of the server for its own placeholder', async () => {
  const marks = ['\0picture 0', '0', ' 0', 'undefined 0', 'iVBORw0KGgo='].map((mark) => ({
    b64_json: mark,
    note: mark,
    'say "b64_json': mark,
  }))
  const answer = (await parse(
    JSON.stringify({ data: [{ b64_json: 'iVBORw0KGgo=' }, ...marks] }),
  )) as { data: unknown[] }
  expect(answer.data.slice(1)).toEqual(
    marks.map((mark) => ({
      ...mark,
      b64_json: mark.note === 'iVBORw0KGgo=' ? Buffer.from(mark.note, 'base64') : mark.b64_json,
    })),
  )
})

test('holds no more than what arrived, even for thousands of pictures in one long answer', async () => {
  const json = JSON.stringify({ data: Array.from({ length: 5000 }, () => ({ b64_json: 'iVBO' })) })
  const bytes = Buffer.from(json)
  for (const length of [1000, 64 * 1024]) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / length) }, (_, index) =>
      bytes.subarray(index * length, (index + 1) * length),
    )
    const { data } = (await readJson(pieces, { length: 80 * 1024 * 1024 })) as {
      data: { b64_json: Uint8Array }[]
    }
    expect(data).toHaveLength(5000)
    expect(
      Math.max(...data.map(({ b64_json: picture }) => picture.buffer.byteLength)),
    ).toBeLessThanOrEqual(8 * 1024)
  }
})

test('rejects invalid JSON', async () => {
  for (const text of ['<html>', '{"b64_json":"iVBORw0KGgo=', '{"b64_json"', '{"b64_json":']) {
    await expect(parse(text), text).rejects.toThrow(SyntaxError)
  }
})

test('is not slowed down by endless white space', async () => {
  const blank = ' '.repeat(2_000_000)
  expect(await parse(`{"b64_json"${blank}:${blank}"iVBORw0KGgo="}`, 1000)).toEqual({
    b64_json: 'iVBORw0KGgo=',
  })
})

test.each([
  ['breaks off after it', '{"data":[{"b64_json":"iVBORw0KGgo="},{"b64_json":"iVBOR'],
  ['has an invalid number beside it', '{"usage":{"n":NaN},"data":[{"b64_json":"iVBORw0KGgo="}]}'],
  ['has text after it', '{"data":[{"b64_json":"iVBORw0KGgo="}]}\n<!-- proxy -->'],
  ['has a comma too many, and escapes', '{"data":[{"b64_json":"iVBORw0KGg\\u006f="},]}'],
])('keeps a complete picture if the JSON %s', async (_, text) => {
  for (const length of [1, 5, 64 * 1024]) {
    const { data } = (await parse(text, length)) as { data: { b64_json: string | Uint8Array }[] }
    expect(data).toHaveLength(1)
    const picture = data[0]!.b64_json
    expect(typeof picture === 'string' ? picture : Buffer.from(picture).toString('base64')).toBe(
      'iVBORw0KGgo=',
    )
  }
})

test('keeps a complete picture if the connection breaks after it', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('{"data":[{"b64_json":"iVBORw0KGgo="},')
    throw new Error('broken')
  }
  expect(await readJson(broken())).toEqual({
    data: [{ b64_json: Buffer.from('iVBORw0KGgo=', 'base64') }],
  })
})
