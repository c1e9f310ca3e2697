import { posix } from 'node:path'
import {
  type Diagnostic,
  formatPlace,
  type Place,
  shorten,
  sortDiagnostics,
} from '../../diagnostic.ts'
import { compareText } from '../../digest.ts'
import type { Model } from '../../models/model.ts'
import {
  DEFAULT_OPENAI_MODEL,
  findModel,
  LOCAL_MODEL,
  type OwnModels,
} from '../../models/models.ts'
import { chooseSize, DEFAULT_FRAMES, formatSize, parseSize, sizeRuleOf } from '../../models/size.ts'
import type { Problem } from '../check/rule.ts'
import { rules } from '../check/rules.ts'
import { warnings } from '../check/warnings.ts'
import type { Asset, Manifest, ProviderId, ProviderSettings, RequestSettings } from '../manifest.ts'
import type { Path } from '../parse/path.ts'
import type { AssetFile, ManifestFile } from '../parse/schema.ts'
import { type ExpandedAsset, expandAssets, rootScope, type Scope } from './expand-matrix.ts'
import { fillTemplate } from './fill-template.ts'
import { resolveInputs, variationPrompt } from './inputs.ts'
import { needOf, resolveOutputs, resolveRules } from './outputs.ts'
import { findProfile, nearestQuality, type Profile, qualityByUse } from './profiles.ts'
import { defaultModel, resolveModels, resolveProviders } from './providers.ts'
import { splitShapes } from './split-shapes.ts'
import { composePrompt, flattenStyles, namesOf } from './styles.ts'

export type ResolveOptions = {
  file: ManifestFile
  placeOf: (path: Path, part?: 'key' | 'value') => Place
  frameOf: (place: Place) => string
  /** The files that the manifest was read from. Default: one. */
  files?: readonly string[] | undefined
  /** What holds for the assets of each file. Default: one file. */
  scopes?: readonly Scope[] | undefined
  /** What holds for an asset, by its key. Default: one file. */
  scopeOf?: ((key: string) => Scope) | undefined
  /** What was said of the files before. */
  diagnostics?: readonly Diagnostic[] | undefined
  /** Who draws, whatever the manifest says. */
  provider?: ProviderId | undefined
  /** Name of the profile that overrides the run. @see findProfile */
  profile?: string | undefined
}

/** Fills every default and checks what the schema can't: names, references, what the models can do. */
export function resolveManifest({
  file,
  placeOf,
  frameOf,
  provider: override,
  profile,
  ...options
}: ResolveOptions): { manifest: Manifest; diagnostics: Diagnostic[] } {
  const {
    files = [placeOf([]).file],
    scopes = [rootScope(file)],
    scopeOf = () => scopes[0]!,
  } = options
  const diagnostics: Diagnostic[] = []
  const told = new Set<string>()
  const report = ({
    code,
    severity = 'error',
    path,
    part,
    message,
    hint: said,
    other,
  }: Problem): void => {
    const place = placeOf(path, part)
    // What stands in `defaults` is a mistake once, however many assets go by it.
    if (told.size === told.add(`${code} ${formatPlace(place)} ${message}`).size) return
    const first = other === undefined ? undefined : placeOf(other, 'key')
    const hint =
      first === undefined || first.file === place.file
        ? said
        : `${said ?? ''} The other is at ${formatPlace(first)}.`.trim()
    diagnostics.push({
      code: `manifest/${code}`,
      severity,
      message: shorten(message),
      ...(hint === undefined ? {} : { hint: shorten(hint) }),
      place,
      frame: frameOf(place),
    })
  }
  const providers = resolveProviders(file, override)
  const models = resolveModels(file, providers)
  const expanded = expandAssets(file, scopeOf).flatMap((source) =>
    splitShapes(
      source,
      source.asset.outputs ?? scopeOf(source.key).defaults.outputs ?? [],
      file.presets ?? {},
    ),
  )
  const overrides = profile === undefined ? {} : findProfile(profile, file)
  const assets = expanded
    .map((source) =>
      resolveAsset({
        ...source,
        scope: scopeOf(source.key),
        file,
        provider: providers[0],
        models,
        overrides,
        placeOf,
      }),
    )
    .sort((a, b) => compareText(a.name, b.name))
  for (const asset of assets) {
    if (asset.operation === 'variation' && asset.prompt === '') fillVariation(asset, assets)
  }
  const { run = null, month = null, confirm = null } = file.budget ?? {}
  const manifest: Manifest = {
    files: [...files],
    providers,
    models,
    budget: { run, month, confirm },
    currency: file.currency ?? null,
    out: file.out === undefined ? null : normalizePath(file.out),
    assets,
    warnings: [],
  }
  const checked = { file, manifest, expanded, scopes, scopeOf, profile }
  for (const rule of rules) rule(checked, report)
  // What seems not to be meant is often the shadow of a mistake.
  const isSound = [...(options.diagnostics ?? []), ...diagnostics].every(
    ({ severity }) => severity !== 'error',
  )
  if (isSound) for (const rule of warnings) rule(checked, report)
  const sorted = sortDiagnostics(diagnostics, files)
  return {
    manifest: { ...manifest, warnings: sorted.filter(({ severity }) => severity === 'warning') },
    diagnostics: sorted,
  }
}

/** A variation without a prompt goes by that of the picture it varies. */
function fillVariation(asset: Asset, assets: readonly Asset[]): void {
  const [input] = asset.inputs
  const source =
    input?.kind === 'asset' ? assets.find(({ name }) => name === input.target) : undefined
  asset.prompt = variationPrompt(source?.prompt)
}

