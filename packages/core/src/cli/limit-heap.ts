import { setFlagsFromString } from 'node:v8'

/**
 * Keeps V8's young generation at its initial size. While many pictures arrive, it would grow to 128
 * MB and collect garbage later, including the buffers of pictures. V8 reads this flag only when the
 * young generation is about to grow.
 */
export function limitHeap(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}
