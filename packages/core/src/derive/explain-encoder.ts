import { LimnError } from '../errors.ts'
import type { Output } from '../manifest/manifest.ts'

/** Returns the error of an encoder; one that says that a picture is too large names the output. */
export function explainEncoder(error: unknown, { file, format }: Output): unknown {
  const text = error instanceof Error ? error.message : ''
  const edge = /Maximum supported image dimension|too large for the \w+ format/.test(text)
  if (!edge) return error
  return new LimnError(
    'output/too-large',
    `${file} has a longer edge than a file of its format can have.`,
    { hint: `Leave ${format} out of its formats, or make it smaller.`, cause: error },
  )
}
