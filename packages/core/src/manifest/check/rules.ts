import { posix } from 'node:path'
import { didYouMean } from '../../did-you-mean.ts'
import type { Model, SizeRule } from '../../models/model.ts'
import { findModel } from '../../models/models.ts'
import {
  chooseSize,
  formatSize,
  parseSize,
  sizeRuleOf,
  surelyLegal,
  whyIllegalSize,
} from '../../models/size.ts'
import type { Asset, Input } from '../manifest.ts'
import type { Path } from '../parse/path.ts'
import type { ManifestFile } from '../parse/schema.ts'
import { builtInPresetNames, findPreset, presetsOfName } from '../presets.ts'
import {
  countCombinations,
  type ExpandedAsset,
  MOST_COMBINATIONS,
} from '../resolve/expand-matrix.ts'
import { fillTemplate } from '../resolve/fill-template.ts'
import { builtInStyleNames, findStyle, namesOf, type Style } from '../resolve/styles.ts'
import { findCircles } from './find-cycles.ts'
import { checkAbilities, checkModels, nameOneThat, pathOfField } from './model-rules.ts'
import { checkProviders, checkServerAbilities } from './provider-rules.ts'
import type { Checked, Report, Rule } from './rule.ts'

/** What the schema can't say: one small check a name. Adding a check is adding a name. */
export const rules: readonly Rule[] = [
  checkKinds,
  checkMatrixes,
  checkSources,
  checkInputs,
  checkShapes,
  checkNames,
  checkCollisions,
  checkStyles,
  checkTemplates,
  checkPresets,
  checkOutputFiles,
  checkDrawings,
  checkOut,
  checkProviders,
  checkServerAbilities,
  checkModels,
  checkAbilities,
  checkSizes,
  checkPrompts,
  checkAlt,
]

/** Every picture is drawn from a prompt or cut from a file, not both. */
function checkKinds({ file }: Checked, report: Report): void {
  for (const [name, { prompt, source, edit, variation, references }] of Object.entries(
    file.assets,
  )) {
    if (edit !== undefined && variation !== undefined) {
      report({
        code: 'edit-and-variation',
        path: ['assets', name, 'variation'],
        part: 'key',
        message: `"${name}" is both an edit and a variation.`,
        hint: 'Keep one of them.',
      })
    }
    if (
      source !== undefined &&
      (edit !== undefined || variation !== undefined || references !== undefined)
    ) {
      report({
        code: 'source-and-inputs',
        path: ['assets', name, 'source'],
        part: 'key',
        message: `"${name}" is cut from a file: nothing is asked of a model for it.`,
        hint: 'Leave out `source`, or what would go to the model.',
      })
    }
    if (prompt === undefined && source === undefined && variation === undefined) {
      report({
        code: 'missing',
        path: ['assets', name],
        part: 'key',
        message: `\`prompt\` of "${name}" is missing.`,
        hint: 'Write `prompt:` there, or `source:` with a picture that exists.',
      })
    }
    if (prompt !== undefined && source !== undefined) {
      report({
        code: 'prompt-and-source',
        path: ['assets', name, 'source'],
        part: 'key',
        message: `"${name}" has both a prompt and a source.`,
        hint: 'Keep the prompt to have it generated, or the source to cut outputs from that file.',
      })
    }
  }
}

/** A matrix of a few more lists than meant makes millions of pictures. */
function checkMatrixes({ file }: Checked, report: Report): void {
  for (const [name, { matrix }] of Object.entries(file.assets)) {
    const pictures = matrix === undefined ? 0 : countCombinations(matrix)
    if (pictures > MOST_COMBINATIONS) {
      report({
        code: 'matrix',
        path: ['assets', name, 'matrix'],
        part: 'key',
        message: `The matrix of "${name}" makes ${count(pictures)} pictures, and ${count(MOST_COMBINATIONS)} are the most.`,
        hint: 'Take values out of its lists, or split it into several assets.',
      })
    }
  }
}

function checkSources({ manifest }: Checked, report: Report): void {
  for (const { key, source } of manifest.assets) {
    if (source === null || !leavesRoot(source.path)) continue
    report({
      code: 'path',
      path: ['assets', key, 'source'],
      message: `The source must lie inside the project, and "${source.path}" does not.`,
      hint: 'Copy it into the project, and write its path relative to the manifest.',
    })
  }
}

/** Whether a path is absolute or climbs out of the folder that it is relative to. */
function leavesRoot(path: string): boolean {
  return (
    path === '' ||
    path.startsWith('/') ||
    /^[a-z]:/i.test(path) ||
    path.split('/').includes('..') ||
    path.includes('\0')
  )
}

