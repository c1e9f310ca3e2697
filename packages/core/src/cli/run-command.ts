import { enableCompileCache } from 'node:module'
import { takeFastPath } from './fast-path.ts'

const argv = process.argv.slice(2)
const answer = await takeFastPath(argv, process.cwd(), terminalColumns)
if (answer === undefined || !print(answer)) {
  enableCompileCache()
  const { main } = await import('./main.ts')
  process.exitCode = await main(argv, process)
}

/** The width of the terminal. Opens the stream only if it is one. */
function terminalColumns(): number | undefined {
  const isTerminal = process.getBuiltinModule('node:tty').isatty(1)
  return isTerminal ? process.stdout.columns || undefined : undefined
}

/**
 * Prints without opening a stream. Returns false if that fails, as for a slow or closed reader,
 * which the streams handle.
 */
function print(text: string): boolean {
  try {
    process.getBuiltinModule('node:fs').writeFileSync(1, text)
    return true
  } catch {
    return false
  }
}
