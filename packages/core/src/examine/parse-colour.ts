import type { Verdict } from '../lock/verdict.ts'
import type { ExpectationName } from '../manifest/expectations.ts'

/** A colour in sRGB: channels from 0 to 255, alpha from 0 to 1. */
export interface Colour {
  red: number
  green: number
  blue: number
  alpha: number
}

const HEX = /^#(?:[\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/i
/** How much of a text that is no colour a message shows. */
const MAX_LENGTH = 100

/** Parses a colour in hex digits, with or without alpha. @returns `undefined` for other texts */
export function parseColour(text: string): Colour | undefined {
  if (!HEX.test(text)) return undefined
  const digits = text.slice(1)
  const long = digits.length < 6 ? [...digits].map((digit) => digit + digit).join('') : digits
  const number = Number.parseInt(long.slice(0, 6), 16)
  const alpha = long.length === 8 ? Number.parseInt(long.slice(6), 16) / 255 : 1
  return { red: number >> 16, green: (number >> 8) & 255, blue: number & 255, alpha }
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
