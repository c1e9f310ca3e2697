import type { Diagnostic, Place } from '../diagnostic.ts'
import type { Currency } from '../models/cost.ts'
import type { InputRole } from '../models/input-role.ts'
import type { JudgePrice } from '../models/judges.ts'
import type { Fidelity, RequestFormat } from '../models/model.ts'
import type { OwnModels } from '../models/models.ts'
import type { Quirks, ServerId } from '../models/servers.ts'
import type { Expectations } from './expectations.ts'
import type { Finish } from './finish.ts'
import type { Overlay } from './overlay.ts'
import type { Path } from './parse/path.ts'
import type { PolicyCode, Requirement } from './policy-codes.ts'
import type { Fit, Format, Position } from './presets.ts'

/** The name of a provider: `local`, `openai`, or one that the manifest defines in `providers`. */
export type ProviderId = string

/** `images.yaml` with every default filled in. Plain data. */
export type Manifest = {
  /**
   * Every file that it was read from, relative to the root with `/`: `images.yaml`, then the files
   * that it includes, in their order.
   */
  files: string[]
  /** The provider, then its fallbacks in order. */
  providers: ProviderSettings[]
  /** Present if the providers share the work. */
  isBalanced?: true
  /** Models that the manifest describes, by id. */
  models: OwnModels
  /** Limits, USD; `null` for none. */
  budget: { run: number | null; month: number | null; confirm: number | null }
  /** The vision model that examines pictures. Nothing is sent to it unless it is needed. */
  judge: JudgeSettings
  /** Currency of shown prices; `null` for USD. */
  currency: Currency | null
  /** The remote store; `null` for none. LIMN_REMOTE overrides it. */
  remote: RemoteSettings | null
  /** What `limn check` enforces; `null` for nothing in addition. */
  policy: Policy | null
  /** Where masters are kept: in the repo, or only in the remote store. */
  masters: 'git' | 'remote'
  /** Folder of the finished files, relative to the root with `/`; `null` if they stay in the cache. */
  out: string | null
  /** The module of all pictures; `null` for none. */
  emit: EmitSettings | null
  /** Pictures packed into one file each; absent if there are none. */
  atlases?: AtlasSettings[]
  /** Sorted by name. */
  assets: Asset[]
  /** What is legal but hardly intended; never errors. */
  warnings: Diagnostic[]
}

/** The module that lists all pictures for other bundlers and servers. Plain data. */
export type EmitSettings = {
  /** Relative to the root with `/`. */
  file: string
  as: 'imports' | 'urls'
  /** URL of the `out` folder without `/` at its end; `null` with imports. */
  base: string | null
}

/** An atlas with every default filled in. Plain data. */
export type AtlasSettings = {
  name: string
  /** Path of the picture, relative to the root with `/`. */
  file: string
  /** Names of assets, each once. */
  pictures: string[]
  /** Longest edge of each picture, px. */
  size: number
  /** px. */
  padding: number
  powerOfTwo: boolean
  css: boolean
}

/** What `limn check` enforces, with every default filled in. Plain data. */
export type Policy = {
  /** Patterns in which `*` stands for any text; `null` if all are allowed. */
  models: string[] | null
  providers: string[] | null
  /** What a branch may cost more than its base, USD; `null` for no limit. */
  maxCost: number | null
  /** Bytes of pictures that a page may load; `null` for no limit. */
  maxPageBytes: number | null
  /** Names of assets by page. */
  pages: Readonly<Record<string, string[]>>
  require: Requirement[]
  acknowledge: Acknowledgement[]
}

/** Findings that are accepted, and why. */
export type Acknowledgement = {
  finding: PolicyCode
  /** Names of assets and pages; `null` for every finding of this kind. */
  for: string[] | null
  reason: string
  /** The last day on which it holds, `YYYY-MM-DD` in UTC; `null` for no end. */
  until: string | null
}

/** A remote store with every default filled in. Plain data without credentials. */
export type RemoteSettings = {
  /** As `parseRemoteAddress` accepts it. */
  url: string
  /** Server of a service that is compatible with S3; `null` for that of AWS. */
  endpoint: string | null
  region: string | null
  /** `null`: only with an endpoint. */
  pathStyle: boolean | null
  /** Whether Limn pays for nothing while the store can't be asked. */
  required: boolean
}

/** Rate limits of a server. */
export type Limits = {
  /** Requests at the same time. */
  inFlight: number
  /** Whether the manifest sets `inFlight`: if so, there is no slow start. */
  isInFlightSaid: boolean
  /** `null` if unknown. */
  imagesPerMinute: number | null
  /** `null` if unknown. */
  inputImagesPerMinute: number | null
  /** Whether to retry requests that may have been billed. */
  retryUncertain: boolean
}

/** The program of a provider. */
type CommandSettings = {
  /** The program, then its arguments. */
  line: readonly string[]
  /** Names of the environment variables that the program receives, sorted. */
  variables: readonly string[]
}

/** One provider with every default filled in. Plain data: never contains the key itself. */
export type ProviderSettings = {
  /** The name that messages, the run history and the lock use. */
  name: string
  /** `local` is embedded; the others are reached over the network. */
  server: 'local' | ServerId
  /** `null`: OPENAI_BASE_URL, or OpenAI's own. */
  baseURL: string | null
  /** The environment variable that holds the key. */
  key: string
  isKeyOptional: boolean
  apiVersion: string | null
  headers: Record<string, string>
  timeoutMs: number
  body: Record<string, unknown>
  quirks: Quirks
  /** The server's names of models that have another name in the manifest. */
  names: Readonly<Record<string, string>>
  limits: Limits
  /** Present if a program generates the pictures. */
  command?: CommandSettings
  safetyIdentifier: string | null
}

