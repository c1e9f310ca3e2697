import type { Diagnostic, Place } from '../diagnostic.ts'
import type { Currency } from '../models/cost.ts'
import type { Fidelity, RequestFormat } from '../models/model.ts'
import type { OwnModels } from '../models/models.ts'
import type { Quirks, ServerId } from '../models/servers.ts'
import type { Fit, Format, Position } from './presets.ts'

/** Who draws: `local`, `openai`, or a name below `providers` of the manifest. */
export type ProviderId = string

/** `images.yaml` with every default filled in. Plain data. */
export type Manifest = {
  /**
   * Every file that it was read from, relative to the root with `/`: `images.yaml`, then what it
   * includes, in its order.
   */
  files: string[]
  /** Who draws, and who is asked where the one before fails. */
  providers: ProviderSettings[]
  /** Rows of models that the manifest describes, by id. */
  models: OwnModels
  /** Limits in USD; `null` for none. */
  budget: { run: number | null; month: number | null; confirm: number | null }
  /** What prices are shown in; `null` for USD. */
  currency: Currency | null
  /**
   * Folder of the finished files, relative to the root with `/`; `null` where they stay in the
   * cache.
   */
  out: string | null
  /** Sorted by name. */
  assets: Asset[]
  /** What is legal but surely not meant. Errors never come this far. */
  warnings: Diagnostic[]
}

/** How fast a server may be asked. */
export type Limits = {
  /** Requests at the same time. */
  inFlight: number
  /** Whether a person said so: then no slow start. */
  isInFlightSaid: boolean
  /** `null` where nobody said. */
  imagesPerMinute: number | null
  inputImagesPerMinute: number | null
}

/** One server that draws, with every default filled in. Plain data: the key itself is never here. */
export type ProviderSettings = {
  /** As messages, the run history and the lock name it. */
  name: string
  /** `local` draws by itself; the others are asked over the network. */
  server: 'local' | ServerId
  /** `null`: OpenAI's own, or what OPENAI_BASE_URL says. */
  baseURL: string | null
  /** The variable that holds the key. */
  key: string
  isKeyOptional: boolean
  apiVersion: string | null
  headers: Record<string, string>
  timeoutMs: number
  body: Record<string, unknown>
  quirks: Quirks
  /** What the server calls a model, where that is not the name in the manifest. */
  names: Readonly<Record<string, string>>
  limits: Limits
  safetyIdentifier: string | null
}

/** One named picture with every default filled in. */
export type Asset = {
  name: string
  /** Its entry in the manifest: the name, but for a picture of a matrix. */
  key: string
  /** The name under which several shapes are one picture; `null` where it is one by itself. */
  family: string | null
  /**
   * An existing picture to cut from, relative to the root with `/`; `null` where the picture is
   * generated.
   */
  source: { path: string; place: Place } | null
  /** The prompt without what styles add to it. */
  ownPrompt: string
  /**
   * Whether a picture that is there stays when its request changes: always, or where only a style's
   * words did.
   */
  staleOk: 'no' | 'style' | 'always'
  /** What a model is asked to do. */
  operation: 'generate' | 'edit' | 'variation'
  /** Pictures that go to the model with the prompt, in its order: the one to change first. */
  inputs: Input[]
  /** The final prompt, style applied; empty where there is a source. */
  prompt: string
  model: string
  /** `WIDTHxHEIGHT`, as it is asked of the model. */
  size: string
  /**
   * Whether Limn chose the size from the outputs. A master that is there then stays, whatever the
   * outputs.
   */
  isSizeAuto: boolean
  /** As the model names it; `auto` where it has no such knob. */
  quality: string
  background: 'auto' | 'opaque' | 'transparent'
  format: RequestFormat
  /** What else is asked, where anything is. */
  settings: RequestSettings
  /** Unfinished pictures to be sent on the way; `null`: not streamed at all. */
  partials: number | null
  /** Pictures to ask for, 1 to 10; the first is the master until another is picked. */
  candidates: number
  /** Empty for decorative pictures, and where nothing is said. */
  alt: string
  /** Whether the manifest means `alt` to be empty. */
  isDecorative: boolean
  outputs: Output[]
  place: Place
}

/** Settings of a request that only some models know. Absent where nothing is said. */
export type RequestSettings = {
  /** 0 to 100 for JPEG and WebP. */
  compression?: number
  complexity?: string
  /** Absent for the server's own. */
  moderation?: 'low'
  fidelity?: Fidelity
  /** Of an animated GIF. */
  frames?: { count: number; ms: number }
}

/** A picture that goes to a model: another asset, or a file. */
export type Input = {
  role: 'image' | 'mask' | 'reference'
  /** An asset by name (`asset`), or a file relative to the root with `/` (`file`). */
  kind: 'asset' | 'file'
  target: string
  place: Place
}

/** One file to cut from a master. */
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
  /** The file is at most so large, bytes; `null` for no limit. */
  maxBytes: number | null
  /** Dots an inch, set in the file; `null` for none. */
  dpi: number | null
  /** Part of each edge that stays free of the picture, 0 to 0.45. */
  padding: number
  /** Sizes that an icon file holds, px; empty for every other format. */
  icons: number[]
  /** Whether it carries the IPTC mark of AI-made media. */
  provenance: boolean
}
