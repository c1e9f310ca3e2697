import type { Verdict } from '../lock/verdict.ts'
import type { ExpectationName } from '../manifest/expectations.ts'
import { cssColourNames } from './css-colour-names.ts'

/** A colour in sRGB: channels from 0 to 255, alpha from 0 to 1. */
export interface Colour {
  red: number
  green: number
  blue: number
  alpha: number
}

const HEX = /^#(?:[\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/
const NUMBER = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?`
const RGB = new RegExp(
  String.raw`^rgba?\(\s*(${NUMBER}%?)(?:\s*,\s*|\s+)(${NUMBER}%?)(?:\s*,\s*|\s+)(${NUMBER}%?)(?:\s*[,/]\s*(${NUMBER}%?))?\s*\)$`,
)
/** A colour is short: a longer text is none, whatever it costs to find that out. */
const MAX_LENGTH = 100

/** Parses a colour of CSS: hex digits, `rgb()`, or a name. @returns `undefined` for other texts */
export function parseColour(text: string): Colour | undefined {
  if (text.length > MAX_LENGTH) return undefined
  const colour = text.trim().toLowerCase()
  if (HEX.test(colour)) return parseHex(colour.slice(1))
  const rgb = RGB.exec(colour)
  if (rgb !== null) return parseRgb(rgb.slice(1))
  if (colour === 'transparent') return { red: 0, green: 0, blue: 0, alpha: 0 }
  return Object.hasOwn(cssColourNames, colour) ? fromNumber(cssColourNames[colour]!) : undefined
}

/** Formats a colour of three channels as #rrggbb. */
export function formatColour(red: number, green: number, blue: number): string {
  const number = (Math.round(red) << 16) | (Math.round(green) << 8) | Math.round(blue)
  return `#${number.toString(16).padStart(6, '0')}`
}

/** Returns the verdict on a picture whose expectation has a text that is no colour: it fails. */
export function noColour(test: ExpectationName, text: string): Verdict {
  const reason = `${JSON.stringify(text.slice(0, MAX_LENGTH))} is no colour. Write it as #rrggbb.`
  return { test, passed: false, reason }
}

function parseHex(digits: string): Colour {
  const long = digits.length < 6 ? [...digits].map((digit) => digit + digit).join('') : digits
  const alpha = long.length === 8 ? Number.parseInt(long.slice(6), 16) / 255 : 1
  return { ...fromNumber(Number.parseInt(long.slice(0, 6), 16)), alpha }
}

function fromNumber(number: number): Colour {
  return { red: number >> 16, green: (number >> 8) & 255, blue: number & 255, alpha: 1 }
}

function parseRgb(values: readonly (string | undefined)[]): Colour {
  const [red, green, blue] = values.map((value) => clamp(scale(value, 255), 255))
  const alpha = values[3] === undefined ? 1 : clamp(scale(values[3], 1), 1)
  return { red: red!, green: green!, blue: blue!, alpha }
}

/** Reads a number, or a percentage of `whole`. */
function scale(value: string | undefined, whole: number): number {
  const number = Number.parseFloat(value ?? '0')
  return value?.endsWith('%') === true ? (number / 100) * whole : number
}

function clamp(value: number, max: number): number {
  return Math.min(max, Math.max(0, value))
}
