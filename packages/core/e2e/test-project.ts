import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished } from 'vitest'
import { type ImageServer, startImageServer } from '../../../fixtures/openai-server/index.ts'
import type {
  GenerateOptions,
  GenerateResult,
  LimnEvent,
  Plan,
  PlanSelection,
  Project,
  ProviderId,
} from '../src/index.ts'
import { openProject } from '../src/index.ts'
import { handOver, type User } from './plain-user.ts'

/** A key that is easy to find wherever it must not be. */
export const KEY = 'sk-test-0123456789abcdefghijklmnop'

const bin = fileURLToPath(new URL('../src/cli/bin.ts', import.meta.url))

export type TestProjectOptions = {
  /** Files by path; text or bytes. */
  files?: Readonly<Record<string, string | Uint8Array>>
  /** Server that the `openai` provider talks to; `true` starts a plain one. */
  server?: boolean | Parameters<typeof startImageServer>[0]
  provider?: ProviderId
  /** Variables beside key and base URL. */
  env?: Readonly<Record<string, string>>
  /** Who runs the command line, and owns the folder then. Default: who runs the tests. */
  user?: User | undefined
}

/** What one run did. */
export type Run = GenerateResult & {
  events: LimnEvent[]
  /** Prompts that reached the server during the run, sorted. */
  asked: string[]
}

export type CliResult = { code: number | null; stdout: string; stderr: string }

/** A command that runs on. */
export type CliProcess = {
  readonly stdout: string
  readonly stderr: string
  /** Waits until standard output and error together match, `times` times. */
  saw(pattern: RegExp, times?: number): Promise<void>
  kill(signal: NodeJS.Signals): void
  done: Promise<CliResult>
}

/** The lockfile as it stands in the file. */
export type LockJson = {
  assets: Record<
    string,
    {
      request: Record<string, string>
      master: { path: string; sha256: string; state: string; width: number; height: number }
      made: Record<string, unknown>
      outputs: Record<string, { sha256: string; width: number; height: number }>
    }
  >
}

