import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { process } from '../disk/node-builtins.ts'
import { isErrno, LimnError } from '../errors.ts'

/*
 * A repository may come from anybody, and its `.git/config` names programs. Limn runs only plumbing
 * commands, and `git log`, without hooks, filters, pager and external diff; it switches off what else
 * git could start, passes refs as input, and paths only after `--`.
 */

/** What git may read of the environment. Everything else, such as `GIT_DIR` in a hook, is left out. */
const KEPT_VARIABLES = [
  'PATH',
  'Path',
  'PATHEXT',
  'SystemRoot',
  'HOME',
  'USERPROFILE',
  'HOMEDRIVE',
  'HOMEPATH',
  'XDG_CONFIG_HOME',
  'APPDATA',
  'ProgramData',
  'TMPDIR',
  'TEMP',
]

const FIXED_VARIABLES = {
  LC_ALL: 'C',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  // A partial clone would fetch missing objects with a program that its config names.
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  // Windows would look for `git` in the current folder first.
  NoDefaultCurrentDirectoryInExePath: '1',
}

const FIXED_OPTIONS = ['--no-pager', '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null']

/** Starts a command of git in a folder. `args` contain text of others only after `--`. */
export function startGit(folder: string, args: readonly string[]): ChildProcessWithoutNullStreams {
  const kept = KEPT_VARIABLES.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return spawn('git', [...FIXED_OPTIONS, ...args], {
    cwd: folder,
    env: { ...Object.fromEntries(kept), ...FIXED_VARIABLES },
    windowsHide: true,
  })
}

/** Time limit of a command, ms. */
export const TIME_LIMIT = 60_000
/** Most bytes that are kept of what git reports about a failure. */
const MAX_MESSAGE = 2000

/** What a command printed. */
export type GitResult = { code: number | null; stdout: Buffer; stderr: string }

/**
 * Runs a plumbing command of git to its end.
 *
 * @param options.maxBytes most bytes of its output
 * @throws LimnError `git/not-found`, `git/failed` if it takes too long or prints too much
 */
export async function runGit(
  folder: string,
  args: readonly string[],
  { maxBytes, signal }: { maxBytes: number; signal?: AbortSignal | undefined },
): Promise<GitResult> {
  signal?.throwIfAborted()
  const child = startGit(folder, args)
  const stop = (): unknown => child.kill('SIGKILL')
  const timer = setTimeout(stop, TIME_LIMIT)
  signal?.addEventListener('abort', stop)
  const chunks: Buffer[] = []
  let length = 0
  let stderr = ''
  child.stdin.on('error', () => {}).end()
  child.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk).slice(0, MAX_MESSAGE)))
  child.stdout.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length > maxBytes) stop()
    else chunks.push(chunk)
  })
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', (error) => reject(toGitError(error)))
      child.on('close', resolve)
    })
    signal?.throwIfAborted()
    if (code === null) throw gitFailed(`git ${args[0]} takes too long or prints too much`)
    return { code, stdout: Buffer.concat(chunks), stderr }
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
  }
}

/** Converts an error of starting git. */
export function toGitError(error: unknown): LimnError {
  if (!isErrno(error, 'ENOENT', 'EACCES')) return gitFailed("git can't be started", error)
  return new LimnError('git/not-found', 'Limn found no `git` to run.', {
    hint: 'Install git, and add it to PATH.',
    cause: error,
  })
}

/** Creates the error for a command of git that fails. `what` is the start of a sentence. */
export function gitFailed(what: string, cause?: unknown): LimnError {
  return new LimnError('git/failed', `${what}.`, {
    hint: 'Check the repository with `git fsck`.',
    cause,
  })
}
