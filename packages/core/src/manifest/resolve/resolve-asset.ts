import type { Place } from '../../diagnostic.ts'
import type { Model } from '../../models/model.ts'
import {
  DEFAULT_OPENAI_MODEL,
  findModel,
  LOCAL_MODEL,
  type OwnModels,
} from '../../models/models.ts'
import {
  chooseSize,
  DEFAULT_FRAMES,
  formatSize,
  parseSize,
  type Size,
  sizeRuleOf,
} from '../../models/size.ts'
import { placeOfRow } from '../data/data-table.ts'
import type { AssetFile, DefaultsFile, ManifestFile, StyleFile } from '../manifest-file.ts'
import type { Asset, Input, ProviderSettings, RequestSettings } from '../manifest.ts'
import type { Path } from '../parse/path.ts'
import { introduceCharacters } from './characters.ts'
import type { ExpandedAsset, Scope } from './expand-matrix.ts'
import { resolveExpectations } from './expectations.ts'
import { fillTemplate } from './fill-template.ts'
import type { Implied } from './implied-assets.ts'
import { resolveInputs } from './inputs.ts'
import { markVars } from './mark-vars.ts'
import { haveShape, type OutputResolver, type OutputRules, sizeToCover } from './outputs.ts'
import { fromFolder, normalizePath } from './paths.ts'
import { nearestQuality, type Profile, qualityByUse } from './profiles.ts'
import { defaultModel } from './providers.ts'
import { findSettingOrigins } from './setting-origins.ts'
import {
  composePrompt,
  flattenStyles,
  joinTexts,
  namesOf,
  type NamedStyle,
  type PromptPart,
} from './styles.ts'

type AssetContext = ExpandedAsset & {
  scope: Scope
  file: ManifestFile
  /** The first provider; `undefined` if it is unknown. */
  provider: ProviderSettings | undefined
  models: OwnModels
  overrides: Profile
  resolver: OutputResolver
  placeOf: (path: Path, part?: 'key' | 'value') => Place
  /** Returns the folder of the file that has a path, relative to the root. */
  folderAt: (path: Path) => string
  /** How the asset is defined; `undefined` for an entry of `assets` as it is written. */
  implied: Implied | undefined
  /** The size of a cell of a sheet, px; `undefined` for other assets. */
  cellSize: Size | undefined
}

/** Fills in every default of one picture. */
export function resolveAsset(context: AssetContext): Asset {
  const { name, key, family, row, vars, scope, file, provider, placeOf } = context
  const asset: AssetFile = { ...context.asset, ...context.overrides }
  const toRoot = (path: string): string => fromFolder(scope.folder, normalizePath(path))
  const fill = (text = ''): string => fillTemplate(text, vars).text
  const { outputs, ...request } = resolveRequest(asset, context)
  const styles = fillStyles(flattenStyles(namesOf(asset.style), file.styles ?? {}), fill)
  const inputs = resolveInputs({ ...context, asset, styles })
  const parts = asset.source === undefined ? composeParts(asset, { styles, inputs, fill }) : []
  const prompt = parts.map(({ text }) => text).join('')
  return {
    name,
    key,
    family: family ?? null,
    ownPrompt: fill(asset.prompt).normalize('NFC').trim(),
    staleOk: resolveStaleOk(asset, styles),
    operation: operationOf(asset, inputs),
    inputs,
    source:
      asset.source === undefined
        ? null
        : { path: toRoot(asset.source), place: placeOf(['assets', key, 'source']) },
    prompt,
    promptOrigins: originsOf(parts),
    varOrigins: findVarOrigins(prompt, inputs, { ...context, asset }),
    ...request,
    settingOrigins: findSettingOrigins({ ...context, defaults: scope.defaults }),
    settings: provider?.server === 'local' ? {} : resolveSettings(asset, scope.defaults),
    partials: asset.partials ?? scope.defaults.partials ?? null,
    candidates: asset.candidates ?? 1,
    ...resolveExpectations(asset, { name, styles, defaults: scope.defaults, fill }),
    alt: fill(asset.alt),
    isAltSuggested: asset.altSuggested === true && (asset.alt ?? '') !== '',
    isDecorative: asset.decorative === true || asset.alt === '',
    outputs,
    place: placeOf(['assets', key], 'key'),
    row: row === undefined ? null : placeOfRow(row),
  }
}

