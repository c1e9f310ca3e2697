import type { JudgePrice } from '../models/judges.ts'
import type { RequestFormat } from '../models/model.ts'
import type { ModelOverride } from '../models/models.ts'
import type { EditStyle, MaskPolarity, Quirks, ServerId } from '../models/servers.ts'
import type { Area } from './expectations.ts'
import type { ProviderId } from './manifest.ts'
import type { PolicyCode, Requirement } from './policy-codes.ts'
import type { Position, Preset } from './presets.ts'
import type { EachFile, Scalar } from './scalar.ts'

/*
 * The manifest as people write it. The schemas in parse/ have exactly these keys, which the compiler
 * checks. `Manifest` is the same with every default filled in.
 */

/** Values of `background`. */
export const backgrounds = ['auto', 'opaque', 'transparent'] as const
/** Values of `moderation`. */
export const moderations = ['auto', 'low'] as const
/** Values of `rendering`. */
export const renderings = ['vivid', 'natural'] as const
/** How much an SVG's author thinks: values of `svg.effort`. */
export const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const
/** What a picture is for: the values of `use`. */
export const uses = ['social', 'product', 'print', 'concept'] as const
export type Use = (typeof uses)[number]

/** Values of template variables by name. */
export type VarsFile = Record<string, Scalar | Scalar[]>

/** Request settings that assets and `defaults` share. */
export type RequestFile = {
  /** Image model. Default: the provider's. */
  model?: string | undefined
  /** `WIDTHxHEIGHT` or `auto`. Default `auto`: the smallest size that covers every output. */
  size?: string | undefined
  /** As the model names it. Default: by `use`, else `medium`. */
  quality?: string | undefined
  /** Default `auto`. */
  background?: (typeof backgrounds)[number] | undefined
  /** Format of the master. Default `png`. */
  format?: RequestFormat | undefined
  /** Encoder quality of a JPEG or WebP master, 0 to 100. Default 100. */
  compression?: number | undefined
  complexity?: 'low' | 'medium' | 'high' | undefined
  /** Dramatic or plain. Default: the model's. */
  rendering?: (typeof renderings)[number] | undefined
  /** Default `auto`. */
  moderation?: (typeof moderations)[number] | undefined
  /** Partial pictures to stream, 0 to 3. Default: no streaming. */
  partials?: number | undefined
}

/** Values of `quiet` and of `contrast.at`. */
export const areas = [
  'left',
  'right',
  'top',
  'bottom',
  'top-left',
  'top-right',
  'bottom-left',
  'bottom-right',
  'center',
] as const

/** `contrast` of `expect`: a text of this colour is readable in this area. */
export type ContrastFile = {
  at: Area
  /** Colour of the text, `#rrggbb`. */
  with: string
  /** Smallest WCAG contrast ratio, 1 to 21. Default 4.5. */
  ratio?: number | undefined
}

/** `palette` of `expect`: colours that the picture keeps to. */
export type PaletteFile = {
  /** `#rrggbb`. */
  near: string[]
  /** Largest difference from the nearest of them, CIEDE2000. Default 20. */
  most?: number | undefined
}

/** `expect`: what a picture must be. `false` switches off what `defaults` or a style expects. */
export type ExpectFile = {
  transparent?: boolean | undefined
  whole?: boolean | undefined
  quiet?: Area | false | undefined
  contrast?: ContrastFile | false | undefined
  palette?: PaletteFile | false | undefined
  tileable?: boolean | undefined
  sharp?: boolean | undefined
  'not-blank'?: boolean | undefined
  unlike?: string | string[] | false | undefined
  shows?: string | string[] | false | undefined
  without?: string | string[] | false | undefined
  text?: string | string[] | false | undefined
  like?: string | string[] | false | undefined
}

/** A preset with changes, or a rule of its own. */
export type OutputRuleFile = Omit<Preset, 'each'> & {
  /** The preset to start from. */
  preset?: string | undefined
  /** Name of the output. Default: the preset's name, else its size. */
  name?: string | undefined
  /** Values, or the rows of a data file, for each of which there is an output. */
  each?: EachFile | DataSourceFile | undefined
}
/** An entry of `outputs`: the name of a preset or group, or a rule. */
export type OutputFile = string | OutputRuleFile

/** `defaults`: settings of every asset that does not override them. */
export type DefaultsFile = RequestFile & {
  outputs?: OutputFile[] | undefined
  expect?: ExpectFile | undefined
  /** Requests at most, as long as a picture does not pass. Default 1. */
  attempts?: number | undefined
}

/** A profile: what it overrides for a whole run. */
export type ProfileFile = Pick<RequestFile, 'model' | 'quality'>

