import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runProgram } from './measure.ts'

const repo = fileURLToPath(new URL('..', import.meta.url))

type PackageJson = { publishConfig: { exports: object }; dependencies: Record<string, string> }

/**
 * Installs the packages, and the Vite that they go with, in a folder as they are published:
 * compiled, and not as sources that Node strips of their types.
 */
export async function installPublished(root: string): Promise<void> {
  for (const name of ['painter', 'core', 'vite-plugin']) {
    const source = join(repo, 'packages', name)
    const target = join(root, 'node_modules/@limn', name)
    // Types are checked by a step of their own.
    await runProgram(
      process.execPath,
      [
        join(repo, 'node_modules/typescript/bin/tsc'),
        '-p',
        'tsconfig.build.json',
        '--noCheck',
        '--outDir',
        join(target, 'dist'),
      ],
      { cwd: source },
    )
    const content = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as PackageJson
    writeFileSync(
      join(target, 'package.json'),
      JSON.stringify({ ...content, exports: content.publishConfig.exports }),
    )
    for (const dependency of Object.keys(content.dependencies)) {
      link(join(source, 'node_modules', dependency), join(root, 'node_modules', dependency))
    }
  }
  // The one that the sites are built with: a second would be loaded beside it.
  link(join(repo, 'bench/node_modules/vite'), join(root, 'node_modules/vite'))
}

function link(from: string, to: string): void {
  if (existsSync(to)) return
  mkdirSync(dirname(to), { recursive: true })
  symlinkSync(from, to, 'junction')
}
