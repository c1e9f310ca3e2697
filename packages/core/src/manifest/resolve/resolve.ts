import { type Diagnostic, type Place, sortDiagnostics } from '../../diagnostic.ts'
import { compareText } from '../../digest.ts'
import { rules } from '../check/rules.ts'
import { warnings } from '../check/warnings.ts'
import type { DataTables } from '../data/data-table.ts'
import type { DataText } from '../data/data-text.ts'
import type { ManifestFile, RemoteFile } from '../manifest-file.ts'
import type { Asset, Manifest, ProviderId, RemoteSettings } from '../manifest.ts'
import type { Path } from '../parse/path.ts'
import { resolveAtlases } from './atlases.ts'
import { collectProblems } from './collect-problems.ts'
import { cellSizeOf, toCell } from './cut-assets.ts'
import { resolveEmit } from './emit.ts'
import { type ExpandedAsset, expandAssets, rootScope, type Scope } from './expand-matrix.ts'
import { addImpliedAssets, type WithImplied } from './implied-assets.ts'
import { variationPrompt } from './inputs.ts'
import { resolveJudge } from './judge.ts'
import { createOutputResolver } from './outputs.ts'
import { normalizePath } from './paths.ts'
import { resolvePolicy } from './policy.ts'
import { findProfile } from './profiles.ts'
import { isBalanced, resolveModels, resolveProviders } from './providers.ts'
import { resolveAsset } from './resolve-asset.ts'
import { splitShapes } from './split-shapes.ts'

type ResolveOptions = {
  file: ManifestFile
  /** Returns the place of a key or its value. */
  placeOf: (path: Path, part?: 'key' | 'value') => Place
  /** Returns the lines around a place. */
  frameOf: (place: Place) => string
  /** The files that the manifest was read from. Default: one. */
  files?: readonly string[] | undefined
  /** What applies to the assets of each file. Default: one file. */
  scopes?: readonly Scope[] | undefined
  /** Returns what applies to an asset, by its key. Default: one file. */
  scopeOf?: ((key: string) => Scope) | undefined
  /** The rows of the data files that the manifest names. Default: none. */
  data?: DataTables | undefined
  /** Diagnostics of the files so far. */
  diagnostics?: readonly Diagnostic[] | undefined
  /** Overrides the manifest's provider. */
  provider?: ProviderId | undefined
  /** Name of the profile that overrides the run. @see findProfile */
  profile?: string | undefined
}

/**
 * Fills in every default, and checks what the schema can't: names, references, what models can do.
 *
 * @throws LimnError `provider/unknown`, `usage` for an unknown `provider` or `profile`
 */
export function resolveManifest(options: ResolveOptions): {
  manifest: Manifest
  diagnostics: Diagnostic[]
} {
  const { frameOf, profile } = options
  const {
    files = [options.placeOf([]).file],
    scopes = [rootScope(options.file)],
    scopeOf = () => scopes[0]!,
  } = options
  const { data = new Map() } = options
  const scopeAt = (path: Path): Scope =>
    scopes[files.indexOf(options.placeOf(path, 'key').file)] ?? scopes[0]!
  const implied = addImpliedAssets({ ...options, scopeOf, scopeAt })
  const { file } = implied
  const expanded = expandPictures(file, implied.scopeOf, data)
  const folderAt = (path: Path): string =>
    path[0] === 'assets' ? implied.scopeOf(String(path[1])).folder : scopeAt(path).folder
  const manifest = fillDefaults({ ...options, ...implied, folderAt, expanded }, files)
  const { placeOf, scopeOf: scopeOfKey } = implied
  const { diagnostics, report } = collectProblems({
    ...options,
    placeOf,
    frameOf: withData(frameOf, data),
  })
  const all = { file, manifest, expanded, data, scopes, scopeOf: scopeOfKey, profile }
  const checked = { ...all, written: options.file }
  for (const rule of rules) rule(checked, report)
  // What looks unintended is often the consequence of a mistake.
  const isSound = [...(options.diagnostics ?? []), ...diagnostics].every(
    ({ severity }) => severity !== 'error',
  )
  if (isSound) for (const rule of warnings) rule(checked, report)
  const sorted = sortDiagnostics(diagnostics, [...files, ...textsOf(data).keys()])
  return {
    manifest: { ...manifest, warnings: sorted.filter(({ severity }) => severity === 'warning') },
    diagnostics: sorted,
  }
}

