import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { isErrno } from '../errors.ts'
import { process } from './node-builtins.ts'

/** A process as another one can look for it. Plain data. */
export type ProcessMark = {
  pid: number
  /**
   * Where that pid means something: the host, and on Linux its pid namespace, which each container
   * has of its own.
   */
  machine: string
  /**
   * When it started, in the system's own words, so that a pid that was given away again is told
   * apart. `null` where that can't be known.
   */
  born: string | null
}

/** This process. */
export function thisProcess(): ProcessMark {
  const { pid } = process
  return { pid, machine: machine(), born: statOf(pid)?.born ?? null }
}

/** The number of the user who runs this; `undefined` on Windows, which has none. */
export function userId(): number | undefined {
  return process.geteuid?.()
}

/** A process as it was written down; `undefined` where that is damaged. */
export function parseMark(text: string): ProcessMark | undefined {
  try {
    return JSON.parse(text) as ProcessMark
  } catch {
    return undefined
  }
}

let known: string | undefined

/** Where this process runs. It runs there to its end: looked up once. */
export function machine(): string {
  return (known ??= lookUpMachine())
}

function lookUpMachine(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return hostname()
  }
}

/**
 * Whether a process of this machine is there still. One that was stopped, or sleeps with its
 * laptop, is.
 */
export function isAlive({ pid: id, born = null }: { pid: number; born?: string | null }): boolean {
  const stat = statOf(id)
  // One that has ended and that nobody asked after keeps its pid (Z).
  if (stat !== undefined) {
    return stat.state !== 'Z' && stat.state !== 'X' && (born === null || stat.born === born)
  }
  try {
    return process.kill(id, 0)
  } catch (error) {
    // One of another user may not be signalled, but is there.
    return isErrno(error, 'EPERM')
  }
}

/**
 * What Linux tells of a process; `undefined` elsewhere, or where there is none. See
 * proc_pid_stat(5).
 */
function statOf(id: number): { state: string; born: string } | undefined {
  try {
    const text = readFileSync(`/proc/${id}/stat`, 'utf8')
    // The second field is the program's name in brackets, and may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0]!, born: fields[19]! }
  } catch {
    return undefined
  }
}