/** A named building block of prompts. */
export type StyleFile = {
  /** Styles that this one builds on. */
  extends?: string | string[] | undefined
  /** Pictures to send with every prompt that uses the style: assets by name, or files. 1 to 16. */
  references?: string[] | undefined
  /** `ok`: a change of this style does not make pictures stale. */
  stale?: 'ok' | undefined
  /** Text before the prompt. */
  prepend?: string | undefined
  /** Text after the prompt. */
  append?: string | undefined
  /** What the picture must not show. */
  avoid?: string | undefined
  /** `false` switches off what `defaults` and the styles before this one expect. */
  expect?: ExpectFile | false | undefined
}

/** `edit`: a picture to change. */
export type EditFile = {
  /** An asset by name, or a file. */
  image: string
  /** A file: transparent or white where the picture may change. */
  mask?: string | undefined
  /** A PNG file over the picture: what a person drew on it shows the model what to change. */
  markup?: string | undefined
}

/** `variation`: a picture to make another version of. */
export type VariationFile = {
  /** An asset by name, or a file. */
  image: string
}

/** One combination of matrix values by dimension. */
export type Combination = Record<string, Scalar>

/** Values of combinations to leave out, by dimension or column. */
export type Exclusion = Record<string, Scalar | boolean>

/** A data file, or a glob that finds several, relative to the file that names it. */
export type DataSourceFile = {
  from: string
  /** The column that names the rows. Default: see `nameRow`. */
  name?: string | undefined
}

/**
 * `matrix`: the rows of data, lists of values by dimension, and the combinations to add or to leave
 * out.
 */
export type MatrixFile = {
  include?: Combination[] | undefined
  exclude?: Exclusion[] | undefined
  /** As in `DataSourceFile`; a list is a dimension. */
  from?: string | Scalar[] | undefined
  name?: string | Scalar[] | undefined
  [dimension: string]: string | Scalar[] | Combination[] | Exclusion[] | undefined
}

/** `frames` of an animated GIF. */
export type FramesFile = {
  /** 2 to 16. Default 9. */
  count?: number | undefined
  /** Time that each frame is shown, ms. Default 200. */
  ms?: number | undefined
}

/** `svg`: how a drawing is written. */
export type SvgFile = {
  /** The model that writes it, if the project at OpenAI lets you choose. */
  model?: string | undefined
  /** Default: the server's. */
  effort?: (typeof efforts)[number] | undefined
}

/** A cell of a sheet, with more than its name. */
export type CellFile = {
  /** The asset is `SHEET/NAME`. */
  name: string
  /** What it shows. Default: its name. */
  prompt?: string | undefined
  /** Default: what it shows. */
  alt?: string | undefined
  decorative?: boolean | undefined
  /** Default: those of the sheet. */
  outputs?: OutputFile[] | undefined
  /** Whether to request it by itself: `true`, or what it shows then. */
  again?: boolean | string | undefined
}

/** `sheet`: several pictures in one. */
export type SheetFile = {
  /** `COLUMNSxROWS`. */
  grid: string
  /** Row by row, from the left. */
  cells: (string | CellFile)[]
}

/** An entry of `assets`. */
export type AssetFile = RequestFile & {
  /** Required, unless there is a `source`, a `variation` or a `sheet`. */
  prompt?: string | undefined
  /** An existing picture to derive outputs from, relative to the file that names it. */
  source?: string | undefined
  style?: string | string[] | undefined
  vars?: VarsFile | undefined
  matrix?: MatrixFile | undefined
  use?: Use | undefined
  edit?: EditFile | undefined
  /** Pictures to send with the prompt: assets by name, or files. 1 to 16. */
  references?: string[] | undefined
  /** Characters of `characters` that the picture shows. */
  character?: string | string[] | undefined
  variation?: VariationFile | undefined
  sheet?: SheetFile | undefined
  /** Default `one`. */
  shapes?: 'one' | 'separate' | undefined
  adapt?: 'extend' | undefined
  /** `ok`: a changed request does not make the picture stale. */
  stale?: 'ok' | undefined
  fidelity?: 'low' | 'high' | undefined
  frames?: FramesFile | undefined
  svg?: SvgFile | undefined
  /** Pictures to request, 1 to 10. Default 1. */
  candidates?: number | undefined
  /** `false` switches off what `defaults` and styles expect. */
  expect?: ExpectFile | false | undefined
  /** Requests at most, 1 to 10, as long as the picture does not pass. Default 1. */
  attempts?: number | undefined
  /** `best`: the candidate that meets the most expectations becomes the master. */
  pick?: 'best' | undefined
  alt?: string | undefined
  /** Whether the judge suggested `alt` and it is not confirmed. Default `false`. */
  altSuggested?: boolean | undefined
  /** Default `false`. */
  decorative?: boolean | undefined
  /** The part that crops keep, unless an entry of `outputs` says another. Default `attention`. */
  position?: Position | undefined
  outputs?: OutputFile[] | undefined
}

