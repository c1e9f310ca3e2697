/*
 * What the page and its server tell each other. Plain JSON. The server is a dev server of Vite or
 * `limn ui`; in a report the page has only the sheet, and nothing to call.
 */

/** Everything that the grid shows. */
export type Sheet = {
  /** Name of the project's folder. */
  project: string
  /** Path of the manifest, relative to the root. */
  manifest: string
  /** Whether the page can act: not in a report, nor without a connection. */
  canAct: boolean
  /** Sorted by name. */
  assets: SheetAsset[]
  /** What is wrong with the manifest. `assets` are those of the last valid read. */
  mistakes: Mistake[]
  /** What the plan would cost, USD at most; `null` if a price is unknown. */
  planUsd: number | null
  /** Limits and what was spent of them, USD; `null` for none. */
  budget: {
    run: number | null
    month: number | null
    spentThisMonth: number
    /** What the dev server may still spend without asking; `null` outside of one. */
    devLeft: number | null
  }
  /** How the manifest shows prices; `null` for USD. `rate` is the price of one USD. */
  currency: { code: string; rate: number } | null
  /** Versions of the page's data, for a reload after an update. */
  version: string
}

/** What is wrong with a file of the project, in one text, and the code that says which mistake. */
export type Mistake = { code: string; text: string }

/**
 * Why an asset is not up to date: a code such as `request-changed`, and the names or values that
 * belong to it, such as the changed fields.
 */
export type SheetReason = { code: string; values: string[] }

/** What an asset needs to become up to date: nothing, a run, a decision of a person, or a wait. */
export type Need = 'nothing' | 'run' | 'person' | 'wait'

/** One asset in the grid. */
export type SheetAsset = {
  name: string
  /** The word that all commands show: `generated`, `stale`, `edited`, `pinned`, … */
  state: string
  need: Need
  /** Why it is not up to date, or how its last request failed; empty if it is up to date. */
  why: string
  /** What `why` says, in parts that the page can translate. */
  reasons: SheetReason[]
  /** How its last request failed; `null` if it did not. `code` is empty if there is none. */
  failure: { code: string; message: string } | null
  model: string
  quality: string
  /** Names of the presets of its outputs, each once. */
  presets: string[]
  /** Names of the styles in its prompt. */
  styles: string[]
  /** px: of the master, or of the request if there is none. */
  width: number
  height: number
  /** What its master cost, USD; `null` if unknown. 0 for a source or a free picture. */
  usd: number | null
  /** What the plan would do; `null` if nothing. `usd` is `null` if the price is unknown. */
  step: { kind: string; usd: number | null } | null
  /** Version of the picture that is shown: changes with its bytes. */
  picture: string
  /** Whether the picture is a draft that Limn drew, because there is no master. */
  isDraft: boolean
  alt: string
  isPinned: boolean
}

/** A picture of an asset that the page shows. */
export type PictureRef =
  /** At most 480 px wide and high, WebP. */
  | { kind: 'thumb'; asset: string; version: string }
  /** As it is; as WebP of at most 2048 px if a browser shows it badly. */
  | { kind: 'master'; asset: string; version: string }
  | { kind: 'output'; asset: string; file: string; version: string }
  | { kind: 'earlier'; asset: string; id: string }
  /** The picture that the asset edits. */
  | { kind: 'input'; asset: string; version: string }
  | { kind: 'partial'; asset: string; version: string }

