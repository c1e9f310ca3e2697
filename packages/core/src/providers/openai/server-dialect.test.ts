import { expect, test } from 'vitest'
import { type Quirks, type ServerId, servers, findUnsupported } from '../../models/servers.ts'
import type { InputPicture } from '../../pictures/input-picture.ts'
import type { ImagesCall, ImagesCallFields } from './images-call.ts'
import { nearestRatio, toServerDialect } from './server-dialect.ts'

const picture: InputPicture = { role: 'image', format: 'png', bytes: Buffer.from('one') }
const reference: InputPicture = { role: 'reference', format: 'jpeg', bytes: Buffer.from('two') }
const mask: InputPicture = {
  role: 'mask',
  format: 'png',
  bytes: Buffer.from('alpha'),
  masks: { white: Buffer.from('white') },
}
const one = 'data:image/png;base64,b25l'
const two = 'data:image/jpeg;base64,dHdv'

type TestCall = {
  fields?: Partial<ImagesCallFields>
  pictures?: InputPicture[]
  mask?: InputPicture
  endpoint?: ImagesCall['endpoint']
  body?: Record<string, unknown>
  names?: Record<string, string>
  quirks?: Partial<Quirks>
}

function translate(
  server: ServerId,
  {
    fields = {},
    pictures = [],
    mask: given,
    endpoint = pictures.length === 0 ? 'generations' : 'edits',
    body = {},
    names = {},
    quirks = {},
  }: TestCall = {},
): ReturnType<typeof toServerDialect> {
  const call: ImagesCall = {
    endpoint,
    fields: { model: 'm', prompt: 'p', n: 1, size: '1536x1024', ...fields },
    pictures,
    mask: given,
    markup: undefined,
  }
  return toServerDialect(call, { quirks: { ...servers[server].quirks, ...quirks }, body, names })
}

test('leaves a call for OpenAI unchanged', () => {
  expect(
    translate('openai', {
      fields: { quality: 'high', output_format: 'webp', output_compression: 80 },
    }),
  ).toEqual({
    path: '/images/generations',
    files: null,
    fields: {
      model: 'm',
      prompt: 'p',
      n: 1,
      size: '1536x1024',
      quality: 'high',
      output_format: 'webp',
      output_compression: 80,
    },
  })
})

test.each<[ServerId, TestCall, Record<string, unknown>]>([
  [
    'azure',
    { fields: { output_format: 'jpeg', output_compression: 80 } },
    { size: '1536x1024', output_format: 'jpeg', output_compression: 20 },
  ],
  [
    'localai',
    { fields: { quality: 'low', background: 'opaque', moderation: 'low' } },
    { size: '1536x1024', quality: 'low', response_format: 'b64_json' },
  ],
  [
    'stable-diffusion.cpp',
    { fields: { quality: 'low', output_format: 'webp' } },
    { size: '1536x1024', output_format: 'webp' },
  ],
  [
    'vllm-omni',
    { fields: { quality: 'low', output_format: 'jpeg' }, body: { num_inference_steps: 20 } },
    {
      size: '1536x1024',
      output_format: 'jpeg',
      response_format: 'b64_json',
      num_inference_steps: 20,
    },
  ],
  [
    'together',
    { fields: { quality: 'low' } },
    { width: 1536, height: 1024, output_format: 'png', response_format: 'base64' },
  ],
  [
    'together',
    { fields: { output_format: 'jpeg', n: 9 } },
    { n: 4, width: 1536, height: 1024, output_format: 'jpeg', response_format: 'base64' },
  ],
  [
    'xai',
    { fields: { quality: 'low' } },
    { aspect_ratio: '3:2', resolution: '2k', response_format: 'b64_json' },
  ],
  [
    'xai',
    { fields: { size: '1024x1024' } },
    { aspect_ratio: '1:1', resolution: '1k', response_format: 'b64_json' },
  ],
  [
    'gemini',
    { fields: { quality: 'low', n: 4 } },
    { n: 1, size: '1536x1024', response_format: 'b64_json' },
  ],
  ['new-api', { fields: { quality: 'low' } }, { size: '1536x1024', quality: 'low' }],
  [
    'openai',
    { fields: { response_format: 'b64_json' } },
    { size: '1536x1024', response_format: 'b64_json' },
  ],
  [
    'openai',
    { quirks: { responseFormat: 'url', omit: ['size'] }, body: { seed: 7 } },
    { response_format: 'url', seed: 7 },
  ],
])('translates a generation for %s (%#)', (server, call, expected) => {
  const { fields, files, path } = translate(server, call)
  expect({ path, files }).toEqual({ path: '/images/generations', files: null })
  expect(fields).toEqual({ model: 'm', prompt: 'p', n: 1, ...expected })
})

test('uses the model name of the server', () => {
  expect(translate('azure', { names: { m: 'my-deployment' } }).fields['model']).toBe(
    'my-deployment',
  )
})

