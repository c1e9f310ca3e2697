import type { Fault } from '../../../../fixtures/openai-server/index.ts'

/** What a person sees of a command, or of several, in one project. */
export type Scene = {
  files: Readonly<Record<string, string>>
  /** Commands that run before, unseen. */
  before?: readonly (readonly string[])[]
  /** Changes of files after those commands. */
  edits?: Readonly<Record<string, string>>
  commands: readonly (readonly string[])[]
  /** Faults of the server's next answers, for the visible commands. */
  faults?: readonly Fault[]
  /** What the person answers to each question. Default: `n`. */
  answer?: string
  /** Ends what is shown of the last command at the status line after this many. */
  statusLines?: number
}

const head = `version: 1
provider: openai
defaults: { model: gpt-image-2.5-flare, quality: medium }
`

const few = `${head}
styles:
  brand: { prepend: Flat vector illustration., avoid: "text, watermark, blur" }

assets:
  hero:
    prompt: A lighthouse at dawn over a calm sea
    style: brand
    alt: A lighthouse at dawn
    outputs: [og, { name: wide, width: 1280, height: 720, widths: [640, 1280] }]
  hero-night:
    edit: { image: hero }
    prompt: The same scene at night, the lamp lit
    alt: The lighthouse at night
    outputs: [og]
  team/ines:
    prompt: Portrait of a keeper in a blue coat
    alt: Ines, who keeps the lighthouse
    outputs: [{ name: face, width: 320, height: 320 }]
`

const matrix = `${head}
assets:
  product:
    prompt: A {{color}} {{item}} on a white table, studio light
    alt: A {{color}} {{item}}
    matrix: { item: [mug, candle, flask, lamp], color: [red, blue, green, sand, black] }
    outputs: [card]
  campaigns/2026/winter-in-the-outer-islands/newsletter-header-for-returning-guests:
    prompt: A sailboat in a bay at golden hour
    alt: A sailboat
    outputs: [og]
  灯塔/海报:
    prompt: 黎明时分的灯塔
    alt: 灯塔
    outputs: [og]
`

const mistaken = `version: 1
provider: openai
defaults: { modle: gpt-image-2.5-flare }
assets:
  hero:
    prompt: A lighthouse
    outputs: [ogg, { width: 640 }]
  hero-night:
    edit: { image: heroo }
    prompt: The same scene at night
    alt: ""
    outputs: [og]
`

const edited = few
  .replace('A lighthouse at dawn over a calm sea', 'A lighthouse at dusk over a stormy sea')
  .replace('width: 320, height: 320', 'width: 480, height: 480')

const refused: Fault = {
  kind: 'error',
  status: 400,
  type: 'image_generation_user_error',
  code: 'moderation_blocked',
  message: 'Your request was rejected by the safety system.',
}

/** The scenes that are reviewed by eye. */
export const scenes: Readonly<Record<string, Scene>> = {
  'start-empty': { files: {}, commands: [[], ['plan']] },
  init: {
    files: {
      'package.json': '{ "name": "shop", "type": "module", "devDependencies": { "vite": "^8" } }\n',
      'vite.config.ts':
        "import { defineConfig } from 'vite'\n\nexport default defineConfig({ plugins: [] })\n",
      'index.html': '<h1>Shop</h1>\n',
    },
    commands: [['init', '--dry-run']],
  },
  'start-pending': { files: { 'images.yaml': few }, commands: [[]] },
  'plan-few': { files: { 'images.yaml': few }, commands: [['plan']] },
  'plan-edited': {
    files: { 'images.yaml': few },
    before: [['generate', '--yes']],
    edits: { 'images.yaml': edited },
    commands: [['plan'], ['check'], ['list'], ['plan', '--explain-cost']],
  },
  'plan-matrix': {
    files: { 'images.yaml': matrix },
    commands: [['plan'], ['list'], ['plan', '--explain-cost']],
  },
  'generate-asks': {
    files: { 'images.yaml': `${matrix}budget: { confirm: 0.05 }\n` },
    commands: [['generate']],
  },
  generate: { files: { 'images.yaml': few }, commands: [['generate', '--yes']] },
  'generate-progress': {
    files: { 'images.yaml': matrix },
    commands: [['generate', '--yes']],
    statusLines: 24,
  },
  'generate-failure': {
    files: { 'images.yaml': few },
    commands: [['generate', '--yes']],
    faults: [refused],
  },
  after: {
    files: { 'images.yaml': few },
    before: [['generate', '--yes']],
    commands: [[], ['plan'], ['check'], ['list'], ['show', 'hero'], ['cost'], ['stats']],
  },
  doctor: { files: { 'images.yaml': few }, commands: [['doctor']] },
  mistakes: {
    files: { 'images.yaml': mistaken },
    commands: [['plan'], ['plna'], ['show', 'heroo']],
  },
  help: { files: {}, commands: [['--help'], ['generate', '--help']] },
}
