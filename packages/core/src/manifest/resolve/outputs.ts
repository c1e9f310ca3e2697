import type { Size } from '../../models/size.ts'
import { cutsCorners, resolveFinish, turnSize, withOverlap } from '../finish.ts'
import type { OutputFile } from '../manifest-file.ts'
import type { Output } from '../manifest.ts'
import type { OverlayFile } from '../overlay.ts'
import {
  defaultQuality,
  extensionByFormat,
  findPreset,
  type Format,
  isForPages,
  keepShape,
  type Position,
  type Preset,
  UNBOUNDED,
  presetsOfName,
  wholePicture,
  wholePictureName,
} from '../presets.ts'
import { platformSafeArea } from '../safe-area.ts'
import { columnsOf, type RowOutput } from './expand-each-rows.ts'
import { type EachValue, expandEach } from './expand-each.ts'
import type { Vars } from './fill-template.ts'
import { resolveOverlay } from './overlay.ts'

/** A preset with its changes applied, and the name of its files. */
type OutputRule = {
  name: string | undefined
  rule: Preset
  isForPages?: boolean
  /** The preset that it starts from. */
  base?: string | undefined
  /** The values of `each` that it is for. */
  each?: EachValue
}

/** The rules of one asset. */
export type OutputRules = readonly OutputRule[]

const DEFAULT_SIZE: Size = { width: 1024, height: 1024 }
const DEFAULT_FORMATS: Format[] = ['avif', 'webp', 'jpeg']

/** Resolves the outputs of assets. Those that are equal are resolved once, and shared. */
export type OutputResolver = {
  rulesOf(entries: readonly OutputFile[], position: Position | undefined): readonly OutputRule[]
  /** @param rules what `rulesOf` returned */
  outputsOf(rules: readonly OutputRule[], context: OutputContext): Output[]
}

/** Creates a resolver for assets with the same presets. What it returns must not be changed. */
export function createOutputResolver(own: Readonly<Record<string, Preset>>): OutputResolver {
  const rulesByText = new Map<string, OutputRule[]>()
  const outputsByRules = new Map<readonly OutputRule[], Map<string, Output[]>>()
  return {
    rulesOf: (entries, position) =>
      getOrAdd(rulesByText, JSON.stringify([entries, position]), () =>
        resolveRules(entries, own, position),
      ),
    outputsOf(rules, context) {
      const { size, transparent, provenance, keepsShape } = context
      // A text depends on the asset.
      if (rules.some(({ rule }) => rule.overlay !== undefined)) {
        return resolveOutputs(rules, context)
      }
      const byContext = getOrAdd(outputsByRules, rules, () => new Map<string, Output[]>())
      const key = `${size.width} ${size.height} ${transparent} ${provenance} ${keepsShape}`
      return getOrAdd(byContext, key, () => resolveOutputs(rules, context))
    },
  }
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  let value = map.get(key)
  if (value === undefined) map.set(key, (value = create()))
  return value
}

/**
 * Resolves each entry of `outputs` to a rule. Leaves out unknown presets, which a check reports.
 *
 * @param position the part of the picture that crops keep, unless an entry says another
 */
function resolveRules(
  entries: readonly OutputFile[],
  own: Readonly<Record<string, Preset>>,
  position?: Position,
): OutputRule[] {
  if (entries.length === 0) {
    return [{ name: wholePictureName, rule: wholePicture }]
  }
  const single = entries.flatMap((entry): OutputFile[] =>
    typeof entry === 'string' ? [...presetsOfName(entry, own)] : [entry],
  )
  return single.flatMap((entry) => {
    const written = typeof entry === 'string' ? { preset: entry } : entry
    const { preset, name, row: _, ...changes } = written as Partial<RowOutput>
    const base = preset === undefined ? {} : findPreset(preset, own)
    if (base === undefined) return []
    const overridden = Object.fromEntries(
      Object.entries(changes).filter(([, value]) => value !== undefined),
    )
    // A `width` replaces the preset's list of widths.
    const { widths, ...rest } = base
    const rule = {
      ...('width' in overridden ? rest : { ...rest, widths }),
      ...(position === undefined ? {} : { position }),
      ...overridden,
    } as Preset
    const complete = asSquare(keepShape({ ...rule, ...mergeOverlay(base, rule) }, base))
    const columns = columnsOf(entry)
    return expandEach(rule.each).map(({ suffix, values }) => ({
      name: name ?? preset,
      rule: complete,
      isForPages: isForPages(name, preset),
      base: preset,
      each: { suffix, values: { ...columns, ...values } },
    }))
  })
}

