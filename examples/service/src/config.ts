import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'

const model = z.strictObject({
  /** Sizes that callers may choose, `WIDTHxHEIGHT` in px. The first one is the default. */
  sizes: z.array(z.string().regex(/^\d{2,5}x\d{2,5}$/)).min(1),
  /** Qualities that callers may choose. The first one is the default. */
  qualities: z.array(z.string().regex(/^\w{1,20}$/)).min(1),
})

const caller = z.strictObject({
  /** Name in logs and in the ledger. */
  name: z.string().regex(/^[\w.-]{1,64}$/),
  /** SHA-256 of the key, as `add-caller` prints it. */
  keySha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Requests per minute, which may all come at once. */
  requestsPerMinute: z.number().int().min(1).max(100_000),
  /** USD per calendar month (UTC). */
  budgetUsd: z.number().min(0),
})

const config = z.strictObject({
  host: z.string().default('127.0.0.1'),
  port: z.number().int().min(0).max(65_535).default(8787),
  /** Address of the service in the URLs of pictures. Default: host and port. */
  publicUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** Folder of pictures and ledger, relative to the config file. */
  data: z.string().default('data'),
  callers: z.array(caller).min(1),
  /** Models by id. The first one is the default. */
  models: z.record(z.string().regex(/^[\w./:-]{1,80}$/), model),
  /** Settings of every manifest: `provider`, `providers`, `models`, `limits`. */
  manifest: z.record(z.string(), z.unknown()).default({ provider: 'local' }),
  /** Largest number of pictures of a request. */
  maxPictures: z.number().int().min(1).max(10).default(4),
  maxPromptCharacters: z.number().int().min(1).max(32_000).default(4000),
  /** Requests to the model at the same time. */
  inFlight: z.number().int().min(1).max(1000).default(4),
  /** Requests that may wait for their turn; more are refused. */
  waiting: z.number().int().min(0).max(10_000).default(100),
  /** How long a caller waits for a picture, ms. The picture is made and kept all the same. */
  answerTimeoutMs: z.number().int().min(1).default(600_000),
  /** How long a shutdown waits for the pictures in flight, ms. */
  drainTimeoutMs: z.number().int().min(0).default(600_000),
})

/** The settings of the service. */
export type Config = z.output<typeof config>
export type Caller = Config['callers'][number]

/** Reads the config file. @throws Error whose message says what is wrong, and where */
export function readConfig(path: string): Config {
  const text = readFileSync(path, 'utf8')
  const parsed = parseConfig(parseJson(text, path), path)
  return { ...parsed, data: resolve(dirname(path), parsed.data) }
}

/**
 * Checks the settings, and fills in the defaults.
 *
 * @param name of the file, for messages
 * @throws Error as `readConfig`
 */
export function parseConfig(value: unknown, name: string = 'config'): Config {
  const result = config.safeParse(value)
  if (!result.success) throw new Error(`${name}: ${z.prettifyError(result.error)}`)
  const { callers, models } = result.data
  if (Object.keys(models).length === 0) throw new Error(`${name}: \`models\` is empty.`)
  for (const key of ['name', 'keySha256'] as const) {
    const values = callers.map((each) => each[key])
    if (new Set(values).size < values.length) {
      throw new Error(`${name}: Two callers have the same \`${key}\`.`)
    }
  }
  return result.data
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error })
  }
}
