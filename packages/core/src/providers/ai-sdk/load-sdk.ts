import type * as AiSdk from 'ai'
import { LimnError } from '../../errors.ts'

/** Loads the AI SDK, which the user installs. @throws LimnError `config/invalid` */
export async function loadSdk(): Promise<typeof AiSdk> {
  try {
    const sdk = await import('ai')
    // By default the SDK prints warnings to standard output; a value that the user set is kept.
    const host = globalThis as { AI_SDK_LOG_WARNINGS?: unknown }
    host.AI_SDK_LOG_WARNINGS ??= false
    return sdk
  } catch (error) {
    throw new LimnError(
      'config/invalid',
      'The provider uses models of the AI SDK, but the package `ai` is not installed.',
      { hint: 'Run `npm install --save-dev ai@7`.', cause: error },
    )
  }
}
