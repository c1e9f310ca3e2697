import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { waitFor } from './browser.ts'

export const repo: string = fileURLToPath(new URL('../../..', import.meta.url))

/** A code block of a page: its language, its label in a group, and its text. */
export type Block = { language: string; label: string; text: string }

/** Returns the code blocks of a page, or of the part of it from one text to another. */
export function readBlocks(page: string, from = '', to?: string): Block[] {
  const start = page.indexOf(from)
  const end = to === undefined ? page.length : page.indexOf(to, start)
  if (start < 0 || end < 0) throw new Error(`The page has no part from "${from}" to "${to}".`)
  return [...page.slice(start, end).matchAll(/```(\w+)(?: \[(.*?)\])?\n([\s\S]*?)```/g)].map(
    ([, language, label = '', text]) => ({ language: language!, label, text: text! }),
  )
}

/** The machine of a new user: a folder with the clone beside new projects, and its programs. */
export type Machine = {
  root: string
  /** Runs a command line, with one major version of Node. @throws Error with the output if it fails */
  run(cwd: string, command: string, node?: number): void
  /** Starts a server. @returns its URL, and a function that ends it */
  serve(cwd: string, command: string, node?: number): Promise<{ url: string; stop(): void }>
  remove(): void
}

/** Creates a machine with npm, pnpm and Yarn. */
export function createMachine(): Machine {
  const root = mkdtempSync(join(tmpdir(), 'limn-new-user-'))
  symlinkSync(repo, join(root, 'limn'), 'junction')
  mkdirSync(join(root, 'bin'))
  writeProgram(join(root, 'bin/pnpm'), 'npx -y pnpm@12')
  writeProgram(join(root, 'bin/yarn'), 'npx -y -p @yarnpkg/cli-dist@4 yarn')
  const environment = (node?: number): NodeJS.ProcessEnv => {
    const { CI: _ci, VITEST: _vitest, NODE_ENV: _mode, FORCE_COLOR: _color, ...env } = process.env
    const own = node === undefined ? join(repo, 'node_modules/.bin') : nodeFolder(root, node)
    const path = [join(root, 'bin'), own, env['PATH']].join(delimiter)
    // npx asks before it downloads a package. Yarn refuses to write a lockfile in CI.
    return { ...env, PATH: path, NO_COLOR: '1', npm_config_yes: 'true' }
  }
  return {
    root,
    run: (cwd, command, node) => {
      const { status, stdout, stderr } = spawnSync('bash', ['-c', command], {
        cwd,
        env: environment(node),
        encoding: 'utf8',
      })
      if (status !== 0) throw new Error(`${command} failed:\n${stdout}\n${stderr}`)
    },
    serve: (cwd, command, node) => serve(cwd, command, environment(node)),
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 5 }),
  }
}

function writeProgram(path: string, command: string): void {
  writeFileSync(path, `#!/bin/sh\nexec ${command} "$@"\n`)
  chmodSync(path, 0o755)
}

/** Installs a major version of Node from npm, once. @returns the folder of its binary */
function nodeFolder(root: string, major: number): string {
  const folder = join(root, `node-${major}`)
  const name = `node-${process.platform}-${process.arch}`
  const bin = join(folder, 'node_modules', name, 'bin')
  if (existsSync(bin)) return bin
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), '{}')
  const { status, stderr } = spawnSync('npm', ['install', `${name}@${major}`], {
    cwd: folder,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`Node ${major} can't be installed:\n${stderr}`)
  return bin
}

async function serve(
  cwd: string,
  command: string,
  env: NodeJS.ProcessEnv,
): Promise<{ url: string; stop(): void }> {
  // In its own process group, so that the processes that it starts end with it.
  const child = spawn('bash', ['-c', command], { cwd, env, detached: true })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  }
  const stop = (): void => end(child)
  try {
    const url = await waitFor(
      () => /http:\/\/(?:localhost|127\.0\.0\.1):\d+\//.exec(printed)?.[0] ?? printed,
      (text) => text.startsWith('http'),
    )
    return { url, stop }
  } catch (error) {
    stop()
    throw error
  }
}

function end({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid, 'SIGTERM')
}

/** Changes a file of a project. */
export function edit(folder: string, path: string, change: (text: string) => string): void {
  const file = join(folder, path)
  writeFileSync(file, change(existsSync(file) ? readFileSync(file, 'utf8') : ''))
}
