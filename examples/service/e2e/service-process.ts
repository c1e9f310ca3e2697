import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { onTestFinished } from 'vitest'
import type { Tested } from './start.ts'

/** The service in a process of its own. */
export type ServiceProcess = {
  origin: string
  pid: number
  /** What it has printed so far. */
  output(): string
  kill(signal: NodeJS.Signals): void
  /** Resolves to the signal or the exit code with which it ends. */
  ended: Promise<NodeJS.Signals | number | null>
}

/** Starts the program as an operator does. @param killOn path before whose change it is killed */
export async function startProcess(
  { folder, settings, env }: Tested,
  killOn?: string,
): Promise<ServiceProcess> {
  const path = join(folder, 'service.json')
  writeFileSync(path, JSON.stringify(settings))
  const hook = pathToFileURL(join(import.meta.dirname, 'kill-on.mjs')).href
  const main = join(import.meta.dirname, '../src/main.ts')
  const args = ['--no-warnings', ...(killOn === undefined ? [] : ['--import', hook]), main, path]
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'], ...env, ...(killOn !== undefined && { KILL_ON: killOn }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
  }
  const ended = once(child, 'exit').then(([code, signal]) => signal ?? code)
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const origin = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      const found = /"origin":"(.*?)"/.exec(output)?.[1]
      if (found !== undefined) resolve(found)
    })
    void ended.then(() => reject(new Error(output)))
  })
  return {
    origin,
    pid: child.pid!,
    output: () => output,
    kill: (signal) => void child.kill(signal),
    ended,
  }
}