/**
 * An entry of `characters`: a person or mascot that looks the same in every picture. Its sheet of
 * views is the asset `characters/NAME`.
 */
export type CharacterFile = RequestFile &
  Pick<
    AssetFile,
    | 'prompt'
    | 'source'
    | 'style'
    | 'vars'
    | 'references'
    | 'stale'
    | 'fidelity'
    | 'candidates'
    | 'alt'
    | 'outputs'
  > & {
    /** What the sheet shows side by side, 1 to 8. Default front, side and back. */
    views?: string[] | undefined
  }

/** Rate limits of a server. */
export type LimitsFile = {
  /** Usage tier of the account at OpenAI, 1 to 5. */
  tier?: number | undefined
  imagesPerMinute?: number | undefined
  /** Default: `imagesPerMinute`. */
  inputImagesPerMinute?: number | undefined
  /** Requests at the same time. Default 4. */
  inFlight?: number | undefined
  /** Whether to retry requests that may have been billed. Default false. */
  retryUncertain?: boolean | undefined
}

/** An entry of `models` of a provider. */
export type ModelFile = ModelOverride & {
  /** The server's name of the model. Default: its name in the manifest. */
  as?: string | undefined
}

/** `quirks` of a provider: differences from OpenAI's API. */
export type QuirksFile = {
  /** Value of `response_format`; `none` sends no such field. */
  responseFormat?: 'b64_json' | 'base64' | 'url' | 'none' | undefined
  maskPolarity?: MaskPolarity | 'none' | undefined
  sizeStyle?: Quirks['sizeStyle'] | undefined
  editStyle?: EditStyle | undefined
  /** Fields that are never sent. */
  omit?: string[] | undefined
  /** Largest number of pictures of one request, 1 to 10. */
  maxImages?: number | undefined
  /** Whether the server accepts an `Idempotency-Key`. Default `false`. */
  idempotencyKeys?: boolean | undefined
  /** The API that the judge uses. Default: the server's. */
  judgeApi?: Quirks['judgeApi'] | undefined
}

/** Providers that share the work. */
export type BalanceFile = { balance: ProviderId[] }

/** An entry of `providers`. */
export type ProviderFile = {
  /** The server's dialect of the API. Default `openai`. */
  server?: ServerId | undefined
  baseURL?: string | undefined
  /** Server `command`: the program, then its arguments. */
  command?: string[] | undefined
  /** Server `command`: names of the environment variables that the program receives. */
  env?: string[] | undefined
  /** The environment variable that holds the key. */
  key?: string | undefined
  /** Azure: version of the API. */
  apiVersion?: string | undefined
  /** Headers in addition to those that are always sent. */
  headers?: Record<string, string> | undefined
  /** Time limit of one request, s. Default 600. */
  timeout?: number | undefined
  /** Fields of every request in addition to those of the Images API. */
  body?: Record<string, unknown> | undefined
  quirks?: QuirksFile | undefined
  models?: Record<string, ModelFile> | undefined
  /** Default: those of the manifest. */
  limits?: LimitsFile | undefined
  safetyIdentifier?: string | undefined
}

/** `judge`: the vision model that examines pictures and suggests alt texts. */
export type JudgeFile = {
  /** `openai`, or an entry of `providers`. Default `openai`. */
  provider?: ProviderId | undefined
  /** Default: Limn's choice for OpenAI; required for other servers. */
  model?: string | undefined
  /** Overrides the known price of the model. */
  price?: JudgePrice | undefined
}

/** Limits in USD. */
export type BudgetFile = {
  run?: number | undefined
  month?: number | undefined
  /** A run that may cost more needs confirmation. Default 1. */
  confirm?: number | undefined
}

/** The currency of shown prices. */
export type CurrencyFile = {
  /** ISO 4217 code. */
  code: string
  /** Price of one US dollar. */
  perUsd: number
}

/** `remote`: the store that machines share. */
export type RemoteFile = {
  /** `s3://bucket/prefix`, `https://…`, or a folder. */
  url: string
  /** Server of a service that is compatible with S3. Default: that of AWS. */
  endpoint?: string | undefined
  /** Region of the bucket. Default: AWS_REGION, or `auto` with an endpoint. */
  region?: string | undefined
  /** Whether the bucket is a part of the path, not of the host. Default: with an endpoint. */
  pathStyle?: boolean | undefined
  /** Whether Limn pays for nothing while the store can't be asked. Default `false`. */
  required?: boolean | undefined
}

