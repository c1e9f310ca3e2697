import type { AssetFile } from '../manifest-file.ts'
import type { Asset } from '../manifest.ts'
import { isRequested } from './is-requested.ts'
import type { Checked, Report, Rule } from './rule.ts'

/** What is legal but hardly intended, one small check per name. */
export const warnings: readonly Rule[] = [
  warnAboutNoOutputs,
  warnAboutSameRequests,
  warnAboutQuotedPrompts,
]

/** Finds pictures that are neither cut to a size nor the input of another. */
function warnAboutNoOutputs({ file, manifest, scopeOf }: Checked, report: Report): void {
  const used = new Set(
    manifest.assets.flatMap(({ inputs }) =>
      inputs.filter(({ kind }) => kind === 'asset').map(({ target }) => target),
    ),
  )
  const reported = new Set<string>()
  for (const { key, name } of manifest.assets) {
    const outputs = file.assets[key]?.outputs ?? scopeOf(key).defaults.outputs
    if (outputs !== undefined || used.has(name) || reported.has(key)) continue
    reported.add(key)
    report({
      code: 'no-outputs',
      severity: 'warning',
      path: ['assets', key],
      part: 'key',
      message: `"${key}" has no outputs, so Limn derives the whole picture as \`full\`.`,
      hint: 'Name the sizes that you need, for example `outputs: [card]`, or set `defaults.outputs` for all pictures.',
    })
  }
}

/** Finds pictures that make the same request. */
function warnAboutSameRequests({ file, manifest }: Checked, report: Report): void {
  const firstByRequest = new Map<string, Asset>()
  const repeated = findRepeated(manifest.assets.map(({ prompt }) => prompt))
  for (const asset of manifest.assets) {
    if (!isRequested(asset) || !repeated.has(asset.prompt)) continue
    const request = requestText(asset)
    const first = firstByRequest.get(request)
    if (first === undefined) {
      firstByRequest.set(request, asset)
      continue
    }
    report({
      code: 'same-request',
      severity: 'warning',
      path: ['assets', asset.key],
      part: 'key',
      message: `"${asset.name}" and "${first.name}" make the same request: the picture is generated twice.`,
      hint:
        first.key === asset.key
          ? hintForMatrix(file.assets[asset.key])
          : 'Change the prompt of one, or keep one asset and give it the outputs of both.',
    })
  }
}

/** Returns the texts that appear more than once. */
function findRepeated(texts: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>()
  const repeated = new Set<string>()
  for (const text of texts) {
    if (seen.has(text)) repeated.add(text)
    else seen.add(text)
  }
  return repeated
}

function hintForMatrix({ matrix = {} }: Partial<AssetFile> = {}): string {
  if (typeof matrix.from === 'string') {
    return 'Use columns of the data in the prompt, for example {{title}}.'
  }
  const places = Object.keys(matrix)
    .filter((name) => Array.isArray(matrix[name]) && name !== 'include' && name !== 'exclude')
    .map((name) => `{{${name}}}`)
  return `Use the values in the prompt, for example ${places.join(' and ') || '{{color}}'}.`
}

/** Everything of an asset that determines the request. */
function requestText({
  operation,
  inputs,
  prompt,
  model,
  size,
  quality,
  background,
  format,
  settings,
}: Asset): string {
  return JSON.stringify([
    operation,
    inputs.map(({ role, kind, target }) => [role, kind, target]),
    prompt,
    model,
    size,
    quality,
    background,
    format,
    settings,
  ])
}

/** Finds prompts in full-width quotes: a model may draw the quotes. */
function warnAboutQuotedPrompts({ file }: Checked, report: Report): void {
  for (const [key, { prompt = '' }] of Object.entries(file.assets)) {
    const quotes = /^(?:(“)[^“”]*(”)|(‘)[^‘’]*(’))$/.exec(prompt.trim())
    if (quotes !== null) {
      report({
        code: 'full-width',
        severity: 'warning',
        path: ['assets', key, 'prompt'],
        message: `The quotes ${quotes[1] ?? quotes[3]} ${quotes[2] ?? quotes[4]} are part of the prompt of "${key}".`,
        hint: 'Use straight quotes, or none.',
      })
    }
  }
}
