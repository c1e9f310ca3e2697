import type {
  AssetView,
  Calls,
  EarlierPicture,
  Edit,
  EditPreview,
  SheetAsset,
  SheetOutput,
} from '../src/protocol.ts'
import type { FakeCalls } from './fake-project.ts'

type Kind = [preset: string, width: number, height: number, formats: string[]]

const kinds: Kind[] = [
  ['og', 1200, 630, ['jpeg']],
  ['card', 800, 600, ['avif', 'webp', 'jpeg']],
  ['hero', 1920, 1080, ['avif', 'webp', 'jpeg']],
  ['instagram_post', 1080, 1080, ['jpeg']],
  ['instagram_portrait', 1080, 1350, ['jpeg']],
  ['instagram_story', 1080, 1920, ['jpeg']],
  ['tiktok_cover', 1080, 1920, ['jpeg']],
  ['twitter_post', 1200, 675, ['jpeg']],
  ['twitter_header', 1500, 500, ['jpeg']],
  ['youtube_thumbnail', 1280, 720, ['jpeg']],
  ['wechat_cover', 900, 383, ['jpeg']],
  ['favicon', 48, 48, ['ico', 'png']],
  ['apple_touch_icon', 180, 180, ['png']],
  ['pwa_maskable', 512, 512, ['png']],
  ['product_square', 2000, 2000, ['jpeg']],
  ['avatar', 512, 512, ['webp']],
  ['email_header', 1200, 400, ['jpeg']],
  ['ad_medium_rectangle', 300, 250, ['jpeg']],
  ['ad_skyscraper', 160, 600, ['jpeg']],
  ['print_card_85x55', 1063, 709, ['png']],
]

const safeAreas: Record<string, SheetOutput['safeArea']> = {
  instagram_story: { left: 0, top: 250 / 1920, right: 0, bottom: 250 / 1920 },
  pwa_maskable: { left: 0.1, top: 0.1, right: 0.1, bottom: 0.1 },
}

/** Presets that the fake asset `hero` has: one of every place. */
const everyPreset = kinds.map(([preset]) => preset)

function outputsOf(asset: SheetAsset, presets: readonly string[]): SheetOutput[] {
  return kinds
    .filter(([preset]) => presets.includes(preset))
    .flatMap(([preset, width, height, formats]) =>
      formats.map((format) => ({
        file: `${preset}-${width}.${format}`,
        preset,
        width,
        height,
        format,
        bytes: preset === 'twitter_header' ? null : Math.round((width * height) / 14) + 400,
        version: `${asset.picture}@${width}x${height}`,
        safeArea: safeAreas[preset] ?? null,
        position: preset === 'hero' ? 'top' : 'attention',
        fit: 'cover',
      })),
    )
}

function earlierOf(asset: SheetAsset, prompt: string): EarlierPicture[] {
  const number = Number(/\d+/.exec(asset.picture)?.[0] ?? 0)
  const picture = (id: string, rest: Partial<EarlierPicture>): EarlierPicture => ({
    id,
    origin: 'replaced',
    number: 1,
    isMaster: false,
    prompt,
    model: asset.model,
    at: '2026-11-28T09:12:00Z',
    usd: 0.042,
    width: asset.width,
    height: asset.height,
    ...rest,
  })
  const size = `@${asset.width}x${asset.height}`
  return [
    picture(`c1v${number}${size}`, {
      origin: 'candidate',
      number: 1,
      isMaster: true,
      at: '2026-11-29T16:40:00Z',
    }),
    picture(`c2v${number + 12}${size}`, {
      origin: 'candidate',
      number: 2,
      at: '2026-11-29T16:40:00Z',
    }),
    picture(`c3v${number + 24}${size}`, {
      origin: 'candidate',
      number: 3,
      at: '2026-11-29T16:40:00Z',
      usd: 0.167,
      model: 'openai:gpt-image-2',
      prompt: `${prompt}, with a small boat`,
    }),
    picture(`r1v${number + 36}${size}`, { prompt: prompt.replace('calm', 'stormy') }),
    picture(`g1v${number + 48}${size}`, {
      origin: 'git',
      number: null,
      prompt: null,
      at: '2026-10-02T11:00:00Z',
      usd: null,
    }),
  ]
}