type AssetContext = ExpandedAsset & {
  scope: Scope
  file: ManifestFile
  provider: ProviderSettings | undefined
  models: OwnModels
  overrides: Profile
  placeOf: ResolveOptions['placeOf']
}

function resolveAsset({
  name,
  key,
  family,
  asset: written,
  vars,
  scope,
  file,
  provider,
  models,
  overrides,
  placeOf,
}: AssetContext): Asset {
  const { defaults } = scope
  const toRoot = (path: string): string => fromFolder(scope.folder, normalizePath(path))
  const asset = { ...written, ...overrides }
  const fill = (text: string): string => fillTemplate(text, vars).text
  const styles = flattenStyles(namesOf(asset.style), file.styles ?? {}).map((style) => ({
    ...style,
    prepend: style.prepend && fill(style.prepend),
    append: style.append && fill(style.append),
    avoid: style.avoid && fill(style.avoid),
  }))
  const isLocal = provider?.server === 'local'
  // A rule tells where a provider is not known, or no model is named.
  const model = isLocal
    ? LOCAL_MODEL
    : (asset.model ??
      defaults.model ??
      (provider === undefined ? undefined : defaultModel(provider)) ??
      DEFAULT_OPENAI_MODEL)
  const row = findModel(model, models)
  const format = isLocal ? 'png' : (asset.format ?? defaults.format ?? 'png')
  const background = asset.background ?? defaults.background ?? 'auto'
  const rulesOfOutputs = resolveRules(asset.outputs ?? defaults.outputs ?? [], file.presets ?? {})
  const wanted = parseSize(asset.size ?? defaults.size ?? 'auto')
  const need = needOf(rulesOfOutputs, wanted)
  const size = wanted ?? chooseSize(need, sizeRuleOf(row, format, asset.frames?.count))
  const outputs = resolveOutputs(rulesOfOutputs, {
    size,
    transparent: background === 'transparent',
    provenance: file.provenance !== 'off' && asset.source === undefined,
    keepsShape: asset.source !== undefined,
  })
  return {
    name,
    key,
    family: family ?? null,
    ownPrompt: fill(asset.prompt ?? '')
      .normalize('NFC')
      .trim(),
    staleOk:
      asset.stale === 'ok' ? 'always' : styles.some(({ stale }) => stale === 'ok') ? 'style' : 'no',
    operation:
      asset.variation !== undefined
        ? 'variation'
        : asset.edit !== undefined || asset.references !== undefined
          ? 'edit'
          : 'generate',
    inputs: resolveInputs({ key, asset, placeOf, normalize: toRoot }),
    source:
      asset.source === undefined
        ? null
        : { path: toRoot(asset.source), place: placeOf(['assets', key, 'source']) },
    prompt: asset.source === undefined ? composePrompt(fill(asset.prompt ?? ''), styles) : '',
    model,
    size: formatSize(size),
    isSizeAuto: wanted === undefined,
    quality: resolveQuality({ asset, overrides, defaults, row }),
    background,
    format,
    settings: isLocal ? {} : resolveSettings(asset, defaults),
    partials: asset.partials ?? defaults.partials ?? null,
    candidates: asset.candidates ?? 1,
    alt: fill(asset.alt ?? ''),
    isDecorative: asset.decorative === true || asset.alt === '',
    outputs,
    place: placeOf(['assets', key], 'key'),
  }
}

/**
 * The quality to ask for. One that was written for the model stays as it is; one that came from
 * elsewhere is the nearest that the model has.
 */
function resolveQuality({
  asset: { quality, use },
  overrides,
  defaults,
  row,
}: {
  asset: AssetFile
  overrides: Profile
  defaults: Scope['defaults']
  row: Model | undefined
}): string {
  if (row?.qualities.length === 0) return 'auto'
  const nearest = (wanted: string): string => nearestQuality(wanted, row?.qualities)
  const isOverridden = overrides.model !== undefined || overrides.quality !== undefined
  const written = quality ?? (use === undefined ? defaults.quality : undefined)
  if (written === undefined) return nearest(use === undefined ? 'medium' : qualityByUse[use])
  return isOverridden ? nearest(written) : written
}

/** What else is asked of a model: only what says more than the server's own defaults. */
function resolveSettings(
  { compression, complexity, moderation, fidelity, frames, format }: AssetFile,
  defaults: NonNullable<ManifestFile['defaults']>,
): RequestSettings {
  const said: RequestSettings = {}
  const wanted = {
    compression: compression ?? defaults.compression,
    complexity: complexity ?? defaults.complexity,
    moderation: moderation ?? defaults.moderation,
  }
  if (wanted.compression !== undefined && wanted.compression < 100) {
    said.compression = wanted.compression
  }
  if (wanted.complexity !== undefined) said.complexity = wanted.complexity
  if (wanted.moderation === 'low') said.moderation = 'low'
  if (fidelity !== undefined) said.fidelity = fidelity
  if ((format ?? defaults.format) === 'gif') {
    said.frames = { count: frames?.count ?? DEFAULT_FRAMES, ms: frames?.ms ?? 200 }
  }
  return said
}

/**
 * A path relative to a folder as one relative to the root. Absolute ones stay, for a rule to tell
 * of.
 */
function fromFolder(folder: string, path: string): string {
  return folder === '' || /^(\/|[a-z]:|$)/i.test(path) ? path : posix.normalize(`${folder}/${path}`)
}

/** A path as it is compared and kept: `/` between parts, nothing in front, nothing behind. */
function normalizePath(path: string): string {
  return path
    .replaceAll('\\', '/')
    .replace(/^(\.\/)+/, '')
    .replace(/\/+$/, '')
}