/**
 * Pictures that go to a model: the ones that are named must be there, and none may depend on
 * itself.
 */
function checkInputs({ manifest }: Checked, report: Report): void {
  const assetByName = new Map(manifest.assets.map((asset) => [asset.name, asset]))
  for (const asset of manifest.assets) {
    for (const { kind, target, role } of asset.inputs) {
      const path = pathOfInput(asset, role)
      if (kind === 'file' && leavesRoot(target)) {
        report({
          code: 'path',
          path,
          message: `Input pictures must lie inside the project, and "${target}" does not.`,
          hint: 'Copy it into the project, and write its path relative to the manifest.',
        })
      }
      if (kind === 'asset' && !assetByName.has(target)) {
        report({
          code: 'unknown-asset',
          path,
          message: `There is no asset "${target}".`,
          hint:
            didYouMean(target, assetByName.keys()) ??
            'Name an asset, or a file as ./photos/shop.png.',
        })
      }
    }
  }
  const next = (name: string): string[] =>
    assetByName
      .get(name)!
      .inputs.filter(({ kind, target }) => kind === 'asset' && assetByName.has(target))
      .map(({ target }) => target)
  const inFileOrder = manifest.assets
    .toSorted((a, b) => a.place.line - b.place.line || a.place.column - b.place.column)
    .map(({ name }) => name)
  for (const circle of findCircles(inFileOrder, next)) {
    const { name, key } = assetByName.get(circle[0]!)!
    report({
      code: 'circle',
      path: ['assets', key],
      part: 'key',
      message: `"${name}" is made from itself: ${wayOf(circle)}.`,
      hint: 'Take one of the pictures out of the circle.',
    })
  }
}

function pathOfInput({ key, operation }: Asset, role: Input['role']): Path {
  if (role === 'reference') return ['assets', key, 'references']
  return [
    'assets',
    key,
    operation === 'variation' ? 'variation' : 'edit',
    role === 'mask' ? 'mask' : 'image',
  ]
}

function checkShapes({ file }: Checked, report: Report): void {
  for (const [name, { shapes, adapt, source, edit, variation }] of Object.entries(file.assets)) {
    if (adapt !== undefined && shapes !== 'separate') {
      report({
        code: 'adapt',
        path: ['assets', name, 'adapt'],
        part: 'key',
        message: '`adapt` says how other shapes are made, and there is only one.',
        hint: 'Write `shapes: separate` beside it.',
      })
    }
    if (shapes === 'separate' && source !== undefined) {
      report({
        code: 'adapt',
        path: ['assets', name, 'shapes'],
        part: 'key',
        message: 'A picture that is cut from a file has one shape.',
        hint: 'Leave `shapes` out.',
      })
    }
    if (adapt !== undefined && (edit !== undefined || variation !== undefined)) {
      report({
        code: 'adapt',
        path: ['assets', name, 'adapt'],
        part: 'key',
        message: "An edit or variation can't be extended as well.",
        hint: 'Leave `adapt` out, or make the shapes assets of their own.',
      })
    }
  }
}

const NAME = /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_-]*(\/[\p{L}\p{N}_][\p{L}\p{M}\p{N}_-]*)*$/u
/** The longest part of a name, bytes of UTF-8: with `.tiff` it stays well below what disks take. */
const LONGEST_SEGMENT = 240
/** Names that Windows keeps for devices, and that JavaScript keeps for itself. */
const RESERVED = /^(con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³]|__proto__|constructor|prototype)$/i

function checkNames({ expanded }: Checked, report: Report): void {
  for (const { name, key } of expanded) {
    const path = ['assets', key]
    if (name !== name.normalize('NFC')) {
      report({
        code: 'name',
        path,
        part: 'key',
        message: `The name "${name}" is not in Unicode's composed form (NFC).`,
        hint: 'Type the accented letters as single letters.',
      })
    } else if (!NAME.test(name)) {
      report({
        code: 'name',
        path,
        part: 'key',
        message: `"${name}" can't be an asset's name.`,
        hint:
          name !== key && NAME.test(key)
            ? 'Each value of a matrix is a part of the name: it needs a letter or digit.'
            : 'Use letters and digits of any script, - and _, in parts joined by /, no part starting with -.',
      })
    } else if (
      name
        .split('/')
        .some((segment) => Buffer.byteLength(segment.normalize('NFC')) > LONGEST_SEGMENT)
    ) {
      report({
        code: 'name',
        path,
        part: 'key',
        message: `A part of the name has ${Math.max(...name.split('/').map((segment) => Buffer.byteLength(segment.normalize('NFC'))))} bytes, and disks take at most 255 with the ending.`,
        hint: `Use at most ${LONGEST_SEGMENT} bytes between two slashes: ${LONGEST_SEGMENT} Latin letters, or ${Math.floor(LONGEST_SEGMENT / 3)} Chinese ones.`,
      })
    } else if (name.split('/').some((segment) => RESERVED.test(segment))) {
      report({
        code: 'name',
        path,
        part: 'key',
        message: `"${name}" is a reserved name.`,
        hint: 'Choose another: some systems or JavaScript keep it for themselves.',
      })
    } else if (name.length > 200) {
      report({
        code: 'name',
        path,
        part: 'key',
        message: `The name is ${name.length} characters long.`,
        hint: 'Use at most 200.',
      })
    }
  }
}

