import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import type { RecordedRequest } from '../../../fixtures/openai-server/index.ts'
import { LOCAL_MODEL, modelById } from '../src/models/models.ts'
import { createTestProject, type TestProject } from './test-project.ts'

/*
 * Compares the requests that Limn sends with what OpenAI's API accepts, according to the API's
 * documentation and the types of the `openai` package, never Limn's own table of models. The test
 * server refuses everything that is illegal for the model, and the `openai` package sends.
 */

/** The documented rules of a family of models. */
type Facts = {
  models: readonly string[]
  /** A legal size that is fast to generate. */
  size: string
  /** Legal sizes at the limits of the rule. */
  sizes: readonly string[]
  qualities: readonly string[]
  formats: readonly string[]
  operations: readonly ('edit' | 'variation')[]
  references: number
  transparent: boolean
  fidelities: readonly string[]
  complexities: readonly string[]
  /** Whether edits accept markup. Default false. */
  markup?: true
  /** Number of pictures that a stream can contain; 0 without streaming. */
  streams: 0 | 1 | 10
  most: number
  prompt: number
  /** Fields that every request requires. */
  always?: Record<string, unknown>
}

const gpt = {
  operations: ['edit'],
  references: 16,
  fidelities: [],
  complexities: [],
  formats: ['png', 'webp', 'jpeg'],
  most: 10,
  prompt: 32_000,
} as const
const anySize = {
  size: '816x816',
  sizes: ['816x816', '3840x2160', '2160x3840', '2880x2880', '3072x1024', '1088x1920', '1200x640'],
}
const threeSizes = { size: '1024x1024', sizes: ['1024x1024', '1536x1024', '1024x1536'] }
const three = ['low', 'medium', 'high']
const five = [...three, 'xhigh', 'max']
const dallE = {
  qualities: ['standard'],
  formats: ['png'],
  transparent: false,
  fidelities: [],
  complexities: [],
  streams: 0,
  always: { response_format: 'b64_json' },
} as const

const families: readonly Facts[] = [
  {
    ...gpt,
    models: ['gpt-image-2.6-sunburst', 'gpt-image-2.6-flare'],
    ...anySize,
    qualities: five,
    formats: [...gpt.formats, 'gif', 'svg'],
    transparent: true,
    complexities: ['low', 'medium', 'high'],
    markup: true,
    streams: 1,
  },
  {
    ...gpt,
    models: [
      'gpt-image-2.5-sunburst',
      'gpt-image-2.5-sunburst-2026-09-08',
      'gpt-image-2.5-flare',
      'gpt-image-2.5-flare-2026-09-08',
    ],
    ...anySize,
    qualities: five,
    transparent: true,
    markup: true,
    streams: 1,
  },
  {
    ...gpt,
    models: ['gpt-image-2', 'gpt-image-2-2026-04-21'],
    ...anySize,
    qualities: three,
    transparent: false,
    streams: 10,
  },
  {
    ...gpt,
    models: ['gpt-image-1.5', 'gpt-image-1.5-2025-12-16', 'chatgpt-image-latest', 'gpt-image-1'],
    ...threeSizes,
    qualities: three,
    transparent: true,
    fidelities: ['low', 'high'],
    streams: 10,
  },
  {
    ...gpt,
    models: ['gpt-image-1-mini'],
    ...threeSizes,
    qualities: three,
    transparent: true,
    fidelities: ['low'],
    streams: 10,
  },
  {
    ...dallE,
    models: ['dall-e-3'],
    size: '1024x1024',
    sizes: ['1024x1024', '1792x1024', '1024x1792'],
    qualities: ['standard', 'hd'],
    operations: [],
    references: 0,
    most: 1,
    prompt: 4000,
  },
  {
    ...dallE,
    models: ['dall-e-2'],
    size: '256x256',
    sizes: ['256x256', '512x512', '1024x1024'],
    operations: ['edit', 'variation'],
    references: 1,
    most: 10,
    prompt: 1000,
  },
]

test('has a contract for every model that Limn knows', () => {
  const known = [...modelById.keys()].filter((id) => id !== LOCAL_MODEL)
  expect(families.flatMap(({ models }) => models).sort()).toEqual(known.sort())
})