/** One asset in full. */
export type AssetView = {
  asset: SheetAsset
  /** The prompt in parts: the asset's own (`style` is `null`), and what each style adds. */
  prompt: { text: string; style: string | null }[]
  /** The whole prompt that the master was made from; `null` without a master, or for a source. */
  madePrompt: string | null
  /** What else changed since then: a field, and its values as text. */
  changes: { field: string; from: string; to: string }[]
  outputs: SheetOutput[]
  /** What somebody has changed by hand in its entry of the lockfile, or in its file. */
  faults: { message: string; hint: string }[]
  /** Whether the master is what the manifest expects: one verdict for each test and its parts. */
  verdicts: { test: string; of: string; passed: boolean; reason: string }[]
  /** How the master was made; `null` without one. */
  made: {
    provider: string
    at: string
    usd: number | null
    isEstimate: boolean
    /** Tokens by kind: `input`, `output`, … */
    tokens: Record<string, number>
    /** Time of the request, ms; `null` if unknown. */
    ms: number | null
    requestId: string | null
    revisedPrompt: string | null
    batch: string | null
  } | null
  /** Whether the outputs carry the mark of AI-generated media. */
  isMarked: boolean
  /** What the master's Content Credentials say; `null` if it has none. */
  credentials: { generator: string | null; issuer: string | null; at: string | null } | null
  /** Pictures that this asset had and that still exist, the latest first. */
  earlier: EarlierPicture[]
  /** Where the asset is imported; `null` outside of a dev server. */
  imports: { file: string; line: number; column: number }[] | null
  /** Its place in the manifest. */
  place: { file: string; line: number; column: number }
  /** What of it can be edited, as the manifest has it. */
  editable: Editable
  /** Models, and the qualities of each, with the price of one picture of this size. */
  models: { id: string; qualities: { name: string; usd: number | null }[] }[]
  /** Why a mask cannot be drawn; `null` if it can. */
  noMask: string | null
  /** The picture that the asset edits, px; `null` if it edits none, or it does not exist yet. */
  edits: { width: number; height: number; version: string } | null
}

/** One output of an asset. */
export type SheetOutput = {
  file: string
  preset: string
  /** px. */
  width: number
  height: number
  format: string
  /** Bytes; `null` if it is not derived yet. */
  bytes: number | null
  version: string
  /**
   * Distances from the edges of the part that stays visible where a platform covers the rest, as
   * shares of width and height.
   */
  safeArea: { left: number; top: number; right: number; bottom: number } | null
  /** A named position, such as `top`, or a focal point: `30% 40%`. */
  position: string
  fit: string
}

/** An earlier picture. */
export type EarlierPicture = {
  id: string
  origin: 'replaced' | 'candidate' | 'git'
  /** Its number for `limn pick` or `limn restore`; `null` if it is only in git. */
  number: number | null
  /** Whether it is the master now. */
  isMaster: boolean
  prompt: string | null
  model: string | null
  /** ISO 8601 in UTC. */
  at: string
  usd: number | null
  width: number | null
  height: number | null
}

/** The parts of an asset that the page edits. `null` where the manifest has none. */
export type Editable = {
  prompt: string | null
  styles: string[]
  alt: string | null
  model: string | null
  quality: string | null
  /** Names of presets. */
  outputs: string[]
  /** Focal point of crops as shares from the left and the top; `null` if a position says it. */
  focus: { x: number; y: number } | null
  /** All styles and presets that it can have. */
  knownStyles: string[]
  knownPresets: string[]
}

/** A change of an asset in the manifest. What is absent stays. */
export type Edit = {
  name: string
  prompt?: string
  styles?: string[]
  alt?: string
  model?: string
  quality?: string
  outputs?: string[]
  focus?: { x: number; y: number }
}

/** What an edit would do: nothing is written yet. */
export type EditPreview = {
  /** The changed lines of the manifest, as a unified diff. */
  diff: string
  /** What is wrong with it; then it cannot be saved. */
  mistakes: Mistake[]
  /** Names of the other assets that it changes: of the same matrix, or that take it over. */
  others: string[]
  /** What a run would do afterwards, for this asset and for those made from it. */
  steps: { asset: string; kind: string; why: string; reasons: SheetReason[]; usd: number | null }[]
  usd: number | null
  /** Files that would be derived again at no cost. */
  derived: number
  /** Digest of the manifest file as it is now. Sent back with `edit`, it prevents lost changes. */
  digest: string
}

/** One way to make a picture, to be compared with others. What is absent is as in the manifest. */
export type Variant = { model?: string; quality?: string; prompt?: string }

/** Why nobody can agree to a run. Amounts in USD; `null` if there is none. */
export type Refusal = {
  /** `host` is the limit of a dev server or of `limn ui`; `run` and `month` are those of `budget`. */
  kind: 'unknown-price' | 'host' | 'run' | 'month'
  usd: number | null
  limit: number | null
  /** The refusal in English, with what to do about it. */
  text: string
}

/** What was spent, for plots. USD. */
export type CostsView = {
  /** `day` is `2026-11-30` in UTC; `label` is a model, an asset or a profile. */
  byDay: { day: string; usd: number }[]
  byModel: { label: string; usd: number; pictures: number }[]
  byAsset: { label: string; usd: number; pictures: number }[]
  byProfile: { label: string; usd: number; pictures: number }[]
  /** What the lockfile has saved: pictures that were reused or recovered. */
  saved: { usd: number; pictures: number }
  total: number
  planUsd: number | null
}

