import { LimnError } from '../../errors.ts'
import { redactSecrets, toOneLine } from '../../safe-text.ts'
import { redactKeys } from '../http/redact-keys.ts'
import { CHECK_USAGE, ProviderError } from '../provider.ts'
import type { ProgramEnd } from './run-program.ts'

/** What an explanation of a failed program needs to know. */
export type CommandFacts = {
  /** Name of the provider. */
  provider: string
  timeoutMs: number
  /** Whether a picture has a price, or may have one. */
  mayCost: boolean
  /** Values that no message may show. */
  secrets: readonly string[]
}

/** Exit codes with a meaning, from sysexits.h. */
const exitCodes = {
  /** The program rejects the request, and would reject it again. */
  refused: 65,
  /** The program made nothing, and a later attempt may succeed. */
  later: 75,
} as const

/** Longest text of a program in a message, characters. */
const MAX_TEXT = 300

/** Whether a program ended as one that has written its pictures. */
export function isSuccess({ code, stopped }: ProgramEnd): boolean {
  return code === 0 && stopped === undefined
}

/** Explains how a program failed. `end` is not a success. */
export function explainEnd(end: ProgramEnd, facts: CommandFacts): LimnError {
  const { provider, timeoutMs } = facts
  const { code, killedBy, stopped, failure } = end
  if (failure !== undefined) {
    const reason = toOneLine(redactSecrets(failure.message, facts.secrets))
    return new ProviderError(
      'command/not-found',
      `The program of "${provider}" can't be started: ${reason}.`,
      { hint: 'Run the program by hand to see why, or change `command`.', isUnsent: true },
    )
  }
  if (stopped === 'aborted') {
    return new LimnError('aborted', 'The run was stopped before the picture was finished.')
  }
  if (stopped === 'timeout') {
    return uncertain('provider/timeout', facts, {
      message: `The program of "${provider}" took longer than ${timeoutMs / 1000} s, and Limn stopped it`,
      hint: 'Raise `timeout` of the provider, or make the program faster.',
    })
  }
  if (stopped === 'too-large') {
    return uncertain('provider/bad-answer', facts, {
      message: `The program of "${provider}" wrote too much, and Limn stopped it`,
      hint: 'Write only finished pictures to the folder, at most 100 files and 512 MB.',
    })
  }
  const said = lastWords(end, facts.secrets)
  if (code === exitCodes.refused) {
    return new ProviderError(
      'provider/refused',
      sentence(`The program of "${provider}" rejects the request`, said),
      { hint: 'Change what the message names in the manifest.' },
    )
  }
  const how = killedBy === null ? `failed with exit code ${code}` : `was ended by ${killedBy}`
  const message = sentence(`The program of "${provider}" ${how}`, said)
  if (code === exitCodes.later) {
    return new ProviderError('provider/server', message, {
      hint: 'Run the command again later.',
      retry: {},
      isUnsent: true,
    })
  }
  return uncertain('provider/server', facts, {
    message: message.slice(0, -1),
    hint: 'Fix the program, then run the command again.',
  })
}

/** Explains why the folder of a program that ended well has no pictures. */
export function explainNoPictures(
  problem: string,
  end: ProgramEnd,
  facts: CommandFacts,
): ProviderError {
  const said = lastWords(end, facts.secrets)
  return uncertain('provider/bad-answer', facts, {
    message: sentence(toOneLine(problem), said).slice(0, -1),
    hint: 'Write finished pictures to `folder`, with an ending such as .png; exit with 65 to reject a request.',
  })
}

/** Creates the error of a request whose picture may have been paid for, if it has a price. */
function uncertain(
  code: ProviderError['code'],
  { mayCost }: CommandFacts,
  { message, hint }: { message: string; hint: string },
): ProviderError {
  return mayCost
    ? new ProviderError(code, `${message}. The picture may have been billed.`, {
        hint: `${hint} ${CHECK_USAGE}`,
        isUncertain: true,
      })
    : new ProviderError(code, `${message}.`, { hint, isUnsent: true })
}

/**
 * Returns the last lines of what a program printed, made safe to show: of standard error, or of
 * standard output if there is nothing else.
 */
function lastWords({ stderr, stdout }: ProgramEnd, secrets: readonly string[]): string {
  const text = isText(stderr) ? stderr : isText(stdout) ? stdout : ''
  const lines = redactSecrets(text, secrets)
    .trimEnd()
    .split(/\s*[\r\n]+/)
  let kept = lines.pop() ?? ''
  while (lines.length > 0 && kept.length + lines.at(-1)!.length < MAX_TEXT) {
    kept = `${lines.pop()!} ${kept}`
  }
  return redactKeys(kept.slice(-MAX_TEXT), '')
}

/** Whether a text can be shown: bytes that are no text become replacement characters. */
function isText(text: string): boolean {
  const unreadable = text.match(/[\uFFFD\0]/g)?.length ?? 0
  return text.trim() !== '' && unreadable <= text.length / 20
}

function sentence(start: string, said: string): string {
  return said === '' ? `${start}.` : `${start}: ${said.replace(/[.!]?$/, '.')}`
}
