/*
 * Writes the repository into the package.json of each published package: npm accepts a provenance
 * statement only if it names the repository that built the package. The release workflow runs this
 * with its own repository, as a fork publishes from another one.
 *
 * Usage: node scripts/set-repository.ts OWNER/NAME
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const repo = join(import.meta.dirname, '..')
const [name] = process.argv.slice(2)

if (name === undefined || !/^[\w.-]+\/[\w.-]+$/.test(name)) {
  process.stderr.write('Name the repository: node scripts/set-repository.ts OWNER/NAME\n')
  process.exitCode = 2
} else {
  for (const path of globSync('packages/*/package.json', { cwd: repo })) {
    const file = join(repo, path)
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
    manifest['repository'] = {
      type: 'git',
      url: `git+https://github.com/${name}.git`,
      directory: dirname(path).replaceAll('\\', '/'),
    }
    writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`)
  }
}
