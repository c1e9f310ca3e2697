import type { Input } from '../manifest/manifest.ts'
import type { MaskPolarity } from '../models/servers.ts'

/** A picture that goes to the model with the prompt. */
export type InputPicture = {
  role: Input['role']
  /**
   * PNG, JPEG or WebP. A mask is a PNG of the size of the first picture: alpha 0 is where that may
   * change.
   */
  bytes: Uint8Array
  format: 'png' | 'jpeg' | 'webp'
  /** A mask as an opaque grey PNG, for servers that go by white or by black. */
  masks?: Partial<Record<MaskPolarity, Uint8Array>>
}
