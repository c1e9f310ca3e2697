import { type ChildProcess, spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { type BuiltApp, type Lines, manifest } from './apps.ts'

const repo = fileURLToPath(new URL('../../..', import.meta.url))
const bin = join(repo, 'node_modules/.bin')
/** The command line in a folder of an app. */
const LIMN = 'node_modules/.bin/limn'

/** The apps in one pnpm workspace, so that they share one store and one installation. */
export type Workspace = {
  /** Returns the folder of an app. */
  folder(app: BuiltApp): string
  /** Runs a script of an app's `package.json`. @throws Error with the output if it fails */
  script(app: BuiltApp, name: string): Promise<void>
  /** Runs a command of an app's `node_modules/.bin`. @throws Error with the output if it fails */
  command(app: BuiltApp, command: readonly string[]): Promise<void>
  /** Starts a server with a command of an app. */
  serve(app: BuiltApp, command: readonly string[]): Promise<Served>
  remove(): void
}

type Served = { url: string; printed(): string; stop(): Promise<void> }

/**
 * Packs the packages as for publishing, scaffolds the apps, adds the test's lines, installs, and
 * sets the apps up with `limn init`.
 */
export async function createWorkspace(apps: readonly BuiltApp[]): Promise<Workspace> {
  const root = mkdtempSync(join(tmpdir(), 'limn-apps-'))
  const folder = ({ name }: BuiltApp): string => join(root, name)
  const [contactSheet, painter, core, plugin] = await Promise.all([
    pack(root, 'contact-sheet'),
    pack(root, 'painter'),
    pack(root, 'core'),
    pack(root, 'vite-plugin'),
    scaffoldAll(root, apps),
  ])
  for (const app of apps) {
    addLines(folder(app), app)
    addPackages(join(folder(app), 'package.json'), { core, plugin })
  }
  // Without its override Astro's checker gets incompatible parts of a WebAssembly runtime.
  const overrides = {
    '@limn/contact-sheet': `file:${contactSheet}`,
    '@limn/painter': `file:${painter}`,
    '@limn/core': `file:${core}`,
    '@emnapi/runtime': '^1.11.0',
  }
  // JSON is valid YAML.
  writeFileSync(
    join(root, 'pnpm-workspace.yaml'),
    JSON.stringify({ packages: apps.map(({ name }) => name), overrides, strictDepBuilds: false }),
  )
  await run(root, 'npx', ['-y', 'pnpm@12', 'install', '--prefer-offline'])
  for (const app of apps) {
    if (app.isSetUp !== false) await run(folder(app), LIMN, ['init', '--yes'])
  }
  return {
    folder,
    script: (app, name) => run(folder(app), 'npm', ['run', name]),
    command: (app, [command, ...args]) =>
      run(folder(app), join(folder(app), 'node_modules/.bin', command!), args),
    serve: (app, command) => serve(folder(app), command),
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 5 }),
  }
}

/** Compiles and packs a package outside of the work tree. @returns path of the tarball */
async function pack(root: string, name: string): Promise<string> {
  const source = join(repo, 'packages', name)
  const staged = join(root, '.packages', name)
  mkdirSync(staged, { recursive: true })
  const dist = join(staged, 'dist')
  if (name === 'core') {
    await run(source, process.execPath, ['scripts/bundle.ts', '--out', dist])
    await run(source, process.execPath, ['scripts/bundle-types.ts', '--out', dist])
  } else {
    // The type check is a separate step.
    await run(source, 'tsc', ['-p', 'tsconfig.build.json', '--noCheck', '--outDir', dist])
  }
  if (name === 'contact-sheet') {
    await run(source, 'vite', ['build', '--logLevel', 'warn', '--outDir', join(dist, 'page')])
  }
  cpSync(join(source, 'package.json'), join(staged, 'package.json'))
  symlinkSync(join(source, 'node_modules'), join(staged, 'node_modules'), 'junction')
  await run(staged, 'npx', [
    '-y',
    'pnpm@12',
    'pack',
    '--out',
    join(root, '.packages', `${name}.tgz`),
  ])
  return join(root, '.packages', `${name}.tgz`)
}

/** Scaffolds one app at a time: npx would download the same generator twice. */
async function scaffoldAll(root: string, apps: readonly BuiltApp[]): Promise<void> {
  for (const { name, scaffold: generator } of apps) {
    if (generator !== undefined) await scaffold(root, name, generator)
  }
}

/** Runs a generator: `create-vite@9 <name> --template …`, or `sv create <name> …`. */
async function scaffold(
  root: string,
  name: string,
  [generator, ...args]: readonly string[],
): Promise<void> {
  const verb = args[0]?.startsWith('-') === false ? args.splice(0, 1) : []
  await run(root, 'npx', ['-y', generator!, ...verb, name, ...args])
}

function addLines(folder: string, { lines }: BuiltApp): void {
  const files: Record<string, Lines> = {
    'images.yaml': manifest,
    '.env': 'OPENAI_API_KEY=sk-of-the-apps-test\n',
    ...lines,
  }
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, typeof content === 'string' ? content : content(readFileSync(file, 'utf8')))
  }
}

function addPackages(path: string, { core, plugin }: { core: string; plugin: string }): void {
  const written = JSON.parse(readFileSync(path, 'utf8')) as {
    name?: string
    devDependencies?: Record<string, string>
  }
  written.devDependencies = {
    ...written.devDependencies,
    '@limn/core': `file:${core}`,
    '@limn/vite-plugin': `file:${plugin}`,
    'vite-plugin-inspect': '^12.0.0',
  }
  writeFileSync(path, JSON.stringify(written))
}

/** Returns the environment of an interactive machine, without the variables of CI and tests. */
function environment(): NodeJS.ProcessEnv {
  const {
    CI: _ci,
    VITEST: _vitest,
    TEST: _test,
    NODE_ENV: _mode,
    FORCE_COLOR: _color,
    ...rest
  } = process.env
  return {
    ...rest,
    PATH: `${bin}${delimiter}${rest['PATH'] ?? ''}`,
    NO_COLOR: '1',
    ASTRO_TELEMETRY_DISABLED: '1',
    NUXT_TELEMETRY_DISABLED: '1',
    HOST: '127.0.0.1',
  }
}

async function run(cwd: string, command: string, args: readonly string[]): Promise<void> {
  // A command must not wait for input.
  const child = spawn(command, args, { cwd, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] })
  const [code, ...printed] = await Promise.all([
    new Promise((resolve, reject) => child.once('error', reject).once('close', resolve)),
    text(child.stdout),
    text(child.stderr),
  ])
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${printed.join('\n')}`)
}

/** Starts a server and waits until it prints its URL. */
async function serve(cwd: string, [command, ...args]: readonly string[]): Promise<Served> {
  // In its own process group, so that the processes that the server starts end with it.
  const child = spawn(join(cwd, 'node_modules/.bin', command!), args, {
    cwd,
    env: environment(),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      printed += chunk.toString()
      const found = /https?:\/\/(?:localhost|127\.0\.0\.1|\[::1?\]):\d+/.exec(printed)?.[0]
      if (found !== undefined) resolve(`${found.replace(/\[::1?\]/, 'localhost')}/`)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('error', reject)
    void ended.then(() =>
      reject(new Error(`${command} ended before it served anything:\n${printed}`)),
    )
  })
  return { url, printed: () => printed, stop: () => stop(child, ended) }
}

async function stop({ pid }: ChildProcess, ended: Promise<void>): Promise<void> {
  process.kill(-pid!, 'SIGTERM')
  await ended
}

/** Returns the paths of all files below a folder. */
export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  )
}
