import {
  type Insets,
  type Overlay,
  type OverlayFile,
  parsePackageFont,
  type TextFile,
} from '../overlay.ts'
import type { Scalar } from '../scalar.ts'
import { fillTemplate, type Vars } from './fill-template.ts'
import { normalizePath } from './paths.ts'
import { namesOf } from './styles.ts'

/** What an overlay is resolved for. */
export type OverlayContext = {
  /** Variables of the asset. */
  vars: Vars
  /** The values of `each` that the file is for. */
  values: Readonly<Record<string, Scalar>>
  /** Scale of the file, relative to the full width of the output. */
  scale: number
  /** The part that every client shows; `undefined` if it is all of it. */
  safe: Insets | undefined
}

const DEFAULT_WEIGHT = 700
const DEFAULT_PADDING = 0.06
/** Strength of `shade: true`: white text keeps a contrast of 4.5 on a white picture. */
const DEFAULT_SHADE = 0.6
/** Luma above which a text is light, 0 to 255. */
const LIGHT = 140

/** Fills in the defaults and the variables of an overlay. */
export function resolveOverlay(written: OverlayFile | string, context: OverlayContext): Overlay {
  const overlay = typeof written === 'string' ? { text: written } : written
  const problems: string[] = []
  const pick = (name: string, text: TextFile): string => {
    const picked = pickText(text, context)
    if (picked === undefined) problems.push(explainPick(name, text, context))
    return picked ?? ''
  }
  if (overlay.text !== undefined && overlay.template !== undefined) {
    problems.push('it has both `text` and `template`.')
  }
  const own = Object.fromEntries(
    Object.entries(overlay.vars ?? {}).map(([name, text]) => [name, pick(name, text)]),
  )
  const vars: Vars = { ...context.vars, ...context.values, ...own }
  const { text, unknown } = fillTemplate(
    overlay.text === undefined ? '' : pick('text', overlay.text),
    vars,
  )
  if (unknown.length > 0) problems.push(`{{${unknown[0]}}} is not defined.`)
  const color = longColour(overlay.color ?? '#ffffff')
  return {
    text: overlay.template === undefined ? text.normalize('NFC') : null,
    template: overlay.template === undefined ? null : normalizePath(overlay.template),
    values: overlay.template === undefined ? {} : textsOf(vars),
    files: (overlay.files ?? []).map(normalizePath),
    fonts: namesOf(overlay.font).map((font) =>
      parsePackageFont(font) === undefined ? normalizePath(font) : font,
    ),
    size: overlay.size === undefined ? null : Math.round(overlay.size * context.scale * 100) / 100,
    color,
    weight: overlay.weight ?? DEFAULT_WEIGHT,
    position: overlay.position ?? null,
    padding: overlay.padding ?? DEFAULT_PADDING,
    shade: resolveShade(overlay.shade, color),
    logo: overlay.logo === undefined ? null : normalizePath(overlay.logo),
    safe: overlay.safe === false ? null : (context.safe ?? null),
    lang: languageOf(vars),
    ...(problems.length === 0 ? {} : { problem: problems[0]! }),
  }
}

/** Returns a text, or that for one of the values of `each`, or of the asset's own variables. */
function pickText(text: TextFile, { vars, values }: OverlayContext): string | undefined {
  if (typeof text !== 'object') return String(text)
  const key = [...Object.values(values), ...Object.values(vars)]
    .filter((value) => !Array.isArray(value))
    .map(String)
    .find((value) => Object.hasOwn(text, value))
  return key === undefined ? undefined : String(text[key])
}

function explainPick(name: string, text: TextFile, { values }: OverlayContext): string {
  const wanted = Object.values(values).map(String)
  const known = Object.keys(text as object).join(', ')
  return wanted.length === 0
    ? `\`${name}\` has texts for ${known}, but the output has no \`each\` with such values.`
    : `\`${name}\` has no text for ${wanted.join(', ')}, only for ${known}.`
}

function textsOf(vars: Vars): Record<string, string> {
  return Object.fromEntries(
    Object.entries(vars).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : String(value),
    ]),
  )
}

function languageOf({ lang }: Vars): string | null {
  return typeof lang === 'string' && /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i.test(lang) ? lang : null
}

function resolveShade(shade: OverlayFile['shade'], color: string): Overlay['shade'] {
  if (shade === false || shade === 0) return null
  const opposite = lumaOf(color) > LIGHT ? '#000000' : '#ffffff'
  if (typeof shade === 'string') return { color: longColour(shade), strength: DEFAULT_SHADE }
  return { color: opposite, strength: typeof shade === 'number' ? shade : DEFAULT_SHADE }
}

function lumaOf(color: string): number {
  const value = Number.parseInt(color.slice(1), 16)
  return 0.2126 * (value >> 16) + 0.7152 * ((value >> 8) & 255) + 0.0722 * (value & 255)
}

/** Returns a colour as `#rrggbb`, in lower case. */
function longColour(color: string): string {
  const digits = color.slice(1).toLowerCase()
  return digits.length === 3
    ? `#${[...digits].map((digit) => digit + digit).join('')}`
    : `#${digits}`
}
