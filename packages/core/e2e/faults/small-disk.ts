import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { CliResult } from '../cli-process.ts'
import { KEY } from '../test-project.ts'

const bin = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url))

/** Why this machine can't mount a small disk; `undefined` if it can. */
export const smallDiskSkipReason: string | undefined = (() => {
  if (process.platform !== 'linux') return 'only Linux has mount namespaces'
  try {
    execFileSync(
      'unshare',
      ['-rm', 'sh', '-c', 'mount -t tmpfs -o size=1m tmpfs /mnt && command -v nsenter'],
      { stdio: 'ignore' },
    )
    return undefined
  } catch {
    return 'user namespaces or nsenter are not available'
  }
})()

/** A disk of a few megabytes in its own mount namespace. It is unmounted after the test. */
export type SmallDisk = {
  /** Path of the project folder on it, as this process sees it. */
  root: string
  /** Sets its size, MB. */
  resize(megabytes: number): void
  /** Shrinks it to its content: less than a megabyte stays free. */
  shrink(): void
  /** Runs a shell command that sees it as `/mnt`. @returns the standard output */
  run(command: string): string
  /** Starts `limn` in the project folder. The system's temporary folder is on the disk too. */
  limn(args: readonly string[], env: Readonly<Record<string, string>>): { done: Promise<CliResult> }
}

/** Mounts a small disk. */
export async function mountSmallDisk(megabytes: number): Promise<SmallDisk> {
  const holder = spawn(
    'unshare',
    [
      '-rm',
      'sh',
      '-c',
      `mount -t tmpfs -o size=${megabytes}m tmpfs /mnt && mkdir /mnt/site && echo ready && exec sleep 3600`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  onTestFinished(async () => {
    const closed = once(holder, 'close')
    holder.kill('SIGKILL')
    await closed
  })
  await once(holder.stdout, 'data')
  const inside = ['--preserve-credentials', '-U', '-m', '-t', String(holder.pid), '--']
  const run = (command: string): string =>
    execFileSync('nsenter', [...inside, 'sh', '-c', command], { encoding: 'utf8' })
  return {
    root: `/proc/${holder.pid}/root/mnt/site`,
    resize: (size) => void run(`mount -o remount,size=${size}m /mnt`),
    // The content may grow meanwhile, and mount rejects a size below it.
    shrink: () =>
      void run(
        'until mount -o remount,size=$(($(df -m --output=used /mnt | tail -1) + 0))m /mnt 2>/dev/null; do :; done',
      ),
    run,
    limn(args, env) {
      const child = spawn(
        'nsenter',
        [...inside, process.execPath, bin, '-C', join('/mnt', 'site'), ...args],
        {
          env: { PATH: process.env['PATH'], TMPDIR: '/mnt', OPENAI_API_KEY: KEY, ...env },
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      )
      let [stdout, stderr] = ['', '']
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
      return {
        done: once(child, 'close').then(([code]) => ({
          code: code as number | null,
          stdout,
          stderr,
        })),
      }
    },
  }
}
