import { randomBytes } from 'node:crypto'
import { hashKey } from './callers.ts'

/*
 * Creates the key of a caller, and prints it with the entry for `callers` in the config. Only the
 * hash of the key is stored:
 *
 *     node src/add-caller.ts NAME [USD_PER_MONTH] [REQUESTS_PER_MINUTE]
 */

const [name = 'caller', budgetUsd = '5', requestsPerMinute = '30'] = process.argv.slice(2)
const key = `limn-${randomBytes(24).toString('base64url')}`
const entry = {
  name,
  keySha256: hashKey(key),
  requestsPerMinute: Number(requestsPerMinute),
  budgetUsd: Number(budgetUsd),
}
process.stdout.write(`Key, shown only once: ${key}\n\n${JSON.stringify(entry, null, 2)}\n`)
