import type { Size } from '../../models/size.ts'
import type { OutputFile } from '../manifest-file.ts'
import type { Output } from '../manifest.ts'
import {
  defaultQuality,
  extensionByFormat,
  findPreset,
  type Format,
  keepShape,
  type Preset,
  presetsOfName,
  wholePicture,
  wholePictureName,
} from '../presets.ts'

/** A preset with its changes applied, and the name of its files. */
export type OutputRule = { name: string | undefined; rule: Preset }

const DEFAULT_SIZE: Size = { width: 1024, height: 1024 }
const DEFAULT_FORMATS: Format[] = ['avif', 'webp', 'jpeg']

/** Resolves each entry of `outputs` to a rule. Leaves out unknown presets, which a check reports. */
export function resolveRules(
  entries: readonly OutputFile[],
  own: Readonly<Record<string, Preset>>,
): OutputRule[] {
  if (entries.length === 0) return [{ name: wholePictureName, rule: wholePicture }]
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
    // A width alone, or widths alone, replaces the preset's whole list of widths.
    const { widths, ...rest } = base
    const rule = {
      ...('width' in overridden ? rest : { ...rest, widths }),
      ...overridden,
    } as Preset
    return [{ name: name ?? preset, rule: keepShape(rule, base) }]
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

/** Returns the size that covers every output without scaling up, px. */
export function needOf(rules: readonly OutputRule[], written: Size | undefined): Size {
  const shaped = rules.map(({ rule }) => ({ width: widthOf(rule), height: heightOf(rule) }))
  const whole = shaped.filter(
    (size): size is Size => size.width !== undefined && size.height !== undefined,
  )
  const shape =
    written ??
    whole.reduce<Size | undefined>(
      (a, b) => (a === undefined || b.width * b.height > a.width * a.height ? b : a),
      undefined,
    ) ??
    DEFAULT_SIZE
  // No rule is left if every preset is unknown, which a check reports.
  if (shaped.length === 0) return shape
  const wanted = shaped.map(({ width = shape.width, height }) => ({
    width,
    height: height ?? Math.round((width * shape.height) / shape.width),
  }))
  return {
    width: Math.max(...wanted.map(({ width }) => width)),
    height: Math.max(...wanted.map(({ height }) => height)),
  }
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
  /** Whether the master is a file of unknown shape: an output without a height only shrinks it. */
  keepsShape: boolean
}

/** Height of a box that is bounded only by its width, px. */
export const UNBOUNDED = 16_384

/** Returns every file of some rules, in their order. */
export function resolveOutputs(rules: readonly OutputRule[], context: OutputContext): Output[] {
  return rules.flatMap(({ name, rule }) => {
    const full = { width: widthOf(rule) ?? context.size.width, height: heightOf(rule) }
    const ratio =
      full.height === undefined
        ? context.size.height / context.size.width
        : full.height / full.width
    const widths = rule.widths ?? [full.width]
    const isFree = context.keepsShape && full.height === undefined
    const preset = name ?? `${full.width}x${Math.round(full.width * ratio)}`
    return formatsOf(rule, context.transparent).flatMap((format) =>
      // An icon file holds all its sizes, and an SVG has every size.
      (isOneFile(format) ? [Math.max(...widths)] : widths).map((width) => ({
        file: `${preset}${rule.widths === undefined || isOneFile(format) ? '' : `-${width}`}.${extensionByFormat[format]}`,
        preset,
        width,
        height: isFree ? UNBOUNDED : Math.max(1, Math.round(width * ratio)),
        format,
        quality: isLossless(format) ? null : (rule.quality ?? defaultQuality[format]),
        // An SVG keeps its own shape.
        fit: isFree || format === 'svg' ? 'inside' : (rule.fit ?? 'cover'),
        position: rule.position ?? 'attention',
        background:
          rule.background ?? (format === 'jpeg' && context.transparent ? '#ffffff' : null),
        maxBytes: rule.maxBytes ?? null,
        dpi: rule.dpi ?? null,
        padding: rule.padding ?? 0,
        icons: format === 'ico' ? widths.filter((size) => size <= 256) : [],
        provenance: context.provenance && format !== 'ico',
      })),
    )
  })
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
