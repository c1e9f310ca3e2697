import type { Size } from '../../models/size.ts'
import type { Output } from '../manifest.ts'
import type { OutputFile } from '../parse/schema.ts'
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

/** A preset with its changes applied, under the name its files will have. */
export type OutputRule = { name: string | undefined; rule: Preset }

const DEFAULT_SIZE: Size = { width: 1024, height: 1024 }
const DEFAULT_FORMATS: Format[] = ['avif', 'webp', 'jpeg']

/** Each entry of `outputs` as one rule. Unknown presets are left out: a rule tells of them. */
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
 * The size of an entry of `outputs`, px; `undefined` where it keeps the picture's own shape, or is
 * unknown.
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

/** The size that covers every output without scaling up, in px. */
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
  // Where every preset is unknown no rule is left; the diagnostics tell of it.
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

/** The width that a rule's shape is drawn at: its own, or the widest of its list. */
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
  /** The master is a file whose shape is not known yet: an output without a height only shrinks it. */
  keepsShape: boolean
}

/** The height of a box that only its width bounds, px. */
export const UNBOUNDED = 16_384

/** Every file that the rules ask for, in the order they were written. */
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
      // An icon file holds all its sizes, and a drawing has any.
      (isOneFile(format) ? [Math.max(...widths)] : widths).map((width) => ({
        file: `${preset}${rule.widths === undefined || isOneFile(format) ? '' : `-${width}`}.${extensionByFormat[format]}`,
        preset,
        width,
        height: isFree ? UNBOUNDED : Math.max(1, Math.round(width * ratio)),
        format,
        quality: isLossless(format) ? null : (rule.quality ?? defaultQuality[format]),
        // A drawing keeps its own shape.
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

/** JPEG has no transparency: beside formats that have, PNG stands in for it. */
function formatsOf(rule: Preset, transparent: boolean): Format[] {
  const formats = rule.formats ?? DEFAULT_FORMATS
  const keepsJpeg =
    !transparent || rule.background !== undefined || formats.every((format) => format === 'jpeg')
  return [...new Set(formats.map((format) => (format === 'jpeg' && !keepsJpeg ? 'png' : format)))]
}
