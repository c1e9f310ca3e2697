import type { Output } from '../manifest/manifest.ts'

/** Formats whose outputs are animated if the master is. */
const moving: ReadonlySet<Output['format']> = new Set(['webp', 'gif'])

/** Describes that an animated picture has only outputs that stand still. */
export function motionNotes(outputs: readonly Output[], isAnimated: boolean): string[] {
  if (!isAnimated || outputs.length === 0) return []
  return outputs.some(({ format }) => moving.has(format))
    ? []
    : ['The picture is animated, and all its outputs stand still. Add webp or gif to `formats`.']
}
