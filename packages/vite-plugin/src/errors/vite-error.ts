import { join } from 'node:path'
import type { Diagnostic, ErrorCode } from '@limn/core'
import { LimnError, ManifestError, replaceUnprintable, toOneLine } from '@limn/core/for-vite/start'
import type { Context } from '../context.ts'
import { nameOwnCommands } from '../log.ts'
import { type FileLocation, viteFrame } from './locate.ts'

/** An error as Vite's overlay and the build's output show it: with file, location and code frame. */
export type ViteError = Error & {
  plugin: string
  id?: string
  loc?: { file: string; line: number; column: number }
  frame?: string
}

/** Hints for errors whose own hint names a command-line option. */
const hintByCode: Readonly<Partial<Record<ErrorCode, string>>> = {
  'manifest/not-found':
    "Run `limn init` there to create it, or set its path: limn({ manifest: '../images.yaml' }).",
}

/** Errors whose cause is the place in the project's files, not the code that Vite is reading. */
const codesWithPlace: readonly ErrorCode[] = ['provider/no-consent', 'config/not-trusted']

/**
 * Converts an error of Limn to Vite's shape, without what a terminal would act on. Returns any
 * other error unchanged, unless its message contains that too.
 *
 * @param root the project's root, absolute
 * @param location the place in the user's code that caused a `LimnError`
 */
export function toViteError(error: unknown, root: string, location?: FileLocation): Error {
  if (error instanceof ManifestError) {
    return fromDiagnostics(
      error.diagnostics.filter(({ severity }) => severity === 'error'),
      root,
    )
  }
  if (error instanceof LimnError) {
    const hint = hintByCode[error.code] ?? error.hint
    const hasPlace = error.location !== undefined && codesWithPlace.includes(error.code)
    const message = hasPlace ? `${error.location} ${error.message}` : error.message
    // `build/verify.ts` lists one picture per line.
    const lines = error.code === 'plan/stale' ? message.split('\n') : [message]
    if (hint !== undefined) lines.push(hint)
    return createViteError(lines.map(toOneLine).join('\n'), location ?? {})
  }
  const other = error instanceof Error ? error : new Error(String(error))
  return replaceUnprintable(other.message) === other.message
    ? other
    : createViteError(other.message, {})
}

/** Creates one error of several diagnostics. It has the location of the first. */
function fromDiagnostics(diagnostics: readonly Diagnostic[], root: string): ViteError {
  const lines = diagnostics.map(({ message, hint, place }) => {
    const position = `${place.file}:${place.line}:${place.column}`
    return toOneLine(`${position} ${message}${hint === undefined ? '' : ` ${hint}`}`)
  })
  const { place, frame } = diagnostics[0]!
  const file = join(root, place.file)
  return createViteError(lines.join('\n'), {
    id: file,
    loc: { file, line: place.line, column: place.column },
    ...(frame === undefined ? {} : { frame: viteFrame(frame) }),
  })
}

function createViteError(
  message: string,
  { id, loc, frame }: Pick<ViteError, 'id' | 'loc' | 'frame'>,
): ViteError {
  // The stack would point into Limn, but the mistake is in the user's files.
  return Object.assign(new Error(nameOwnCommands(replaceUnprintable(message))), {
    plugin: 'limn',
    stack: '',
    ...(id === undefined ? {} : { id: toOneLine(id) }),
    ...(loc === undefined ? {} : { loc: { ...loc, file: toOneLine(loc.file) } }),
    ...(frame === undefined ? {} : { frame: replaceUnprintable(frame) }),
  })
}

/** Returns a function that logs an error which nothing awaits, so that it does not end the server. */
export function errorLogger({ log, project }: Context): (error: unknown) => void {
  return (error) =>
    log.error(`[limn] ${toViteError(error, project.paths.root).message}`, { timestamp: true })
}