export type TestProject = {
  root: string
  server: ImageServer
  project: Project
  write(path: string, content: string | Uint8Array): void
  /** Replaces text in the manifest; it must stand there. */
  edit(from: string, to: string): void
  bytes(path: string): Buffer
  text(path: string): string
  has(path: string): boolean
  /** Every file of the repo, sorted: without the cache and `.limn`, unless they are named. */
  list(folder?: string): string[]
  lock(): LockJson
  plan(selection?: PlanSelection): Promise<Plan>
  /** Runs, and where nothing failed runs again, which must do nothing. */
  generate(options?: GenerateOptions): Promise<Run>
  /** Asserts that a second run does nothing. */
  expectSettled(): Promise<void>
  /** Asserts that the key is in none of the project's files and none of these texts. */
  expectNoKey(...texts: unknown[]): void
  cli(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<CliResult>
  start(args: readonly string[], env?: Readonly<Record<string, string>>): CliProcess
}

/** Makes a project in a temporary folder; folder and server go after the test. */
export async function createTestProject({
  files = {},
  server: wanted = false,
  provider,
  env: more = {},
  user,
}: TestProjectOptions = {}): Promise<TestProject> {
  const root = mkdtempSync(join(tmpdir(), 'limn-e2e-'))
  const server =
    wanted === false ? undefined : await startImageServer(wanted === true ? {} : wanted)
  const running = new Set<CliProcess>()
  onTestFinished(async () => {
    for (const process of running) process.kill('SIGKILL')
    await Promise.all([...running].map(({ done }) => done))
    await server?.close().catch(() => {})
    rmSync(root, { recursive: true, force: true })
  })
  const env = {
    ...(server === undefined ? {} : { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: server.baseURL }),
    ...more,
  }
  const project = openProject({ cwd: root, provider, env })

  const at = (path: string): string => join(root, path)
  const write = (path: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(at(path)), { recursive: true })
    writeFileSync(at(path), content)
  }
  for (const [path, content] of Object.entries(files)) write(path, content)
  const text = (path: string): string => readFileSync(at(path), 'utf8')
  const list = (folder = ''): string[] => {
    const entries = existsSync(at(folder))
      ? readdirSync(at(folder), { recursive: true, withFileTypes: true })
      : []
    const paths = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    return paths.filter((path) => folder !== '' || !/^(\.limn|node_modules)\//.test(path)).sort()
  }
  const contents = (): Record<string, string> =>
    Object.fromEntries(list().map((path) => [path, readFileSync(at(path), 'base64')]))

  async function runOnce(options: GenerateOptions): Promise<Run> {
    const events: LimnEvent[] = []
    const before = server?.requests.length ?? 0
    const result = await project.generate({ ...options, onEvent: (event) => events.push(event) })
    const asked = (server?.requests.slice(before) ?? [])
      .map(({ body }) => String(body['prompt']))
      .sort()
    return { ...result, events, asked }
  }

  async function expectSettled(): Promise<void> {
    const before = contents()
    const again = await runOnce({})
    expect(again, 'a second run does nothing').toMatchObject({
      generated: 0,
      recovered: 0,
      moved: 0,
      derived: 0,
      failed: [],
      usd: 0,
      asked: [],
    })
    expect(contents(), 'a second run changes no file').toEqual(before)
  }

  async function generate(options: GenerateOptions = {}): Promise<Run> {
    const first = await runOnce(options)
    if (first.failed.length === 0 && options.names === undefined) await expectSettled()
    return first
  }

  function start(args: readonly string[], own: Readonly<Record<string, string>> = {}): CliProcess {
    if (user !== undefined) handOver(root, user)
    const child = spawn(process.execPath, [bin, ...args], {
      ...user,
      cwd: root,
      env: { PATH: process.env['PATH'], ...env, ...own },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    const listeners = new Set<() => void>()
    const heard = (): void => {
      for (const listener of listeners) listener()
    }
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk
      heard()
    })
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk
      heard()
    })
    const done = new Promise<CliResult>((resolve) => {
      child.on('close', (code) => {
        running.delete(handle)
        resolve({ code, stdout, stderr })
        heard()
      })
    })
    const handle: CliProcess = {
      get stdout() {
        return stdout
      },
      get stderr() {
        return stderr
      },
      saw: (pattern, times = 1) =>
        new Promise((resolve, reject) => {
          const all = new RegExp(pattern.source, `${pattern.flags.replace('g', '')}g`)
          const look = (): void => {
            if ([...`${stdout}\n${stderr}`.matchAll(all)].length >= times) {
              listeners.delete(look)
              resolve()
            } else if (!running.has(handle)) {
              reject(new Error(`It ended before ${pattern} came:\n${stdout}\n${stderr}`))
            }
          }
          listeners.add(look)
          look()
        }),
      kill: (signal) => child.kill(signal),
      done,
    }
    running.add(handle)
    return handle
  }

  return {
    root,
    get server() {
      if (server === undefined) throw new Error('This project has no server')
      return server
    },
    project,
    write,
    edit(from, to) {
      expect(text('images.yaml')).toContain(from)
      write('images.yaml', text('images.yaml').replace(from, to))
    },
    bytes: (path) => readFileSync(at(path)),
    text,
    has: (path) => list().includes(path),
    list,
    lock: () => JSON.parse(text('images.lock')) as LockJson,
    plan: async (selection) => (await project.plan(selection)).plan,
    generate,
    expectSettled,
    expectNoKey(...texts) {
      const everything = readdirSync(root, { recursive: true, withFileTypes: true }).filter(
        (entry) => entry.isFile(),
      )
      for (const entry of everything) {
        expect(
          readFileSync(join(entry.parentPath, entry.name)).includes(KEY),
          `${entry.name} holds the key`,
        ).toBe(false)
      }
      expect(
        JSON.stringify(texts, (_, value: unknown) =>
          value instanceof Error ? `${value.stack} ${String(value.cause)}` : value,
        ),
      ).not.toContain(KEY)
    },
    cli: (args, own) => start(args, own).done,
    start,
  }
}

/** A manifest of small pictures for the `openai` provider: name to prompt. */
export function smallManifest(
  promptByName: Readonly<Record<string, string>>,
  head = 'provider: openai',
): string {
  const assets = Object.entries(promptByName).map(
    ([name, prompt]) => `  ${name}:\n    prompt: ${prompt}\n    alt: ${name}\n`,
  )
  return `version: 1\n${head}\ndefaults: { outputs: [{ name: s, width: 64, height: 64, formats: [webp] }] }\nassets:\n${assets.join('')}`
}

/** A plan's steps in short: `generate hero`. */
export function stepsOf({ steps }: Plan): string[] {
  return steps.map(({ kind, asset }) => `${kind} ${asset}`)
}
