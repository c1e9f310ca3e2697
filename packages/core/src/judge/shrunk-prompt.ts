import type { JudgePrompt } from './question.ts'
import { shrinkPicture } from './shrink-picture.ts'

/** A prompt whose pictures have the size and type in which they are sent. */
export type ShrunkPrompt = Omit<JudgePrompt, 'parts'> & {
  parts: readonly ({ text: string } | { bytes: Buffer; mimeType: string })[]
}

/** What a call is made from. */
export type JudgeCall = {
  prompt: ShrunkPrompt
  /** The server's name of the model. */
  model: string
  /** Whether it is a model of OpenAI that Limn knows: they think before they answer. */
  isKnown: boolean
  /** Whether the server takes the fields of OpenAI's newest models. */
  isOpenAI: boolean
}

/**
 * Makes the pictures of a prompt smaller, one after the other: the pixels of each are in memory.
 *
 * @throws LimnError `picture/unreadable`; the reason of `signal`
 */
export async function shrinkPrompt(
  { parts, ...rest }: JudgePrompt,
  signal?: AbortSignal,
): Promise<ShrunkPrompt> {
  const shrunk: ShrunkPrompt['parts'][number][] = []
  for (const part of parts) {
    shrunk.push('text' in part ? part : await shrinkPicture(part.picture, signal))
  }
  return { ...rest, parts: shrunk }
}

/** Returns a picture as a `data:` URL. */
export function toDataUrl({ bytes, mimeType }: { bytes: Buffer; mimeType: string }): string {
  return `data:${mimeType};base64,${bytes.toString('base64')}`
}
