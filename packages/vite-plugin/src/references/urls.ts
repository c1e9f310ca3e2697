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

/** A file as a text that stands for itself. */
export function toDataUrl(bytes: Uint8Array, format: Format): string {
  return `data:${mimeByFormat[format]};base64,${Buffer.from(bytes).toString('base64')}`
}
