import type { Calls, CostsView, Sheet, SheetAsset } from '../src/protocol.ts'

/** Answers of a fake server, by call. A function that throws refuses. */
export type FakeCalls = { [Name in keyof Calls]?: (input: Calls[Name]['input']) => unknown }

const subjects = [
  ['hero', 'A lighthouse on a cliff at dawn, calm sea', 1536, 1024],
  ['product/mug', 'A ceramic mug on a linen cloth, soft light', 1024, 1024],
  ['product/lamp', 'A brass desk lamp, warm evening', 1024, 1536],
  ['product/chair', 'An oak chair by a window', 1024, 1024],
  ['blog/harbour', 'A harbour with fishing boats at sunset', 1536, 1024],
  ['blog/forest', 'A path through a birch forest in autumn', 1536, 1024],
  ['blog/mountain', 'Mountains above a lake, first snow', 1792, 768],
  ['team/portrait', 'Portrait of a gardener, watercolor', 1024, 1536],
  ['icons/leaf', 'A green leaf, flat icon', 512, 512],
  ['social/story', 'A hot air balloon over hills, morning', 1080, 1920],
  ['docs/city', 'A city skyline at night, rain', 1536, 1024],
  ['docs/desk', 'A tidy desk with a notebook and a plant', 1536, 1024],
] as const

const states: Partial<SheetAsset>[] = [
  {},
  {},
  {
    state: 'stale',
    need: 'run',
    why: 'prompt changed',
    reasons: [{ code: 'request-changed', values: ['prompt'] }],
    step: { kind: 'generate', usd: 0.042 },
  },
  {},
  { isPinned: true, state: 'pinned', why: '' },
  { state: 'new', need: 'run', isDraft: true, usd: null, step: { kind: 'generate', usd: 0.063 } },
  {},
  {
    state: 'edited',
    need: 'person',
    why: 'kept until it is adopted',
    reasons: [{ code: 'edited', values: [] }],
  },
  {},
  {
    state: 'stale',
    need: 'run',
    failure: {
      code: 'provider/moderation',
      message: 'OpenAI refused the prompt (moderation_blocked)',
    },
    why: 'OpenAI refused the prompt (moderation_blocked)',
    step: { kind: 'generate', usd: 0.042 },
  },
  {},
  {
    state: 'in batch',
    need: 'wait',
    why: 'since 2026-11-30 09:12 UTC',
    reasons: [{ code: 'in-batch', values: ['2026-11-30T09:12:00.000Z'] }],
  },
  {},
]

const models = ['openai:gpt-image-2', 'openai:gpt-image-1-mini', 'local:painter']

/** Returns the subject that the picture of an asset shows, and its size in px. */
export function subjectOf(index: number): { prompt: string; width: number; height: number } {
  const [, prompt, width, height] = subjects[index % subjects.length]!
  return { prompt, width, height }
}

/** Returns the made-up asset with an index. The same index gives the same asset. */
export function fakeAsset(index: number): SheetAsset {
  const [name, prompt, width, height] = subjects[index % subjects.length]!
  const round = Math.floor(index / subjects.length)
  const model = models[index % 5 === 4 ? 1 : index % 11 === 10 ? 2 : 0]!
  return {
    name: round === 0 ? name : `${name}-${round + 1}`,
    state: 'generated',
    need: 'nothing',
    why: '',
    reasons: [],
    failure: null,
    model,
    quality: index % 3 === 0 ? 'high' : 'medium',
    presets: [['card', 'og'], ['card'], ['og', 'story'], ['favicon']][index % 4]!,
    styles: [['brand'], ['brand', 'watercolor'], []][index % 3]!,
    width,
    height,
    usd: model.startsWith('local') ? 0 : Math.round(300 + ((index * 37) % 900)) / 10_000,
    step: null,
    picture: `v${(index % subjects.length) + subjects.length * (round % 5)}`,
    isDraft: false,
    alt: prompt,
    isPinned: false,
    ...states[index % states.length],
  }
}

/** Returns a made-up sheet. */
export function fakeSheet(assets: number): Sheet {
  return {
    project: 'harbour-shop',
    manifest: 'images.yaml',
    canAct: true,
    assets: Array.from({ length: assets }, (_, index) => fakeAsset(index)).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    ),
    mistakes: [],
    planUsd: 0.42,
    budget: { run: 5, month: 25, spentThisMonth: 11.37, devLeft: 0.58 },
    currency: null,
    version: '1',
  }
}

/** Returns made-up costs. */
export function fakeCosts(): CostsView {
  const byDay = Array.from({ length: 30 }, (_, index) => ({
    day: new Date(Date.UTC(2026, 10, index + 1)).toISOString().slice(0, 10),
    usd: index % 7 > 4 ? 0 : Math.round(((index * 7919) % 113) * 1.1) / 100,
  }))
  return {
    byDay,
    byModel: [
      { label: 'openai:gpt-image-2', usd: 9.13, pictures: 171 },
      { label: 'openai:gpt-image-1-mini', usd: 2.24, pictures: 204 },
      { label: 'local:painter', usd: 0, pictures: 36 },
    ],
    byAsset: subjects.map(([label], index) => ({
      label,
      usd: Math.round(190 / (index + 1)) / 100,
      pictures: 12 - index,
    })),
    byProfile: [
      { label: 'production', usd: 8.02, pictures: 140 },
      { label: 'preview', usd: 3.35, pictures: 235 },
    ],
    saved: { usd: 48.6, pictures: 1204 },
    total: 11.37,
    planUsd: 0.42,
  }
}
