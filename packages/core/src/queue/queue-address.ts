import { LimnError } from '../errors.ts'
import type { ProviderEnvironment } from '../providers/environment.ts'

/** The variable with the password of the queue, for those who keep it out of the command line. */
const PASSWORD_VARIABLE = 'LIMN_QUEUE_PASSWORD'

/** How the server of a queue is reached. */
export type QueueConnection = {
  host: string
  port: number
  db: number
  username?: string
  password?: string
  /** Present if the connection is encrypted. */
  tls?: { servername: string }
}

/** The address of a queue. */
export type QueueAddress = {
  /** The queue on its server. */
  name: string
  /** The address as messages name it, without credentials. */
  shown: string
  connection: QueueConnection
}

const DEFAULT_PORT = 6379
const DEFAULT_NAME = 'limn'
const NAME = /^[\w-]{1,60}$/

/**
 * Parses the address of a queue: `redis://host:6379/0#name`, or `rediss://` for a connection that
 * is encrypted. The name defaults to `limn`.
 *
 * @throws LimnError `queue/invalid`
 */
export function parseQueueAddress(text: string, env: ProviderEnvironment): QueueAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'postgres:' || url?.protocol === 'postgresql:') {
    throw invalid('names PostgreSQL, which Limn does not support as a queue')
  }
  if (url === undefined || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '') {
    throw invalid('is no URL of a Redis server')
  }
  const db = /^\/?(\d{0,5})$/.exec(url.pathname)?.[1]
  if (db === undefined) throw invalid('names a database that is not a number')
  const name = url.hash === '' ? DEFAULT_NAME : url.hash.slice(1)
  if (!NAME.test(name)) throw invalid('has a name after # that is not letters, digits, - and _')
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const port = url.port === '' ? DEFAULT_PORT : Number(url.port)
  const password = decodePart(url.password) || (env[PASSWORD_VARIABLE] ?? '')
  const suffix = name === DEFAULT_NAME ? '' : `#${name}`
  return {
    name,
    shown: `${url.protocol}//${url.hostname}:${port}/${Number(db)}${suffix}`,
    connection: {
      host,
      port,
      db: Number(db),
      ...(url.username === '' ? {} : { username: decodePart(url.username) }),
      ...(password === '' ? {} : { password }),
      ...(url.protocol === 'rediss:' ? { tls: { servername: host } } : {}),
    },
  }
}

function decodePart(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalid('has credentials with an invalid % sign')
  }
}

/** The address may contain a password, so the message does not repeat it. */
function invalid(problem: string): LimnError {
  return new LimnError('queue/invalid', `The address of the queue ${problem}.`, {
    hint: `Write it like --queue redis://host:6379/0, with the password in ${PASSWORD_VARIABLE}.`,
  })
}
