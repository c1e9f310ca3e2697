import { join } from 'node:path'
import { createLogger, createServer, build, type InlineConfig, type Logger } from 'vite'
import { type HostileStep, runSteps } from '../../../fixtures/hostile-repo/run-steps.ts'
import { sandboxAt } from '../../../fixtures/hostile-repo/sandbox.ts'
import { limn, type LimnOptions } from '../src/index.ts'

/*
 * Serves and builds a site in a clone with a trap: `node hostile-site.ts FOLDER URL TRAP`.
 */

const [folder, url, trap] = process.argv.slice(2) as [string, string, string]
const sandbox = sandboxAt(folder, url)

/** What a browser requests, and what the site of `base.ts` contains. */
const paths = [
  '/',
  '/src/main.js',
  '/src/style.css',
  '/app.webmanifest',
  '/@id/__x00__virtual:limn/hero',
  '/@id/__x00__virtual:limn/badge',
  '/@id/__x00__virtual:limn',
  '/@limn/hero/s.webp',
  '/@limn/night/s.webp',
  '/@limn/badge/s.webp',
  '/@limn/..%2f..%2foutside/notes.txt',
  '/@limn/../../outside/notes.txt',
]

const steps: HostileStep[] = [
  { name: 'dev', run: () => serve({ dev: { generate: 'draft' } }) },
  { name: 'dev, final', run: () => serve({ dev: { generate: 'final', maxCost: 1 } }) },
  { name: 'build', run: () => buildOnce({ build: { stale: 'free' } }) },
  { name: 'build, stale: warn', run: () => buildOnce({ build: { stale: 'warn' } }) },
  { name: 'build, stale: generate', run: () => buildOnce({ build: { stale: 'generate' } }) },
]
await runSteps(sandbox, trap, steps)

function configOf(options: LimnOptions, customLogger: Logger): InlineConfig {
  return {
    root: sandbox.repo,
    configFile: false,
    customLogger,
    cacheDir: join(sandbox.repo, '.vite'),
    plugins: [limn(options)],
    server: { port: 0, host: '127.0.0.1', ws: false },
  }
}

/** Creates a logger that collects what Limn prints. Vite's own messages have colours. */
function collect(): { logger: Logger; text: () => string } {
  let text = ''
  const logger = createLogger('silent')
  const add = (message: string): void => {
    if (message.includes('limn')) text += `${withoutColours(message)}\n`
  }
  return {
    logger: { ...logger, info: add, warn: add, warnOnce: add, error: add },
    text: () => text,
  }
}

async function serve(options: LimnOptions): Promise<string> {
  const { logger, text } = collect()
  const server = await createServer(configOf(options, logger))
  try {
    await server.listen()
    const origin = `http://127.0.0.1:${server.config.server.port || (server.httpServer!.address() as { port: number }).port}`
    for (const path of paths) {
      const response = await fetch(`${origin}${path}`, { signal: AbortSignal.timeout(45_000) })
      await response.arrayBuffer()
    }
    await new Promise((resolve) => setTimeout(resolve, 300))
  } finally {
    await server.close()
  }
  return text()
}

async function buildOnce(options: LimnOptions): Promise<string> {
  const { logger, text } = collect()
  try {
    await build(configOf(options, logger))
    return text()
  } catch (error) {
    const { message, stack = '', plugin } = error as Error & { plugin?: string }
    // Vite prints the stack of an error of its own; Limn's have none.
    return `${text()}${message}\n${plugin?.startsWith('limn') === true ? stack.replace(message, '') : ''}`
  }
}

/** Removes what Vite itself prints: colours, and the mark of virtual modules. */
function withoutColours(text: string): string {
  // oxlint-disable-next-line no-control-regex -- see above
  return text.replaceAll(/\u001B\[\d+m|\0(?=virtual:limn\b)/g, '')
}
