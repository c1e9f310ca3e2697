import type { KeyAccess } from '../providers/key-access.ts'
import type { RawAnswer } from './judge-answer.ts'
import type { JudgePrompt } from './question.ts'

export type JudgeOptions = { signal?: AbortSignal | undefined }

/** A connection to the server of a judge. */
export type JudgeServer = {
  /** Sends one request to the model. */
  ask: (prompt: JudgePrompt, options: JudgeOptions) => Promise<RawAnswer>
  /** What no text may repeat; empty if unknown. */
  apiKey: string
}

/** What a judge may use. */
export type JudgeAccess = {
  access: KeyAccess
  /** Folder of the manifest and of `limn.config.ts`. Absolute. */
  root: string
}