/** The fields of an asset that depend on its model. */
type ModelFields = Pick<
  Asset,
  'model' | 'size' | 'isSizeAuto' | 'quality' | 'background' | 'format' | 'outputs'
>

function resolveRequest(asset: AssetFile, context: AssetContext): ModelFields {
  const { scope, file, provider, models, overrides, resolver } = context
  const { defaults } = scope
  const model = resolveModel(asset, context)
  const row = findModel(model, models)
  const format = provider?.server === 'local' ? 'png' : (asset.format ?? defaults.format ?? 'png')
  const background = asset.background ?? defaults.background ?? 'auto'
  const outputRules = resolver.rulesOf(asset.outputs ?? defaults.outputs ?? [], asset.position)
  const { cellSize } = context
  const wanted = cellSize ?? parseSize(asset.size ?? defaults.size ?? 'auto')
  const sizeRule = sizeRuleOf(row, format, asset.frames?.count)
  const size = wanted ?? chooseSize(coverOf(outputRules, context), sizeRule)
  const takesShape =
    asset.source !== undefined ||
    cellSize !== undefined ||
    (wanted === undefined && isEdit(asset) && !haveShape(outputRules))
  return {
    model,
    size: formatSize(size),
    isSizeAuto: wanted === undefined || cellSize !== undefined,
    quality: resolveQuality({ asset, overrides, defaults, row }),
    background,
    format,
    outputs: resolver.outputsOf(outputRules, {
      size,
      transparent: background === 'transparent',
      provenance: file.provenance !== 'off' && asset.source === undefined,
      keepsShape: takesShape,
      vars: { ...context.vars, alt: fillTemplate(asset.alt ?? '', context.vars).text },
    }),
  }
}

/** The smallest edge of a cell whose outputs have no shape or are smaller, px. */
const MIN_CELL = 320
/** How much larger a cell is than what is left of it when it is trimmed. */
const CELL_MARGIN = 1.25

/** Returns the size that covers the outputs of an asset; of a sheet, those of all its cells. */
function coverOf(rules: OutputRules, { implied, scope, resolver }: AssetContext): Size {
  if (implied?.grid !== undefined) {
    const { columns, rows, outputs = scope.defaults.outputs ?? [] } = implied.grid
    const cellRules = resolver.rulesOf(outputs, undefined)
    const cell = haveShape(cellRules) ? sizeToCover(cellRules) : { width: 0, height: 0 }
    const edge = (length: number): number => Math.max(MIN_CELL, Math.ceil(length * CELL_MARGIN))
    return { width: columns * edge(cell.width), height: rows * edge(cell.height) }
  }
  return implied?.cover === undefined || haveShape(rules) ? sizeToCover(rules) : implied.cover
}

/** Whether an asset changes another picture, whose shape it keeps. */
function isEdit({ edit, variation }: AssetFile): boolean {
  return edit !== undefined || variation !== undefined
}

/** Rules report an unknown provider, and a model that is named nowhere. */
function resolveModel(asset: AssetFile, { scope, provider }: AssetContext): string {
  if (provider?.server === 'local') return LOCAL_MODEL
  const byProvider = provider === undefined ? undefined : defaultModel(provider)
  return asset.model ?? scope.defaults.model ?? byProvider ?? DEFAULT_OPENAI_MODEL
}

/** Returns the origin of each part of a prompt; empty if all of it is the asset's own. */
function originsOf(parts: readonly PromptPart[]): Asset['promptOrigins'] {
  if (parts.every(({ style }) => style === null)) return []
  return parts.map(({ style, text }) => [style, text.length])
}

