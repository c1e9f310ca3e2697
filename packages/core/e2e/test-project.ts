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
import { type CliProcess, type CliResult, startCli } from './cli-process.ts'
import { changeOwner, type User } from './unprivileged-user.ts'

/** An API key that is easy to find in files that must not contain it. */
export const KEY = 'sk-test-0123456789abcdefghijklmnop'

export type TestProjectOptions = {
  /** Files to write, by path relative to the root. */
  files?: Readonly<Record<string, string | Uint8Array>>
  /** Options of a fake server for the `openai` provider; `true` starts one with the defaults. */
  server?: boolean | Parameters<typeof startImageServer>[0]
  provider?: ProviderId
  /** Environment variables in addition to the server's key and base URL. */
  env?: Readonly<Record<string, string>>
  /** Runs the command line, and becomes the owner of the folder. Default: the tests' user. */
  user?: User | undefined
}

/** The result of one run. */
export type Run = GenerateResult & {
  events: LimnEvent[]
  /** Prompts that the server received during the run, sorted. */
  asked: string[]
}

/** The parsed JSON of a lockfile. */
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
  /** Replaces text in the manifest, and asserts that it occurs there. */
  edit(from: string, to: string): void
  bytes(path: string): Buffer
  text(path: string): string
  has(path: string): boolean
  /** Lists the files in a folder, sorted. Default: the whole project except `.limn` and the cache. */
  list(folder?: string): string[]
  lock(): LockJson
  plan(selection?: PlanSelection): Promise<Plan>
  /** Generates. If nothing failed, also asserts that a second run does nothing. */
  generate(options?: GenerateOptions): Promise<Run>
  /** Asserts that another run does nothing. */
  expectSettled(): Promise<void>
  /** Asserts that neither the project's files nor these values contain the key. */
  expectNoKey(...texts: unknown[]): void
  /** Runs a command to its end. */
  cli(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<CliResult>
  /** Starts a command. It is killed after the test. */
  start(args: readonly string[], env?: Readonly<Record<string, string>>): CliProcess
}

/** Creates a project in a temporary folder. Folder and server are removed after the test. */
export async function createTestProject({
  files = {},
  server: serverOptions = false,
  provider,
  env: extraEnv = {},
  user,
}: TestProjectOptions = {}): Promise<TestProject> {
  const root = mkdtempSync(join(tmpdir(), 'limn-e2e-'))
  const server =
    serverOptions === false
      ? undefined
      : await startImageServer(serverOptions === true ? {} : serverOptions)
  const running = new Set<CliProcess>()
  onTestFinished(async () => {
    for (const command of running) command.kill('SIGKILL')
    await Promise.all([...running].map(({ done }) => done))
    await server?.close().catch(() => {})
    rmSync(root, { recursive: true, force: true })
  })
  const env = {
    ...(server === undefined ? {} : { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: server.baseURL }),
    ...extraEnv,
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
    if (user !== undefined) changeOwner(root, user)
    const command = startCli(args, {
      cwd: root,
      env: { PATH: process.env['PATH'], ...env, ...own },
      user,
    })
    running.add(command)
    void command.done.then(() => running.delete(command))
    return command
  }

  return {
    root,
    get server() {
      if (server === undefined) throw new Error('This project has no server.')
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
          `${entry.name} contains the key`,
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

/**
 * Formats a manifest of assets with one small output each.
 *
 * @param head the lines before `defaults`
 */
export function smallManifest(
  promptByName: Readonly<Record<string, string>>,
  head = 'provider: openai',
): string {
  const assets = Object.entries(promptByName).map(
    ([name, prompt]) => `  ${name}:\n    prompt: ${prompt}\n    alt: ${name}\n`,
  )
  return `version: 1\n${head}\ndefaults: { outputs: [{ name: s, width: 64, height: 64, formats: [webp] }] }\nassets:\n${assets.join('')}`
}

/** Formats a plan's steps: `generate hero`. */
export function stepsOf({ steps }: Plan): string[] {
  return steps.map(({ kind, asset }) => `${kind} ${asset}`)
}
