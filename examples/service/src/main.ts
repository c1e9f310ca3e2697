import { resolve } from 'node:path'
import { readConfig } from './config.ts'
import { startService } from './server.ts'

/*
 * Starts the service:
 *
 *     node src/main.ts [service.json]
 */

try {
  const config = readConfig(resolve(process.argv[2] ?? 'service.json'))
  const write = (line: string): void => void process.stdout.write(line)
  const service = await startService({ config, env: process.env, write })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => void service.close().then(() => process.exit(0)))
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
