import type { Size } from '../../models/size.ts'
import type { OutputFile } from '../manifest-file.ts'
import type { Output } from '../manifest.ts'
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

/** A preset with its changes applied, and the name of its files. */
type OutputRule = { name: string | undefined; rule: Preset; isForPages?: boolean }

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
    const { preset, name, ...changes } = typeof entry === 'string' ? { preset: entry } : entry
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
    return [
      { name: name ?? preset, rule: keepShape(rule, base), isForPages: isForPages(name, preset) },
    ]
  })
}

/**
 * Returns the size of an entry of `outputs`, px; `undefined` if it keeps the picture's own shape,
 * or is unknown.
 */
export function shapeOfEntry(
  entry: OutputFile,
  own: Readonly<Record<string, Preset>>,
): Size | undefined {
  const [resolved] = resolveRules([entry], own)
  if (resolved === undefined) return undefined
  const [width, height] = [widthOf(resolved.rule), heightOf(resolved.rule)]
  return width === undefined || height === undefined ? undefined : { width, height }
}

/** Returns the smallest size that covers every output without scaling up, px. */
export function sizeToCover(rules: readonly OutputRule[]): Size {
  const sizes = rules.map(({ rule }) => ({ width: widthOf(rule), height: heightOf(rule) }))
  const shape = largestOf(sizes) ?? DEFAULT_SIZE
  // No rule is left if every preset is unknown, which a check reports.
  if (sizes.length === 0) return shape
  const complete = sizes.map(({ width = shape.width, height }) => ({
    width,
    height: height ?? Math.round((width * shape.height) / shape.width),
  }))
  return {
    width: Math.max(...complete.map(({ width }) => width)),
    height: Math.max(...complete.map(({ height }) => height)),
  }
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
}

/** Returns every file of some rules, in their order. */
export function resolveOutputs(rules: readonly OutputRule[], context: OutputContext): Output[] {
  return rules.flatMap((outputRule) => {
    const { rule } = outputRule
    const widths = rule.widths ?? [widthOf(rule) ?? context.size.width]
    return formatsOf(rule, context.transparent).flatMap((format) =>
      // An icon file holds all its sizes, and an SVG has every size.
      (isOneFile(format) ? [Math.max(...widths)] : widths).map((width) =>
        resolveOutput(outputRule, { ...context, widths, width, format }),
      ),
    )
  })
}

type FileContext = OutputContext & { widths: number[]; width: number; format: Format }

function resolveOutput(
  { name, rule, isForPages: isShown = true }: OutputRule,
  context: FileContext,
): Output {
  const { size, transparent, widths, width, format } = context
  const fullWidth = widthOf(rule) ?? size.width
  const fullHeight = heightOf(rule)
  const ratio = fullHeight === undefined ? size.height / size.width : fullHeight / fullWidth
  const isFree = context.keepsShape && fullHeight === undefined
  const preset = name ?? `${fullWidth}x${Math.round(fullWidth * ratio)}`
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
