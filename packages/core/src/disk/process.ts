import { randomUUID } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname, networkInterfaces } from 'node:os'
import { isErrno } from '../errors.ts'
import { process } from './node-builtins.ts'

/** Identifies a process to other processes. Plain data, stored as JSON. */
export type ProcessIdentity = {
  pid: number
  /** Where the pid is valid: `machine()` of the process. */
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

/** What the system reports about where the pids of this process are valid. */
type MachineFacts = {
  host: string
  /** On Linux: the id of the kernel's boot and the pid namespace; `undefined` if they are hidden. */
  linux: { boot: string; namespace: string } | undefined
  /** On other systems: the addresses of the network cards. */
  cards: readonly string[]
}

/**
 * Identifies the processes among which a pid of this process is unique. Hosts and containers may
 * share a name, and all containers that start alike have the same numbers. If the system does not
 * tell them apart, each process counts as a machine of its own: the others then rely on its
 * heartbeat, never on its pid.
 */
export function nameMachine({ host, linux, cards }: MachineFacts): string {
  if (linux !== undefined) return `${host} ${linux.boot} ${linux.namespace}`
  return cards.length > 0 ? [host, ...cards].join(' ') : `${host} ${randomUUID()}`
}

function readMachine(): string {
  const isLinux = process.platform === 'linux'
  return nameMachine({
    host: hostname(),
    linux: isLinux ? readLinux() : undefined,
    cards: isLinux ? [] : readCards(),
  })
}

function readLinux(): MachineFacts['linux'] {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const namespace = readlinkSync('/proc/self/ns/pid')
    // A container may see the `/proc` of its host, where its pids belong to other processes.
    const isOwnProc = readlinkSync('/proc/self') === String(process.pid)
    return isOwnProc && boot !== '' ? { boot, namespace } : undefined
  } catch {
    return undefined
  }
}

function readCards(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((card) => card ?? [])
  const macs = addresses.flatMap(({ internal, mac }) => (internal ? [] : [mac]))
  return [...new Set(macs)].sort()
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
