import type { Asset } from '../manifest.ts'
import type { Checked, Report, Rule } from './rule.ts'

/** What is legal but surely not meant: one small check a name. */
export const warnings: readonly Rule[] = [warnOfNoOutputs, warnOfSameRequests, warnOfQuotedPrompts]

/** A picture that is neither cut to a size nor goes into another one. */
function warnOfNoOutputs({ file, manifest, scopeOf }: Checked, report: Report): void {
  const used = new Set(
    manifest.assets.flatMap(({ inputs }) =>
      inputs.filter(({ kind }) => kind === 'asset').map(({ target }) => target),
    ),
  )
  const told = new Set<string>()
  for (const { key, name } of manifest.assets) {
    if (
      (file.assets[key]?.outputs ?? scopeOf(key).defaults.outputs) !== undefined ||
      used.has(name) ||
      told.size === told.add(key).size
    ) {
      continue
    }
    report({
      code: 'no-outputs',
      severity: 'warning',
      path: ['assets', key],
      part: 'key',
      message: `"${key}" names no outputs: the whole picture is made, as \`full\`.`,
      hint: 'Name the sizes you need, as `outputs: [card]`, or a `defaults.outputs` for all pictures.',
    })
  }
}

/** Two pictures that a model would be asked for in the same words. */
function warnOfSameRequests({ file, manifest }: Checked, report: Report): void {
  const firstByRequest = new Map<string, Asset>()
  for (const asset of manifest.assets) {
    if (asset.source !== null) continue
    const request = requestText(asset)
    const first = firstByRequest.get(request)
    if (first === undefined) {
      firstByRequest.set(request, asset)
      continue
    }
    const isMatrix = first.key === asset.key
    const hint = isMatrix
      ? `Name the values in the prompt, as ${
          Object.keys(file.assets[asset.key]?.matrix ?? {})
            .filter((name) => name !== 'include' && name !== 'exclude')
            .map((name) => `{{${name}}}`)
            .join(' and ') || '{{color}}'
        }.`
      : 'Change the prompt of one, or keep one asset and give it the outputs of both.'
    report({
      code: 'same-request',
      severity: 'warning',
      path: ['assets', asset.key],
      part: 'key',
      message: `"${asset.name}" and "${first.name}" ask for the same picture: it is made twice.`,
      hint,
    })
  }
}

/** Everything of an asset that decides what a model is asked. */
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

/** Full-width quotes around a whole prompt are part of it: a model may draw them. */
function warnOfQuotedPrompts({ file }: Checked, report: Report): void {
  for (const [key, { prompt = '' }] of Object.entries(file.assets)) {
    const quotes = /^(?:(“)[^“”]*(”)|(‘)[^‘’]*(’))$/.exec(prompt.trim())
    if (quotes !== null) {
      report({
        code: 'full-width',
        severity: 'warning',
        path: ['assets', key, 'prompt'],
        message: `The quotes ${quotes[1] ?? quotes[3]} ${quotes[2] ?? quotes[4]} are part of the prompt of "${key}".`,
        hint: 'Type straight quotes, or none.',
      })
    }
  }
}
