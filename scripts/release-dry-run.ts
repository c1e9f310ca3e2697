/*
 * Releases Limn in a copy, to a registry on loopback: versions the packages from their changesets,
 * publishes them, and checks what the registry received. Run `pnpm build` first. Nothing outside of
 * the copy changes, and nothing leaves the machine.
 */
import { spawn, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { type Published, startRegistry } from './loopback-registry.ts'

const repo = join(import.meta.dirname, '..')
const registry = await startRegistry()
const root = mkdtempSync(join(tmpdir(), 'limn-release-'))
const copy = join(root, 'repo')
try {
  const changesets = globSync('.changeset/*.md', { cwd: repo }).length - 1
  await copyRepo()
  if (changesets > 0) await run('changeset', 'version')
  await commit('Release')
  await run(process.execPath, 'scripts/publish.ts', 'example/limn')
  const expected = readManifests()
  const faults = findFaults(expected, registry.published)
  for (const { manifest, bytes } of registry.published) {
    const size = `${(bytes / 1000).toFixed(1)} kB`
    process.stdout.write(`${manifest.name} ${manifest.version}: ${size}\n`)
  }
  for (const fault of faults) process.stdout.write(`${fault}\n`)
  process.exitCode = faults.length === 0 ? 0 : 1
} finally {
  await registry.close()
  rmSync(root, { recursive: true, force: true, maxRetries: 5 })
}

type Manifest = { name: string; version: string; dependencies?: Record<string, string> }

/** Copies the files of the last commit and what the build made, as a repository of its own. */
async function copyRepo(): Promise<void> {
  mkdirSync(join(root, 'bin'))
  symlinkSync(findPnpm(), join(root, 'bin/pnpm'))
  await run('git', 'clone', '--quiet', '--depth', '1', `file://${repo}`, copy)
  writeFileSync(
    join(copy, '.npmrc'),
    `registry=${registry.url}\n//${new URL(registry.url).host}/:_authToken=dry-run\n`,
  )
  symlinkSync(join(repo, 'node_modules'), join(copy, 'node_modules'), 'junction')
  const built = [...globSync('packages/*/dist', { cwd: repo }), ...builtSchemas()]
  for (const path of built) cpSync(join(repo, path), join(copy, path), { recursive: true })
  // A dependency on the workspace becomes the version of the package next to it.
  for (const path of globSync('packages/*/package.json', { cwd: copy })) {
    const scope = join(copy, dirname(path), 'node_modules/@limn')
    mkdirSync(scope, { recursive: true })
    for (const other of globSync('packages/*', { cwd: copy })) {
      symlinkSync(join(copy, other), join(scope, other.replace(/^.*[\\/]/, '')), 'junction')
    }
  }
}

/** Returns the path of pnpm, which changesets publishes with. npx downloads it if necessary. */
function findPnpm(): string {
  const { stdout } = spawnSync('npx', ['-y', '-p', 'pnpm@12', 'sh', '-c', 'command -v pnpm'], {
    encoding: 'utf8',
  })
  if (stdout.trim() === '') throw new Error('npx found no pnpm.')
  return stdout.trim()
}

function builtSchemas(): string[] {
  return globSync('packages/core/*.schema.json', { cwd: repo })
}

async function commit(message: string): Promise<void> {
  const author = ['-c', 'user.name=Limn', '-c', 'user.email=limn@example.com']
  await run('git', ...author, 'commit', '--quiet', '--all', '--message', message)
}

function readManifests(): Manifest[] {
  return globSync('packages/*/package.json', { cwd: copy }).map(
    (path) => JSON.parse(readFileSync(join(copy, path), 'utf8')) as Manifest,
  )
}

/** Returns what is wrong with what the registry received, one sentence each. */
function findFaults(expected: readonly Manifest[], published: readonly Published[]): string[] {
  const versionByName = new Map(expected.map(({ name, version }) => [name, version]))
  const missing = expected
    .filter(({ name }) => !published.some(({ manifest }) => manifest.name === name))
    .map(({ name }) => `${name} was not published.`)
  const wrong = published.flatMap(({ manifest, bytes }) => {
    const { name, version, dependencies = {} } = manifest
    return [
      ...(versionByName.get(name) === version ? [] : [`${name} was published as ${version}.`]),
      ...(manifest['repository'] === undefined ? [`${name} names no repository.`] : []),
      ...(bytes > 0 ? [] : [`${name} was published without a tarball.`]),
      ...Object.entries(dependencies)
        .filter(([other, range]) => versionByName.has(other) && versionByName.get(other) !== range)
        .map(([other, range]) => `${name} depends on ${other} ${range}.`),
    ]
  })
  return [...missing, ...wrong]
}

/** Runs a program in the copy. @throws Error with its output if it fails */
async function run(program: string, ...args: string[]): Promise<void> {
  const bin = join(repo, 'node_modules/.bin')
  const child = spawn(program, args, {
    cwd: existsSync(copy) ? copy : root,
    // A token of the real registry must not reach the dry run.
    env: {
      HOME: root,
      PATH: [join(root, 'bin'), bin, process.env['PATH']].join(delimiter),
      CI: 'true',
      npm_config_registry: registry.url,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  }
  const code = await new Promise((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  )
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} failed:\n${printed}`)
}
