import { describe, expect, test } from 'vitest'
import { resolveText } from '../testing.ts'

const asset = 'hero: { prompt: A lighthouse, alt: x, outputs: [og] }'

function errorsOf(
  providers: string,
  {
    provider = 'mine',
    head = 'defaults: { model: gpt-image-2 }\n',
    entry = asset,
  }: { provider?: string; head?: string; entry?: string } = {},
): string[] {
  const { diagnostics } = resolveText(
    `version: 1\nprovider: ${provider}\nproviders:\n  ${providers}\n${head}assets:\n  ${entry}\n`,
  )
  return diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(
      ({ code, message, hint, place }) =>
        `${place.line}:${place.column} ${code.replace('manifest/', '')}: ${message} → ${hint}`,
    )
}

const settingsOf = (providers: string, name = 'mine'): unknown =>
  resolveText(
    `version: 1\nprovider: ${name}\nproviders:\n  ${providers}\ndefaults: { model: m }\nassets:\n  ${asset}\n`,
  ).manifest?.providers[0]

describe('keys', () => {
  test.each([
    ['a relay', "mine: { server: new-api, baseURL: 'https://relay.example/v1' }", 'MINE_API_KEY'],
    [
      'its own entry of OpenAI',
      "mine: { server: openai, baseURL: 'https://api.openai.com/v1' }",
      'OPENAI_API_KEY',
    ],
    [
      'Azure',
      "mine: { server: azure, baseURL: 'https://me.openai.azure.com' }",
      'AZURE_OPENAI_API_KEY',
    ],
    [
      'Azure behind a proxy of one’s own',
      "mine: { server: azure, baseURL: 'https://azure.example' }",
      'MINE_API_KEY',
    ],
    ['Together', 'mine: { server: together }', 'TOGETHER_API_KEY'],
    [
      'Together behind a proxy of one’s own',
      "mine: { server: together, baseURL: 'https://together.example/v1' }",
      'MINE_API_KEY',
    ],
    [
      'a LocalAI of one’s own',
      "mine: { server: localai, baseURL: 'http://192.168.1.5:8080/v1' }",
      'LOCALAI_API_KEY',
    ],
    [
      'what it names',
      "mine: { server: new-api, baseURL: 'https://relay.example/v1', key: ART_API_TOKEN }",
      'ART_API_TOKEN',
    ],
  ])('sends %s the key that is meant for it', (_, providers, key) => {
    expect(settingsOf(providers)).toMatchObject({ key })
  })

  test.each([
    [
      'OpenAI’s to a relay',
      "mine: { server: new-api, baseURL: 'https://relay.example/v1', key: OPENAI_API_KEY }",
      "4:70 provider-key: OPENAI_API_KEY is meant for OpenAI, but would be sent to relay.example. → Store this server's key in a variable of its own, for example `key: MINE_API_KEY`.",
    ],
    [
      'Google’s to a host that only looks like it',
      "mine: { server: gemini, baseURL: 'https://googleapis.com.example/v1', key: GEMINI_API_KEY }",
      "4:78 provider-key: GEMINI_API_KEY is meant for googleapis.com, but would be sent to googleapis.com.example. → Store this server's key in a variable of its own, for example `key: MINE_API_KEY`.",
    ],
    [
      'xAI’s to Together',
      "mine: { server: together, key: XAI_API_KEY, baseURL: 'https://api.together.xyz/v1' }",
      "4:34 provider-key: XAI_API_KEY is meant for x.ai, but would be sent to api.together.xyz. → Store this server's key in a variable of its own, for example `key: MINE_API_KEY`.",
    ],
  ])('rejects sending %s', (_, providers, message) => {
    expect(errorsOf(providers)).toEqual([message])
  })

  test('rejects a provider name whose variable is the key of a known service', () => {
    expect(
      errorsOf("openai: { baseURL: 'https://relay.example/v1' }", { provider: 'openai' }),
    ).toEqual([
      "4:22 provider-key: OPENAI_API_KEY is meant for OpenAI, but would be sent to relay.example. → Store this server's key in a variable of its own, for example `key: MY_OPENAI_API_KEY`.",
    ])
  })

  test.each([
    [
      'OpenAI’s to Together',
      'mine: { server: together, key: OPENAI_API_KEY }',
      'OPENAI_API_KEY is meant for OpenAI, but would be sent to api.together.xyz.',
    ],
    [
      'xAI’s to OpenAI',
      'mine: { server: openai, key: XAI_API_KEY }',
      'XAI_API_KEY is meant for x.ai, but would be sent to api.openai.com.',
    ],
  ])('rejects sending %s without a `baseURL`', (_, providers, message) => {
    expect(errorsOf(providers).join(' ')).toContain(message)
  })

  test.each([
    '10.relay.example',
    '127.0.0.1.relay.example',
    '192.168.relay.example',
    '172.16.relay.example',
    '11.0.0.1',
    '[2001:db8::1]',
  ])('treats %s as a host of another network', (host) => {
    expect(errorsOf(`mine: { server: new-api, baseURL: 'http://${host}/v1' }`).join(' ')).toContain(
      'provider: The key would be sent over plain http.',
    )
  })

  test.each(['10.1.2.3', '192.168.1.5', '[fd00::5]', 'localhost', 'art.internal', 'relay'])(
    'allows plain http for %s',
    (host) => {
      expect(errorsOf(`mine: { server: new-api, baseURL: 'http://${host}/v1' }`)).toEqual([])
    },
  )

  test('rejects fields of `body` that Limn sets itself, with what to write instead', () => {
    expect(
      errorsOf(
        "mine: { server: new-api, baseURL: 'https://relay.example/v1', body: { n: 4, seed: 7, quality: high } }",
      ),
    ).toEqual([
      '4:73 provider-body: Limn sets `n` itself: the lockfile and the price would ignore this one. → Set `candidates` on an asset.',
      '4:88 provider-body: Limn sets `quality` itself: the lockfile and the price would ignore this one. → Set `quality` on an asset or in `defaults`.',
    ])
    expect(
      errorsOf('mine: { server: ai-sdk, body: { quality: high, n: 4 } }').map(
        (text) => text.split(':')[2],
      ),
    ).toEqual([' Limn sets `n` itself'])
  })

  test('rejects plain http to another network, and a key in the manifest', () => {
    expect(
      errorsOf("mine: { server: new-api, baseURL: 'http://relay.example/v1' }").join(' '),
    ).toContain('provider: The key would be sent over plain http.')
    expect(
      errorsOf("mine: { server: new-api, baseURL: 'https://me:secret@relay.example/v1' }").join(
        ' ',
      ),
    ).toContain('without a name or password in it')
    expect(
      errorsOf("mine: { server: new-api, baseURL: 'https://relay.example/v1', key: sk-123 }").join(
        ' ',
      ),
    ).toContain('Never write the key itself here.')
    expect(
      errorsOf(
        "mine: { server: new-api, baseURL: 'https://relay.example/v1', headers: { Authorization: Bearer x } }",
      ).join(' '),
    ).toContain('`Authorization`')
  })
})

