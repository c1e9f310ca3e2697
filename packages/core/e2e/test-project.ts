import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
import { callCli } from './call-cli.ts'
import { type CliProcess, type CliResult, startCli } from './cli-process.ts'
import { createProjectFiles, expectWithoutKey, type ProjectFiles } from './project-files.ts'
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
  /**
   * LIMN_TRUST of every command and of `project`. Default: the keys of `env` and of a command's own
   * variables may go to the servers of a test, which are all on 127.0.0.1.
   */
  trust?: string | undefined
  /** Runs the command line, and becomes the owner of the folder. Default: the tests' user. */
  user?: User | undefined
}

/** The result of one run. */
export type Run = GenerateResult & {
  events: LimnEvent[]
  /** Prompts that the server received during the run, sorted. */
  requested: string[]
}

export type TestProject = ProjectFiles & {
  root: string
  /** The whole environment of its commands, except PATH. HOME is a folder of the test. */
  env: Readonly<Record<string, string>>
  server: ImageServer
  project: Project
  plan(selection?: PlanSelection): Promise<Plan>
  /** Generates. If nothing failed, also asserts that a second run does nothing. */
  generate(options?: GenerateOptions): Promise<Run>
  /** Asserts that another run does nothing. */
  expectUpToDate(): Promise<void>
  /** Asserts that neither the project's files nor these values contain the key. */
  expectNoKey(...values: unknown[]): void
  /**
   * Runs a command to its end in this process, ten times faster than in one of its own; with
   * `user`, in one of its own.
   */
  cli(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<CliResult>
  /**
   * Runs a command to its end in a process of its own: for what it loads, and for variables that
   * Limn or a library reads from the environment of the process.
   */
  cliProcess(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<CliResult>
  /** Starts a command in a process of its own. It is killed after the test. */
  start(args: readonly string[], env?: Readonly<Record<string, string>>): CliProcess
}

/** Creates a project in a temporary folder. Folder and server are removed after the test. */
export async function createTestProject({
  files = {},
  server: serverOptions = false,
  provider,
  env: extraEnv = {},
  trust,
  user,
}: TestProjectOptions = {}): Promise<TestProject> {
  const root = mkdtempSync(join(tmpdir(), 'limn-e2e-'))
  const home = `${root}-home`
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
    rmSync(home, { recursive: true, force: true })
  })
  const env: Readonly<Record<string, string>> = {
    ...(server === undefined ? {} : { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: server.baseURL }),
    ...extraEnv,
  }
  const trusted = (variables: Readonly<Record<string, string>>): Record<string, string> => ({
    LIMN_TRUST: trust ?? trustTestServers(variables),
    ...variables,
  })
  const project = openProject({ cwd: root, provider, env: trusted(env) })

  const projectFiles = createProjectFiles(root)
  for (const [path, content] of Object.entries(files)) projectFiles.write(path, content)
  const contents = (): Record<string, string> =>
    Object.fromEntries(
      projectFiles.list().map((path) => [path, projectFiles.bytes(path).toString('base64')]),
    )

  async function runOnce(options: GenerateOptions): Promise<Run> {
    const events: LimnEvent[] = []
    const before = server?.requests.length ?? 0
    const result = await project.generate({ ...options, onEvent: (event) => events.push(event) })
    const requested = (server?.requests.slice(before) ?? [])
      .map(({ body }) => String(body['prompt']))
      .sort()
    return { ...result, events, requested }
  }

  async function expectUpToDate(): Promise<void> {
    const before = contents()
    const again = await runOnce({})
    expect(again, 'a second run does nothing').toMatchObject({
      generated: 0,
      recovered: 0,
      moved: 0,
      derived: 0,
      failed: [],
      usd: 0,
      requested: [],
    })
    expect(contents(), 'a second run changes no file').toEqual(before)
  }

  async function generate(options: GenerateOptions = {}): Promise<Run> {
    const first = await runOnce(options)
    if (first.failed.length === 0 && options.names === undefined) await expectUpToDate()
    return first
  }

  const envOfCommand = (own: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
    PATH: process.env['PATH'],
    HOME: home,
    ...trusted({ ...env, ...own }),
  })

  function start(args: readonly string[], own?: Readonly<Record<string, string>>): CliProcess {
    if (user !== undefined) changeOwner(root, user)
    const command = startCli(args, { cwd: root, env: envOfCommand(own), user })
    running.add(command)
    void command.done.then(() => running.delete(command))
    return command
  }

  return {
    root,
    env: { HOME: home, ...trusted(env) },
    get server() {
      if (server === undefined) throw new Error('This project has no server.')
      return server
    },
    project,
    ...projectFiles,
    plan: async (selection) => (await project.plan(selection)).plan,
    generate,
    expectUpToDate,
    expectNoKey: (...values) => expectWithoutKey(root, KEY, values),
    cli: (args, own) =>
      user === undefined
        ? callCli(args, { cwd: root, env: envOfCommand(own) })
        : start(args, own).done,
    cliProcess: (args, own) => start(args, own).done,
    start,
  }
}

/** Returns the LIMN_TRUST that lets the keys of a test go to its servers. */
function trustTestServers(variables: Readonly<Record<string, string>>): string {
  return Object.keys(variables)
    .filter((name) => /_API_(KEY|TOKEN)$/.test(name))
    .map((name) => `${name}@127.0.0.1`)
    .join(',')
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
