import type * as BullMQ from 'bullmq'
import type { Redis } from 'ioredis'
import { createDebug } from '../debug.ts'
import { isErrno, LimnError } from '../errors.ts'
import type { QueueAddress, QueueConnection } from './queue-address.ts'

const debug = createDebug('queue')

/** How long the first connection may take, ms. */
const CONNECT_MS = 10_000
/** Longest pause before Limn connects again, ms. */
const MAX_PAUSE_MS = 2000

/** The packages that a queue needs. */
type Packages = { bullmq: typeof BullMQ; Client: typeof Redis }

/** What BullMQ connects with. */
type ConnectionOptions = QueueConnection & {
  /** `null`: commands wait while the server is away, and are sent once it is back. */
  maxRetriesPerRequest: null
  retryStrategy: (attempt: number) => number
}

/** An open connection to a queue. */
export type OpenQueue = {
  bullmq: typeof BullMQ
  /** For commands of Limn's own. */
  client: Redis
  /** For the connections of BullMQ. */
  connection: ConnectionOptions
  /** The name of the queue on its server. */
  name: string
  /** The address as messages name it, without credentials. */
  shown: string
}

/**
 * Connects to a queue.
 *
 * @throws LimnError `queue/invalid` if a package is missing, `queue/unreachable`
 */
export async function openQueue({ name, shown, connection }: QueueAddress): Promise<OpenQueue> {
  const { bullmq, Client } = await loadPackages()
  const options: ConnectionOptions = {
    ...connection,
    maxRetriesPerRequest: null,
    retryStrategy: (attempt) => Math.min(100 * attempt, MAX_PAUSE_MS),
  }
  const client = new Client({ ...options, lazyConnect: true, connectTimeout: CONNECT_MS })
  let problem: unknown
  client.on('error', (error) => {
    problem = error
    debug('%s: %s', shown, error)
  })
  try {
    await client.connect()
    await client.ping()
  } catch (error) {
    client.disconnect()
    throw unreachable(shown, problem ?? error)
  }
  return { bullmq, client, connection: options, name, shown }
}

async function loadPackages(): Promise<Packages> {
  try {
    const [bullmq, { Redis: Client }] = await Promise.all([import('bullmq'), import('ioredis')])
    return { bullmq, Client }
  } catch (error) {
    if (!isErrno(error, 'ERR_MODULE_NOT_FOUND')) throw error
    throw new LimnError('queue/invalid', 'A queue needs the packages bullmq and ioredis.', {
      hint: 'Install them with `npm install -D bullmq ioredis`.',
      cause: error,
    })
  }
}

/** Creates the error of a server that can't be used. */
export function unreachable(shown: string, cause: unknown): LimnError {
  const reply = cause instanceof Error ? /^(NOAUTH|WRONGPASS|NOPERM)\b/.exec(cause.message) : null
  if (reply !== null) {
    return new LimnError('queue/unreachable', `${shown} rejects the password (${reply[0]}).`, {
      hint: 'Set LIMN_QUEUE_PASSWORD to the password of the server.',
      cause,
    })
  }
  const code = isErrno(cause) ? ` (${cause.code})` : ''
  return new LimnError('queue/unreachable', `${shown} can't be reached${code}.`, {
    hint: 'Start the Redis server, or correct the address after --queue.',
    cause,
  })
}
