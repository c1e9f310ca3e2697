import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runProgram } from './measure.ts'

const repo = fileURLToPath(new URL('..', import.meta.url))

type PackageJson = { publishConfig: { exports: object }; dependencies?: Record<string, string> }

/** Installs Limn's packages in a folder as they are published (compiled), together with Vite. */
export async function installPublished(root: string): Promise<void> {
  for (const name of ['contact-sheet', 'painter', 'core', 'vite-plugin']) {
    const source = join(repo, 'packages', name)
    const target = join(root, 'node_modules/@limn', name)
    await compile(name, join(target, 'dist'))
    const content = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as PackageJson
    writeFileSync(
      join(target, 'package.json'),
      JSON.stringify({ ...content, exports: content.publishConfig.exports }),
    )
    for (const dependency of Object.keys(content.dependencies ?? {})) {
      link(join(source, 'node_modules', dependency), join(root, 'node_modules', dependency))
    }
  }
  // Links the Vite that builds the sites, so that the plugin does not load a second copy.
  link(join(repo, 'bench/node_modules/vite'), join(root, 'node_modules/vite'))
}

/** Compiles a package, without its types. `pnpm typecheck` checks them. */
async function compile(name: string, to: string): Promise<void> {
  const args =
    name === 'core'
      ? ['scripts/bundle.ts', '--out', to]
      : [
          join(repo, 'node_modules/typescript/bin/tsc'),
          '-p',
          'tsconfig.build.json',
          '--noCheck',
          '--outDir',
          to,
        ]
  await runProgram(process.execPath, args, { cwd: join(repo, 'packages', name) })
}

function link(from: string, to: string): void {
  if (existsSync(to)) return
  mkdirSync(dirname(to), { recursive: true })
  symlinkSync(from, to, 'junction')
}