/** One request of a manifest, and what Limn sends for it. */
type Case = {
  /** Keys of the asset besides prompt, model and alt. */
  asset: string
  path?: 'edits' | 'variations'
  /** Fields besides model, prompt and size. `n` defaults to 1. */
  fields?: Record<string, unknown>
  /** Files of a form by their field. */
  files?: readonly string[]
  /** Number of requests that are sent. Default 1. */
  requests?: number
  /** If it differs from the plain one. */
  size?: string
  /** Characters. */
  prompt?: number
}

const edit = {
  asset: 'edit: { image: ./in.png }',
  path: 'edits',
  files: ['image'],
} as const satisfies Case
const many = (count: number): Case => ({
  asset: `references: [${Array.from({ length: count }, () => './in.png').join(', ')}]`,
  path: 'edits',
  files: Array.from({ length: count }, () => (count === 1 ? 'image' : 'image[]')),
})

/** Returns every legal request of a family. A form contains all values as text. */
function legalCases(facts: Facts): Case[] {
  const isGpt = facts.always === undefined
  return [
    { asset: 'quality: auto' },
    ...facts.qualities.map((quality): Case => ({
      asset: `quality: ${quality}`,
      fields: { quality },
    })),
    ...facts.sizes.map((size): Case => ({ asset: `size: ${size}`, size })),
    { asset: 'format: png' },
    { asset: 'background: opaque', ...(isGpt ? { fields: { background: 'opaque' } } : {}) },
    { asset: 'prompt: longest', prompt: facts.prompt },
    { asset: 'candidates: 2', ...(facts.most === 1 ? { requests: 2 } : { fields: { n: 2 } }) },
    ...(facts.most === 10 ? [{ asset: 'candidates: 10', fields: { n: 10 } }] : []),
    ...(facts.transparent
      ? ['png', 'webp'].map((format): Case => ({
          asset: `background: transparent, format: ${format}`,
          fields: {
            background: 'transparent',
            ...(format === 'png' ? {} : { output_format: format }),
          },
        }))
      : []),
    ...(isGpt ? gptCases(facts) : []),
    ...(facts.operations.includes('edit') ? editCases(facts, isGpt) : []),
    ...(facts.operations.includes('variation')
      ? [
          {
            asset: 'variation: { image: ./in.png }',
            path: 'variations',
            files: ['image'],
          } satisfies Case,
          {
            asset: 'variation: { image: ./in.png }, candidates: 3',
            path: 'variations',
            files: ['image'],
            fields: { n: '3' },
          } satisfies Case,
        ]
      : []),
  ]
}

function gptCases({ formats, complexities, streams }: Facts): Case[] {
  return [
    ...['webp', 'jpeg'].flatMap((format): Case[] => [
      { asset: `format: ${format}`, fields: { output_format: format } },
      {
        asset: `format: ${format}, compression: 0`,
        fields: { output_format: format, output_compression: 0 },
      },
      { asset: `format: ${format}, compression: 100`, fields: { output_format: format } },
    ]),
    { asset: 'moderation: low', fields: { moderation: 'low' } },
    { asset: 'moderation: auto' },
    ...[0, 1, 3].map((partials): Case => ({
      asset: `partials: ${partials}`,
      fields: { stream: true, partial_images: partials },
    })),
    streams === 1
      ? {
          asset: 'partials: 1, candidates: 2',
          fields: { stream: true, partial_images: 1 },
          requests: 2,
        }
      : { asset: 'partials: 1, candidates: 2', fields: { stream: true, partial_images: 1, n: 2 } },
    ...complexities.map((complexity): Case => ({
      asset: `complexity: ${complexity}`,
      fields: { complexity },
    })),
    ...(formats.includes('gif')
      ? [
          {
            asset: 'format: gif, size: 384x384',
            size: '384x384',
            fields: { output_format: 'gif', frame_count: 9, frame_duration_ms: 200 },
          },
          {
            asset: 'format: gif, size: 720x720, frames: { count: 16, ms: 120 }',
            size: '720x720',
            fields: { output_format: 'gif', frame_count: 16, frame_duration_ms: 120 },
          },
          {
            asset: 'format: gif, size: 384x384, candidates: 2',
            size: '384x384',
            fields: { output_format: 'gif', frame_count: 9, frame_duration_ms: 200, n: 2 },
          },
          { asset: 'format: svg', fields: { output_format: 'svg' } },
          { asset: 'format: svg, candidates: 2', fields: { output_format: 'svg' }, requests: 2 },
        ]
      : []),
  ]
}