/** An entry of `acknowledge`: findings that are accepted, and why. */
export type AcknowledgementFile = {
  finding: PolicyCode
  /** Assets, or those below them, or pages. Default: every finding of this kind. */
  for?: string[] | undefined
  reason: string
  /** The last day on which it holds, `YYYY-MM-DD` in UTC. Default: no end. */
  until?: string | undefined
}

/** `policy`: what `limn check` enforces. */
export type PolicyFile = {
  /** Models that may be used; `*` stands for any text. Default: all. */
  models?: string[] | undefined
  /** Providers that may be used, by name; `*` as in `models`. Default: all. */
  providers?: string[] | undefined
  /** What a branch may cost more than its base, USD. Default: no limit. */
  maxCost?: number | undefined
  /** Bytes of pictures that a page may load. Default: no limit. */
  maxPageBytes?: number | undefined
  /** The pictures of each page: assets, or those below them. A picture of no page is a page. */
  pages?: Record<string, string[]> | undefined
  /** Keys that every picture must have. Default: none. */
  require?: Requirement[] | undefined
  acknowledge?: AcknowledgementFile[] | undefined
}

/** How an emitted module refers to files: the values of `as`. */
export const emitForms = ['imports', 'urls'] as const

/** `emit`: a module of all pictures, for any bundler or server. */
export type EmitFile = {
  /** The module, relative to the manifest: `.ts`, `.mts`, `.js`, `.mjs` or `.json`. */
  file: string
  /** Default: `urls` if `out` is in `public`, `static`, or if there is a `base`; else `imports`. */
  as?: (typeof emitForms)[number] | undefined
  /** URL of the `out` folder. Default: what `out` has after `public` or `static`. */
  base?: string | undefined
}

/** An entry of `atlases`: several pictures packed into one file. */
export type AtlasFile = {
  /** The picture, relative to the manifest: `.png` or `.webp`. Its JSON and CSS are beside it. */
  file: string
  /** Assets, or those below them. */
  pictures: string[]
  /** Longest edge of each picture, px. Default 256. */
  size?: number | undefined
  /** Space around each picture, px. Default 2. */
  padding?: number | undefined
  /** Whether the edges are powers of two. Default `true`. */
  powerOfTwo?: boolean | undefined
  /** Whether to write CSS too. Default `false`. */
  css?: boolean | undefined
}

/** `images.yaml` as people write it: everything optional is optional. */
export type ManifestFile = {
  version: 1
  /** Paths and globs of further files, relative to the manifest. */
  include?: string[] | undefined
  /** A provider, several in the order of failover, or several that share the work. Default `local`. */
  provider?: ProviderId | ProviderId[] | BalanceFile | undefined
  providers?: Record<string, ProviderFile> | undefined
  limits?: LimitsFile | undefined
  budget?: BudgetFile | undefined
  /** The vision model that examines pictures. Default: OpenAI's. */
  judge?: JudgeFile | undefined
  currency?: CurrencyFile | undefined
  remote?: RemoteFile | undefined
  /** What `limn check` enforces. Default: nothing in addition. */
  policy?: PolicyFile | undefined
  /** Where masters are kept: in the repo, or only in the remote store. Default `git`. */
  masters?: 'git' | 'remote' | undefined
  /** Folder of the finished files, relative to the manifest. Default: they stay in the cache. */
  out?: string | undefined
  /** A module of all pictures, by its path or with options. Default: none. */
  emit?: string | EmitFile | undefined
  /** Pictures packed into one file each, by name. */
  atlases?: Record<string, AtlasFile> | undefined
  /** Default `on`. */
  provenance?: 'on' | 'off' | undefined
  defaults?: DefaultsFile | undefined
  vars?: VarsFile | undefined
  profiles?: Record<string, ProfileFile> | undefined
  styles?: Record<string, StyleFile> | undefined
  characters?: Record<string, CharacterFile> | undefined
  presets?: Record<string, Preset> | undefined
  assets: Record<string, AssetFile>
}

/** The keys that hold for a whole project: an included file must not have them. */
type RootOnlyKey =
  | 'include'
  | 'provider'
  | 'providers'
  | 'limits'
  | 'budget'
  | 'judge'
  | 'currency'
  | 'remote'
  | 'policy'
  | 'masters'
  | 'out'
  | 'emit'
  | 'atlases'
  | 'provenance'

/** A file that a manifest includes. */
export type IncludedFile = Omit<ManifestFile, RootOnlyKey>