/** Returns the made-up view of an asset. */
export function fakeView(asset: SheetAsset): AssetView {
  const own = `${asset.alt}, seen from the sea`
  const isStale = asset.state === 'stale'
  const prompt = [
    ...asset.styles.map((style) => ({ style, text: `${styleTexts[style] ?? style}. ` })),
    { style: null, text: own },
    ...(asset.styles.includes('watercolor')
      ? [{ style: 'watercolor', text: '. Avoid hard edges.' }]
      : []),
  ]
  const whole = prompt.map(({ text }) => text).join('')
  return {
    asset,
    prompt,
    madePrompt: asset.isDraft ? null : isStale ? whole.replace(/A /, 'An old ') : whole,
    changes: isStale ? [{ field: 'quality', from: 'low', to: asset.quality }] : [],
    outputs: outputsOf(
      asset,
      asset.name === 'hero' ? everyPreset : [...asset.presets, 'instagram_story', 'og'],
    ),
    made: asset.isDraft
      ? null
      : {
          provider: asset.model.split(':')[0]!,
          at: '2026-11-29T16:40:12Z',
          usd: asset.usd,
          isEstimate: false,
          tokens: { input: 61, output: 1568 },
          ms: 23_400,
          requestId: 'req_7f3a1c0d9e2b4a5f8c6d',
          revisedPrompt: null,
          batch: null,
        },
    isMarked: true,
    credentials: { generator: 'gpt-image', issuer: 'OpenAI', at: '2026-11-29T16:40:12Z' },
    earlier: asset.isDraft ? [] : earlierOf(asset, whole),
    imports: [
      { file: 'src/pages/home.tsx', line: 4, column: 18 },
      { file: 'src/components/header.tsx', line: 12, column: 1 },
    ],
    place: { file: 'images.yaml', line: 14, column: 3 },
    editable: {
      prompt: own,
      styles: asset.styles,
      alt: asset.alt,
      model: null,
      quality: asset.quality,
      outputs: asset.name === 'hero' ? everyPreset : asset.presets,
      focus: null,
      knownStyles: ['brand', 'watercolor', 'noir'],
      knownPresets: everyPreset,
    },
    models: [
      {
        id: 'openai:gpt-image-2',
        qualities: [
          { name: 'low', usd: 0.011 },
          { name: 'medium', usd: 0.042 },
          { name: 'high', usd: 0.167 },
        ],
      },
      {
        id: 'openai:gpt-image-1-mini',
        qualities: [
          { name: 'low', usd: 0.005 },
          { name: 'medium', usd: 0.011 },
        ],
      },
      { id: 'local:painter', qualities: [{ name: 'auto', usd: 0 }] },
    ],
    faults: [],
    verdicts: [],
    noMask: null,
    edits: { width: asset.width, height: asset.height, version: asset.picture },
  }
}

const styleTexts: Record<string, string> = {
  brand: 'Warm colours, soft light, generous empty space',
  watercolor: 'Loose watercolor on rough paper',
  noir: 'High contrast black and white',
}

/** Returns a made-up preview: every field but `alt` and `outputs` costs a picture. */
function fakePreview(edit: Edit): EditPreview {
  const { name, ...fields } = edit
  const lines = Object.entries(fields).map(
    ([field, value]) => `+    ${field}: ${JSON.stringify(value)}`,
  )
  const isPaid = ['prompt', 'styles', 'model', 'quality'].some((field) => field in fields)
  return {
    diff: `--- images.yaml\n+++ images.yaml\n@@ -14,2 +14,${2 + lines.length} @@\n   ${name}:\n-    prompt: before\n${lines.join('\n')}\n     outputs: [og, card]\n`,
    mistakes:
      fields.prompt === ''
        ? [
            {
              code: 'manifest/no-prompt',
              text: 'images.yaml:15:5: An asset needs a prompt or a source.',
            },
          ]
        : [],
    steps: isPaid
      ? [
          {
            asset: name,
            kind: 'generate',
            why: 'prompt changed',
            reasons: [{ code: 'request-changed', values: ['prompt'] }],
            usd: 0.042,
          },
        ]
      : [],
    usd: isPaid ? 0.042 : 0,
    others: [],
    digest: 'd1',
    derived: 'focus' in fields || 'outputs' in fields ? 7 : 0,
  }
}

/** Returns made-up answers to everything that the asset view calls, for a sheet. */
export function fakeActionCalls(assets: () => readonly SheetAsset[]): FakeCalls {
  return {
    asset: ({ name }) => {
      const asset = assets().find((each) => each.name === name)
      if (asset === undefined) throw new Error(`There is no asset "${name}".`)
      return fakeView(asset)
    },
    preview: fakePreview,
    edit: () => ({}),
    price: ({ names }) => ({
      pictures: names?.length ?? 10,
      usd: (names?.length ?? 10) * 0.042,
      refusal: null,
    }),
    generate: ({ names, agreedUsd }): Calls['generate']['output'] => ({
      generated: names?.length ?? 10,
      failed: 0,
      usd: agreedUsd,
    }),
    stop: () => ({}),
    pick: () => ({}),
    restore: () => ({}),
    pin: () => ({}),
    adopt: () => ({}),
    mask: ({ name }) => ({ path: `images.masks/${name}.png` }),
    variantPrice: ({ variants }) => ({
      usd: variants.map(({ quality }) => (quality === 'high' ? 0.167 : 0.042)),
      mistakes: [],
    }),
    compare: ({ variants, agreedUsd }) => ({ made: variants.length, failed: [], usd: agreedUsd }),
    openInEditor: () => ({}),
  }
}
