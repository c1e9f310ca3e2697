import type { Scalar } from '../scalar.ts'

/** Formats a value as part of a name: `Dark blue` becomes `Dark-blue`. */
export function slug(value: Scalar): string {
  return String(value)
    .normalize('NFC')
    .trim()
    .replace(/[^\p{L}\p{M}\p{N}_-]+/gu, '-')
    .replace(/^-+|-+$/g, '')
}