test('ignores extra fields that only Limn may set', () => {
  const body = {
    n: 10,
    model: 'dearer',
    prompt: 'Another',
    size: '3840x2160',
    quality: 'max',
    stream: true,
    partial_images: 3,
    image: 'x',
    mask: 'y',
    seed: 7,
  }
  expect(translate('openai', { body, names: { m: 'x' } }).fields).toEqual({
    model: 'x',
    prompt: 'p',
    n: 1,
    size: '1536x1024',
    seed: 7,
  })
  expect(translate('gemini', { body, fields: { quality: 'low' } }).fields).not.toHaveProperty(
    'quality',
  )
  expect(translate('openai', { body, pictures: [picture] }).fields).not.toHaveProperty('image')
})

test('sends pictures as a form, each with its content type, several as a list', () => {
  expect(translate('openai', { pictures: [picture], mask })).toMatchObject({
    path: '/images/edits',
    files: [
      { field: 'image', name: 'image-1.png', type: 'image/png' },
      { field: 'mask', name: 'mask.png', bytes: Buffer.from('alpha') },
    ],
  })
  expect(translate('vllm-omni', { pictures: [picture, reference] }).files).toMatchObject([
    { field: 'image[]', type: 'image/png' },
    { field: 'image[]', name: 'image-2.jpg', type: 'image/jpeg' },
  ])
  expect(translate('openai', { pictures: [picture], endpoint: 'variations' }).path).toBe(
    '/images/variations',
  )
})

test('sends a grey mask to a server that expects white', () => {
  expect(translate('stable-diffusion.cpp', { pictures: [picture], mask }).files).toMatchObject([
    { field: 'image' },
    { field: 'mask', bytes: Buffer.from('white') },
  ])
})

test('sends pictures as JSON to a server that expects them there', () => {
  expect(
    translate('openai', { pictures: [picture, reference], mask, quirks: { editStyle: 'json' } }),
  ).toMatchObject({
    path: '/images/edits',
    files: null,
    fields: {
      images: [{ image_url: one }, { image_url: two }],
      mask: { image_url: 'data:image/png;base64,YWxwaGE=' },
    },
  })
  expect(translate('xai', { pictures: [picture] })).toMatchObject({
    path: '/images/edits',
    files: null,
    fields: { image: { url: one, type: 'image_url' }, resolution: '2k' },
  })
  expect(translate('xai', { pictures: [picture] }).fields).not.toHaveProperty('aspect_ratio')
  expect(translate('xai', { pictures: [picture, reference] }).fields).toMatchObject({
    images: [
      { url: one, type: 'image_url' },
      { url: two, type: 'image_url' },
    ],
    aspect_ratio: '3:2',
  })
  expect(translate('together', { pictures: [picture] })).toMatchObject({
    path: '/images/generations',
    files: null,
    fields: { image_url: one, width: 1536 },
  })
  expect(translate('together', { pictures: [picture, reference] }).fields).toMatchObject({
    reference_images: [one, two],
  })
})

test('sends LocalAI plain base64, and a mask to its inpainting route', () => {
  expect(translate('localai', { pictures: [picture, reference] })).toMatchObject({
    path: '/images/generations',
    files: null,
    fields: { files: ['b25l'], ref_images: ['dHdv'] },
  })
  expect(translate('localai', { pictures: [picture], mask })).toMatchObject({
    path: '/images/inpainting',
    files: [{ field: 'image' }, { field: 'mask', bytes: Buffer.from('white') }],
  })
})

test.each([
  ['1024x1024', 1024, 1024, '1:1'],
  ['a story', 1088, 1920, '9:16'],
  ['a link preview', 1200, 640, '16:9'],
  ['a banner', 3072, 1024, '2:1'],
])('finds the nearest ratio of %s', (_, width, height, ratio) => {
  expect(nearestRatio({ width, height }, ['1:1', '16:9', '9:16', '3:2', '2:1'])).toBe(ratio)
})

const image = { role: 'image' } as const
test.each<[ServerId, Parameters<typeof findUnsupported>[1], string[]]>([
  ['openai', { inputs: [image, { role: 'mask' }], format: 'webp', background: 'transparent' }, []],
  ['azure', { format: 'webp', background: 'auto' }, ['does not return WEBP']],
  [
    'gemini',
    { inputs: [image], format: 'png', background: 'auto' },
    ['does not accept input pictures'],
  ],
  [
    'together',
    { inputs: [image, { role: 'mask' }], format: 'png', background: 'auto' },
    ['does not accept masks'],
  ],
  [
    'xai',
    { inputs: [image, image, image, image], format: 'png', background: 'transparent' },
    [
      'accepts at most 3 input pictures per request, not 4',
      'does not support a transparent background',
    ],
  ],
])('lists what %s does not support (%#)', (server, need, expected) => {
  expect(findUnsupported(servers[server].quirks, need).map(({ cannot }) => cannot)).toEqual(
    expected,
  )
})