describe('abilities of the server', () => {
  const edit = 'hero: { edit: { image: ./a.png, mask: ./m.png }, prompt: x, alt: x, outputs: [og] }'
  test.each([
    [
      'Gemini edits',
      'mine: { server: gemini }',
      edit,
      ['7:11 server: mine does not accept input pictures.'],
    ],
    [
      'a mask on Together',
      'mine: { server: together }',
      edit,
      ['7:35 server: mine does not accept masks.'],
    ],
    [
      'four pictures on xAI',
      'mine: { server: xai }',
      'hero: { references: [./a.png, ./b.png, ./c.png, ./d.png], prompt: x, alt: x, outputs: [og] }',
      ['7:11 server: mine accepts at most 3 input pictures per request, not 4.'],
    ],
    [
      'WebP of Azure',
      "mine: { server: azure, baseURL: 'https://me.openai.azure.com' }",
      'hero: { prompt: x, alt: x, format: webp, outputs: [og] }',
      ['7:38 server: mine does not return WEBP.'],
    ],
    [
      'a clear ground of xAI',
      'mine: { server: xai }',
      'hero: { prompt: x, alt: x, background: transparent, outputs: [og] }',
      ['7:42 server: mine does not support a transparent background.'],
    ],
    [
      'what a quirk takes away',
      "mine: { server: new-api, baseURL: 'https://relay.example/v1', quirks: { editStyle: none } }",
      edit,
      ['7:11 server: mine does not accept input pictures.'],
    ],
    [
      'nothing, where a quirk gives it',
      'mine: { server: together, quirks: { maskPolarity: white, editStyle: multipart } }',
      edit,
      [],
    ],
  ])('rejects %s', (_, providers, entry, expected) => {
    expect(
      errorsOf(providers, { entry, head: 'defaults: { model: flux }\n' }).map(
        (text) => text.split(' → ')[0],
      ),
    ).toEqual(expected)
  })

  test('does not check what a fallback can do', () => {
    expect(
      errorsOf(
        "mine: { server: new-api, baseURL: 'https://relay.example/v1' }\n  other: { server: gemini }",
        { provider: '[mine, other]', entry: edit, head: 'defaults: { model: flux }\n' },
      ),
    ).toEqual([])
  })
})

describe('models', () => {
  const warned = (models: string): string[] => {
    const { diagnostics } = resolveText(
      `version: 1\nprovider: mine\nproviders:\n  mine: { server: together${models} }\ndefaults: { model: flux }\nassets:\n  ${asset}\n`,
    )
    return diagnostics.map(({ code, message }) => `${code}: ${message}`)
  }

  test('warns about an unknown model, unless the manifest describes it', () => {
    expect(warned('')).toEqual([
      'manifest/unknown-model: Limn does not know the model "flux": it can\'t check its capabilities or its price.',
    ])
    expect(warned(', models: { flux: { as: black-forest-labs/FLUX.1-schnell } }')).toHaveLength(1)
    expect(warned(', models: { flux: { sizes: any, price: 0.003 } }')).toEqual([])
  })

  test('checks the limits that the manifest gives a model', () => {
    expect(
      errorsOf(
        'mine: { server: together, models: { flux: { sizes: [1024x1024], promptLimit: 5 } } }',
        { head: 'defaults: { model: flux, size: 512x512 }\n' },
      ).map((text) => text.split(' → ')[0]),
    ).toEqual([
      "5:32 size: flux can't generate 512x512: it supports only 1024x1024.",
      '7:19 prompt: The prompt of "hero" has 12 characters including its style; flux accepts 5.',
    ])
  })

  test('reports an unknown model in `like`', () => {
    expect(
      errorsOf('mine: { server: together, models: { flux: { like: gpt-image-22 } } }', {
        head: 'defaults: { model: flux }\n',
      }),
    ).toEqual([
      '4:53 unknown-model: Limn does not know the model "gpt-image-22". → Did you mean "gpt-image-2"?',
    ])
  })

  test('requires a model if the server has no default model', () => {
    expect(errorsOf('mine: { server: together }', { head: '' })).toEqual([
      '4:3 no-model: "mine" has no default model, and the manifest names none. → Add `defaults: { model: NAME }` with a model that the server offers.',
    ])
  })
})
