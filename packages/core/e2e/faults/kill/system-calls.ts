import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Copy } from './copy.ts'

/*
 * The states that a kill at each system call leaves. strace stops the process after each call, with
 * all its threads; a process that is killed there leaves just the files that a copy has then. So one
 * run gives the states of all kills, whatever the file system, and misses no call.
 */

/** System calls that change files. */
const CHANGES =
  'open,openat,creat,write,writev,pwrite64,pwritev,rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,mkdir,mkdirat,rmdir,truncate,ftruncate,copy_file_range,utimensat'

const strace = ['/usr/bin/strace', '/bin/strace'].find((path) => existsSync(path))

/** Returns why system calls can't be traced here; `undefined` if they can. */
export function whyNoTraces(): string | undefined {
  if (strace === undefined) return 'there is no strace'
  const { status, stderr } = spawnSync(strace, ['-f', '-qq', '--trace=none', 'true'], {
    encoding: 'utf8',
  })
  return status === 0 ? undefined : `strace may not trace: ${stderr.trim()}`
}

/** A state, and the system call after which the command left it. */
export type CallState = { call: string; copy: Copy }

/**
 * Runs a command in a copy of a project.
 *
 * @returns every different state that a kill between two of its system calls leaves, in order
 */
export async function statesAfterCalls(copy: Copy, args: readonly string[]): Promise<CallState[]> {
  const states: CallState[] = []
  const seen = new Set([fingerprint(copy.folder)])
  const onReport = readReports((call) => {
    const print = fingerprint(copy.folder)
    if (seen.has(print)) return
    seen.add(print)
    states.push({ call, copy: copy.copy() })
  })
  const { code, stderr } = await copy.run(args, {
    // The compile cache is not a file of the project.
    env: { NODE_DISABLE_COMPILE_CACHE: '1' },
    wrapper: [
      strace!,
      '-f',
      '-qq',
      '--output=|cat >&3',
      `--trace=${CHANGES}`,
      `--inject=${CHANGES}:signal=SIGSTOP`,
    ],
    onReport,
  })
  if (code !== 0) throw new Error(`The command ends with ${code} under strace: ${stderr}`)
  if (states.length === 0) throw new Error('strace has reported no system call that changes a file')
  return states
}

/** A call that opens a file that exists, or that failed. */
const CHANGES_NOTHING = /^open(at)?\((?!.*\bO_CREAT\b)| = -1 E/

/** Reads the output of strace, and continues each process after each stop. */
function readReports(onStop: (call: string) => void): (chunk: string) => void {
  const callByThread = new Map<string, string>()
  /** The process of each thread that got the signal, until the process has stopped. */
  const stopping = new Map<string, string>()
  let root: string | undefined
  const stopped = (thread: string): void => {
    const pid = stopping.get(thread)
    // Threads without the signal stop too.
    if (pid === undefined) return
    for (const [other, itsPid] of stopping) if (itsPid === pid) stopping.delete(other)
    const call = callByThread.get(thread) ?? ''
    if (pid === root && !CHANGES_NOTHING.test(call)) {
      waitUntilStopped(pid)
      onStop(call)
    }
    process.kill(Number(pid), 'SIGCONT')
  }
  const read = (line: string): void => {
    const [, thread, report] = /^(\d+) +(.*)$/.exec(line) ?? []
    if (thread === undefined) return
    root ??= thread
    if (!report!.startsWith('---')) callByThread.set(thread, report!)
    else if (report!.startsWith('--- SIGSTOP')) stopping.set(thread, processOf(thread))
    else if (report!.startsWith('--- stopped by')) stopped(thread)
  }
  let rest = ''
  return (chunk) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop()!
    for (const line of lines) read(line)
  }
}

function processOf(thread: string): string {
  return /^Tgid:\s+(\d+)$/m.exec(readFileSync(`/proc/${thread}/status`, 'utf8'))![1]!
}

/** Waits until every thread of a process is stopped. Others follow the first one at once. */
function waitUntilStopped(pid: string): void {
  const isStopped = (thread: string): boolean => {
    const stat = statOf(pid, thread)
    return stat === undefined || /^[tTZX]$/.test(stat.slice(stat.lastIndexOf(')') + 2)[0]!)
  }
  const end = performance.now() + 10_000
  while (!readdirSync(`/proc/${pid}/task`).every(isStopped)) {
    if (performance.now() > end) throw new Error('A thread of the stopped process keeps running')
  }
}

/** Returns the state of a thread as Linux writes it; `undefined` once the thread has ended. */
function statOf(pid: string, thread: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8')
  } catch (error) {
    if (/ENOENT|ESRCH/.test((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
}

/** Returns a digest of the names and contents of all files below a folder. */
function fingerprint(folder: string): string {
  const hash = createHash('sha256')
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const paths = entries.map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }))
  for (const { entry, path } of paths.sort((a, b) => (a.path < b.path ? -1 : 1))) {
    hash.update(`\0${path}\0`)
    if (entry.isFile()) hash.update(readFileSync(path))
  }
  return hash.digest('hex')
}