/** Returns the overlay of an output: its own settings override those of its preset. */
function mergeOverlay(
  { overlay: base }: Preset,
  { overlay: own }: Preset,
): Pick<Preset, 'overlay'> {
  if (base === undefined || own === undefined || own === base) return {}
  const [below, above] = [base, own].map((each) =>
    typeof each === 'string' ? { text: each } : each,
  ) as [OverlayFile, OverlayFile]
  // A text replaces a template, and the other way round.
  const { text: _, template: __, ...rest } = below
  const isReplaced = above.text !== undefined || above.template !== undefined
  return { overlay: isReplaced ? { ...rest, ...above } : { ...below, ...above } }
}

/** Gives a circle of which only the width is known its height. */
function asSquare(rule: Preset): Preset {
  return rule.circle === true && rule.height === undefined && widthOf(rule) !== undefined
    ? { ...rule, height: widthOf(rule) }
    : rule
}

/**
 * Returns the shape that an entry of `outputs` shows of its picture, px; `undefined` if it keeps
 * the picture's own shape, or is unknown.
 */
export function shapeOfEntry(
  entry: OutputFile,
  own: Readonly<Record<string, Preset>>,
): Size | undefined {
  const [resolved] = resolveRules([entry], own)
  if (resolved === undefined) return undefined
  const { width, height } = shownSize(resolved.rule)
  return width === undefined || height === undefined ? undefined : { width, height }
}

/** Returns the smallest size that covers every output without scaling up, px. */
export function sizeToCover(rules: readonly OutputRule[]): Size {
  const sizes = rules.map(({ rule }) => shownSize(rule))
  const shape = largestOf(sizes) ?? DEFAULT_SIZE
  // No rule is left if every preset is unknown, which a check reports.
  if (sizes.length === 0) return shape
  const complete = sizes.map(({ width, height }) => ({
    width:
      width ?? (height === undefined ? shape.width : scaleEdge(height, shape.height, shape.width)),
    height: height ?? scaleEdge(width ?? shape.width, shape.width, shape.height),
  }))
  return {
    width: Math.max(...complete.map(({ width }) => width)),
    height: Math.max(...complete.map(({ height }) => height)),
  }
}

/** Returns the edge that belongs to another one, in a shape. */
function scaleEdge(edge: number, from: number, to: number): number {
  return Math.round((edge * to) / from)
}

/** Returns whether any rule has a shape of its own. */
export function haveShape(rules: readonly OutputRule[]): boolean {
  return rules.some(({ rule }) => rule.height !== undefined)
}

/** Returns the size with the largest area, the first of equal ones. Ignores sizes without an edge. */
function largestOf(
  sizes: readonly { width: number | undefined; height: number | undefined }[],
): Size | undefined {
  let largest: Size | undefined
  for (const { width, height } of sizes) {
    if (width === undefined || height === undefined) continue
    if (largest === undefined || width * height > largest.width * largest.height) {
      largest = { width, height }
    }
  }
  return largest
}

/** Returns the size of what a rule shows of its picture, before the file is turned, px. */
function shownSize(rule: Preset): { width: number | undefined; height: number | undefined } {
  const { width, height } = turnSize({ width: widthOf(rule), height: heightOf(rule) }, rule.rotate)
  const grow = (edge: number | undefined): number | undefined =>
    edge === undefined || rule.heal === undefined ? edge : withOverlap(edge)
  return { width: grow(width), height: grow(height) }
}

/** Returns the width that determines a rule's shape: its own, or the widest of its list. */
function widthOf(rule: Preset): number | undefined {
  const { width, widths } = rule
  return widths === undefined ? width : Math.max(...widths)
}

