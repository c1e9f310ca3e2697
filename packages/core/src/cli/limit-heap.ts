import { setFlagsFromString } from 'node:v8'

/**
 * Keeps V8's space for young objects at the size that it has. While pictures come by the hundred it
 * would grow to 128 MB, and what is garbage would stay the longer, the buffers of pictures among
 * it. V8 reads this flag whenever that space would grow, and at no other time.
 */
export function keepYoungHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}
