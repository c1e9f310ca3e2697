import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url))

/** What a job printed, and how it ended. */
type StepResult = { code: number; output: string }

/** A machine on which the steps of a job run. */
export type Machine = {
  /** Runs a script, as a runner does: `bash` stops at the first command that fails. */
  run(script: string, cwd: string, env: Readonly<Record<string, string>>): Promise<StepResult>
}

/**
 * Creates a machine. `npx limn` is this clone's command line, `npm ci` does nothing, and `gh`
 * writes its arguments to `$CALLS`.
 *
 * @param folder for its programs, and for the home of its user
 */
export function createMachine(folder: string): Machine {
  const programs = join(folder, 'bin')
  mkdirSync(programs, { recursive: true })
  const add = (name: string, script: string): void => {
    writeFileSync(join(programs, name), `#!/bin/bash\nset -e\n${script}\n`)
    chmodSync(join(programs, name), 0o755)
  }
  add('npm', '[ "$*" = ci ]')
  add(
    'npx',
    `[ "$1" = --no-install ] && shift\n[ "$1" = limn ] && shift\nexec ${process.execPath} ${bin} "$@"`,
  )
  add('gh', 'echo "$*" >> "$CALLS"')
  const base = {
    PATH: `${programs}:${process.env['PATH']}`,
    HOME: folder,
    CI: 'true',
    CALLS: join(folder, 'calls.txt'),
    GIT_AUTHOR_DATE: '2026-11-30T12:00:00Z',
    GIT_COMMITTER_DATE: '2026-11-30T12:00:00Z',
  }
  return {
    async run(script, cwd, env) {
      const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
        cwd,
        env: { ...base, ...env },
      })
      let output = ''
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => (output += text))
      }
      const [code] = (await once(child, 'close')) as [number | null]
      return { code: code ?? 1, output }
    },
  }
}
