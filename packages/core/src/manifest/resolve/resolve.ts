import { type Diagnostic, type Place, sortDiagnostics } from '../../diagnostic.ts'
import { compareText } from '../../digest.ts'
import { rules } from '../check/rules.ts'
import { warnings } from '../check/warnings.ts'
import type { ManifestFile, RemoteFile } from '../manifest-file.ts'
import type { Asset, Manifest, ProviderId, RemoteSettings } from '../manifest.ts'
import type { Path } from '../parse/path.ts'
import { collectProblems } from './collect-problems.ts'
import { resolveEmit } from './emit.ts'
import { type ExpandedAsset, expandAssets, rootScope, type Scope } from './expand-matrix.ts'
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
  const { file, placeOf, profile } = options
  const {
    files = [placeOf([]).file],
    scopes = [rootScope(file)],
    scopeOf = () => scopes[0]!,
  } = options
  const expanded = expandPictures(file, scopeOf)
  const manifest = fillDefaults({ ...options, scopeOf, expanded }, files)
  const { diagnostics, report } = collectProblems(options)
  const checked = { file, manifest, expanded, scopes, scopeOf, profile }
  for (const rule of rules) rule(checked, report)
  // What looks unintended is often the consequence of a mistake.
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

/** Returns every picture of a manifest: of each matrix, and of each asset with separate shapes. */
function expandPictures(file: ManifestFile, scopeOf: (key: string) => Scope): ExpandedAsset[] {
  return expandAssets(file, scopeOf).flatMap((source) =>
    splitShapes(
      source,
      source.asset.outputs ?? scopeOf(source.key).defaults.outputs ?? [],
      file.presets ?? {},
    ),
  )
}

type FillOptions = Pick<ResolveOptions, 'file' | 'placeOf' | 'provider' | 'profile'> & {
  scopeOf: (key: string) => Scope
  expanded: readonly ExpandedAsset[]
}

function fillDefaults(
  { file, placeOf, provider, profile, scopeOf, expanded }: FillOptions,
  files: readonly string[],
): Manifest {
  const providers = resolveProviders(file, provider)
  const models = resolveModels(file, providers)
  const overrides = profile === undefined ? {} : findProfile(profile, file)
  const resolver = createOutputResolver(file.presets ?? {})
  const shared = { file, provider: providers[0], models, overrides, resolver, placeOf }
  const assets = expanded
    .map((source) => {
      const context = { ...shared, scope: scopeOf(source.key) }
      return resolveAsset({ ...source, ...context })
    })
    .sort((a, b) => compareText(a.name, b.name))
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
