import { LimnError } from '../../errors.ts'
import type { Shard } from '../../plan/shards.ts'
import { MAX_SHARDS, parseShard } from './shard-record.ts'

/** Parses the value of `--shard`. @throws LimnError `usage` */
export function requireShard(text: string): Shard {
  const shard = parseShard(text)
  if (shard !== undefined) return shard
  throw new LimnError('usage', `--shard does not know "${text}".`, {
    hint: `Write the number of the shard and of all shards, up to ${MAX_SHARDS}: --shard 2/4.`,
  })
}