function checkCollisions({ expanded }: Checked, report: Report): void {
  const firstByFolded = new Map<string, ExpandedAsset>()
  const folderByFolded = new Map<string, { folder: string; key: string }>()
  for (const asset of expanded) {
    const { name, key } = asset
    const problem = { code: 'name-collision', path: ['assets', key], part: 'key' } as const
    // Where two folders are one it has the name of the first, and pictures of the second would not be found again.
    const clash = foldersOf(name)
      .map((folder) => ({ folder, first: firstOf(folderByFolded, folder, { folder, key }) }))
      .find(({ folder, first }) => first.folder !== folder)
    const first = firstOf(firstByFolded, name, asset)
    const other = ['assets', clash?.first.key ?? first.key]
    if (clash !== undefined) {
      report({
        ...problem,
        message: `The folders "${clash.folder}" and "${clash.first.folder}" differ only in case: on many disks they are one.`,
        hint: 'Write them alike.',
        other,
      })
    } else if (first === asset) continue
    else if (first.name === name) {
      report({
        ...problem,
        message: `Two entries both stand for a picture named "${name}".`,
        hint: 'Rename one of them, or leave the combination out with `exclude`.',
        other,
      })
    } else {
      report({
        ...problem,
        message: `"${name}" and "${first.name}" differ only in case: on many disks they are one file.`,
        hint: 'Rename one of them.',
        other,
      })
    }
  }
}

/** What first had a name, as disks that do not tell case apart see it. */
function firstOf<T>(firstByFolded: Map<string, T>, name: string, value: T): T {
  const folded = name.normalize('NFC').toLowerCase()
  const first = firstByFolded.get(folded)
  if (first === undefined) firstByFolded.set(folded, value)
  return first ?? value
}

