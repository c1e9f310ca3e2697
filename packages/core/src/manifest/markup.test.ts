import { expect, test } from 'vitest'
import { hashRequest, requestOf } from '../identity/request.ts'
import { createImagesCall } from '../providers/openai/images-call.ts'
import { resolveAssetText, resolveText } from './testing.ts'

const digestOf = (): string => '0'.repeat(64)

// These are the hashes of the release before markup: whoever has such a picture pays nothing again.
test.each([
  ['outputs: [og]', '2e0bef89415039c72a393903a2fcdc918973dc5dadc1c15ecf52e8813a9b52d8'],
  [
    'edit: { image: ./a.png }, outputs: [og]',
    '22564289ab68c2d1fad7361b2fccde29fab4509aba0f099487e03dafb84fc456',
  ],
  [
    'edit: { image: ./a.png, mask: ./m.png }, references: [./b.png], outputs: [og]',
    'e5ece6c5eff5462a37d9d67ed1c6dff2e81e089f80532ce7e05c3c69e20e21b5',
  ],
  [
    'model: gpt-image-2.6-flare, format: svg, svg: { effort: low }, outputs: [og]',
    '980cc06f817320992dd3de6619e58b082bcc4ef10c88b18e8881a1946bf35ab6',
  ],
])('keeps the request hash of an asset without markup: %s', (yaml, hash) => {
  expect(hashRequest(requestOf(resolveAssetText(yaml), digestOf))).toBe(hash)
})

test('makes markup a part of the request, apart from a mask', () => {
  const hashes = ['markup: ./m.png', 'mask: ./m.png'].map((input) =>
    hashRequest(requestOf(resolveAssetText(`edit: { image: ./a.png, ${input} }`), digestOf)),
  )
  expect(new Set(hashes).size).toBe(2)
})

test('sends markup once, next to the pictures', () => {
  const request = requestOf(resolveAssetText('edit: { image: ./a.png, markup: ./m.png }'), digestOf)
  const bytes = Buffer.from('x')
  const inputs = (['image', 'markup', 'reference'] as const).map((role) => {
    return { role, bytes, format: 'png' as const }
  })
  const call = createImagesCall(request, { row: undefined, inputs, count: 1 })
  expect(call).toMatchObject({ endpoint: 'edits', mask: undefined, markup: { role: 'markup' } })
  expect(call.pictures.map(({ role }) => role)).toEqual(['image', 'reference'])
})

/** Lists the errors of an asset with an edit, as `line:column code: message → hint`. */
function errorsOf(edit: string, head = 'provider: openai'): string[] {
  const text = `version: 1\n${head}\nassets:\n  hero: { prompt: x, alt: x, outputs: [og], edit: { image: ./a.png, ${edit} }`
  return resolveText(`${text} }\n`)
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ place, code, message, hint }) => {
      return `${place.line}:${place.column} ${code}: ${message} → ${hint}`
    })
}

test.each(['gpt-image-2', 'gpt-image-1.5', 'gpt-image-1-mini', 'dall-e-2'])(
  'rejects markup for %s, and names a model that accepts it',
  (model) => {
    const head = `provider: openai\ndefaults: { model: ${model}, size: 1024x1024 }`
    const [error] = errorsOf('markup: ./m.png', head).filter((each) => each.includes('/markup:'))
    expect(error).toBe(
      `5:69 manifest/markup: ${model} does not accept \`markup\`. → Use a model that supports it, for example gpt-image-2.5-flare, or remove the setting.`,
    )
  },
)

test.each([
  ['together', 'mine: { server: together, models: { m: { markups: true } } }'],
  ['xai', 'mine: { server: xai }'],
  ['localai', 'mine: { server: localai }'],
])('rejects markup for a server that accepts no form: %s', (_, entry) => {
  expect(
    errorsOf('markup: ./m.png', `provider: mine\nproviders: { ${entry} }\ndefaults: { model: m }`),
  ).toEqual([
    '6:69 manifest/server: mine does not accept `markup`. → Remove it, or choose another server with `provider`.',
  ])
})

test.each(['gpt-image-2.5-flare', 'gpt-image-2.6-flare'])(
  'rejects markup together with a mask for %s',
  (model) => {
    const head = `provider: openai\ndefaults: { model: ${model} }`
    expect(errorsOf('markup: ./m.png', head)).toEqual([])
    expect(errorsOf('mask: ./n.png, markup: ./m.png', head)).toEqual([
      "5:84 manifest/markup: An edit can't have both a mask and markup. → Remove one of them: a mask limits the area, markup shows what to change.",
    ])
  },
)

test.each(['../m.png', '/etc/m.png', 'a/../../m.png'])(
  'rejects markup outside the project: %s',
  (path) => {
    expect(errorsOf(`markup: ${path}`)[0]).toMatch(
      /^4:77 manifest\/path: Input pictures must be inside the project/,
    )
  },
)