function editCases(
  { references, fidelities, qualities, transparent, complexities, markup }: Facts,
  isGpt: boolean,
): Case[] {
  return [
    edit,
    { ...edit, asset: 'edit: { image: ./in.png, mask: ./mask.png }', files: ['image', 'mask'] },
    {
      ...edit,
      asset: `edit: { image: ./in.png }, quality: ${qualities[0]}, candidates: 2`,
      fields: { quality: qualities[0], n: '2' },
    },
    many(1),
    ...(references > 1
      ? [
          many(2),
          many(references),
          {
            ...edit,
            asset: 'edit: { image: ./in.png, mask: ./mask.png }, references: [./in.png]',
            files: ['image[]', 'image[]', 'mask'],
          },
        ]
      : []),
    ...(markup === true
      ? [
          {
            ...edit,
            asset: 'edit: { image: ./in.png, markup: ./mask.png }',
            files: ['image', 'markup'],
          },
        ]
      : []),
    ...(transparent
      ? [
          {
            ...edit,
            asset: 'edit: { image: ./in.png }, background: transparent',
            fields: { background: 'transparent' },
          },
        ]
      : []),
    ...fidelities.map((fidelity): Case => ({
      ...edit,
      asset: `edit: { image: ./in.png }, fidelity: ${fidelity}`,
      fields: { input_fidelity: fidelity },
    })),
    ...complexities
      .slice(0, 1)
      .map((complexity): Case => ({
        ...edit,
        asset: `edit: { image: ./in.png }, complexity: ${complexity}`,
        fields: { complexity },
      })),
    ...(isGpt
      ? [
          {
            ...edit,
            asset: 'edit: { image: ./in.png }, partials: 2',
            fields: { stream: 'true', partial_images: '2' },
          },
          {
            ...edit,
            asset: 'edit: { image: ./in.png }, format: webp, compression: 70',
            fields: { output_format: 'webp', output_compression: '70' },
          },
          // Without an endpoint for variations, a variation is sent as an edit with a prompt.
          { ...edit, asset: 'variation: { image: ./in.png }' },
        ]
      : []),
  ]
}

test.each(
  families
    .filter(({ always }) => always === undefined)
    .map((facts) => [facts.models[0]!, facts] as const),
)('is sent a default only if the model accepts it: %s', async (model, facts) => {
  const project = await createContractProject(
    [
      `{ prompt: Drawn, alt: x, size: ${facts.size} }`,
      `{ prompt: Changed, alt: x, size: ${facts.size}, edit: { image: ./in.png } }`,
    ],
    `model: ${model}, quality: auto, moderation: low`,
  )
  expect((await project.project.generate({ derive: false })).failed).toEqual([])
  const byPath = (path: string): unknown =>
    onWire(project.server.requests.find((request) => request.path.endsWith(path))!)
  expect(byPath('generations')).toMatchObject({ fields: { moderation: 'low' } })
  expect(byPath('edits')).toEqual({
    path: 'edits',
    fields: { model, prompt: 'Changed', size: facts.size },
    files: ['image image/png'],
  })
})

/** Returns what the server received of one request, in the form of the table. */
function onWire({ path, body }: RecordedRequest): unknown {
  const { fields, files: sent } = body
  return {
    path: path.replace('/v1/images/', ''),
    fields: fields ?? body,
    ...(sent === undefined ? {} : { files: sent.map(({ field, type }) => `${field} ${type}`) }),
  }
}

function expected(
  { path, fields = {}, files: sent, size = '' }: Case,
  facts: Facts,
  model: string,
  prompt: string,
): unknown {
  const n = path === undefined ? { n: 1 } : {}
  const words = path === 'variations' ? {} : { prompt }
  return {
    path: path ?? 'generations',
    fields: { model, ...words, size: size || facts.size, ...n, ...facts.always, ...fields },
    ...(sent === undefined ? {} : { files: sent.map((field) => `${field} image/png`) }),
  }
}

const square = async (side: number): Promise<Buffer> =>
  sharp({ create: { width: side, height: side, channels: 3, background: 'teal' } })
    .png()
    .toBuffer()

