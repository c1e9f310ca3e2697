import type * as Obug from 'obug'
import { process, util } from './disk/node-builtins.ts'
import { redactSecrets, replaceUnprintable, toOneLine } from './safe-text.ts'

/**
 * Logs one line to stderr when `DEBUG` names the stage (`DEBUG=limn:*`, `DEBUG=limn:plan`). `%s`,
 * `%d` and `%o` in `format` stand for the values. Secrets are redacted.
 */
export type Debug = {
  (format: string, ...values: unknown[]): void
  /** Whether the line would be logged: check it before computing expensive values. */
  readonly enabled: boolean
}

type Environment = Readonly<Record<string, string | undefined>>

const silent: Debug = Object.assign(() => {}, { enabled: false })

/** The keys of all projects, which are redacted. Shared on purpose: a process has one log. */
const secrets = new Set<string>()

/** Redacts the keys in `env` too, which may come from `.env` files. */
export function redactKeysOf(env: Environment): void {
  if (process.env['DEBUG']) for (const secret of secretsOf(env)) secrets.add(secret)
}

/**
 * Creates the debug log of one stage, as in `createDebug('plan')` for `limn:plan`. It costs nothing
 * unless the environment variable `DEBUG` is set when the process starts.
 */
export function createDebug(stage: string): Debug {
  if (!process.env['DEBUG']) return silent
  const { createRequire } = process.getBuiltinModule('node:module')
  const { createDebug: createLog } = createRequire(import.meta.url)('obug') as typeof Obug
  const log = createLog(`limn:${stage}`, {
    log: (...line) => {
      const all = [...secretsOf(process.env), ...secrets]
      process.stderr.write(`${redactSecrets(util.format(...line), all)}\n`)
    },
  })
  const clean = (value: unknown): unknown => (typeof value === 'string' ? toOneLine(value) : value)
  // Not the whole line: it has colours of its own.
  const debug = (format: string, ...values: unknown[]): void =>
    log(replaceUnprintable(format), ...values.map(clean))
  return Object.defineProperty(debug, 'enabled', { get: () => log.enabled }) as unknown as Debug
}

/** Formats the time since `start`, a value of `performance.now()`, as in `12 ms`. */
export function elapsed(start: number): string {
  const ms = performance.now() - start
  return `${ms.toFixed(ms < 10 ? 1 : 0)} ms`
}

/** Lists the values of every variable named like a secret. Short ones could be any word. */
function secretsOf(env: Environment): string[] {
  return Object.entries(env).flatMap(([name, value = '']) =>
    isSecretName(name) && value.length >= 6 ? [value] : [],
  )
}

function isSecretName(name: string): boolean {
  return /(^|_)(KEY|TOKEN|SECRET|PASSWORD|CREDENTIALS?)$/i.test(name)
}