/** Returns a function that also returns lines of data files. */
function withData(frameOf: ResolveOptions['frameOf'], data: DataTables): ResolveOptions['frameOf'] {
  const textByPath = textsOf(data)
  return (place) => (textByPath.get(place.file)?.frameOf ?? frameOf)(place)
}

/** Returns the data files by path. */
function textsOf(data: DataTables): Map<string, DataText> {
  const files = [...data.values()].flatMap((table) => table.files)
  return new Map(files.map((file) => [file.path, file]))
}

/** Returns every picture of a manifest: of each matrix, and of each asset with separate shapes. */
function expandPictures(
  file: ManifestFile,
  scopeOf: (key: string) => Scope,
  data: DataTables,
): ExpandedAsset[] {
  return expandAssets(file, scopeOf, data).flatMap((source) =>
    splitShapes(
      source,
      source.asset.outputs ?? scopeOf(source.key).defaults.outputs ?? [],
      file.presets ?? {},
    ),
  )
}

type FillOptions = Pick<ResolveOptions, 'file' | 'placeOf' | 'provider' | 'profile'> & {
  scopeOf: (key: string) => Scope
  impliedOf: WithImplied['impliedOf']
  folderAt: (path: Path) => string
  expanded: readonly ExpandedAsset[]
}

function fillDefaults(
  { file, placeOf, provider, profile, scopeOf, impliedOf, folderAt, expanded }: FillOptions,
  files: readonly string[],
): Manifest {
  const providers = resolveProviders(file, provider)
  const models = resolveModels(file, providers)
  const overrides = profile === undefined ? {} : findProfile(profile, file)
  const resolver = createOutputResolver(file.presets ?? {})
  const [first] = providers
  const shared = { file, provider: first, models, overrides, resolver, placeOf, folderAt }
  const resolve = (source: ExpandedAsset, whole?: Asset): Asset => {
    const { key } = source
    return resolveAsset({
      ...source,
      ...shared,
      scope: scopeOf(key),
      implied: impliedOf(key),
      cellSize: whole && cellSizeOf(whole, impliedOf(key)!.cut!),
    })
  }
  const isCut = ({ key }: ExpandedAsset): boolean => impliedOf(key)?.cut !== undefined
  const assets = expanded.filter((source) => !isCut(source)).map((source) => resolve(source))
  // The size of a cell is a part of that of its sheet.
  for (const source of expanded.filter(isCut)) {
    const cut = impliedOf(source.key)!.cut!
    const whole = assets.find(({ name }) => name === cut.sheet)
    if (whole !== undefined) assets.push(toCell(resolve(source, whole), cut, placeOf))
  }
  assets.sort((a, b) => compareText(a.name, b.name))
  fillVariations(assets)
  const { run = null, month = null, confirm = null } = file.budget ?? {}
  return {
    files: [...files],
    providers,
    ...(provider === undefined && isBalanced(file) ? { isBalanced: true as const } : {}),
    models,
    budget: { run, month, confirm },
    judge: resolveJudge(file),
    currency: file.currency ?? null,
    remote: resolveRemote(file.remote),
    policy: resolvePolicy(file.policy),
    masters: file.masters ?? 'git',
    out: file.out === undefined ? null : normalizePath(file.out),
    emit: resolveEmit(file),
    ...(file.atlases === undefined ? {} : { atlases: resolveAtlases(file, assets) }),
    assets,
    warnings: [],
  }
}

function resolveRemote(remote: RemoteFile | undefined): RemoteSettings | null {
  if (remote === undefined) return null
  const { url, endpoint = null, region = null, pathStyle = null, required = false } = remote
  return { url, endpoint, region, pathStyle, required }
}

/** Gives each variation without a prompt one that is made from the prompt of its source. */
function fillVariations(assets: readonly Asset[]): void {
  for (const asset of assets) {
    if (asset.operation !== 'variation' || asset.prompt !== '') continue
    const [input] = asset.inputs
    const source =
      input?.kind === 'asset' ? assets.find(({ name }) => name === input.target) : undefined
    asset.prompt = variationPrompt(source?.prompt)
  }
}