async function createContractProject(
  assets: readonly string[],
  defaults: string,
): Promise<TestProject> {
  const half = sharp({
    create: { width: 64, height: 64, channels: 4, background: '#00000000' },
  }).composite([{ input: await square(32), left: 0, top: 0 }])
  const manifest = `version: 1\nprovider: openai\nlimits: { inFlight: 8 }\ndefaults: { ${defaults}, outputs: [{ name: s, width: 8, height: 8, formats: [jpeg] }] }\nassets:\n${assets.map((asset, index) => `  p${index}: ${asset}\n`).join('')}`
  const project = await createTestProject({
    files: {
      'images.yaml': manifest,
      'in.png': await square(64),
      'mask.png': await half.png().toBuffer(),
    },
    server: true,
  })
  // The contract is about requests: every answer has the same small picture.
  const bytes = await square(256)
  project.server.answer(() => ({ kind: 'image', bytes }))
  return project
}

describe.each(families.flatMap((facts) => facts.models.map((model) => [model, facts] as const)))(
  '%s',
  (model, facts) => {
    test('receives exactly what it accepts, for every legal request', async () => {
      const cases = legalCases(facts)
      const promptOf = (index: number): string =>
        `Case ${index} of ${model}.`.padEnd(cases[index]!.prompt ?? 0, 'x')
      const assetOf = ({ asset, size }: Case, index: number): string =>
        `{ ${[`prompt: ${promptOf(index)}`, 'alt: x', ...(asset.startsWith('prompt') ? [] : [asset]), ...(asset.includes('size:') || size !== undefined ? [] : [`size: ${facts.size}`])].join(', ')} }`
      const project = await createContractProject(
        cases.map(assetOf),
        `model: ${model}, quality: auto`,
      )
      const { failed } = await project.project.generate({ derive: false })
      expect(failed).toEqual([])
      expect(
        project.server.requests.filter(({ status }) => status !== 200).map(({ body }) => body),
      ).toEqual([])

      const sent = project.server.requests.map(onWire)
      const wanted = cases.flatMap((each, index) =>
        Array.from({ length: each.requests ?? 1 }, () =>
          expected(each, facts, model, promptOf(index)),
        ),
      )
      const key = (value: unknown): string =>
        JSON.stringify(value, (_, inner: unknown) =>
          typeof inner === 'object' && inner !== null && !Array.isArray(inner)
            ? Object.fromEntries(Object.entries(inner).toSorted())
            : inner,
        )
      expect(sent.map(key).sort()).toEqual(wanted.map(key).sort())
    })

    test('receives nothing that it refuses: the plan reports it, with a capable model', async () => {
      const cases = illegalCases(facts)
      const project = await createContractProject(
        cases.map(
          ([asset], index) =>
            `{ ${[...(asset.includes('prompt:') ? [] : [`prompt: Case ${index}`]), 'alt: x', asset].join(', ')} }`,
        ),
        `model: ${model}, quality: auto`,
      )
      const problem = (await project.project.generate().catch((error: unknown) => error)) as {
        name: string
        diagnostics: {
          code: string
          message: string
          hint?: string
          place: { line: number }
          severity: string
        }[]
      }
      expect(problem.name).toBe('ManifestError')
      for (const [index, [asset, code, able]] of cases.entries()) {
        const diagnostics = problem.diagnostics.filter(
          ({ place, severity, code: found }) =>
            severity === 'error' && place.line === 6 + index && found === `manifest/${code}`,
        )
        expect(diagnostics, asset).not.toEqual([])
        const { message, hint } = diagnostics[0]!
        if (able !== undefined) {
          expect(`${message} ${hint}`, asset).toMatch(
            new RegExp(`^(The prompt|${model}).*${able.replace(/[().]/g, '\\$&')}`),
          )
        }
        expect(hint, asset).toMatch(/^[A-Z].*[.?]$/)
      }
      expect(project.server.requests).toEqual([])
      await expect(project.plan()).rejects.toThrow('The manifest has')
    })
  },
)

type Illegal = [asset: string, code: string, able?: string]

