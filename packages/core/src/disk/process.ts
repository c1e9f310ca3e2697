import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { isErrno } from '../errors.ts'
import { process } from './node-builtins.ts'

/** Identifies a process to other processes. Plain data, stored as JSON. */
export type ProcessIdentity = {
  pid: number
  /** Where the pid is valid: the host, and on Linux its pid namespace (each container has one). */
  machine: string
  /**
   * Start time in the system's own format, which detects a reused pid. `null` where the system does
   * not report it.
   */
  born: string | null
}

/** Returns the identity of this process. */
export function currentProcess(): ProcessIdentity {
  const { pid } = process
  return { pid, machine: machine(), born: statOf(pid)?.born ?? null }
}

/** Returns the numeric id of the current user; `undefined` on Windows. */
export function userId(): number | undefined {
  return process.geteuid?.()
}

/** Parses a stored identity; `undefined` if it is no JSON. */
export function parseProcess(text: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(text) as ProcessIdentity
  } catch {
    return undefined
  }
}

/** A process never changes its machine, and each temporary file's name needs it. */
let cachedMachine: string | undefined

/** Returns the machine that this process runs on, as in `ProcessIdentity`. */
export function machine(): string {
  return (cachedMachine ??= readMachine())
}

function readMachine(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return hostname()
  }
}

/**
 * Returns whether a process of this machine still exists. A stopped process, or one on a sleeping
 * laptop, exists.
 */
export function isAlive({ pid: id, born = null }: { pid: number; born?: string | null }): boolean {
  const stat = statOf(id)
  // A process that ended keeps its pid until its parent reads its exit status (Z).
  if (stat !== undefined) {
    return stat.state !== 'Z' && stat.state !== 'X' && (born === null || stat.born === born)
  }
  try {
    return process.kill(id, 0)
  } catch (error) {
    // EPERM: the process exists and belongs to another user.
    return isErrno(error, 'EPERM')
  }
}

/**
 * Reads state and start time of a process on Linux; `undefined` on other systems, or if there is no
 * such process. See proc_pid_stat(5).
 */
function statOf(id: number): { state: string; born: string } | undefined {
  try {
    const text = readFileSync(`/proc/${id}/stat`, 'utf8')
    // The second field is the program's name in brackets, which may contain spaces and brackets.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0]!, born: fields[19]! }
  } catch {
    return undefined
  }
}