/** A run: what is requested, waits, is retried, has failed. */
export type RunView = {
  /** When it started, ISO 8601 in UTC. */
  startedAt: string
  done: number
  total: number
  derived: number
  toDerive: number
  usd: number
  /** Time left, ms; `null` if it cannot be estimated. */
  msLeft: number | null
  isStopping: boolean
  assets: RunAsset[]
}

/** What a run does for one asset. */
export type RunAsset = {
  name: string
  stage: 'queued' | 'requested' | 'partial' | 'retrying' | 'done' | 'failed'
  /** Why it waits or failed; empty otherwise. */
  why: string
  /** Code of `why`: a limit such as `images`, or that of a failure; empty if there is none. */
  code: string
  /** When it is retried, ISO 8601; `null` if it is not. */
  retryAt: string | null
  /** Version of its latest partial picture; `null` without one. */
  partial: string | null
  usd: number | null
}

/** What the page calls: the input and the output of each call, by its name. */
export type Calls = {
  sheet: { input: Record<string, never>; output: Sheet }
  asset: { input: { name: string }; output: AssetView }
  costs: { input: Record<string, never>; output: CostsView }
  preview: { input: Edit; output: EditPreview }
  /** Saves an edit; with `digest`, only if the file is the one that was previewed. */
  edit: { input: Edit & { digest?: string }; output: Record<string, never> }
  /** The price of a run before anybody agrees to it: USD at most. */
  price: {
    input: { names: string[] | null; force: boolean }
    output: { pictures: number; usd: number | null; refusal: Refusal | null }
  }
  /** Starts a run. It costs at most `agreedUsd`; `names` is `null` for everything stale. */
  generate: {
    input: { names: string[] | null; force: boolean; agreedUsd: number }
    output: { generated: number; failed: number; usd: number }
  }
  stop: { input: Record<string, never>; output: Record<string, never> }
  /**
   * Makes a candidate the master, by its number in the asset view or by its id. If another request
   * made it, the manifest then describes that one: its model, quality and prompt.
   */
  pick: { input: { name: string; number: number; id?: string }; output: Record<string, never> }
  restore: { input: { name: string; id: string }; output: Record<string, never> }
  pin: { input: { name: string; pinned: boolean }; output: Record<string, never> }
  /** Makes a file that was dropped the master. `bytes` is base64. */
  adopt: { input: { name: string; bytes: string }; output: Record<string, never> }
  /** Writes a mask beside the manifest and into the asset's `edit`. `png` is base64. */
  mask: { input: { name: string; png: string }; output: { path: string } }
  /** The price of variants, and why one is impossible. */
  variantPrice: {
    input: { name: string; variants: Variant[] }
    output: { usd: (number | null)[]; mistakes: string[] }
  }
  /** Requests variants as candidates of an asset. Costs at most `agreedUsd`. */
  compare: {
    input: { name: string; variants: Variant[]; agreedUsd: number }
    output: { made: number; failed: string[]; usd: number }
  }
  openInEditor: {
    input: { file: string; line: number; column: number }
    output: Record<string, never>
  }
}

/** What the page sends. `id` is in the reply. */
export type ToServer = {
  [Name in keyof Calls]: { id: number; call: Name; input: Calls[Name]['input'] }
}[keyof Calls]

/** What went wrong, in the words of the command line. */
export type CallError = { code: string; message: string; hint: string }

/** What the server sends. */
export type ToPage =
  | { type: 'reply'; id: number; output: Calls[keyof Calls]['output'] }
  | { type: 'reply'; id: number; error: CallError }
  /** The sheet changed: new and changed assets, and the names of those that are gone. */
  | { type: 'changed'; sheet: Omit<Sheet, 'assets'>; assets: SheetAsset[]; gone: string[] }
  /** The state of the run; `null` when it is over. */
  | { type: 'run'; run: RunView | null }

/**
 * What a report contains, as JSON in `<script type="application/json" id="limn-report">`. A page
 * that finds it needs no server.
 */
export type Report = {
  sheet: Sheet
  /** By name of the asset. An asset without a view opens with what the sheet knows of it. */
  views: Record<string, AssetView>
  /** `null` if the report has no costs. */
  costs: CostsView | null
  /** Data URLs by `pathOfPicture`. */
  pictures: Record<string, string>
  /** When it was made, ISO 8601 in UTC. */
  at: string
}