/** Every illegal request of a family: the manifest, the mistake, and a capable model. */
function illegalCases(facts: Facts): Illegal[] {
  const able = 'gpt-image-2.5-flare'
  const isGpt = facts.always === undefined
  const isAny = facts.size === '816x816'
  const cases: Illegal[] = [
    ['size: 1080x1080', 'size'],
    ['size: 3840x2176', 'size'],
    ['size: 3856x1600', 'size'],
    ['size: 3200x1056', 'size'],
    ['size: 640x640', 'size'],
    ['quality: best', 'quality'],
    ['background: transparent, format: jpeg', 'format'],
    ['format: png, compression: 80', 'compression'],
    ['format: png, frames: { count: 4 }', 'frames'],
    ['fidelity: low', 'fidelity'],
    ...(isAny ? [] : [['size: 1536x864', 'size', able] satisfies Illegal]),
    ...(facts.qualities.includes('xhigh')
      ? []
      : [['quality: xhigh', 'quality', able] satisfies Illegal]),
    ...(facts.qualities.includes('hd') ? [] : [['quality: hd', 'quality'] satisfies Illegal]),
    ...(facts.transparent
      ? []
      : [['background: transparent', 'background', able] satisfies Illegal]),
    ...(facts.formats.includes('gif')
      ? []
      : ['gif', 'svg'].map((format): Illegal => [
          `format: ${format}, size: ${facts.size}`,
          'format',
          'gpt-image-2.6',
        ])),
    ...(facts.complexities.length > 0
      ? []
      : [['complexity: low', 'complexity', 'gpt-image-2.6'] satisfies Illegal]),
    [
      `prompt: ${'x'.repeat(facts.prompt + 1)}`,
      'prompt',
      ...(facts.prompt === 32_000 ? [] : [able]),
    ] as Illegal,
    ...(facts.streams > 0 ? [] : [['partials: 0', 'partials', able] satisfies Illegal]),
  ]
  if (!isGpt) {
    cases.push(
      ['format: webp', 'format', able],
      ['format: jpeg', 'format', able],
      ['moderation: low', 'moderation', able],
    )
  }
  if (!facts.operations.includes('edit')) {
    return [
      ...cases,
      ['edit: { image: ./in.png }', 'edits', able],
      ['variation: { image: ./in.png }', 'edits', able],
      ['references: [./in.png]', 'edits', able],
    ]
  }
  cases.push([
    `references: [${Array.from({ length: facts.references }, () => './in.png').join(', ')}], edit: { image: ./in.png }`,
    'references',
    ...(facts.references === 1 ? [able] : []),
  ] as Illegal)
  if (isGpt) cases.push(['edit: { image: ./in.png }, moderation: low', 'moderation'])
  if (facts.markup !== true) {
    cases.push(['edit: { image: ./in.png, markup: ./mask.png }', 'markup', able])
  }
  if (!facts.fidelities.includes('high')) {
    cases.push([
      'edit: { image: ./in.png }, fidelity: high',
      'fidelity',
      'gpt-image-1.5 (until 2026-12-01)',
    ])
  }
  if (facts.formats.includes('gif')) {
    cases.push(
      ['format: gif, size: 1000x1000', 'size'],
      ['format: gif, size: 4096x2048', 'size'],
      ['format: gif, size: 384x384, partials: 1', 'partials'],
      ['format: svg, partials: 0', 'partials'],
      ['format: gif, size: 384x384, compression: 80', 'compression'],
      ['format: svg, compression: 80', 'compression'],
      ['format: gif, size: 384x384, edit: { image: ./in.png, mask: ./mask.png }', 'frames'],
      ['format: gif, size: 384x384, background: transparent', 'format'],
      ['format: svg, background: transparent', 'format'],
    )
  }
  return cases
}

test.each([
  ['candidates: 0'],
  ['candidates: 11'],
  ['compression: 101, format: webp'],
  ['compression: -1, format: webp'],
  ['partials: 4'],
  ['partials: -1'],
  ['moderation: off'],
  ['complexity: max'],
  ['fidelity: auto, edit: { image: ./in.png }'],
  ['format: avif'],
  ['frames: { count: 1 }, format: gif'],
  ['frames: { count: 17 }, format: gif'],
  ['frames: { count: 4, ms: 655360 }, format: gif'],
  ['size: 1024'],
  ['background: clear'],
  [`references: [${Array.from({ length: 17 }, () => './in.png').join(', ')}]`],
])('reports what no model accepts, and sends nothing: %s', async (asset) => {
  const project = await createContractProject(
    [`{ prompt: A lighthouse, alt: x, ${asset} }`],
    'model: gpt-image-2.6-flare',
  )
  await expect(project.project.generate()).rejects.toMatchObject({ name: 'ManifestError' })
  expect(project.server.requests).toEqual([])
})
