import { parseKey, type ParsedKey, prefixes } from './keys.ts'
import type { RemoteObject, RemoteOptions, RemoteStore } from './remote-store.ts'

/** Everything that a store contains. */
export type ListedObjects = {
  pictures: Map<string, RemoteObject>
  receipts: (RemoteObject & Extract<ParsedKey, { kind: 'receipt' }>)[]
  claims: RemoteObject[]
  /** Records of batches. */
  batches: RemoteObject[]
  /** Objects below Limn's prefixes that Limn did not write. */
  foreign: RemoteObject[]
}

/** Lists a store. Pictures are by digest. @throws LimnError `remote/…`, `aborted` */
export async function listObjects(
  store: RemoteStore,
  options: RemoteOptions,
): Promise<ListedObjects> {
  const listed: ListedObjects = {
    pictures: new Map(),
    receipts: [],
    claims: [],
    batches: [],
    foreign: [],
  }
  for (const prefix of Object.values(prefixes)) {
    for await (const object of store.list(prefix, options)) {
      const parsed = parseKey(object.key)
      if (parsed === undefined) listed.foreign.push(object)
      else if (parsed.kind === 'picture') listed.pictures.set(parsed.digest, object)
      else if (parsed.kind === 'receipt') listed.receipts.push({ ...object, ...parsed })
      else if (parsed.kind === 'batch') listed.batches.push(object)
      else listed.claims.push(object)
    }
  }
  return listed
}
