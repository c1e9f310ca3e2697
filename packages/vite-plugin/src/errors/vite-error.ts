import { join } from 'node:path'
import type { ErrorCode } from '@limn/core'
import { LimnError, ManifestError } from '@limn/core/for-vite/start'
import { type Located, viteFrame } from './locate.ts'

/** An error as Vite's overlay and the build's output show it: with file, place and code frame. */
export type ViteError = Error & {
  plugin: string
  id?: string
  loc?: { file: string; line: number; column: number }
  frame?: string
}

/** What to do where the hint of the failure itself speaks of the command line's options. */
const HINTS: Readonly<Partial<Record<ErrorCode, string>>> = {
  'manifest/not-found':
    "Run `limn init` there to write one, or say where it is: limn({ manifest: '../images.yaml' }).",
}

/**
 * Brings a failure of Limn into Vite's shape. Anything else comes back as it is.
 *
 * @param where where in the user's code it comes from, where that is known
 */
export function toViteError(error: unknown, root: string, where?: Located | { id: string }): Error {
  if (error instanceof ManifestError) {
    const [first, ...rest] = error.diagnostics.filter(({ severity }) => severity === 'error')
    const lines = [first!, ...rest].map(
      ({ message, hint, place }) =>
        `${place.file}:${place.line}:${place.column} ${message}${hint === undefined ? '' : ` ${hint}`}`,
    )
    const { place, frame } = first!
    const file = join(root, place.file)
    return shape(lines.join('\n'), {
      id: file,
      loc: { file, line: place.line, column: place.column },
      ...(frame === undefined ? {} : { frame: viteFrame(frame) }),
    })
  }
  if (error instanceof LimnError) {
    const hint = HINTS[error.code] ?? error.hint
    return shape(hint === undefined ? error.message : `${error.message}\n${hint}`, where ?? {})
  }
  return error instanceof Error ? error : new Error(String(error))
}

function shape(message: string, rest: Omit<ViteError, 'name' | 'message' | 'plugin'>): ViteError {
  // The stack would point into Limn, and the mistake is elsewhere.
  return Object.assign(new Error(message), { plugin: 'limn', stack: '', ...rest })
}