/** The vision model that examines pictures, with every default filled in. Plain data. */
export type JudgeSettings = {
  /** Name of its provider. */
  provider: ProviderId
  model: string
  /** `null` if it is unknown, which never counts as zero. */
  price: JudgePrice | null
  server: ProviderSettings
}

/** One named picture with every default filled in. */
export type Asset = {
  name: string
  /** Its entry in the manifest: the name, except for a picture of a matrix or one of several shapes. */
  key: string
  /** The name that several shapes of one picture share; `null` if it has one shape. */
  family: string | null
  /**
   * An existing picture to derive outputs from, relative to the root with `/`; `null` if the
   * picture is generated.
   */
  source: { path: string; place: Place } | null
  /** The prompt without the text of styles. */
  ownPrompt: string
  /**
   * When an existing picture stays although its request changed: always, or if only a style
   * changed.
   */
  staleOk: 'no' | 'style' | 'always'
  /** The operation of the request. */
  operation: 'generate' | 'edit' | 'variation' | 'cut'
  /** Pictures that the model receives with the prompt, in order: the one to change first. */
  inputs: Input[]
  /** The final prompt with styles applied; empty if there is a source. */
  prompt: string
  /**
   * The style that each part of the prompt comes from, `null` for the asset's own text, with the
   * length of the part in characters. Empty if no style adds anything.
   */
  promptOrigins: (readonly [style: string | null, length: number])[]
  /**
   * The variable that each part of the prompt comes from, `null` for text as it is written, with
   * the length of the part in characters. Empty if no variable is used but `name` and those of a
   * matrix, which the asset's name determines.
   */
  varOrigins: (readonly [name: string | null, length: number])[]
  model: string
  /** Requested size, `WIDTHxHEIGHT`. */
  size: string
  /** Whether Limn chose the size from the outputs: an existing master then stays when they change. */
  isSizeAuto: boolean
  /** As the model names it; `auto` if it has no such setting. */
  quality: string
  background: 'auto' | 'opaque' | 'transparent'
  format: RequestFormat
  /** Further settings of the request. */
  settings: RequestSettings
  /** Where settings of the request come from, by field; absent for what the asset itself sets. */
  settingOrigins: Readonly<Record<string, SettingOrigin>>
  /** Partial pictures to stream; `null` for no streaming. */
  partials: number | null
  /** Pictures to request, 1 to 10; the first is the master until another is picked. */
  candidates: number
  /** What the picture must be; `null` for nothing. */
  expect: Expectations | null
  /** Requests at most, as long as no picture passes; 1 without `expect`. */
  attempts: number
  /** Whether the candidate that meets the most expectations becomes the master. */
  picksBest: boolean
  /** Empty for decorative pictures, and if the manifest has none. */
  alt: string
  /** Whether the judge suggested `alt` and it is not confirmed. */
  isAltSuggested: boolean
  /** Whether `alt` is empty on purpose. */
  isDecorative: boolean
  outputs: Output[]
  place: Place
  /** Where the row of data is that it is made from; `null` if it is made from none. */
  row: Place | null
}

/** What sets a field of a request in place of the asset: `built-in` is Limn or the model. */
export type SettingOrigin = 'defaults' | 'profile' | 'use' | 'provider' | 'built-in'

/** Settings of a request that only some models or operations have. Absent if not set. */
export type RequestSettings = {
  /** 0 to 100 for JPEG and WebP. */
  compression?: number
  complexity?: string
  rendering?: string
  /** How an SVG is written. */
  svg?: { model?: string; effort?: string }
  /** Absent for the server's default. */
  moderation?: 'low'
  fidelity?: Fidelity
  /** Number of frames of an animated GIF, and the time of each, ms. */
  frames?: { count: number; ms: number }
  /** The part of a sheet that Limn cuts out: which of how many pictures, from 1, row by row. */
  cell?: { number: number; count: number; columns: number }
}

/** A picture that a model receives: another asset, or a file. */
export type Input = {
  role: InputRole
  /** An asset by name (`asset`), or a file relative to the root with `/` (`file`). */
  kind: 'asset' | 'file'
  target: string
  place: Place
  /** Where it is written if that is not a key of the asset: a style, or the asset's `character`. */
  path?: Path
}

/** One file to derive from a master. */
export type Output = {
  /** File name below the asset's folder, `card-640.avif`. */
  file: string
  preset: string
  /** px. */
  width: number
  height: number
  format: Format
  /** 1 to 100; `null` for lossless formats. */
  quality: number | null
  fit: Fit
  position: Position
  /** `#rrggbb`, or `null` for none. */
  background: string | null
  /** Largest file, bytes; `null` for no limit. */
  maxBytes: number | null
  /** Dots per inch, written into the file; `null` for none. */
  dpi: number | null
  /** Share of each edge that stays empty, 0 to 0.45. */
  padding: number
  /** Sizes in an icon file, px; empty for every other format. */
  icons: number[]
  /** Whether it carries the IPTC mark of AI-generated media. */
  provenance: boolean
  /** Finishing steps; absent if there are none. */
  finish?: Finish
  /** A text over the picture; absent if there is none. */
  overlay?: Overlay
  /** `false` for an output that a site's own pages do not show: an icon, a picture for other sites. */
  isForPages?: false
}
