import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { callCli } from '../../call-cli.ts'
import { type CliProcess, type CliResult, startCli } from '../../cli-process.ts'
import { createProjectFiles } from '../../project-files.ts'
import { KEY, type TestProject } from '../../test-project.ts'
import { BATCH, type Case } from './cases.ts'

/** How a command starts. */
export type Start = {
  /** Variables in addition to its environment. */
  env?: Readonly<Record<string, string>>
  /** A program that runs it, and what receives the reports of that. */
  wrapper?: readonly string[]
  onReport?: (chunk: string) => void
}

/** A copy of a project with the folders of its user. It is removed after the test. */
export type Copy = {
  /** Contains the project and the folders of the user. */
  folder: string
  start(args: readonly string[], how?: Start): CliProcess
  /** Runs a command in a process of its own. */
  run(args: readonly string[], how?: Start): Promise<CliResult>
  /** Copies the copy as it is now. */
  copy(): Copy
  /**
   * Checks that what a user runs after a kill completes the command, at no cost.
   *
   * @param context when it was killed
   */
  expectCompleted(each: Case, context: string): Promise<void>
}

/** Copies a project. */
export function copyOf(project: TestProject): Copy {
  const folder = createFolder()
  cpSync(project.root, join(folder, 'project'), { recursive: true, preserveTimestamps: true })
  return openCopy(project, folder)
}

function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'limn-kill-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function openCopy(project: TestProject, folder: string): Copy {
  const cwd = join(folder, 'project')
  const env = {
    PATH: process.env['PATH'],
    OPENAI_API_KEY: KEY,
    OPENAI_BASE_URL: project.server.baseURL,
    LIMN_REMOTE: project.env['LIMN_REMOTE'],
    // The user's folders are never inside a project.
    HOME: join(folder, 'home'),
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_STATE_HOME: join(folder, 'state'),
  }
  const named = (args: readonly string[]): string[] =>
    args.map((arg) => (arg === BATCH ? batchOf(project.root) : arg))
  const call = (args: readonly string[]): Promise<CliResult> => callCli(named(args), { cwd, env })
  const start: Copy['start'] = (args, { env: more, ...how } = {}) =>
    startCli(named(args), { cwd, ...how, env: { ...env, ...more } })

  async function expectCompleted(
    { again = ['generate'], codes = [0], isComplete = true, returning }: Case,
    context: string,
  ): Promise<void> {
    const requests = project.server.requests.length
    const recovered = await call(again)
    expect(codes, `${context}: ${recovered.stderr}`).toContain(recovered.code)
    expect(project.server.requests.length - requests, `requests, ${context}`).toBe(0)
    if (isComplete) {
      expect(await call(['check']), context).toMatchObject({ code: 0, stderr: '' })
      expect((await call(['plan'])).stdout, context).toMatch(/[Nn]othing to do/)
    }
    const files = createProjectFiles(cwd)
    // A file whose name starts with a dot is an incomplete one, which `generate` cleans up.
    const records = files
      .list('.limn')
      .filter((path) => /\/(intents|journal|batches)\/[^.]/.test(path))
    expect(records, context).toEqual([])
    if (returning === undefined) return
    files.write('images.yaml', returning)
    expect(await call(['generate', '--yes']), context).toMatchObject({ code: 0 })
    expect(project.server.requests.length - requests, `requests again, ${context}`).toBe(0)
  }

  return {
    folder,
    start,
    run: (args, how) => start(args, how).done,
    copy() {
      const next = createFolder()
      cpSync(folder, next, { recursive: true, preserveTimestamps: true })
      return openCopy(project, next)
    },
    expectCompleted,
  }
}

/** Returns the id of the batch that a project waits for. */
function batchOf(root: string): string {
  const [record] = createProjectFiles(root).list('.limn/batches')
  return (JSON.parse(readFileSync(join(root, record!), 'utf8')) as { id: string }).id
}
