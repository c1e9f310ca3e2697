import type { Format } from '@limn/core/for-vite'

export const mimeByFormat: Readonly<Record<Format, string>> = {
  avif: 'image/avif',
  webp: 'image/webp',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  svg: 'image/svg+xml',
  ico: 'image/x-icon',
}

/** Encodes a file as a data URL. */
export function toDataUrl(bytes: Uint8Array, format: Format): string {
  return `data:${mimeByFormat[format]};base64,${Buffer.from(bytes).toString('base64')}`
}

/** Decodes percent-encoding; returns malformed text unchanged. */
export function decodeUri(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
