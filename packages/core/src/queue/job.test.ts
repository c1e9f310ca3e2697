import { describe, expect, test } from 'vitest'
import { LimnError } from '../errors.ts'
import { mayBeBilled, ProviderError } from '../providers/provider.ts'
import { formatFailure, parseFailure } from './job-failure.ts'
import {
  type Job,
  jobIdOf,
  parseJob,
  parseProgress,
  parseResult,
  toJobData,
  toResultData,
} from './job.ts'

const DIGEST = 'ab'.repeat(32)

const job: Job = {
  asset: 'product/mug',
  request: {
    operation: 'generate',
    prompt: 'A mug',
    model: 'gpt-image-2',
    size: '816x816',
    quality: 'low',
    background: 'auto',
    format: 'png',
  },
  inputs: [],
  images: 1,
  usd: 0.01,
  replaces: null,
  outputs: [
    {
      file: 'card-64.webp',
      preset: 'card',
      width: 64,
      height: 64,
      format: 'webp',
      quality: 80,
      fit: 'cover',
      position: { x: 0.5, y: 0 },
      background: null,
      maxBytes: null,
      dpi: null,
      padding: 0,
      icons: [],
      provenance: true,
    },
  ],
}
const [output] = job.outputs
const read = (data: object, id = jobIdOf(job)): Job | undefined =>
  parseJob(JSON.parse(JSON.stringify(data)), id)

describe('a job', () => {
  test('comes out of the queue as it went in', () => {
    expect(read(toJobData(job))).toEqual(job)
    const edit: Job = {
      ...job,
      request: {
        ...job.request,
        operation: 'edit',
        inputs: [
          { role: 'image', sha256: DIGEST },
          { role: 'mask', sha256: DIGEST },
        ],
      },
      inputs: [
        { role: 'image', format: 'jpeg', sha256: DIGEST, bytes: 9, masks: [] },
        {
          role: 'mask',
          format: 'png',
          sha256: DIGEST,
          bytes: 9,
          masks: [{ polarity: 'white', picture: { sha256: DIGEST, bytes: 3 } }],
        },
      ],
      usd: null,
      replaces: DIGEST,
    }
    expect(read(toJobData(edit), jobIdOf(edit))).toEqual(edit)
  })

  test('has an id of its own for each request, and for each picture that it replaces', () => {
    const ids = [
      job,
      { ...job, request: { ...job.request, prompt: 'A cup' } },
      { ...job, replaces: DIGEST },
      { ...job, replaces: 'none' },
    ].map(jobIdOf)
    expect(new Set(ids).size).toBe(4)
    expect(jobIdOf({ ...job, request: structuredClone(job.request) })).toBe(ids[0])
  })

  test.each<[string, object]>([
    ['another version', { version: 2 }],
    ['an unknown field', { baseURL: 'https://evil.example' }],
    ['a name that leads out', { asset: '../../etc/passwd' }],
    ['too many pictures', { images: 100_000 }],
    ['a negative price', { usd: -1 }],
    ['a price that is no number', { usd: 'free' }],
    ['a size that is none', { request: { ...job.request, size: 'huge' } }],
    ['a prompt that is no text', { request: { ...job.request, prompt: ['a'] } }],
    ['an input without bytes', { inputs: [{ role: 'image', format: 'png' }] }],
    [
      'an input that the request lacks',
      { inputs: [{ role: 'image', format: 'png', sha256: DIGEST, bytes: 1, masks: [] }] },
    ],
    ['a file that leads out', { outputs: [{ ...output, file: '../x.webp' }] }],
    ['a file without end', { outputs: [{ ...output, width: 1e9 }] }],
    ['an unknown format', { outputs: [{ ...output, format: 'exe' }] }],
    ['what is no digest', { replaces: 'x' }],
  ])('is rejected with %s', (_, change) => {
    expect(read({ ...toJobData(job), ...change })).toBeUndefined()
  })

  test('is rejected under the id of another request', () => {
    const other = { ...job, request: { ...job.request, prompt: 'A cheap one' } }
    expect(read(toJobData(other))).toBeUndefined()
    expect(read(toJobData({ ...job, replaces: DIGEST }))).toBeUndefined()
    expect(parseJob('{}', jobIdOf(job))).toBeUndefined()
  })
})

describe('a result', () => {
  const result = { master: DIGEST, usd: 0.01, isFound: false, ms: 5, files: [] }

  test('comes out of the queue as it went in', () => {
    expect(parseResult(toResultData(result))).toEqual(result)
    const files = [{ sha256: DIGEST, bytes: 3, recipe: DIGEST }]
    expect(parseResult(toResultData({ ...result, usd: null, files }))?.files).toEqual(files)
  })

  test.each([
    { master: '../x' },
    { usd: -5 },
    { usd: Number.NaN },
    { ms: '5' },
    { files: [{ sha256: DIGEST, bytes: -1, recipe: DIGEST }] },
    { version: 9 },
  ])('is rejected with %j', (change) => {
    expect(parseResult({ ...toResultData(result), ...change })).toBeUndefined()
    expect(parseProgress({ type: 'limited', ms: -1, limit: 'images', ...change })).toBeUndefined()
  })
})

describe('a failure', () => {
  test('keeps what decides whether the request may have been billed', () => {
    const errors = [
      new ProviderError('provider/timeout', 'Late.', { isUncertain: true }),
      new ProviderError('provider/moderation', 'No.', { hint: 'Rewrite it.' }),
      new ProviderError('provider/bad-answer', 'What?'),
      new ProviderError('provider/network', 'Gone.', { isUnsent: true }),
    ]
    for (const error of errors) {
      const read = parseFailure(formatFailure(error)) as ProviderError
      expect(read).toMatchObject({ code: error.code, message: error.message, hint: error.hint })
      expect(mayBeBilled(read)).toBe(mayBeBilled(error))
      expect(read.retry).toBeUndefined()
    }
    const plain = parseFailure(formatFailure(new LimnError('budget/exceeded', 'Too much.')))
    expect(plain).toMatchObject({ name: 'LimnError', code: 'budget/exceeded' })
  })

  test('shows neither keys nor what a terminal acts on', () => {
    expect(formatFailure(new Error('sk-abcdefghijklmnop at redis://me:pw@h'))).not.toMatch(
      /abcdef|pw@/,
    )
    const hostile = JSON.stringify({ code: '../x', message: '\u001b[2J', hint: 5, provider: 1 })
    expect(parseFailure(hostile)).toMatchObject({ code: 'queue/failed', message: '\uFFFD[2J' })
  })

  test.each(['job stalled more than allowable limit', '[1]', 'null', '{}', ''])(
    'is reported if it is %j',
    (text) => {
      expect(parseFailure(text)).toMatchObject({ code: 'queue/failed' })
    },
  )
})
