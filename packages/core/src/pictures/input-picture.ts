import type { Input } from '../manifest/manifest.ts'
import type { MaskPolarity } from '../models/servers.ts'

/** A picture that is sent to the model with the prompt. */
export type InputPicture = {
  role: Input['role']
  /**
   * PNG, JPEG or WebP. A mask is a PNG of the first picture's size; the model may change the areas
   * where its alpha is 0. Markup is a PNG of that size, too, with transparent areas.
   */
  bytes: Uint8Array
  format: 'png' | 'jpeg' | 'webp'
  /** The mask as opaque grey PNGs, for servers that read white or black instead of alpha. */
  masks?: Partial<Record<MaskPolarity, Uint8Array>>
}
