/*
 * Publishes the packages whose version is not on npm yet. States the repository in each package
 * first: npm accepts a provenance statement only if it names the repository that built the package,
 * and a fork publishes from another one. The release workflow and `release-dry-run.ts` run this.
 *
 * Usage: node scripts/publish.ts OWNER/NAME
 */
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const repo = join(import.meta.dirname, '..')
const [name] = process.argv.slice(2)

if (name === undefined || !/^[\w.-]+\/[\w.-]+$/.test(name)) {
  process.stderr.write('Name the repository: node scripts/publish.ts OWNER/NAME\n')
  process.exitCode = 2
} else {
  for (const path of globSync('packages/*/package.json', { cwd: repo })) stateRepository(path, name)
  const cli = join(repo, 'node_modules/@changesets/cli/bin.js')
  const { status } = spawnSync(process.execPath, [cli, 'publish'], { cwd: repo, stdio: 'inherit' })
  process.exitCode = status ?? 1
}

function stateRepository(path: string, repository: string): void {
  const file = join(repo, path)
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  manifest['repository'] = {
    type: 'git',
    url: `git+https://github.com/${repository}.git`,
    directory: dirname(path).replaceAll('\\', '/'),
  }
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`)
}
