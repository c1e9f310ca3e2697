import { posix } from 'node:path'
import { didYouMean } from '../../did-you-mean.ts'
import { explainEdge } from '../format-limits.ts'
import type { ManifestFile, OutputFile } from '../manifest-file.ts'
import type { Asset } from '../manifest.ts'
import type { Path } from '../parse/path.ts'
import { builtInPresetNames, findPreset, hasMasterShape, presetsOfName } from '../presets.ts'
import { pathOfField } from './field-path.ts'
import { leavesRoot } from './leaves-root.ts'
import { isReserved } from './name-rules.ts'
import type { Checked, Report } from './rule.ts'

export function checkPresets({ file, scopes }: Checked, report: Report): void {
  const own = file.presets ?? {}
  const known = [...Object.keys(own), ...builtInPresetNames]
  const check = (entries: readonly OutputFile[] = [], path: Path): void => {
    for (const [index, entry] of entries.entries()) {
      const isName = typeof entry === 'string'
      const preset = isName ? entry : entry.preset
      if (preset === undefined) continue
      const isGroup = isName && presetsOfName(preset, own).length > 1
      if (isGroup || findPreset(preset, own) !== undefined) continue
      report({
        code: 'unknown-preset',
        path: isName ? [...path, index] : [...path, index, 'preset'],
        message: `There is no preset "${preset}".`,
        hint:
          didYouMean(preset, known) ??
          'Run `limn presets` to list them, or write a size, for example { width: 640, height: 360 }.',
      })
    }
  }
  for (const { own: defaults, path } of scopes) {
    check(defaults.outputs, [...path, 'defaults', 'outputs'])
  }
  for (const [name, { outputs }] of Object.entries(file.assets)) {
    check(outputs, ['assets', name, 'outputs'])
  }
}

export function checkOutputNames(checked: Checked, report: Report): void {
  for (const asset of checked.manifest.assets) {
    const reserved = asset.outputs.find(({ preset }) => isReserved(preset))
    if (reserved === undefined) continue
    report({
      code: 'name',
      path: pathOfField(checked, asset, 'outputs'),
      part: 'key',
      message: `"${reserved.preset}" is a reserved name.`,
      hint: 'Choose another name for the output: some systems or JavaScript reserve this one.',
    })
  }
}

/** Finds two outputs of one asset that would write the same file. */
export function checkOutputFiles(checked: Checked, report: Report): void {
  for (const asset of checked.manifest.assets) {
    const files = new Set<string>()
    const second = asset.outputs.find(
      ({ file }) => files.size === files.add(file.toLowerCase()).size,
    )
    if (second === undefined) continue
    report({
      code: 'output-collision',
      path: pathOfField(checked, asset, 'outputs'),
      part: 'key',
      message: `Two outputs of ${ownerOfOutputs(checked.file, asset)} would both write ${second.file}.`,
      hint: 'Remove one of them, or give it a `name` of its own.',
    })
  }
}

/** Finds outputs that are larger than a file of their format can be. */
export function checkOutputEdges(checked: Checked, report: Report): void {
  for (const asset of checked.manifest.assets) {
    for (const output of asset.outputs) {
      const { width, height } = output
      const found = explainEdge(output, { width, height: hasMasterShape(output) ? 1 : height })
      if (found === undefined) continue
      report({
        code: 'format',
        path: pathOfField(checked, asset, 'outputs'),
        part: 'key',
        ...found,
      })
      break
    }
  }
}

/** Finds SVG outputs of pictures that are not SVG: pixels can't become a drawing. */
export function checkVectorOutputs(checked: Checked, report: Report): void {
  for (const asset of checked.manifest.assets) {
    if (!asset.outputs.some(({ format }) => format === 'svg') || isVector(asset, checked)) continue
    const isOwn = checked.file.assets[asset.key]?.outputs !== undefined
    report({
      code: 'format',
      path: pathOfField(checked, asset, 'outputs'),
      part: 'key',
      message: `An output of ${ownerOfOutputs(checked.file, asset)} is SVG, but ${isOwn ? 'its picture' : 'a picture that uses it'} is made of pixels.`,
      hint: 'Write `format: svg` with a model that generates it, derive the output from an SVG with `source`, or remove svg from its formats.',
    })
  }
}

function isVector({ key, source }: Asset, { file, scopeOf }: Checked): boolean {
  return source === null
    ? (file.assets[key]?.format ?? scopeOf(key).defaults.format) === 'svg'
    : /\.svg$/i.test(source.path)
}

/** Names where the outputs of an asset are written. */
function ownerOfOutputs(file: ManifestFile, { key, name }: Asset): string {
  return file.assets[key]?.outputs === undefined ? '`defaults`' : `"${name}"`
}

export function checkOutFolder(
  { file: { out: written = '' }, manifest: { out } }: Checked,
  report: Report,
): void {
  if (out === null) return
  const folder = posix.normalize(out)
  const shown = out === '' ? written : out
  if (leavesRoot(out) || /^\.\/?$/.test(folder)) {
    report({
      code: 'path',
      path: ['out'],
      message: `\`out\` must be a folder inside the project, but "${shown}" is not.`,
      hint: 'Write it relative to the manifest, for example public/images.',
    })
  } else if (/^(images|\.limn|node_modules|\.git)(\/|$)/i.test(folder)) {
    report({
      code: 'path',
      path: ['out'],
      message: `\`out\` can't be "${shown}": Limn or another tool stores files there.`,
      hint: 'Choose another folder, for example public/images.',
    })
  }
}
