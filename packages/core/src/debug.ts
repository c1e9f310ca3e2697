import type * as Obug from 'obug'
import { process, util } from './disk/node-builtins.ts'

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

/** As in `diagnostic.ts`, which a plan with nothing to do does not load. */
const UNPRINTABLE = /(?![\n\t])[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu

const silent: Debug = Object.assign(() => {}, { enabled: false })

/** The variables whose keys are redacted. They are shared on purpose: a process has one log. */
const environments: Environment[] = [process.env]

/** Redacts the keys in `env` too, which may come from `.env` files. */
export function redactKeysOf(env: Environment): void {
  if (process.env['DEBUG']) environments.push(env)
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
      process.stderr.write(`${environments.reduce(redactSecrets, util.format(...line))}\n`)
    },
  })
  const clean = (value: unknown): unknown =>
    typeof value === 'string' ? value.replace(UNPRINTABLE, '\uFFFD') : value
  // Not the whole line: it has colours of its own.
  const debug = (format: string, ...values: unknown[]): void =>
    log(clean(format) as string, ...values.map(clean))
  return Object.defineProperty(debug, 'enabled', { get: () => log.enabled }) as unknown as Debug
}

/** Formats the time since `start`, a value of `performance.now()`, as in `12 ms`. */
export function elapsed(start: number): string {
  const ms = performance.now() - start
  return `${ms.toFixed(ms < 10 ? 1 : 0)} ms`
}

/** Replaces what looks like a key, and the value of every variable named like one, by `[key]`. */
export function redactSecrets(text: string, env: Environment): string {
  const secrets = Object.entries(env)
    .flatMap(([name, value]) => (isSecretName(name) && value ? [value] : []))
    .filter((value) => value.length >= 6)
    .sort((a, b) => b.length - a.length)
  const known = secrets.reduce((rest, secret) => rest.replaceAll(secret, '[key]'), text)
  return known
    .replace(/\b(?:(?:sk|sess)-[\w*-]{6,}|key-\w{16,})/g, '[key]')
    .replace(/\bBearer\s+[\w.~+/-]+=*/gi, 'Bearer [key]')
    .replace(/(\b[a-z][\w+.-]{0,20}:\/\/)[^\s/@]*@/gi, '$1')
}

function isSecretName(name: string): boolean {
  return /(^|_)(KEY|TOKEN|SECRET|PASSWORD|CREDENTIALS?)$/i.test(name)
}