/** Returns the origin of each part of a prompt that a shared variable fills; empty if none does. */
function findVarOrigins(
  prompt: string,
  inputs: readonly Input[],
  { asset, file, vars, scope, name, row }: AssetContext,
): Asset['varOrigins'] {
  const shared = Object.keys({ ...scope.vars, ...asset.vars }).filter(
    (key) =>
      key !== 'name' &&
      !Object.hasOwn(asset.matrix ?? {}, key) &&
      !Object.hasOwn(row?.values ?? {}, key),
  )
  if (shared.length === 0 || asset.source !== undefined) return []
  const marked = markVars(vars, shared)
  const fill = (text = ''): string => fillTemplate(text, { ...marked.vars, name }).text
  const styles = fillStyles(flattenStyles(namesOf(asset.style), file.styles ?? {}), fill)
  const text = composeParts(asset, { styles, inputs, fill })
    .map((part) => part.text)
    .join('')
  return marked.origins(text, prompt)
}

type PartsContext = {
  styles: readonly NamedStyle[]
  inputs: readonly Input[]
  fill: (text?: string) => string
}

/** Composes the prompt of an asset, with what says which inputs show its characters. */
function composeParts(
  { prompt, character }: AssetFile,
  { styles, inputs, fill }: PartsContext,
): PromptPart[] {
  const text = fill(prompt)
  const characters = introduceCharacters(namesOf(character), inputs, text)
  return composePrompt(characters === '' ? text : joinTexts(text, characters), styles)
}

function fillStyles(styles: readonly NamedStyle[], fill: (text: string) => string): NamedStyle[] {
  return styles.map((style) => ({
    ...style,
    prepend: style.prepend && fill(style.prepend),
    append: style.append && fill(style.append),
    avoid: style.avoid && fill(style.avoid),
  }))
}

function resolveStaleOk({ stale }: AssetFile, styles: readonly StyleFile[]): Asset['staleOk'] {
  if (stale === 'ok') return 'always'
  return styles.some((style) => style.stale === 'ok') ? 'style' : 'no'
}

function operationOf({ variation }: AssetFile, inputs: readonly Input[]): Asset['operation'] {
  if (variation !== undefined) return 'variation'
  return inputs.length > 0 ? 'edit' : 'generate'
}

type QualityContext = {
  asset: AssetFile
  overrides: Profile
  defaults: DefaultsFile
  row: Model | undefined
}

/**
 * Resolves the quality to request. A quality that was written for the model stays; one that comes
 * from elsewhere becomes the nearest that the model has.
 */
function resolveQuality({
  asset: { quality, use },
  overrides,
  defaults,
  row,
}: QualityContext): string {
  if (row?.qualities.length === 0) return 'auto'
  const nearest = (wanted: string): string => nearestQuality(wanted, row?.qualities)
  const isOverridden = overrides.model !== undefined || overrides.quality !== undefined
  const written = quality ?? (use === undefined ? defaults.quality : undefined)
  if (written === undefined) return nearest(use === undefined ? 'medium' : qualityByUse[use])
  return isOverridden ? nearest(written) : written
}

/** Resolves further settings of the request: only those that differ from the server's own defaults. */
function resolveSettings(
  { compression, complexity, rendering, moderation, fidelity, frames, svg, format }: AssetFile,
  defaults: DefaultsFile,
): RequestSettings {
  const settings: RequestSettings = {}
  const wanted = {
    compression: compression ?? defaults.compression,
    complexity: complexity ?? defaults.complexity,
    rendering: rendering ?? defaults.rendering,
    moderation: moderation ?? defaults.moderation,
  }
  if (wanted.compression !== undefined && wanted.compression < 100) {
    settings.compression = wanted.compression
  }
  if (wanted.complexity !== undefined) settings.complexity = wanted.complexity
  if (wanted.rendering !== undefined) settings.rendering = wanted.rendering
  if (wanted.moderation === 'low') settings.moderation = 'low'
  if (svg !== undefined && (format ?? defaults.format) === 'svg') {
    const { model, effort } = svg
    settings.svg = {
      ...(model === undefined ? {} : { model }),
      ...(effort === undefined ? {} : { effort }),
    }
  }
  if (fidelity !== undefined) settings.fidelity = fidelity
  if ((format ?? defaults.format) === 'gif') {
    settings.frames = { count: frames?.count ?? DEFAULT_FRAMES, ms: frames?.ms ?? 200 }
  }
  return settings
}
