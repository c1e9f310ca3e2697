import { process } from '../disk/node-builtins.ts'
import { type Pixels, readPixels } from './pixels.ts'
import { firstLine } from './unreadable-picture.ts'

/*
 * Renders SVGs in a process of its own, which `render-svg.ts` starts and ends: an SVG can take
 * forever, and sharp can't be interrupted within a process.
 */

/** Input of the process. `density` in dpi, default 72. */
export type RenderOrder = { bytes: Uint8Array; density: number | undefined }
/** Output of the process: pixels, or the message of an error. */
export type RenderResult = { pixels: Pixels } | { failure: string }

process.on('message', ({ bytes, density }: RenderOrder) => {
  const rendered = readPixels(bytes, density === undefined ? {} : { density })
  rendered
    .then(
      (pixels): RenderResult => ({ pixels }),
      (error: unknown): RenderResult => ({ failure: firstLine(error) }),
    )
    .then((result) => process.send?.(result))
})

// Ctrl-C goes to this process too, but Limn still stores the pictures that it has received.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
// An exit would wait for the SVG that is being rendered.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
