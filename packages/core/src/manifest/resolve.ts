import { codeFrame, type Diagnostic, type Place } from '../diagnostic.ts'
import { compareText } from '../digest.ts'
import { chooseSize, formatSize, parseSize, unknownModelSizes } from '../models/size.ts'
import { DEFAULT_OPENAI_MODEL, findModel, LOCAL_MODEL } from '../models/models.ts'
import type { Asset, Manifest, ProviderId } from './manifest.ts'
import { needOf, resolveOutputs, resolveRules } from './outputs.ts'
import type { Path } from './parse.ts'
import { type Problem, rules } from './rules.ts'
import type { AssetFile, ManifestFile, StyleFile } from './schema.ts'

export type ResolveOptions = {
  file: ManifestFile
  /** The manifest's text, for code frames. */
  text: string
  placeOf: (path: Path, part?: 'key' | 'value') => Place
  /** Who draws, whatever the manifest says. */
  provider?: ProviderId | undefined
}

/** Fills every default and checks what the schema can't: names, references, what the models can do. */
export function resolveManifest({ file, text, placeOf, provider: override }: ResolveOptions): { manifest: Manifest; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = []
  const report = ({ code, severity = 'error', path, part, message, hint }: Problem): void => {
    const place = placeOf(path, part)
    diagnostics.push({ code: `manifest/${code}`, severity, message, ...(hint === undefined ? {} : { hint }), place, frame: codeFrame(text, place) })
  }
  const provider = override ?? file.provider ?? 'local'
  const assets = Object.entries(file.assets)
    .map(([name, asset]) => resolveAsset({ name, asset, file, provider, place: placeOf(['assets', name], 'key') }))
    .sort((a, b) => compareText(a.name, b.name))
  const manifest: Manifest = { provider, out: file.out === undefined ? null : normalizeFolder(file.out), assets, warnings: [] }
  for (const rule of rules) rule({ file, manifest }, report)
  return { manifest: { ...manifest, warnings: diagnostics.filter(({ severity }) => severity === 'warning') }, diagnostics }
}

type AssetContext = { name: string; asset: AssetFile; file: ManifestFile; provider: ProviderId; place: Place }

function resolveAsset({ name, asset, file, provider, place }: AssetContext): Asset {
  const defaults = file.defaults ?? {}
  const model = provider === 'local' ? LOCAL_MODEL : (asset.model ?? defaults.model ?? DEFAULT_OPENAI_MODEL)
  const row = findModel(model)
  const sizes = row?.sizes ?? unknownModelSizes
  const background = asset.background ?? defaults.background ?? 'auto'
  const rulesOfOutputs = resolveRules(asset.outputs ?? defaults.outputs ?? [], file.presets ?? {})
  const written = parseSize(asset.size ?? defaults.size ?? 'auto')
  const need = needOf(rulesOfOutputs, written)
  const size = written ?? chooseSize(need, sizes)
  const outputs = resolveOutputs(rulesOfOutputs, { size, transparent: background === 'transparent', provenance: file.provenance !== 'off' })
  return {
    name,
    prompt: composePrompt(asset.prompt, asset.style === undefined ? undefined : file.styles?.[asset.style]),
    model,
    size: formatSize(size),
    isSizeAuto: written === undefined,
    quality: row?.qualities.length === 0 ? 'auto' : (asset.quality ?? defaults.quality ?? 'medium'),
    background,
    format: row?.formats.length === 0 || provider === 'local' ? 'png' : (asset.format ?? defaults.format ?? 'png'),
    alt: asset.alt ?? '',
    outputs,
    place,
  }
}

/** Style before, prompt, style after, and what to avoid in words: no model has a field for it. */
export function composePrompt(prompt: string, style: StyleFile | undefined): string {
  const parts = [style?.prepend, prompt, style?.append, style?.avoid === undefined ? undefined : `Avoid: ${style.avoid}`]
  return parts
    .map((part) => part?.normalize('NFC').trim())
    .filter((part) => part !== undefined && part !== '')
    .map((part, index, all) => (index < all.length - 1 && /[\p{L}\p{N}]$/u.test(part!) ? `${part}.` : part))
    .join(' ')
}

function normalizeFolder(folder: string): string {
  return folder.replaceAll('\\', '/').replace(/^(\.\/)+/, '').replace(/\/+$/, '')
}
