import { expect, test } from 'vitest'
import { findPictures } from './find-pictures.ts'

const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').toString('base64')
const jpeg = Buffer.from('ffd8ffe000104a464946000101', 'hex').toString('base64')
const avif = Buffer.from('0000001c6674797061766966', 'hex').toString('base64')
const dataUrl = `data:image/png;base64,${png}`
const link = 'https://cdn.example.com/a.png?sig=a%2Bb'

test.each<[server: string, answer: unknown, found: object[]]>([
  ['Stability', { artifacts: [{ base64: jpeg, finishReason: 'SUCCESS' }] }, [{ b64_json: jpeg }]],
  ['Stability 2', { image: avif, finish_reason: 'SUCCESS', seed: 3 }, [{ b64_json: avif }]],
  [
    'Imagen',
    { predictions: [{ bytesBase64Encoded: 'AAECAw==', mimeType: 'image/png' }] },
    [{ b64_json: 'AAECAw==' }],
  ],
  [
    'Gemini',
    { candidates: [{ content: { parts: [{ text: 'Here' }, { inlineData: { data: png } }] } }] },
    [{ b64_json: png }],
  ],
  [
    'OpenRouter',
    { choices: [{ message: { content: '', images: [{ image_url: { url: dataUrl } }] } }] },
    [{ b64_json: dataUrl }],
  ],
  [
    'a chat with Markdown',
    { choices: [{ message: { content: `Here it is: ![a hill](${link})` } }] },
    [{ url: link }],
  ],
  [
    'the Responses API',
    { output: [{ type: 'image_generation_call', result: png }] },
    [{ b64_json: png }],
  ],
  [
    'Automatic1111',
    { images: [png], parameters: { init_images: [jpeg] }, info: '{"seed":1}' },
    [{ b64_json: png }],
  ],
  ['MiniMax', { data: { image_urls: [link] }, base_resp: { status_code: 0 } }, [{ url: link }]],
  [
    'Volcengine',
    { data: { binary_data_base64: [jpeg, png] } },
    [{ b64_json: jpeg }, { b64_json: png }],
  ],
  [
    'DashScope',
    { output: { choices: [{ message: { content: [{ image: link }] } }] }, usage: {} },
    [{ url: link }],
  ],
  ['SiliconFlow', { images: [{ url: link }], data: [{ url: link }] }, [{ url: link }]],
  ['Replicate', { output: [link], urls: { get: 'https://api.example.com/p/1' } }, [{ url: link }]],
  ['Hunyuan', { Response: { ResultImage: png, RequestId: 'x' } }, [{ b64_json: png }]],
  ['Cloudflare', { result: { image: jpeg }, success: true, errors: [] }, [{ b64_json: jpeg }]],
  ['a list without names', [png, jpeg], [{ b64_json: png }, { b64_json: jpeg }]],
  ['an answer as text', JSON.stringify({ data: [{ b64_json: png }] }), [{ b64_json: png }]],
  ['an answer within text', { data: JSON.stringify({ images: [{ url: link }] }) }, [{ url: link }]],
  ['base64 alone', png, [{ b64_json: png }]],
  ['a data: URL alone', ` ${dataUrl}`, [{ b64_json: ` ${dataUrl}` }]],
  ['a link alone', `${link}\n`, [{ url: link }]],
  ['an object with one link', { created: 1, url: link }, [{ url: link }]],
  ['a relative link', { images: ['files/a.webp'] }, [{ url: 'files/a.webp' }]],
  ['a preview beside it', { result: { preview: jpeg, picture: png } }, [{ b64_json: png }]],
])('finds the pictures of %s', (_, answer, found) => {
  expect(findPictures(answer)).toEqual(found)
})

test.each<[string, unknown]>([
  ['the documentation of an error', { message: 'No credit', url: 'https://docs.example.com' }],
  ['a link within an error', { error: { message: 'x', url: link, image: png } }],
  ['the input picture', { input: { image: png }, request: { images: [jpeg] } }],
  ['a web page', `<html><img src="${link}"></html>`],
  ['text', 'The model is loading.'],
  ['a prompt', { data: [{ revised_prompt: 'A hill' }] }],
])('takes %s for no picture', (_, answer) => {
  expect(findPictures(answer)).toEqual([])
})
