import { type Diagnostic, sortDiagnostics } from '../diagnostic.ts'
import type { Asset, Manifest, ProviderId } from './manifest.ts'
import { parseManifest } from './parse/parse.ts'
import { resolveManifest } from './resolve/resolve.ts'

/**
 * What a manifest's text resolves to, and everything that is to be said of it, in the order of the
 * file.
 */
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

/** The one asset of a manifest whose body is `yaml`, for the `openai` provider. */
export function resolveAssetText(yaml: string, head = ''): Asset {
  const { manifest, diagnostics } = resolveText(
    `version: 1\nprovider: openai\n${head}assets:\n  hero: { prompt: A lighthouse, alt: A lighthouse, ${yaml} }\n`,
  )
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'))
  return manifest!.assets[0]!
}
