import { type Diagnostic, sortDiagnostics } from '../diagnostic.ts'
import type { Asset, Manifest, Output, ProviderId } from './manifest.ts'
import { parseManifest } from './parse/parse.ts'
import { resolveManifest } from './resolve/resolve.ts'

/** Parses and resolves a manifest's text. Diagnostics are in the order of the file. */
export function resolveText(
  text: string,
  provider?: ProviderId,
): { manifest: Manifest | undefined; diagnostics: Diagnostic[] } {
  const parsed = parseManifest(text, 'images.yaml')
  if (parsed.file === undefined) return { manifest: undefined, diagnostics: parsed.diagnostics }
  const { manifest, diagnostics } = resolveManifest({ ...parsed, file: parsed.file, provider })
  const all = sortDiagnostics([...parsed.diagnostics, ...diagnostics], ['images.yaml'])
  return { manifest, diagnostics: all }
}

/** Resolves the one asset of a manifest for the `openai` provider. `yaml` has its further keys. */
export function resolveAssetText(yaml: string, head = ''): Asset {
  const { manifest, diagnostics } = resolveText(
    `version: 1\nprovider: openai\n${head}assets:\n  hero: { prompt: A lighthouse, alt: A lighthouse, ${yaml} }\n`,
  )
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'))
  return manifest!.assets[0]!
}

/** Creates an output that fills its size and has nothing special: no limits, margins or mark. */
export function outputOf(
  rest: Pick<Output, 'file' | 'width' | 'height' | 'format'> & Partial<Output>,
): Output {
  return {
    preset: 'x',
    quality: null,
    fit: 'cover',
    position: 'centre',
    background: null,
    maxBytes: null,
    dpi: null,
    padding: 0,
    icons: [],
    provenance: false,
    ...rest,
  }
}