/** The folders on the way to a name, `a` and `a/b` of `a/b/c`. */
function foldersOf(name: string): string[] {
  return [...name.matchAll(/\//g)].map(({ index }) => name.slice(0, index))
}

function checkStyles({ file }: Checked, report: Report): void {
  const own = file.styles ?? {}
  const known = [...Object.keys(own), ...builtInStyleNames]
  const check = (written: string | readonly string[] | undefined, path: Path): void => {
    for (const [index, style] of namesOf(written).entries()) {
      if (findStyle(style, own) !== undefined) continue
      const at = typeof written === 'string' ? path : [...path, index]
      report({
        code: 'unknown-style',
        path: at,
        message: `There is no style "${style}".`,
        hint:
          didYouMean(style, known) ??
          'Define it below `styles:`, or run `limn styles` to see the built-in ones.',
      })
    }
  }
  for (const [name, { style }] of Object.entries(file.assets)) {
    check(style, ['assets', name, 'style'])
  }
  for (const [name, { extends: base }] of Object.entries(own)) {
    check(base, ['styles', name, 'extends'])
  }
  for (const circle of findCircles(Object.keys(own), (name) =>
    Object.hasOwn(own, name) ? namesOf(own[name]!.extends) : [],
  )) {
    const [name] = circle
    report({
      code: 'style-circle',
      path: ['styles', name!, 'extends'],
      message: `The style "${name}" extends itself${circle.length > 1 ? `: ${wayOf(circle)}` : ''}.`,
      hint: 'Take one of the names out of `extends`.',
    })
  }
}

/** A circle as people read it, `a → b → a`. */
function wayOf(circle: readonly string[]): string {
  const names = circle.length > 12 ? [...circle.slice(0, 10), '…'] : circle
  return [...names, circle[0]].join(' → ')
}

/** Styles, and all that they extend. */
function withBases(names: readonly string[], own: Readonly<Record<string, Style>>): string[] {
  const all = new Set(names)
  for (const name of all) {
    if (Object.hasOwn(own, name)) for (const base of namesOf(own[name]!.extends)) all.add(base)
  }
  return [...all]
}

/** Names in templates that stand for nothing. */
function checkTemplates({ file, expanded }: Checked, report: Report): void {
  const told = new Set<string>()
  for (const { key, asset, vars } of expanded) {
    const texts: [Path, string | undefined][] = [
      [['assets', key, 'prompt'], asset.prompt],
      [['assets', key, 'alt'], asset.alt],
      ...withBases(namesOf(asset.style), file.styles ?? {}).flatMap(
        (style): [Path, string | undefined][] => {
          const own = Object.hasOwn(file.styles ?? {}, style) ? file.styles![style]! : {}
          return (['prepend', 'append', 'avoid'] as const).map((part) => [
            ['styles', style, part],
            own[part],
          ])
        },
      ),
    ]
    for (const [path, text] of texts) {
      for (const name of fillTemplate(text ?? '', vars).unknown) {
        if (told.size === told.add(`${path.join('.')} ${name}`).size) continue
        const known = Object.keys(vars)
        report({
          code: 'unknown-variable',
          path,
          message: `Nothing says what {{${name}}} stands for.`,
          hint:
            didYouMean(name, known) ??
            `Define it in \`vars\` or \`matrix\`. Known here: ${known.join(', ')}.`,
        })
      }
    }
  }
}

function checkPresets({ file, scopes }: Checked, report: Report): void {
  const own = file.presets ?? {}
  const known = [...Object.keys(own), ...builtInPresetNames]
  const check = (entries: readonly unknown[] | undefined, path: Path): void => {
    for (const [index, entry] of (entries ?? []).entries()) {
      const preset = typeof entry === 'string' ? entry : (entry as { preset?: string }).preset
      if (preset === undefined) continue
      const isGroup = typeof entry === 'string' && presetsOfName(entry, own).length > 1
      if (isGroup || findPreset(preset, own) !== undefined) continue
      const at = typeof entry === 'string' ? [...path, index] : [...path, index, 'preset']
      report({
        code: 'unknown-preset',
        path: at,
        message: `There is no preset "${preset}".`,
        hint:
          didYouMean(preset, known) ??
          'Run `limn presets` to see them, or write a size, as { width: 640, height: 360 }.',
      })
    }
  }
  for (const { own, path } of scopes) check(own.outputs, [...path, 'defaults', 'outputs'])
  for (const [name, { outputs }] of Object.entries(file.assets)) {
    check(outputs, ['assets', name, 'outputs'])
  }
  for (const name of Object.keys(own)) {
    if (/^[\p{L}\p{N}_-]+$/u.test(name)) continue
    report({
      code: 'name',
      path: ['presets', name],
      part: 'key',
      message: `"${name}" can't be a preset's name.`,
      hint: 'Use letters, digits, - and _.',
    })
  }
}

/** Two outputs of one asset that would write the same file. */
function checkOutputFiles({ file, manifest, scopeOf, profile }: Checked, report: Report): void {
  for (const asset of manifest.assets) {
    const { outputs } = asset
    const path = pathOfField({ file, scopeOf, profile }, asset, 'outputs')
    const reserved = outputs.find(({ preset }) => RESERVED.test(preset))
    if (reserved !== undefined) {
      report({
        code: 'name',
        path,
        part: 'key',
        message: `"${reserved.preset}" is a reserved name.`,
        hint: 'Give the output another: some systems or JavaScript keep it for themselves.',
      })
    }
    const seen = new Set<string>()
    const twice = outputs.find(({ file }) => seen.size === seen.add(file.toLowerCase()).size)
    if (twice === undefined) continue
    report({
      code: 'output-collision',
      path,
      part: 'key',
      message: `Two outputs of ${ownerOfOutputs(file, asset)} would both write ${twice.file}.`,
      hint: 'Remove one, or give it a `name` of its own.',
    })
  }
}

/** Where the outputs of an asset were written, as messages name it. */
function ownerOfOutputs(file: ManifestFile, { key, name }: Asset): string {
  return file.assets[key]?.outputs === undefined ? '`defaults`' : `"${name}"`
}

/** An SVG is a drawing from the start: pixels never become one. */
function checkDrawings({ file, manifest, scopeOf, profile }: Checked, report: Report): void {
  for (const asset of manifest.assets) {
    const { key, source, outputs } = asset
    if (!outputs.some(({ format }) => format === 'svg')) continue
    const isDrawing =
      source === null
        ? (file.assets[key]?.format ?? scopeOf(key).defaults.format) === 'svg'
        : /\.svg$/i.test(source.path)
    if (!isDrawing) {
      report({
        code: 'format',
        path: pathOfField({ file, scopeOf, profile }, asset, 'outputs'),
        part: 'key',
        message: `An output of ${ownerOfOutputs(file, asset)} is SVG, and ${file.assets[key]?.outputs === undefined ? 'a picture that goes by it' : 'its picture'} is made of pixels.`,
        hint: 'Write `format: svg` with a model that draws it, cut from an SVG with `source`, or take svg out of its formats.',
      })
    }
  }
}

function checkOut(
  { file: { out: written = '' }, manifest: { out } }: Checked,
  report: Report,
): void {
  if (out === null) return
  const path = ['out']
  const folder = posix.normalize(out)
  const shown = out === '' ? written : out
  if (leavesRoot(out) || /^\.\/?$/.test(folder)) {
    report({
      code: 'path',
      path,
      message: `\`out\` must be a folder inside the project, and "${shown}" is not.`,
      hint: 'Write it relative to the manifest, as public/images.',
    })
  } else if (/^(images|\.limn|node_modules|\.git)(\/|$)/i.test(folder)) {
    report({
      code: 'path',
      path,
      message: `\`out\` can't be "${shown}": masters or tools keep their files there.`,
      hint: 'Choose another folder, as public/images.',
    })
  }
}

function checkSizes({ file, manifest, scopeOf, profile }: Checked, report: Report): void {
  for (const asset of manifest.assets) {
    const row = findModel(asset.model, manifest.models)
    const size = parseSize(asset.size)
    if (row === undefined || size === undefined || asset.source !== null) continue
    const ruleOf = (model: Model): SizeRule =>
      sizeRuleOf(model, asset.format, asset.settings.frames?.count)
    const why = whyIllegalSize(size, ruleOf(row))
    if (why === undefined) continue
    const isSure = whyIllegalSize(size, surelyLegal(row, asset.format)) !== undefined
    const message = isSure
      ? `${row.id} can't draw ${asset.size}: it ${why}.`
      : `${row.id} may refuse frames of ${asset.size}: others found that with so many it ${why}.`
    report({
      code: 'size',
      severity: isSure ? 'error' : 'warning',
      path: pathOfField({ file, scopeOf, profile }, asset, 'size'),
      message,
      hint: `Write ${formatSize(chooseSize(size, ruleOf(row)))}, or leave \`size\` out: Limn then picks the smallest that covers every output.${nameOneThat('draws it', (model) => model.formats.includes(asset.format) && whyIllegalSize(size, ruleOf(model)) === undefined)}`,
    })
  }
}

function checkPrompts({ file, manifest }: Checked, report: Report): void {
  for (const { name, key, source, prompt, model } of manifest.assets) {
    if (source !== null) continue
    const limit = findModel(model, manifest.models)?.promptLimit ?? Infinity
    const path = ['assets', key, 'prompt']
    if (/[\p{Surrogate}\0]/u.test(prompt)) {
      report({
        code: 'prompt',
        path,
        message: `The prompt of "${name}" holds half a character or a NUL, which no model can read.`,
        hint: 'Take out what \\u… or \\0 stands for there.',
      })
    }
    if (prompt === '' && file.assets[key]?.prompt !== undefined) {
      report({
        code: 'prompt',
        path,
        message: `The prompt of "${name}" is empty.`,
        hint: 'Say what the picture shows.',
      })
    }
    if (prompt.length > limit) {
      report({
        code: 'prompt',
        path,
        message: `The prompt of "${name}" has ${count(prompt.length)} characters with its style, and ${model} takes ${count(limit)}.`,
        hint: `Shorten it by ${count(prompt.length - limit)}.${nameOneThat('takes it', ({ promptLimit }) => promptLimit >= prompt.length)}`,
      })
    }
  }
}

function checkAlt({ file }: Checked, report: Report): void {
  for (const [name, { alt, decorative }] of Object.entries(file.assets)) {
    if (alt === undefined && decorative !== true) {
      report({
        code: 'no-alt',
        severity: 'warning',
        path: ['assets', name],
        part: 'key',
        message: `"${name}" has no \`alt\`.`,
        hint: 'Say what it shows, or write `decorative: true`.',
      })
    } else if (alt !== undefined && alt !== '' && decorative === true) {
      report({
        code: 'alt',
        severity: 'warning',
        path: ['assets', name, 'alt'],
        message: `"${name}" is decorative and has an \`alt\` all the same.`,
        hint: 'Keep one of the two.',
      })
    }
  }
}

/** A number as people read it, 32,000. */
function count(value: number): string {
  return value.toLocaleString('en')
}
