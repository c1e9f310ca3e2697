import { expect, test } from 'vitest'
import type { ImageRequest } from '../../identity/request.ts'
import type { Model } from '../../models/model.ts'
import { findModel } from '../../models/models.ts'
import type { InputPicture } from '../../pictures/input-picture.ts'
import { createImagesCall } from './images-call.ts'

const everything: ImageRequest = {
  operation: 'generate',
  prompt: 'A lighthouse',
  model: 'some-model',
  size: '1024x1024',
  quality: 'high',
  background: 'transparent',
  format: 'webp',
  compression: 80,
  complexity: 'low',
  moderation: 'low',
  fidelity: 'high',
}
const picture: InputPicture = { role: 'image', format: 'png', bytes: new Uint8Array([1]) }
const mask: InputPicture = { role: 'mask', format: 'png', bytes: new Uint8Array([2]) }

function fieldsOf(
  row: Model | undefined,
  change: Partial<ImageRequest> = {},
  inputs: InputPicture[] = [],
): string[] {
  const { fields } = createImagesCall({ ...everything, ...change }, { row, inputs, count: 1 })
  return Object.keys(fields).filter((name) => !['model', 'prompt', 'size', 'n'].includes(name))
}

/** The planner rejects unsupported settings before; the call leaves them out all the same. */
test.each([
  [
    'gpt-image-2.6-flare',
    ['quality', 'background', 'output_format', 'output_compression', 'complexity', 'moderation'],
    ['quality', 'background', 'output_format', 'output_compression', 'complexity'],
  ],
  [
    'gpt-image-2',
    ['quality', 'background', 'output_format', 'output_compression', 'moderation'],
    ['quality', 'background', 'output_format', 'output_compression'],
  ],
  [
    'gpt-image-1.5',
    ['quality', 'background', 'output_format', 'output_compression', 'moderation'],
    ['quality', 'background', 'output_format', 'output_compression', 'input_fidelity'],
  ],
  [
    'gpt-image-1-mini',
    ['quality', 'background', 'output_format', 'output_compression', 'moderation'],
    ['quality', 'background', 'output_format', 'output_compression'],
  ],
  ['dall-e-2', ['quality', 'response_format'], ['quality', 'response_format']],
])(
  'sends %s no field that it does not support, even if the request sets it',
  (id, generation, edit) => {
    expect(fieldsOf(findModel(id))).toEqual(generation)
    expect(fieldsOf(findModel(id), { operation: 'edit' }, [picture])).toEqual(edit)
  },
)

test('sends an unknown model every field that the request sets, and no other', () => {
  expect(fieldsOf(undefined)).toEqual([
    'quality',
    'background',
    'output_format',
    'output_compression',
    'complexity',
    'moderation',
  ])
  expect(fieldsOf(undefined, { operation: 'edit' }, [picture])).toContain('input_fidelity')
  const plain: ImageRequest = {
    operation: 'generate',
    prompt: 'x',
    model: 'some-model',
    size: '1024x1024',
    quality: 'auto',
    background: 'auto',
    format: 'png',
  }
  expect(createImagesCall(plain, { row: undefined, inputs: [], count: 1 }).fields).toEqual({
    model: 'some-model',
    prompt: 'x',
    size: '1024x1024',
    n: 1,
  })
})

test('separates the mask from the pictures, and omits it for a variation', () => {
  const call = createImagesCall(
    { ...everything, operation: 'edit' },
    { row: undefined, inputs: [picture, mask], count: 1 },
  )
  expect([call.endpoint, call.pictures, call.mask]).toEqual(['edits', [picture], mask])
  const variation = createImagesCall(
    { ...everything, operation: 'variation' },
    { row: findModel('dall-e-2'), inputs: [picture, mask], count: 1 },
  )
  expect([variation.endpoint, variation.pictures, variation.mask]).toEqual([
    'variations',
    [picture],
    undefined,
  ])
})

test('requests no more pictures than the model supports', () => {
  const most = (id: string, change: Partial<ImageRequest> = {}, partials?: number): unknown =>
    createImagesCall(
      { ...everything, format: 'png', ...change },
      { row: findModel(id), inputs: [], count: 10, partials },
    ).fields.n
  expect([
    most('gpt-image-2'),
    most('dall-e-3'),
    most('gpt-image-2.5-flare', {}, 0),
    most('gpt-image-2', {}, 0),
    most('gpt-image-2.6-flare', { format: 'svg' }),
  ]).toEqual([10, 1, 1, 10, 1])
})
