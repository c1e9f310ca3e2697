import { LimnError } from '../errors.ts'

/** `820 B`, `24 KB`, `1.2 MB`; a kilobyte is 1000 bytes. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  return bytes < 1e6 ? `${Math.round(bytes / 1000)} KB` : `${(bytes / 1e6).toFixed(1)} MB`
}

/** `+24 KB`, `−820 B`, `±0 B`. */
export function formatGrowth(bytes: number): string {
  if (bytes === 0) return '±0 B'
  return `${bytes > 0 ? '+' : '−'}${formatBytes(Math.abs(bytes))}`
}

const UNITS: Readonly<Record<string, number>> = { '': 1, B: 1, KB: 1e3, MB: 1e6, GB: 1e9 }

/**
 * Parses the value of an option: `500000`, `500KB` or `1.5 MB`.
 *
 * @throws LimnError `usage`
 */
export function parseBytes(option: string, value: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?) ?([KMG]?B)?$/i.exec(value.trim()) ?? []
  if (number !== undefined) return Number(number) * UNITS[(unit ?? '').toUpperCase()]!
  throw new LimnError('usage', `--${option} requires a number of bytes, but it is "${value}".`, {
    hint: `Write it as --${option} 200KB.`,
  })
}