function heightOf(rule: Preset): number | undefined {
  const { width, height } = rule
  if (height === undefined) return undefined
  const widest = widthOf(rule)
  return widest === undefined || width === undefined
    ? height
    : Math.round((height * widest) / width)
}

type OutputContext = {
  size: Size
  transparent: boolean
  provenance: boolean
  /** Whether the shape of the master is unknown: an output without a height only shrinks it. */
  keepsShape: boolean
  /** Variables of the asset, for texts. */
  vars: Vars
}

/** Returns every file of some rules, in their order. */
export function resolveOutputs(rules: readonly OutputRule[], context: OutputContext): Output[] {
  return rules.flatMap((outputRule) => {
    const { rule } = outputRule
    const widths = rule.widths ?? [widthOf(rule) ?? context.size.width]
    return formatsOf(rule, context.transparent || cutsCorners(rule)).flatMap((format) =>
      // An icon file holds all its sizes, and an SVG has every size.
      (isOneFile(format) ? [Math.max(...widths)] : widths).map((width) =>
        resolveOutput(outputRule, { ...context, widths, width, format }),
      ),
    )
  })
}

type FileContext = OutputContext & { widths: number[]; width: number; format: Format }

function resolveOutput(
  { name, rule, isForPages: isShown = true, base, each }: OutputRule,
  context: FileContext,
): Output {
  const { size, transparent, widths, width, format } = context
  const fullWidth = widthOf(rule) ?? size.width
  const fullHeight = heightOf(rule)
  const turned = turnSize(size, rule.rotate)
  const ratio = fullHeight === undefined ? turned.height / turned.width : fullHeight / fullWidth
  const isFree = context.keepsShape && fullHeight === undefined
  const own = name ?? `${fullWidth}x${Math.round(fullWidth * ratio)}`
  const preset = `${own}${each?.suffix ?? ''}`
  const finish = resolveFinish(rule, width / fullWidth)
  const suffix = rule.widths === undefined || isOneFile(format) ? '' : `-${width}`
  return {
    file: `${preset}${suffix}.${extensionByFormat[format]}`,
    preset,
    width,
    height: isFree ? UNBOUNDED : Math.max(1, Math.round(width * ratio)),
    format,
    quality: isLossless(format) ? null : (rule.quality ?? defaultQuality[format]),
    // An SVG keeps its own shape.
    fit: isFree || format === 'svg' ? 'inside' : (rule.fit ?? 'cover'),
    position: rule.position ?? 'attention',
    background: rule.background ?? (format === 'jpeg' && transparent ? '#ffffff' : null),
    maxBytes: rule.maxBytes ?? null,
    dpi: rule.dpi ?? null,
    padding: rule.padding ?? 0,
    icons: format === 'ico' ? widths.filter((each) => each <= 256) : [],
    provenance: context.provenance,
    ...(finish === undefined ? {} : { finish }),
    ...(rule.overlay === undefined
      ? {}
      : {
          overlay: resolveOverlay(rule.overlay, {
            vars: context.vars,
            values: each?.values ?? {},
            scale: width / fullWidth,
            safe: platformSafeArea(base, { width, height: width * ratio }),
          }),
        }),
    ...(isShown && format !== 'ico' ? {} : { isForPages: false as const }),
  }
}

function isOneFile(format: Format): boolean {
  return format === 'ico' || format === 'svg'
}

function isLossless(format: Format): format is Exclude<Format, keyof typeof defaultQuality> {
  return !Object.hasOwn(defaultQuality, format)
}

/**
 * Returns the formats to make. PNG replaces JPEG where the picture is transparent, unless JPEG is
 * the only format.
 */
function formatsOf(rule: Preset, transparent: boolean): Format[] {
  const formats = rule.formats ?? DEFAULT_FORMATS
  const keepsJpeg =
    !transparent || rule.background !== undefined || formats.every((format) => format === 'jpeg')
  return [...new Set(formats.map((format) => (format === 'jpeg' && !keepsJpeg ? 'png' : format)))]
}
